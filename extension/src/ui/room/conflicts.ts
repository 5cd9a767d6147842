/** Two people set one field at nearly one time: who set what, and which of the two it is to be. */

import type { Conflict } from "../../core/room_api.js";
import { h } from "../dom.js";
import { drawAvatar } from "./avatar.js";
import { wordButton, type RoomScene } from "./room_scene.js";
import { valueWords, writeStored } from "./stored.js";

/** Unanswered, what the document says stands after so long. */
const PATIENCE = 60_000;

interface Notice {
  readonly element: HTMLElement;
  readonly end: ReturnType<typeof setTimeout>;
}

export function createConflicts(scene: RoomScene): { readonly element: HTMLElement } {
  const element = h("div", { class: "cm-conflicts", role: "region", "aria-label": "Set by two people", "aria-live": "polite" });
  const notices = new Map<string, Notice>();
  const drop = (id: string): void => {
    const notice = notices.get(id);
    if (notice === undefined) return;
    clearTimeout(notice.end);
    notice.element.remove();
    notices.delete(id);
  };
  /** What was answered: it is not asked again as long as the document says so. */
  const answers = new Map<string, "mine" | "theirs">();
  const settle = (conflict: Conflict, which: "mine" | "theirs"): void => {
    drop(conflict.id);
    answers.set(conflict.id, which);
    if (conflict.stands !== which) write(scene, conflict, conflict[which]);
    scene.announce(`${conflict.words}: ${valueWords(conflict, conflict[which])}`);
  };
  scene.room.onNews((news) => {
    const conflict = news.kind === "conflict" ? scene.api.conflictOf(news) : null;
    if (conflict === null) return;
    drop(conflict.id);
    if (conflict.isSettled || answers.get(conflict.id) === conflict.stands) return;
    const notice = drawNotice(scene, conflict, (which) => settle(conflict, which));
    notices.set(conflict.id, { element: notice, end: setTimeout(() => drop(conflict.id), PATIENCE) });
    element.append(notice);
  }, scene.signal);
  scene.signal.addEventListener("abort", () => {
    for (const { end } of notices.values()) clearTimeout(end);
  });
  return { element };
}

/** Makes the document say a value, as one gesture. */
function write(scene: RoomScene, { path, key }: Conflict, value: unknown): void {
  const store = scene.music?.store;
  if (store === undefined || !store.editable) return;
  const gesture = store.gesture();
  writeStored(gesture.edit, path, key, value);
  gesture.end("");
}

function drawNotice(scene: RoomScene, conflict: Conflict, settle: (which: "mine" | "theirs") => void): HTMLElement {
  const button = (which: "mine" | "theirs"): HTMLButtonElement =>
    wordButton(`Keep ${which}: ${valueWords(conflict, conflict[which])}`, () => settle(which), scene.signal);
  const stands = valueWords(conflict, conflict[conflict.stands]);
  return h("div", { class: "cm-notice", role: "group", "aria-label": conflict.words },
    drawAvatar(conflict.other),
    h("p", {}, h("strong", {}, conflict.other.name), " and you both set the ", h("strong", {}, conflict.words), `; now it says ${stands}.`),
    h("div", { class: "cm-actions" }, button("mine"), button("theirs")));
}
