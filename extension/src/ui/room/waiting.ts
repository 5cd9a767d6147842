/** Lines of chat that wait for the room, or were not taken by it. */

import type { WaitingLine } from "../../core/room.js";
import { h } from "../dom.js";
import { glyph } from "../glyphs.js";
import { barLink, wordButton, type RoomScene } from "./room_scene.js";

export function createWaiting(scene: RoomScene): HTMLElement {
  const element = h("ul", { class: "cm-list cm-waiting", "aria-label": "Not sent yet", "aria-live": "polite" });
  let drawn = "";
  const show = (): void => {
    const { waiting } = scene.room;
    element.hidden = waiting.length === 0;
    const key = JSON.stringify(waiting);
    if (key === drawn) return;
    drawn = key;
    element.replaceChildren(...waiting.map((line) => drawLine(scene, line)));
  };
  scene.room.subscribe("waiting", show, scene.signal);
  show();
  return element;
}

function drawLine(scene: RoomScene, { id, text, tick, isKept, refusal }: WaitingLine): HTMLElement {
  const words = h("p", { class: "cm-line-text" }, ...(tick === null ? [] : [barLink(scene, tick), " "]), text);
  const drop = wordButton("Discard", () => scene.room.dropWaiting(id), scene.signal, "cm-more");
  const waits = isKept ? "Sent when the room is back." : "Sent when the room is back, as long as this page stays open.";
  return h("li", {}, words, h("p", { class: refusal === null ? "cm-soft" : "cm-problem" },
    glyph(refusal === null ? "wait" : "warning"), refusal === null ? waits : `Not sent. ${refusal}`, " ", drop));
}
