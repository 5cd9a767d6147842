/** A field to search by, and choices beside it; it waits until typing pauses. */

import { choice, h, tick } from "./element.js";

const PAUSE_MS = 250;

/** What can be chosen besides words: values with what they are called. */
export interface Choices {
  readonly kinds?: Readonly<Record<string, string>>;
  readonly orders?: Readonly<Record<string, string>>;
  readonly archive?: boolean;
}

export class Search {
  readonly element = h("div", { class: "cl-search", role: "search" });

  constructor(
    label: string,
    private readonly changed: () => void,
  ) {
    this.field = h("input", { type: "search", class: "jp-mod-styled", "aria-label": label });
    this.field.placeholder = label;
    this.limits.append(this.kinds, this.orders, this.archive.element);
    this.element.append(this.field, this.limits);
    this.field.addEventListener("input", () => this.wait());
    for (const part of [this.kinds, this.orders, this.archive.box]) {
      part.addEventListener("change", () => this.changed());
    }
    this.offer({});
  }

  get words(): string {
    return this.field.value.trim();
  }

  get kind(): string {
    return this.kinds.value;
  }

  get order(): string {
    return this.orders.value;
  }

  get archived(): boolean {
    return !this.archive.element.hidden && this.archive.box.checked;
  }

  /** Offers other choices; what was chosen stays where the same are offered again. */
  offer({ kinds = {}, orders = {}, archive = false }: Choices): void {
    fill(this.kinds, kinds);
    fill(this.orders, orders);
    this.archive.element.hidden = !archive;
    this.limits.hidden = this.kinds.hidden && this.orders.hidden && !archive;
  }

  private wait(): void {
    clearTimeout(this.pause);
    this.pause = setTimeout(this.changed, PAUSE_MS);
  }

  private readonly field: HTMLInputElement;
  private readonly limits = h("div", { class: "cl-row" });
  private readonly kinds = choice("Kind", {}, "");
  private readonly orders = choice("Order", {}, "");
  private readonly archive = tick("Archived", false);
  private pause: ReturnType<typeof setTimeout> | undefined;
}

function fill(select: HTMLSelectElement, options: Readonly<Record<string, string>>): void {
  const offered = JSON.stringify(options);
  select.hidden = Object.keys(options).length === 0;
  if (select.dataset["offered"] === offered) return;
  select.dataset["offered"] = offered;
  select.replaceChildren(
    ...Object.entries(options).map(([value, words]) => h("option", { value }, words)),
  );
}
