/** The door of a jam: one chooses a name, which is remembered here, and comes in. */

import { h, on, setText } from "../../ui/dom.js";
import type { JamFacts } from "./facts.js";

/** Where the chosen name stands in the browser's settings. */
const NAME = "cellissimo:jam-name";
const LONGEST_NAME = 60;

export interface Door {
  /** Says something to whoever waits at it. */
  say(text: string): void;
  open(): void;
  /** It is out of the way, while one is inside. */
  hide(isHidden: boolean): void;
}

/** Fills the door that the page has brought along; `enter` is told the name at the click. */
export function createDoor(page: Document, facts: JamFacts, enter: (name: string) => void, signal: AbortSignal): Door {
  const form = page.querySelector<HTMLFormElement>("#enter");
  const said = page.getElementById("said");
  const element = page.querySelector<HTMLElement>(".cmj-door");
  if (form === null || said === null || element === null) throw new Error("the page has no door: reload it");
  const name = h("input", {
    class: "cmj-name", name: "name", autocomplete: "nickname", maxlength: LONGEST_NAME, required: true,
    placeholder: "Your name", "aria-label": "Your name", enterkeyhint: "go",
  });
  name.value = facts.name ?? remembered();
  const button = h("button", { class: "cmj-enter", type: "submit" }, "Come in");
  form.append(...(facts.name === null ? [name] : [h("p", { class: "cmj-as" }, `You come in as ${facts.name}.`)]), button);
  on(form, "submit", (event) => {
    event.preventDefault();
    const chosen = name.value.trim();
    if (chosen === "") return name.focus();
    remember(chosen);
    button.disabled = true;
    setText(said, "Coming in\u2026");
    enter(chosen);
  }, signal);
  return {
    say: (text) => setText(said, text),
    open(): void {
      button.disabled = false;
      form.hidden = false;
      element.hidden = false;
    },
    hide(isHidden): void {
      element.hidden = isHidden;
    },
  };
}

/** A page may be forbidden to keep anything. */
function remembered(): string {
  try {
    return localStorage.getItem(NAME) ?? "";
  } catch {
    return "";
  }
}

function remember(name: string): void {
  try {
    localStorage.setItem(NAME, name);
  } catch {
    // It is asked for again next time.
  }
}
