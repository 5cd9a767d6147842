/** Bringing a revision back: whole, one stem, or some bars; asked for twice, and undoable. */

import { inOrder } from "../../core/order.js";
import type { Part } from "../../core/room_api.js";
import { h, on, setText } from "../dom.js";
import type { PastPlace } from "./history.js";
import { createProblem, pictureButton, songOf, wordButton, type RoomScene } from "./room_scene.js";

export interface Restore {
  readonly element: HTMLElement;
  open(place: PastPlace): void;
}

export function createRestore(scene: RoomScene): Restore {
  const title = h("h4", { tabindex: -1 });
  const problem = createProblem();
  const what = h("select", { class: "cm-select", "aria-label": "What to bring back" });
  const from = barField("From bar");
  const to = barField("to bar");
  const bars = h("span", { class: "cm-in-row" }, from, "\u2013", to);
  let place: PastPlace | null = null;
  const close = pictureButton("close", "Leave it as it is", () => {
    element.hidden = true;
  }, scene.signal);
  const act = wordButton("Restore", async () => {
    if (place === null || place.seq === null) return;
    const part = partOf(what.value, Number(from.value), Number(to.value));
    if (!(await problem.watch(scene.api.restore(place.seq, part)))) return;
    element.hidden = true;
    scene.announce(`${sayPart(scene, part)} is back as it was. Undo takes it back.`);
  }, scene.signal, "cm-primary");
  const element = h("section", { class: "cm-card", "aria-label": "Restore" },
    h("div", { class: "cm-section-head" }, title, close),
    h("p", { class: "cm-soft" }, "It becomes a new change of the song: nobody is thrown out, nothing of the history is lost, and it can be taken back."),
    h("div", { class: "cm-in-row" }, what, bars), h("div", { class: "cm-actions" }, act), problem.element);
  element.hidden = true;
  const show = (): void => {
    bars.hidden = what.value !== "bars";
  };
  on(what, "change", show, scene.signal);
  return {
    element,
    open(next: PastPlace): void {
      place = next;
      const stems = inOrder(songOf(scene)?.stems.values() ?? []);
      what.replaceChildren(h("option", { value: "whole" }, "the whole song"), h("option", { value: "bars" }, "some bars"),
        ...stems.map(({ id, name }) => h("option", { value: `stem ${id}` }, `the stem ${name}`)));
      setText(title, `Restore \u201c${next.words}\u201d`);
      problem.clear();
      show();
      element.hidden = false;
      element.scrollIntoView({ block: "nearest" });
      title.focus({ preventScroll: true });
    },
  };
}

function barField(label: string): HTMLInputElement {
  return h("input", { class: "cm-number", type: "number", min: 1, max: 99_999, step: 1, value: 1, "aria-label": label });
}

function partOf(chosen: string, from: number, to: number): Part {
  if (chosen === "bars") return { kind: "bars", from: Math.min(from, to), to: Math.max(from, to) };
  return chosen === "whole" ? { kind: "whole" } : { kind: "stem", stem: chosen.slice("stem ".length) };
}

function sayPart(scene: RoomScene, part: Part): string {
  if (part.kind === "whole") return "The song";
  if (part.kind === "bars") return part.from === part.to ? `Bar ${part.from}` : `Bars ${part.from} to ${part.to}`;
  return songOf(scene)?.stems.get(part.stem)?.name ?? "The stem";
}
