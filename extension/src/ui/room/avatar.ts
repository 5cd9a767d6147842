/** A person as a round sign: initials on their colour, a ring for what they do. */

import type { Participant } from "../../core/room.js";
import type { Author } from "../../core/room_api.js";
import { accentOf } from "../accent.js";
import { h, setAttribute, setText } from "../dom.js";
import { initials, sayPerson } from "./words.js";

export type Avatar = HTMLElement;

/** The sign alone; it says nothing to a screen reader. */
export function drawAvatar(author: Pick<Author, "name" | "color">): Avatar {
  const element = h("span", { class: "cm-avatar", "aria-hidden": "true" });
  paintAvatar(element, author);
  return element;
}

export function paintAvatar(element: Avatar, author: Pick<Author, "name" | "color">): void {
  const accent = accentOf(author.color);
  element.style.setProperty("--cm-person", accent.color);
  element.style.setProperty("--cm-on-person", accent.ink);
  setText(element, initials(author.name));
}

/** Somebody who is here: with activity, and how they are here. */
export function drawPresence(who: Participant): Avatar {
  const element = drawAvatar(who.person);
  paintPresence(element, who);
  return element;
}

export function paintPresence(element: Avatar, who: Participant): void {
  paintAvatar(element, who.person);
  setAttribute(element, "data-activity", who.activity);
  setAttribute(element, "data-via", who.via);
  setAttribute(element, "data-me", who.isMe);
  setAttribute(element, "title", sayPerson(who));
}
