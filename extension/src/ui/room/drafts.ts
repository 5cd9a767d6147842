/** What was not taken: why, and what can become of it. */

import type { Draft } from "../../core/room.js";
import { h, setText } from "../dom.js";
import { createProblem, wordButton, type RoomScene } from "./room_scene.js";
import { clockTime } from "./words.js";

export function createDrafts(scene: RoomScene): { readonly element: HTMLElement } {
  const list = h("ul", { class: "cm-list cm-drafts" });
  const element = h("section", { "aria-label": "Drafts" }, h("h4", {}, "Not taken"), list);
  const cards = new Map<string, Card>();
  const show = (): void => {
    const { drafts } = scene.room;
    element.hidden = drafts.length === 0;
    for (const [id, card] of cards) {
      if (drafts.some((draft) => draft.id === id)) continue;
      card.element.remove();
      cards.delete(id);
    }
    for (const draft of drafts) {
      const card = cards.get(draft.id) ?? drawDraft(scene, draft);
      card.update(draft);
      if (cards.has(draft.id)) continue;
      cards.set(draft.id, card);
      list.append(card.element);
    }
  };
  scene.room.subscribe("drafts", show, scene.signal);
  show();
  return { element };
}

interface Card {
  readonly element: HTMLElement;
  /** What it would have changed is known only when the room's document has come. */
  update(draft: Draft): void;
}

function drawDraft(scene: RoomScene, draft: Draft): Card {
  const words = h("strong", {});
  const problem = createProblem();
  const said = h("p", { class: "cm-soft", role: "status" });
  const fork = wordButton("Copy to a fork", async (button) => {
    button.disabled = true;
    if (await problem.watch(scene.room.forkDraft(draft.id))) {
      said.textContent = "It lies in a fork of your own now: look under Projects.";
    }
    button.disabled = false;
  }, scene.signal);
  const drop = wordButton("Discard", () => scene.room.dropDraft(draft.id), scene.signal);
  return {
    element: h("li", { class: "cm-draft" },
      h("p", {}, words, " ", h("time", { class: "cm-soft" }, clockTime(new Date(draft.at).toISOString(), Date.now()))),
      h("p", { class: "cm-soft" }, `${draft.reason} ${draft.cure}`.trim()),
      h("div", { class: "cm-actions" }, fork, drop), problem.element, said),
    update: (now) => setText(words, now.words),
  };
}
