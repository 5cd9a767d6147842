/** A row of tabs: one stop of the Tab key, arrows inside. */

import { h } from "./element.js";

export class Tabs<Name extends string> {
  readonly element = h("div", { class: "cl-tabs", role: "tablist" });

  /** `panel` is what the tabs show; it is named by the chosen one. */
  constructor(
    label: string,
    private readonly words: Readonly<Record<Name, string>>,
    private readonly panel: HTMLElement,
    private readonly choose: (name: Name) => void,
  ) {
    this.names = Object.keys(words) as Name[];
    this.current = this.names[0] as Name;
    this.element.setAttribute("aria-label", label);
    panel.setAttribute("role", "tabpanel");
    for (const name of this.names) this.element.append(this.tab(name));
    this.element.addEventListener("keydown", (event) => this.move(event));
    this.mark(this.current);
  }

  get chosen(): Name {
    return this.current;
  }

  /** Shows another tab, as a click on it does. */
  show(name: Name): void {
    this.mark(name);
    this.choose(name);
  }

  private tab(name: Name): HTMLButtonElement {
    const tab = h("button", { type: "button", role: "tab", "data-tab": name }, this.words[name]);
    tab.addEventListener("click", () => this.show(name));
    return tab;
  }

  private mark(chosen: Name): void {
    this.current = chosen;
    for (const tab of this.element.querySelectorAll<HTMLElement>("[role=tab]")) {
      const isChosen = tab.dataset["tab"] === chosen;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
    }
    this.panel.setAttribute("aria-label", this.words[chosen]);
  }

  private move(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const names = this.names;
    const next = names[(names.indexOf(this.current) + step + names.length) % names.length];
    if (next === undefined) return;
    event.preventDefault();
    this.show(next);
    this.element.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  }

  private readonly names: readonly Name[];
  private current: Name;
}
