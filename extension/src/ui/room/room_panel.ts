/** The whole room: who is here, playing together, what is said, what was done. One call builds it. */

import type { RoomMusic, RoomSeat } from "./room_scene.js";
import { createAnnouncer } from "../announce.js";
import { h, setAttribute, setText } from "../dom.js";
import { guardKeys } from "../keyboard.js";
import { adoptStyles } from "../styles/adopt.js";
import { createAway } from "./away.js";
import { createChat, type Tab } from "./chat.js";
import { createComments } from "./comments.js";
import { createConflicts } from "./conflicts.js";
import { createDrafts } from "./drafts.js";
import { createHistory } from "./history.js";
import { createKeptHere } from "./kept_here.js";
import { createLead } from "./lead.js";
import { createMix } from "./mix.js";
import { createPeople } from "./people.js";
import { createRoomScene, songOf, type RoomScene } from "./room_scene.js";
import { createStrip } from "./strip.js";
import { createTabs } from "./tabs.js";

export interface RoomPanelOptions extends RoomSeat {
  readonly signal: AbortSignal;
  /** Null where the page has not the music of the room. */
  readonly music: RoomMusic | null;
  /** How the piece is called until the music is there. */
  readonly title?: string;
}

/** Builds the room inside `el` and keeps it true until the signal ends. */
export function mountRoomPanel(el: HTMLElement, options: RoomPanelOptions): void {
  const root = h("section", { class: "cm-loop cm-room" });
  const announcer = createAnnouncer();
  const scene = createRoomScene({ ...options, root, announce: announcer.say, openRoom: null });
  root.style.setProperty("--cm-accent", "#5b8def");
  root.style.setProperty("--cm-button", "#3f6fd0");
  root.style.setProperty("--cm-on-accent", "#ffffff");
  el.append(root);
  root.append(...build(scene, options.title ?? ""), announcer.element);
  adoptStyles(root);
  if (!root.isConnected) requestAnimationFrame(() => adoptStyles(root));
  guardKeys(scene, () => undefined);
  scene.signal.addEventListener("abort", () => root.remove());
}

function keptHere(scene: RoomScene): readonly HTMLElement[] {
  const choice = createKeptHere(scene);
  return choice === null ? [] : [choice];
}

function build(scene: RoomScene, title: string): readonly HTMLElement[] {
  const name = h("h2", { class: "cm-room-name" });
  const show = (): void => {
    const words = songOf(scene)?.name || title || "Untitled";
    setText(name, words);
    setAttribute(scene.root, "aria-label", `Room of ${words}`);
  };
  scene.music?.store.subscribe(show, scene.signal);
  show();
  const people: Tab = {
    element: h("div", { class: "cm-scroll" }, createPeople(scene).element, createLead(scene).element, createMix(scene).element, ...keptHere(scene)),
  };
  const tabs = createTabs("Room", {
    People: people,
    Chat: createChat(scene),
    Comments: createComments(scene, () => tabs.show("Comments")),
    History: createHistory(scene),
  }, scene.signal);
  return [
    h("header", { class: "cm-room-head" }, name, createStrip(scene)),
    createConflicts(scene).element, createDrafts(scene).element, createAway(scene).element, tabs.element,
  ];
}
