/** A list of the server's: loading, empty, wrong, and what it holds; news make it load anew. */

import { h, setText } from "../dom.js";
import { reasonOf, wordButton, type RoomScene } from "./room_scene.js";

/** Where a list stands, and what stands there before it has anything. */
export interface Standing {
  readonly element: HTMLElement;
  /** Shows what `load` gives, or why it gives nothing. */
  load(load: () => Promise<void>): Promise<void>;
  /** Says that there is nothing, or nothing of that. */
  showEmpty(isEmpty: boolean): void;
}

/** `nothing` is said of an empty list. */
export function createStanding(scene: RoomScene, nothing: string): Standing {
  const words = h("p", { class: "cm-soft" });
  const element = h("div", { class: "cm-standing" }, words);
  let again: (() => Promise<void>) | null = null;
  const retry = wordButton("Try again", () => (again === null ? undefined : standing.load(again)), scene.signal);
  element.append(retry);
  const say = (text: string, isWrong: boolean): void => {
    setText(words, text);
    element.hidden = text === "";
    retry.hidden = !isWrong;
  };
  let hasLoaded = false;
  const standing: Standing = {
    element,
    async load(load: () => Promise<void>): Promise<void> {
      again = load;
      if (!hasLoaded) say("Loading\u2026", false);
      try {
        await load();
        hasLoaded = true;
      } catch (error) {
        if (!scene.signal.aborted) say(reasonOf(error), true);
      }
    },
    showEmpty: (isEmpty) => say(isEmpty ? nothing : "", false),
  };
  say("", false);
  return standing;
}

/** Calls `act` once a moment after the last of several calls. */
export function afterPause(act: () => void, pause: number, signal: AbortSignal): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => clearTimeout(waiting));
  return () => {
    clearTimeout(waiting);
    if (!signal.aborted) waiting = setTimeout(act, pause);
  };
}

/** Calls `load` now, on news of those kinds, and whenever the room has been reached again. */
export function keepLoaded(scene: RoomScene, kinds: readonly string[], load: () => void): void {
  const soon = afterPause(load, 150, scene.signal);
  scene.room.onNews((news) => {
    if (kinds.includes(news.kind)) soon();
  }, scene.signal);
  let wasHere = isHere(scene);
  scene.room.subscribe("state", () => {
    const now = isHere(scene);
    if (now && !wasHere) soon();
    wasHere = now;
  }, scene.signal);
  load();
}

/** A pause of the room's news after which a list that is seen loads anew. */
const PAUSE = 1200;

/** The same for what costs more: it is loaded while its element can be seen, and not before. */
export function keepLoadedWhenSeen(
  scene: RoomScene, element: HTMLElement, kinds: readonly string[], load: () => void,
): void {
  let isStale = true;
  let isSeen = false;
  const act = (): void => {
    if (!isSeen) return;
    isStale = false;
    load();
  };
  const soon = afterPause(act, PAUSE, scene.signal);
  const eye = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting ?? false;
    if (isStale) act();
  });
  eye.observe(element);
  scene.signal.addEventListener("abort", () => eye.disconnect());
  const outdate = (): void => {
    isStale = true;
    soon();
  };
  scene.room.onNews((news) => {
    if (kinds.includes(news.kind)) outdate();
  }, scene.signal);
  scene.room.subscribe("state", outdate, scene.signal);
}

/** Whether the room is reached: what is asked of it now is answered. */
export function isHere({ room }: Pick<RoomScene, "room">): boolean {
  return !["joining", "offline", "closed"].includes(room.state);
}
