/** Fields for panels: each a label with its control, which tells the new value once. */

import { h, on, setAttribute } from "../dom.js";
import { glyph, type ControlName } from "../glyphs.js";
import { COLORS, COLOR_NAMES } from "./miniature.js";

/** A line of text; an empty one goes back to what it was. */
export function textField(label: string, value: string, most: number, signal: AbortSignal, done: (text: string) => void): HTMLElement {
  const input = h("input", { class: "cm-chord-text cm-text", type: "text", maxlength: most, value, "aria-label": label, autocomplete: "off", spellcheck: "false" });
  on(input, "change", () => {
    const text = input.value.trim();
    if (text === "") input.value = value;
    else if (text !== value) done(text);
  }, signal);
  on(input, "keydown", (event) => {
    if (event.key === "Enter") input.blur();
  }, signal);
  return labelled(label, input);
}

/** A number within a range. */
export function numberField(
  label: string, value: number, range: { readonly low: number; readonly high: number; readonly step: number; readonly unit?: string },
  signal: AbortSignal, done: (value: number) => void,
): HTMLElement {
  const input = h("input", { class: "cm-number", type: "number", min: range.low, max: range.high, step: range.step, value, "aria-label": label });
  on(input, "change", () => {
    const read = Number.parseFloat(input.value);
    const held = Math.max(range.low, Math.min(range.high, Number.isFinite(read) ? read : value));
    input.value = String(held);
    if (held !== value) done(held);
  }, signal);
  return labelled(label, input, ...(range.unit === undefined ? [] : [h("span", { class: "cm-output" }, range.unit)]));
}

/** One of several words. */
export function choiceField(label: string, value: string, choices: readonly (readonly [string, string])[], signal: AbortSignal, done: (value: string) => void): HTMLElement {
  const list = h("select", { class: "cm-select", "aria-label": label }, ...choices.map(([key, name]) => h("option", { value: key }, name)));
  if (!choices.some(([key]) => key === value)) list.append(h("option", { value }, value));
  list.value = value;
  on(list, "change", () => done(list.value), signal);
  return labelled(label, list);
}

/** Yes or no. */
export function checkField(label: string, value: boolean, signal: AbortSignal, done: (value: boolean) => void): HTMLElement {
  const input = h("input", { type: "checkbox" });
  input.checked = value;
  on(input, "change", () => done(input.checked), signal);
  return h("label", { class: "cm-check" }, input, label);
}

/** Twelve colours, each with its name. */
export function colorField(value: string, signal: AbortSignal, done: (color: string) => void): HTMLElement {
  const swatches = COLORS.map((color, place) => {
    const name = COLOR_NAMES[place] ?? color;
    const swatch = h("button", { class: "cm-swatch", type: "button", "aria-label": name, title: name, "aria-pressed": String(color === value) });
    swatch.style.setProperty("--cm-tone", color);
    on(swatch, "click", () => {
      for (const other of swatches) setAttribute(other, "aria-pressed", String(other === swatch));
      done(color);
    }, signal);
    return swatch;
  });
  return h("div", { class: "cm-swatches", role: "group", "aria-label": "Colour" }, ...swatches);
}

/** A button with a picture and a word. */
export function actionButton(picture: ControlName, label: string, signal: AbortSignal, act: () => void): HTMLButtonElement {
  const button = h("button", { class: "cm-quiet cm-action", type: "button" }, glyph(picture), label);
  on(button, "click", act, signal);
  return button;
}

function labelled(label: string, ...controls: readonly HTMLElement[]): HTMLElement {
  return h("label", { class: "cm-panel-field" }, h("span", { class: "cm-field-name" }, label), ...controls);
}
