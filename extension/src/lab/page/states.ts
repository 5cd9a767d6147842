/** What stands where a list will be, or would be: loading, nothing there, something wrong. */

import { Refusal } from "../server/refusal.js";
import { sentences } from "../words.js";
import { h, textButton } from "./element.js";

/** How long an answer may take before it is said that it is waited for. */
export const PATIENCE_MS = 200;

/** Grey bars where cards will be. */
export function loading(): HTMLElement {
  const bars = [1, 2, 3].map(() => h("div", { class: "cl-ghost" }));
  return h("div", { class: "cl-loading", role: "status", "aria-label": "Loading" }, ...bars);
}

/** Nothing there yet, and what to do about it. */
export function empty(words: string, ...next: readonly HTMLElement[]): HTMLElement {
  return h("div", { class: "cl-state" }, h("p", {}, words), ...next);
}

/** What went wrong, its cure, and another try. */
export function failure(error: unknown, again: () => unknown): HTMLElement {
  const { message, cure, commands } = Refusal.of(error);
  const state = h("div", { class: "cl-state cl-failure", role: "alert" }, h("p", {}, message));
  if (cure !== "") state.append(h("p", { class: "cl-soft" }, cure));
  if (commands !== "") state.append(h("pre", { tabindex: 0, "aria-label": "Commands" }, commands));
  state.append(textButton("Try again", again));
  return state;
}

/** What went wrong, in one line beside what was tried. */
export function problem(error: unknown): HTMLElement {
  const { message, cure } = Refusal.of(error);
  return h("p", { class: "cl-problem", role: "alert" }, sentences(message, cure));
}
