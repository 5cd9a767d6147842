/** A row of tabs: one stop of the Tab key, arrows inside; a count of what is new. */

import { h, on, setAttribute, setText } from "../dom.js";
import type { Tab } from "./chat.js";

export interface Tabs {
  readonly element: HTMLElement;
  show(name: string): void;
}

let made = 0;

/** `tabs` by their names, the first one in front. */
export function createTabs(label: string, tabs: Readonly<Record<string, Tab>>, signal: AbortSignal): Tabs {
  made += 1;
  const id = `cm-tabs-${made}`;
  const list = h("div", { class: "cm-tablist", role: "tablist", "aria-label": label });
  const names = Object.keys(tabs);
  const buttons = new Map<string, HTMLButtonElement>();
  const panels = new Map<string, HTMLElement>();
  let chosen = "";
  const show = (name: string): void => {
    chosen = name;
    for (const [each, button] of buttons) {
      setAttribute(button, "aria-selected", String(each === name));
      button.tabIndex = each === name ? 0 : -1;
      const panel = panels.get(each);
      if (panel !== undefined) panel.hidden = each !== name;
    }
    tabs[name]?.shown?.();
  };
  for (const [at, [name, tab]] of Object.entries(tabs).entries()) {
    const count = h("span", { class: "cm-unread" });
    count.hidden = true;
    const button = h("button", { class: "cm-tab", type: "button", role: "tab", id: `${id}-${at}`, "aria-controls": `${id}-${at}-panel` }, name, count);
    on(button, "click", () => show(name), signal);
    tab.onUnread?.((unread) => {
      count.hidden = unread === 0;
      setText(count, String(unread));
      setAttribute(button, "aria-label", unread === 0 ? name : `${name}, ${unread}`);
    });
    const panel = h("div", { class: "cm-tabpanel", role: "tabpanel", id: `${id}-${at}-panel`, "aria-labelledby": `${id}-${at}` }, tab.element);
    buttons.set(name, button);
    panels.set(name, panel);
    list.append(button);
  }
  on(list, "keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -names.length, End: names.length }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const place = names.indexOf(chosen) + step;
    const next = names[Math.abs(step) === 1 ? (place + names.length) % names.length : Math.max(0, Math.min(names.length - 1, place))];
    if (next === undefined) return;
    show(next);
    buttons.get(next)?.focus();
  }, signal);
  show(names[0] ?? "");
  return { element: h("div", { class: "cm-tabs" }, list, ...panels.values()), show };
}
