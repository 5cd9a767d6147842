/** The script of jam pages: a guest with a link comes in, sees, hears and plays along. */

import { CSS } from "../../ui/styles/adopt.js";
import { createDoor, type Door } from "./door.js";
import { factsOf, type JamFacts } from "./facts.js";
import { installWorker } from "./install.js";
import { enterJam } from "./jam.js";

/** Styles that a script makes by itself need no leave of the page's policy. */
function adopt(page: Document): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(CSS);
  page.adoptedStyleSheets = [sheet, ...page.adoptedStyleSheets];
  page.documentElement.dataset["cmStyled"] = "";
}

function open(page: Document): void {
  const facts = factsOf(page);
  adopt(page);
  const door: Door = createDoor(page, facts, (name) => enter(page, facts, door, name), new AbortController().signal);
  door.say("");
  door.open();
  page.documentElement.dataset["ready"] = "";
  void installWorker(facts);
}

/** Comes in; whoever is not let in, or is put out, stands at the door again and is told why. */
function enter(page: Document, facts: JamFacts, door: Door, name: string): void {
  const inside = new AbortController();
  enterJam(page, facts, name, {
    entered: () => door.hide(true),
    refused(reason): void {
      inside.abort();
      door.say(reason);
      door.open();
    },
  }, inside.signal);
}

open(document);
