/** Locks in a song's view: their signs, their words, and the buttons of those who may lock. */

import { barsLock, loopLock, stemLock } from "../../core/locks.js";
import type { Lock, Song } from "../../gen/models.js";
import { h, setAttribute } from "../dom.js";
import { glyph } from "../glyphs.js";
import { perform } from "../scene.js";
import { actionButton } from "./form.js";
import { barNumber, loopRef, stemRef } from "./song_lines.js";
import type { SongPart, SongScene } from "./song_scene.js";
import { saySpan } from "./words.js";

/** “Stem Bass is locked. Ask an admin or the owner to open it.” */
export function sayLocked(scene: SongScene, lock: Lock): string {
  const { song } = scene.store.revision;
  const name = nameOf(scene, song, lock);
  return `${name} ${name.startsWith("Bars ") ? "are" : "is"} locked. Ask an admin or the owner to open the lock.`;
}

function nameOf({ arrangement }: SongScene, song: Song, { kind, of, start, end }: Lock): string {
  if (kind === "stem") return `Stem ${song.stems.get(of)?.name ?? ""}`;
  if (kind === "loop") return `Loop ${song.loops.get(of)?.name ?? ""}`;
  const bars = saySpan(arrangement.meter, start, end - start);
  return bars.charAt(0).toUpperCase() + bars.slice(1);
}

/** Whether a lock keeps whoever looks at it out. */
export function isClosed(scene: SongScene, lock: Lock | null | undefined): boolean {
  return lock != null && scene.store.opensLocks === false;
}

/** How long it stands there what was left undone, in ms. */
const STANDS = 6000;

/** Says what was left undone, aloud and on the page; what the fields say is true again. */
export function createLockNotice(scene: SongScene, redraw: () => void): HTMLElement {
  const element = h("p", { class: "cm-lock-notice", hidden: true });
  let end: ReturnType<typeof setTimeout> | undefined;
  // What was to be done says so first.
  scene.store.onLocked?.((lock) => queueMicrotask(() => {
    redraw();
    const words = sayLocked(scene, lock);
    scene.announce(words);
    element.replaceChildren(glyph("lock"), words);
    element.hidden = false;
    clearTimeout(end);
    end = setTimeout(() => {
      element.hidden = true;
    }, STANDS);
  }), scene.signal);
  scene.signal.addEventListener("abort", () => clearTimeout(end));
  return element;
}

/** Locks or opens a stem or loop; nothing for those who may not. */
export function lockButtons(scene: SongScene, kind: "stem" | "loop", id: string, signal: AbortSignal, close: () => void): readonly HTMLElement[] {
  const { song } = scene.store.revision;
  if (scene.store.opensLocks === false) return [];
  const lock = kind === "stem" ? stemLock(id) : loopLock(id);
  const isLocked = song.locks.has(`${kind}/${id}`);
  return [actionButton("lock", isLocked ? "Open the lock" : "Lock for all but admins", signal, () => {
    close();
    const now = scene.store.revision.song;
    const loop = now.loops.get(id);
    const reference = kind === "stem" || loop === undefined ? stemRef(now, id) : loopRef(now, loop);
    const said = `${nameOf(scene, now, lock)} is ${isLocked ? "open" : "locked"}`;
    perform(scene, `${reference}.${isLocked ? "unlock" : "lock"}()`, said, (edit) => edit.setLock(lock, !isLocked));
  })];
}

/** Locks the stretch that repeats, or opens it where it is locked. */
export function toggleBarsLock(scene: SongScene): void {
  const { region } = scene.choices;
  if (region === null) return scene.announce("Mark some bars on the ruler first.");
  const [start, end] = region;
  const { song } = scene.store.revision;
  const inside = [...song.locks.values()].filter((lock) => lock.kind === "bars" && lock.start < end && start < lock.end);
  const { meter } = scene.arrangement;
  const bars = `start=${start}, end=${end}`;
  const said = `${saySpan(meter, start, end - start)} ${inside.length > 0 ? "opened" : "locked"}`;
  perform(scene, `song.${inside.length > 0 ? "un" : ""}lock_bars(${wholeBars(scene, start, end) ?? bars})`, said, (edit) => {
    if (inside.length === 0) return edit.setLock(barsLock(start, end), true);
    for (const lock of inside) {
      edit.setLock(lock, false);
      if (lock.start < start) edit.setLock(barsLock(lock.start, start), true);
      if (end < lock.end) edit.setLock(barsLock(end, lock.end), true);
    }
  });
}

/** “1, 8” where the stretch is of whole bars. */
function wholeBars({ arrangement: { meter } }: SongScene, start: number, end: number): string | null {
  if (meter.barAt(start).ticks !== 0 || meter.barAt(end).ticks !== 0) return null;
  return `${barNumber(meter, start)}, ${Number(barNumber(meter, end)) - 1}`;
}

/** The locked bars over the ruler. */
export function createLockedBars(scene: SongScene, total: () => number): SongPart {
  const element = h("div", { class: "cm-locked-bars" });
  return {
    element,
    update({ song }): void {
      const bars = [...song.locks.values()].filter((lock) => lock.kind === "bars");
      setAttribute(element, "data-closed", scene.store.opensLocks === false);
      element.replaceChildren(...bars.map((lock) => {
        const sign = h("div", { class: "cm-locked", title: sayLocked(scene, lock) }, glyph("lock"));
        sign.style.left = `${(lock.start / total()) * 100}%`;
        sign.style.width = `${((lock.end - lock.start) / total()) * 100}%`;
        return sign;
      }));
    },
  };
}
