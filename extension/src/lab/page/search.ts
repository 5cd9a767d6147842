/** A field to search by, in which order, and whether the archive; it waits until typing pauses. */

import type { Wanted } from "../server/pieces.js";
import { h, tick } from "./element.js";

const PAUSE_MS = 250;

export class Search {
  readonly element = h("div", { class: "cl-search", role: "search" });

  constructor(label: string, private readonly changed: () => void) {
    this.words = h("input", { type: "search", class: "jp-mod-styled", "aria-label": label });
    this.words.placeholder = label;
    this.element.append(this.words, this.limits);
    this.limits.append(this.order, this.archive.element);
    this.words.addEventListener("input", () => this.wait());
    this.order.addEventListener("change", () => this.changed());
    this.archive.box.addEventListener("change", () => this.changed());
  }

  /** What is looked for now. */
  get wanted(): Wanted {
    const archived = !this.archive.element.hidden && this.archive.box.checked;
    return { words: this.words.value.trim(), sort: this.order.value, archived };
  }

  /** Offers orders, by their words, and the archive or not. */
  offer(orders: Readonly<Record<string, string>>, archive: boolean): void {
    this.archive.element.hidden = !archive;
    const offered = Object.keys(orders).join();
    this.limits.hidden = offered === "";
    if (this.order.dataset["orders"] === offered) return;
    this.order.dataset["orders"] = offered;
    const options = Object.entries(orders).map(([value, words]) => h("option", { value }, words));
    this.order.replaceChildren(...options);
  }

  private wait(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(this.changed, PAUSE_MS);
  }

  private readonly words: HTMLInputElement;
  private readonly limits = h("div", { class: "cl-row" });
  private readonly order = h("select", { class: "cl-select", "aria-label": "Order" });
  private readonly archive = tick("Archived", false);
  private pause: ReturnType<typeof setTimeout> | undefined;
}
