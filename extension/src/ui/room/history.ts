/** The history: versions with names, revisions in words; any of them heard, compared, restored. */

import type { Author, PastRevision, PastVersion } from "../../core/room_api.js";
import { h, on, setAttribute, setText } from "../dom.js";
import { glyph } from "../glyphs.js";
import { createActivity } from "./activity.js";
import { drawAvatar } from "./avatar.js";
import type { Tab } from "./chat.js";
import { createCompare, type Compare } from "./compare.js";
import { createContributions } from "./contributions.js";
import { createHearing, type Hearing } from "./hearing.js";
import { createStanding, keepLoadedWhenSeen } from "./live_list.js";
import { createRestore, type Restore } from "./restore.js";
import { createProblem, wordButton, type RoomScene } from "./room_scene.js";
import { clockTime } from "./words.js";

/** One place in the history, whatever it is listed as. */
export interface PastPlace {
  /** Null is the song as it is now. */
  readonly seq: number | null;
  readonly words: string;
}

interface Hands {
  readonly hearing: Hearing;
  readonly compare: Compare;
  readonly restore: Restore;
}

export function createHistory(scene: RoomScene): Tab {
  const hearing = createHearing(scene);
  const compare = createCompare(scene, hearing);
  const restore = createRestore(scene);
  const hands: Hands = { hearing, compare, restore };
  const versions = createVersions(scene, hands);
  const revisions = createRevisions(scene, hands);
  const folds = [
    fold("Versions", true, versions), fold("Changes", true, revisions),
    fold("Activity", false, createActivity(scene).element), fold("Who wrote how much", false, createContributions(scene).element),
  ];
  const closed = h("p", { class: "cm-soft" }, "Members of the project see its history.");
  const allow = (): void => {
    const { may } = scene.room;
    closed.hidden = may.size === 0 || may.has("history.read");
    for (const each of folds) each.hidden = !closed.hidden;
  };
  scene.room.subscribe("rights", allow, scene.signal);
  allow();
  const element = h("div", { class: "cm-scroll cm-past-box" },
    hearing.element, compare.element, restore.element, closed, ...folds);
  return { element };
}

/** A stretch that opens and closes. */
function fold(name: string, isOpen: boolean, content: HTMLElement): HTMLElement {
  return h("details", { class: "cm-fold", open: isOpen }, h("summary", {}, h("h4", {}, name)), content);
}

function createVersions(scene: RoomScene, hands: Hands): HTMLElement {
  const list = h("ul", { class: "cm-list cm-past", "aria-label": "Versions" });
  const standing = createStanding(scene, "No versions yet. Name the song as it is now, to come back to it.");
  const field = h("input", { class: "cm-text", type: "text", maxlength: 100, "aria-label": "Name of the version", placeholder: "Name this version" });
  const problem = createProblem();
  const load = async (): Promise<void> => {
    const versions = await scene.api.versions();
    standing.showEmpty(versions.length === 0);
    list.replaceChildren(...versions.map((version) => drawVersion(scene, hands, version)));
  };
  const keep = async (): Promise<void> => {
    const name = field.value.trim();
    if (name === "" || !(await problem.watch(scene.api.nameVersion(name, null)))) return;
    field.value = "";
    scene.announce(`The song is kept as ${name}`);
    await standing.load(load);
  };
  on(field, "keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Enter") void keep();
  }, scene.signal);
  const form = h("div", { class: "cm-in-row" }, field, wordButton("Keep", keep, scene.signal));
  const allow = (): void => {
    form.hidden = !scene.room.may.has("version.name");
  };
  scene.room.subscribe("rights", allow, scene.signal);
  allow();
  const element = h("div", {}, form, problem.element, standing.element, list);
  keepLoadedWhenSeen(scene, element, ["version"], () => void standing.load(load));
  markHeard(hands.hearing, list);
  return element;
}

function drawVersion(scene: RoomScene, hands: Hands, version: PastVersion): HTMLElement {
  const place = { seq: version.seq, words: version.name };
  return drawPast(scene, hands, place, version.author?.name ?? "by itself", version.at,
    version.author, version.isAutomatic ? "automatic" : "");
}

/** As many revisions as are asked for at once. */
function createRevisions(scene: RoomScene, hands: Hands): HTMLElement {
  const list = h("ol", { class: "cm-list cm-past", "aria-label": "Changes, newest first" });
  const standing = createStanding(scene, "Nothing has been changed yet.");
  const known = new Map<number, PastRevision>();
  let oldest: number | null = null;
  const load = async (before: number | null): Promise<void> => {
    const { items, hasMore } = await scene.api.revisions(before);
    // A revision that went on is listed by its new end.
    for (const item of items) {
      for (const [seq, old] of known) if (old.fromSeq === item.fromSeq && seq !== item.seq) known.delete(seq);
      known.set(item.seq, item);
    }
    const sorted = [...known.values()].sort((a, b) => b.seq - a.seq);
    if (before !== null || oldest === null) {
      oldest = sorted.at(-1)?.fromSeq ?? null;
      more.hidden = !hasMore;
    }
    standing.showEmpty(sorted.length === 0);
    list.replaceChildren(...sorted.map((item) => drawPast(scene, hands, { seq: item.seq, words: item.words },
      item.author?.name ?? "Somebody", item.at, item.author, item.version ?? "")));
    hands.hearing.offer(sorted.map(({ seq, words }) => ({ seq, words })));
  };
  const more = wordButton("Earlier", () => standing.load(() => load(oldest)), scene.signal);
  more.hidden = true;
  const element = h("div", {}, standing.element, list, more);
  keepLoadedWhenSeen(scene, element, ["version", "activity"], () => void standing.load(() => load(null)));
  markHeard(hands.hearing, list);
  return element;
}

/** Presses the button of what is heard. */
function markHeard(hearing: Hearing, list: HTMLElement): void {
  hearing.onChange(() => {
    for (const button of list.querySelectorAll<HTMLElement>(".cm-hear")) {
      setAttribute(button, "aria-pressed", String(hearing.isPlaying({ seq: Number(button.dataset["seq"]), words: "" })));
    }
  });
}

/** One line: who, when, what; hear it, compare it, bring it back. */
function drawPast(
  scene: RoomScene, hands: Hands, place: PastPlace, who: string, at: string,
  author: Author | null, mark: string,
): HTMLElement {
  const { signal } = scene;
  const hear = h("button", { class: "cm-quiet cm-hear", type: "button", "aria-label": `Hear ${place.words}`, title: "Hear the song as it was", "data-seq": place.seq }, glyph("play"));
  on(hear, "click", () => void hands.hearing.toggle(place), signal);
  setAttribute(hear, "aria-pressed", String(hands.hearing.isPlaying(place)));
  const compare = wordButton("Compare", () => hands.compare.open(place), signal, "cm-more");
  const back = wordButton("Restore\u2026", () => hands.restore.open(place), signal, "cm-more");
  back.hidden = !scene.room.may.has("history.restore");
  const words = h("p", {}, place.words);
  if (mark !== "") words.append(" ", h("span", { class: "cm-badge" }, mark));
  const time = h("time", { class: "cm-soft", datetime: at });
  setText(time, clockTime(at, Date.now()));
  return h("li", { class: "cm-past-line" }, author === null ? h("span", { class: "cm-avatar cm-avatar-rest", "aria-hidden": "true" }, glyph("history")) : drawAvatar(author),
    h("div", { class: "cm-past-text" }, words, h("p", { class: "cm-soft" }, `${who}, `, time), h("div", { class: "cm-actions" }, compare, back)),
    hear);
}
