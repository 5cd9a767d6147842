/** One comment with what was answered: a card that opens. */

import type { Comment, Reply } from "../../core/room_api.js";
import { h, on, setAttribute, setText } from "../dom.js";
import { drawAvatar } from "./avatar.js";
import { createComposer } from "./composer.js";
import { barOf, createProblem, goTo, wordButton, type RoomScene } from "./room_scene.js";
import { clockTime, counted } from "./words.js";

export interface Thread {
  readonly element: HTMLElement;
  update(comment: Comment): void;
  /** Shows what was answered, and goes there. */
  open(): void;
}

/** Where it is: "bar 5", "note C4 of Bass, bar 3", "was on Take 3, which is gone". */
export function placeWords(scene: RoomScene, { place }: Pick<Comment, "place">): string {
  if (place.isGone) return `was on ${place.words}, which is gone`;
  if (place.words !== "") return place.words;
  return place.tick === null ? "the song" : `bar ${barOf(scene, place.tick)}`;
}

export function createThread(scene: RoomScene, first: Comment): Thread {
  let comment = first;
  const place = wordButton("", () => {
    if (comment.place.tick !== null && !comment.place.isGone) goTo(scene, comment.place.tick);
  }, scene.signal, "cm-bar-link");
  const replies = h("ol", { class: "cm-list cm-replies" });
  const count = wordButton("", () => toggle(answers.hidden === true), scene.signal, "cm-more");
  const problem = createProblem();
  const settle = wordButton("", () => problem.watch(scene.api.resolve(comment.id, !comment.isResolved)), scene.signal, "cm-more");
  const remove = wordButton("Delete", (button) => confirmTwice(button, () => problem.watch(scene.api.removeComment(comment.id))), scene.signal, "cm-more");
  const composer = createComposer(scene, {
    label: "Answer", hint: "Answer", button: "Answer", hasPlace: false,
    send: (text) => scene.api.reply(comment.id, text),
  });
  const answers = h("div", { class: "cm-answers" }, replies, composer.element);
  answers.hidden = true;
  const said = h("div", { class: "cm-comment-said" });
  const element = h("li", { class: "cm-comment", tabindex: -1 }, place, said,
    h("div", { class: "cm-actions" }, count, settle, remove), problem.element, answers);
  const toggle = (isOpen: boolean): void => {
    answers.hidden = !isOpen;
    setAttribute(count, "aria-expanded", String(isOpen));
  };
  on(element, "keydown", (event) => {
    if (event.key === "Escape" && !answers.hidden) {
      toggle(false);
      count.focus();
      event.stopPropagation();
    }
  }, scene.signal);
  toggle(false);
  let drawn = "";
  return {
    element,
    open(): void {
      toggle(true);
      element.scrollIntoView({ block: "nearest" });
      element.focus({ preventScroll: true });
      if (comment.place.tick !== null && !comment.place.isGone) goTo(scene, comment.place.tick);
    },
    update(next: Comment): void {
      comment = next;
      setText(place, placeWords(scene, comment));
      setAttribute(place, "aria-disabled", comment.place.tick === null || comment.place.isGone ? "true" : null);
      setAttribute(element, "data-gone", comment.place.isGone);
      setAttribute(element, "data-resolved", comment.isResolved);
      setAttribute(element, "data-id", comment.id);
      setText(count, comment.replies.length === 0 ? "Answer" : counted(comment.replies.length, "answer"));
      setText(settle, comment.isResolved ? "Open again" : "Settle");
      const mayWrite = scene.room.may.has("comment.add");
      settle.hidden = !mayWrite;
      remove.hidden = comment.isRemoved || comment.author.id !== scene.room.me?.person.id;
      composer.element.hidden = !mayWrite;
      const key = JSON.stringify([comment.text, comment.isRemoved, comment.replies]);
      if (key === drawn) return;
      drawn = key;
      said.replaceChildren(...(comment.isRemoved ? [h("p", { class: "cm-soft" }, "This comment was deleted.")] : drawSaid(comment)));
      replies.replaceChildren(...comment.replies.map((reply) => h("li", {}, ...drawSaid(reply))));
    },
  };
}

function drawSaid(said: Reply): readonly HTMLElement[] {
  const time = h("time", { class: "cm-soft", datetime: said.at }, clockTime(said.at, Date.now()));
  return [
    h("p", { class: "cm-line-head" }, drawAvatar(said.author), h("strong", {}, said.author.name), " ", time),
    h("p", { class: "cm-line-text" }, said.text),
  ];
}

/** What cannot be taken back is asked for twice: the button asks, and does it when pressed again. */
export function confirmTwice(button: HTMLButtonElement, act: () => unknown, question = "Really delete?"): void {
  if (button.dataset["asks"] !== undefined) {
    void act();
    return;
  }
  const words = button.textContent ?? "";
  button.dataset["asks"] = "";
  setText(button, question);
  const back = (): void => {
    delete button.dataset["asks"];
    setText(button, words);
  };
  button.addEventListener("blur", back, { once: true });
}
