/** The mixer: a strip for every stem, loop of the timeline and return, and the master. */

import type { Meters } from "../../core/player.js";
import { inOrder } from "../../core/order.js";
import type { SongRevision } from "../../core/song_store.js";
import type { Song } from "../../gen/models.js";
import { h, on } from "../dom.js";
import { glyph } from "../glyphs.js";
import { placedLoops } from "./arrangement.js";
import type { Inspector } from "./inspector.js";
import { stripName, type Target } from "./mixing.js";
import type { SongPart, SongScene } from "./song_scene.js";
import { createStrip, ownerOf, type Owners, type Strip } from "./strip.js";

export interface Mixer extends SongPart {
  show(meters: Meters | null): void;
}

/** The strips of a song from left to right. */
export function targetsOf(song: Song): readonly Target[] {
  return [
    ...inOrder(song.stems.values()).map(({ id }): Target => ({ kind: "stem", id })),
    ...placedLoops(song).map(({ id }): Target => ({ kind: "loop", id })),
    ...inOrder(song.returns.values()).map(({ id }): Target => ({ kind: "return", id })),
    { kind: "master" },
  ];
}

export function createMixer(scene: SongScene, inspector: Inspector, owners: Owners, addStem: (anchor: HTMLElement) => void): Mixer {
  const add = h("button", { class: "cm-strip-add", type: "button", "aria-haspopup": "dialog" }, glyph("plus"), h("span", {}, "Stem"));
  const strips = h("div", { class: "cm-strips" });
  const element = h("div", { class: "cm-mixer", role: "region", "aria-label": "Mixer" }, strips);
  const known = new Map<string, Strip>();
  on(add, "click", () => addStem(add), scene.signal);
  return {
    element,
    update({ song }: SongRevision): void {
      const targets = targetsOf(song);
      const names = targets.map(stripName);
      for (const [name, strip] of known) {
        if (names.includes(name)) continue;
        strip.element.remove();
        known.delete(name);
      }
      for (const target of targets) {
        const name = stripName(target);
        if (!known.has(name)) known.set(name, createStrip(scene, ownerOf(song, target), inspector, owners));
      }
      arrange(strips, names.flatMap((name) => known.get(name)?.element ?? []), add);
      add.hidden = !scene.store.editable;
      for (const strip of known.values()) strip.update(song);
    },
    show(meters: Meters | null): void {
      for (const strip of known.values()) strip.show(meters);
    },
  };
}

/** Puts the strips in order; one that already stands right is not moved, so focus stays. */
function arrange(place: HTMLElement, wanted: readonly HTMLElement[], add: HTMLElement): void {
  const master = wanted.length - 1;
  const order = [...wanted.slice(0, master), add, ...wanted.slice(master)];
  let before: Element | null = place.firstElementChild;
  for (const element of order) {
    if (element === before) before = before.nextElementSibling;
    else place.insertBefore(element, before);
  }
}
