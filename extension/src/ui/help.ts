/** The keys of the loop, in a panel that "?" opens. */

import { h, on } from "./dom.js";
import { glyph } from "./glyphs.js";
import { createPanel } from "./popover.js";

/** Keys, and what they do. */
export type KeyList = readonly (readonly [string, string])[];

const KEYS: KeyList = [
  ["P", "play and stop"],
  ["\u2190 \u2192 \u2191 \u2193", "move over the steps"],
  ["Enter or Space", "step on and off"],
  ["+ \u2212, Shift+\u2191 \u2193", "louder, softer"],
  ["E on a step", "velocity, note, length, chance; so does the other mouse button"],
  ["Home, End", "first and last step, then the row's name"],
  ["Page Up, Page Down", "a bar back, a bar on"],
  ["M, S", "mute, hear alone"],
  ["Enter on a chord", "edit it; Shift+\u2190 \u2192 moves it, Delete removes it"],
  ["Enter on the palette", "pick; arrows place it, Enter puts it down"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
  ["?", "these keys"],
];

export interface Help {
  readonly element: HTMLElement;
  readonly button: HTMLElement;
  open(): void;
}

export function createHelp(scene: { readonly signal: AbortSignal }, keys: KeyList = KEYS): Help {
  const panel = createPanel("Keys", "cm-help", scene.signal);
  const rows = keys.flatMap(([keys, what]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, what)]);
  panel.element.append(h("h3", { class: "cm-panel-title" }, "Keys"), h("dl", {}, ...rows));
  const button = h("button", { class: "cm-quiet", type: "button", "aria-label": "Keys", "aria-haspopup": "dialog", title: "Keys (?)" }, glyph("help"));
  const open = (): void => panel.open(button);
  on(button, "click", open, scene.signal);
  return { element: panel.element, button, open };
}
