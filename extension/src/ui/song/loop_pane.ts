/** A loop of the song, opened for editing below the timeline. */

import { h, on, setText } from "../dom.js";
import { glyph } from "../glyphs.js";
import { mountLoop } from "../loop_view.js";
import type { Seating } from "../room/seating.js";
import { loopPlayable } from "./pads.js";
import type { SongPart, SongScene } from "./song_scene.js";

export interface LoopPane extends SongPart {
  /** Opens a loop; focus goes into it. */
  open(id: string, from: HTMLElement | null): void;
}

export function createLoopPane(scene: SongScene, room: Seating): LoopPane {
  const title = h("h3", { class: "cm-pane-title" });
  const shut = h("button", { class: "cm-quiet", type: "button", "aria-label": "Close the loop", title: "Close the loop (Escape)" }, glyph("close"));
  const place = h("div", { class: "cm-pane-loop" });
  const element = h("div", { class: "cm-pane" }, h("div", { class: "cm-pane-head" }, title, shut), place);
  element.hidden = true;
  let opened: { readonly id: string; readonly ending: AbortController; readonly from: HTMLElement | null } | null = null;
  const close = (refocus: boolean): void => {
    opened?.ending.abort();
    if (refocus && opened?.from?.isConnected === true) opened.from.focus();
    opened = null;
    element.hidden = true;
  };
  on(shut, "click", () => close(true), scene.signal);
  // The loop keeps its keys to itself: what it made no use of is known when they have been heard.
  on(element, "keydown", (event) => {
    if (event.key === "Escape") setTimeout(() => event.defaultPrevented || close(true));
  }, scene.signal, { capture: true });
  const show = (): void => {
    if (opened !== null) setText(title, `Loop ${scene.store.revision.song.loops.get(opened.id)?.name ?? ""}: a change here changes every block of it`);
  };
  return {
    element,
    open(id: string, from: HTMLElement | null): void {
      if (!scene.store.revision.song.loops.has(id)) return;
      close(false);
      const ending = new AbortController();
      opened = { id, ending, from };
      element.hidden = false;
      show();
      const signal = AbortSignal.any([scene.signal, ending.signal]);
      const playable = loopPlayable(scene, id);
      scene.player.attach(playable.id, signal);
      mountLoop(place, scene.store.loop(id), scene.player, () => playable, { signal, compact: true, room });
      element.scrollIntoView({ block: "nearest" });
      place.querySelector<HTMLElement>(".cm-play")?.focus({ preventScroll: true });
    },
    update(): void {
      if (opened !== null && !scene.store.revision.song.loops.has(opened.id)) close(true);
      show();
    },
  };
}
