/** Says what changed, once, through whoever reads the screen aloud. */

import { h } from "./element.js";

export class Announcer {
  readonly element = h("div", { class: "cl-unseen", role: "status", "aria-live": "polite" });

  /** The same words twice are said twice. */
  say(words: string): void {
    const before = this.element.textContent;
    this.element.textContent = before === words ? `${words}\u00a0` : words;
  }
}
