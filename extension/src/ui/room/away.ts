/** What happened while one was away: a card that goes when it was read. */

import type { Away } from "../../core/room_api.js";
import { h } from "../dom.js";
import { drawAvatar } from "./avatar.js";
import { pictureButton, type RoomScene } from "./room_scene.js";
import { ago, counted } from "./words.js";

const MOST = 6;

export function createAway(scene: RoomScene): { readonly element: HTMLElement } {
  const element = h("section", { class: "cm-away", "aria-label": "While you were away" });
  let drawn: Away | null = null;
  const show = (): void => {
    const { away } = scene.api;
    element.hidden = away === null;
    if (away === null || away === drawn) return;
    drawn = away;
    element.replaceChildren(...draw(scene, away));
    scene.announce(`While you were away: ${summary(away)}`);
  };
  scene.api.onAway(show, scene.signal);
  show();
  return { element };
}

function draw(scene: RoomScene, away: Away): readonly HTMLElement[] {
  const close = pictureButton("close", "I have read it", () => scene.api.dropAway(), scene.signal);
  const lines = away.revisions.slice(0, MOST).map(({ author, words, at }) =>
    h("li", { class: "cm-happening" }, drawAvatar(author ?? { name: "", color: "" }),
      h("p", {}, h("strong", {}, author?.name ?? "Somebody"), ": ", words, " ", h("time", { class: "cm-soft", datetime: at }, ago(at, Date.now())))));
  const rest = away.revisions.length - lines.length;
  return [
    h("div", { class: "cm-section-head" }, h("h4", {}, "While you were away"), close),
    h("p", { class: "cm-soft" }, summary(away)),
    h("ul", { class: "cm-list" }, ...lines),
    ...(rest > 0 ? [h("p", { class: "cm-soft" }, `and ${rest} more, under History`)] : []),
  ];
}

function summary({ people, edits, messages, comments }: Away): string {
  const names = people.map(({ name }) => name);
  const who = names.length === 0 ? "Somebody" : new Intl.ListFormat("en", { type: "conjunction" }).format(names);
  const parts = [[edits, "edit"], [messages, "message"], [comments, "comment"]] as const;
  return `${who}: ${parts.filter(([count]) => count > 0).map(([count, noun]) => counted(count, noun)).join(", ")}`;
}
