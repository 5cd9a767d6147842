/** A polite live region: what changed, said once, by whoever reads the screen aloud. */

import { h, setText } from "./dom.js";

export interface Announcer {
  readonly element: HTMLElement;
  say(text: string): void;
}

/** Repeated words are said again: every other time they end in a space that nobody hears. */
export function createAnnouncer(): Announcer {
  const element = h("div", {
    class: "cm-unseen",
    role: "status",
    "aria-live": "polite",
    "aria-atomic": "true",
  });
  return {
    element,
    say: (text) => setText(element, element.textContent === text ? `${text}\u00a0` : text),
  };
}
