/** Everybody who is here: name, role, what they do, and from where. */

import type { Participant } from "../../core/room.js";
import { h, setAttribute, setText } from "../dom.js";
import { drawPresence, paintPresence } from "./avatar.js";
import type { RoomScene } from "./room_scene.js";
import { doingWords, roleWord } from "./words.js";

interface Line {
  readonly element: HTMLElement;
  update(who: Participant): void;
}

/** Those who are here, oneself first, then by when they came. */
export function inPlace(people: readonly Participant[]): readonly Participant[] {
  return people.toSorted((a, b) => Number(b.isMe) - Number(a.isMe) || a.session - b.session);
}

export function createPeople(scene: RoomScene): { readonly element: HTMLElement } {
  const element = h("ul", { class: "cm-list cm-people", "aria-label": "Who is here" });
  const lines = new Map<number, Line>();
  const show = (): void => {
    const people = inPlace(scene.room.participants);
    for (const [session, line] of lines) {
      if (people.some((who) => who.session === session)) continue;
      line.element.remove();
      lines.delete(session);
    }
    people.forEach((who, at) => {
      const line = lines.get(who.session) ?? drawLine(scene, who);
      lines.set(who.session, line);
      line.update(who);
      if (element.children[at] !== line.element) element.insertBefore(line.element, element.children[at] ?? null);
    });
  };
  scene.room.subscribe("people", show, scene.signal);
  scene.room.transport.subscribe(show, scene.signal);
  show();
  return { element };
}

function drawLine(scene: RoomScene, first: Participant): Line {
  const avatar = drawPresence(first);
  const name = h("span", { class: "cm-person-name" });
  const role = h("span", { class: "cm-person-role" });
  const doing = h("span", { class: "cm-person-doing" });
  const leads = h("span", { class: "cm-badge" }, "leads");
  const element = h("li", { class: "cm-person" }, avatar,
    h("span", { class: "cm-person-text" }, h("span", { class: "cm-person-top" }, name, leads), h("span", { class: "cm-soft" }, role, doing)));
  return {
    element,
    update(who: Participant): void {
      paintPresence(avatar, who);
      setText(name, who.isMe ? `${who.person.name} (you)` : who.person.name);
      setText(role, roleWord(who));
      setText(doing, ` \u00b7 ${doingWords(who)}`);
      leads.hidden = scene.room.transport.state.leader !== who.session;
      setAttribute(element, "data-activity", who.activity);
    },
  };
}
