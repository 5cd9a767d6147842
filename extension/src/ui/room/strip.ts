/** The strip that every view of a room has: who is here, and how well the room is reached. */

import { h, on, setAttribute, setText } from "../dom.js";
import { createPanel } from "../popover.js";
import type { Participant } from "../../core/room.js";
import { drawPresence } from "./avatar.js";
import { createLead } from "./lead.js";
import { createPeople, inPlace } from "./people.js";
import { wordButton, type RoomScene } from "./room_scene.js";
import { createStateChip } from "./state_chip.js";
import { peopleWords, sayPerson } from "./words.js";

/** As many avatars as are shown before the rest is counted. */
const MOST = 4;

export function createStrip(scene: RoomScene): HTMLElement {
  return h("div", { class: "cm-room-strip", role: "group", "aria-label": "Room" }, createFaces(scene), createStateChip(scene));
}

/** One sign a person, however many pages they are here with; a click shows them all. */
export function onePerPerson(people: readonly Participant[]): readonly Participant[] {
  const found = new Map<string, Participant>();
  for (const who of inPlace(people)) {
    const known = found.get(who.person.id);
    if (known === undefined || (known.activity !== "editing" && who.activity === "editing")) {
      found.set(who.person.id, { ...who, isMe: known?.isMe ?? who.isMe });
    }
  }
  return [...found.values()];
}

function createFaces(scene: RoomScene): HTMLElement {
  const button = h("button", { class: "cm-faces", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" });
  const panel = createPanel("Who is here", "cm-people-panel", scene.signal);
  const title = h("h3", { class: "cm-panel-title" });
  panel.element.append(title, createPeople(scene).element, createLead(scene).element);
  const { openRoom } = scene;
  if (openRoom !== null && openRoom !== undefined) {
    panel.element.append(wordButton("Open the room: chat, comments, history", () => {
      panel.close();
      openRoom();
    }, scene.signal));
  }
  scene.root.append(panel.element);
  let drawn = "";
  const show = (): void => {
    const people = onePerPerson(scene.room.participants);
    const words = `${peopleWords(people.length)} here: ${people.map(sayPerson).join("; ")}`;
    setText(title, `${peopleWords(people.length)} here`);
    setAttribute(button, "aria-label", words);
    const key = people.map((who) => `${who.person.id} ${who.person.name} ${who.person.color} ${who.activity} ${who.via}`).join("|");
    if (key === drawn) return;
    drawn = key;
    const shown = people.length > MOST ? people.slice(0, MOST - 1) : people;
    const rest = people.length - shown.length;
    button.replaceChildren(...shown.map(drawPresence),
      ...(rest > 0 ? [h("span", { class: "cm-avatar cm-avatar-rest", "aria-hidden": "true" }, `+${rest}`)] : []));
    button.hidden = people.length === 0;
  };
  scene.room.subscribe("people", show, scene.signal);
  show();
  on(button, "click", () => panel.open(button), scene.signal);
  return button;
}
