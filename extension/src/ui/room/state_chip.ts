/** How well the room is reached: always in words, with what it means and what to do behind it. */

import { h, on, setAttribute, setText } from "../dom.js";
import { glyph, setGlyph, type ControlName } from "../glyphs.js";
import { createPanel } from "../popover.js";
import type { LinkState } from "../../core/room.js";
import { createDrafts } from "./drafts.js";
import { wordButton, type RoomScene } from "./room_scene.js";
import { counted, figureRows, stateSentences, stateWord } from "./words.js";

const PICTURES: Readonly<Record<LinkState, ControlName>> = {
  joining: "wait", live: "live", slow: "clock", offline: "offline",
  "read-only": "lock", refused: "warning", closed: "close",
};

/** The chip and its panel; both stand in `root` from now on. */
export function createStateChip(scene: RoomScene): HTMLElement {
  const word = h("span", {}, "");
  const count = h("span", { class: "cm-state-drafts", "aria-hidden": "true" });
  const chip = h("button", { class: "cm-state", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" },
    glyph("wait"), word, count);
  const panel = createPanel("The link to the room", "cm-state-panel", scene.signal);
  const body = createBody(scene);
  panel.element.append(body.element);
  scene.root.append(panel.element);
  let said: LinkState | null = null;
  const show = (): void => {
    const { room } = scene;
    setAttribute(chip, "data-state", room.state);
    setText(word, stateWord(room.state));
    setGlyph(chip, PICTURES[room.state]);
    const [sentence, cure] = stateSentences(room);
    const drafts = room.drafts.length === 0 ? "" : `${counted(room.drafts.length, "draft")} of what was not taken`;
    setText(count, drafts === "" ? "" : String(room.drafts.length));
    count.hidden = drafts === "";
    setAttribute(chip, "title", [sentence, cure, drafts && `${drafts}: press to see.`].filter((text) => text !== "").join(" "));
    setAttribute(chip, "aria-label", `${stateWord(room.state)}: the link to the room${drafts && `, ${drafts}`}`);
    if (said !== null && said !== room.state) scene.announce(`${stateWord(room.state)}. ${sentence} ${cure}`.trim());
    said = room.state;
    if (panel.isOpen) body.update();
  };
  for (const topic of ["state", "figures", "drafts"] as const) scene.room.subscribe(topic, show, scene.signal);
  on(chip, "click", () => {
    body.update();
    panel.open(chip);
  }, scene.signal);
  show();
  return chip;
}

function createBody(scene: RoomScene): { readonly element: HTMLElement; update(): void } {
  const title = h("h3", { class: "cm-panel-title" });
  const sentence = h("p", {});
  const cure = h("p", { class: "cm-soft" });
  const figures = h("dl", { class: "cm-figures" });
  const again = wordButton("Try again now", () => scene.room.retry(), scene.signal);
  again.dataset["first"] = "";
  const drafts = createDrafts(scene);
  return {
    element: h("div", { class: "cm-state-body" }, title, sentence, cure, again, drafts.element, figures),
    update(): void {
      const { room } = scene;
      const [what, help] = stateSentences(room);
      setText(title, stateWord(room.state));
      setText(sentence, what);
      setText(cure, help);
      cure.hidden = help === "";
      again.hidden = room.state !== "offline" && room.state !== "closed";
      fillFigures(figures, figureRows(room.figures));
    },
  };
}

/** Writes names and values into a list; the same rows are kept. */
export function fillFigures(list: HTMLElement, rows: readonly (readonly [string, string])[]): void {
  if (list.childElementCount !== rows.length * 2) {
    list.replaceChildren(...rows.flatMap(([name]) => [h("dt", {}, name), h("dd", {})]));
  }
  rows.forEach(([name, value], at) => {
    const [term, told] = [list.children[at * 2], list.children[at * 2 + 1]];
    if (term !== undefined) setText(term, name);
    if (told !== undefined) setText(told, value);
  });
}
