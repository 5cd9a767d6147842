/** The room in a loop's view: the strip, conflicts, others' cursors on the cells, pins over bars. */

import { soundOfRow } from "../../core/rows.js";
import type { Cursor } from "../../core/room.js";
import type { Loop } from "../../gen/models.js";
import { SOUNDS } from "../../gen/sounds.js";
import { on } from "../dom.js";
import type { Scene } from "../scene.js";
import { spotOf as cellOf } from "../step_pointer.js";
import { createConflicts } from "./conflicts.js";
import { boxWithin, createCursors } from "./cursors.js";
import { createPins } from "./pins.js";
import { createRoomScene, type RoomScene, type RoomSeat } from "./room_scene.js";
import { followPlaying } from "./seating.js";
import { createStrip } from "./strip.js";
import { followTexts } from "./text_cursors.js";

/** What of the loop's view the room's parts lie over. */
export interface LoopPlaces {
  readonly header: HTMLElement;
  readonly stage: HTMLElement;
  readonly grid: HTMLElement;
}

export function joinLoop(loop: Scene, { header, stage, grid }: LoopPlaces, seat: RoomSeat, isCompact: boolean): void {
  const scene = createRoomScene({ ...seat, root: loop.root, music: null, signal: loop.signal, announce: loop.announce });
  const { id } = loop.store.revision.loop;
  const place = `loop:${id}`;
  // Within a song's view, that has them.
  if (!isCompact) {
    (header.querySelector(".cm-buttons") ?? header).append(createStrip(scene));
    header.after(createConflicts(scene).element);
    scene.room.setPlace(place);
    followPlaying(loop, scene);
  }
  sharePointer(scene, loop, place, grid);
  const canvas = grid.parentElement ?? stage;
  const cursors = createCursors(scene, {
    host: canvas,
    shape: "ring",
    isHere: (there) => there === place,
    boxOf(cursor) {
      const cell = cursor.kind === "grid" ? cellAt(grid, loop.store.revision.loop, cursor) : null;
      return cell === null ? null : boxWithin(cell, canvas);
    },
  });
  const ruler = canvas.querySelector<HTMLElement>(".cm-ruler");
  if (ruler !== null) pinBars(scene, loop, ruler);
  const size = new ResizeObserver(() => cursors.place());
  size.observe(canvas);
  scene.signal.addEventListener("abort", () => size.disconnect());
  loop.store.subscribe(() => cursors.place(), loop.signal);
  followTexts(scene, place);
}

/** The number of a row that is the same for everybody: that of its sound in the library. */
export function rowNumber(loop: Loop, row: string): number {
  const sound = soundOfRow(loop, row);
  return sound === null ? -1 : SOUNDS.indexOf(sound);
}

function cellAt(grid: HTMLElement, loop: Loop, { a, b }: Cursor): Element | null {
  for (const row of grid.querySelectorAll<HTMLElement>("[data-row]")) {
    if (rowNumber(loop, row.dataset["row"] ?? "") === a) return row.querySelector(`[data-cell="${b}"]`);
  }
  return null;
}

function sharePointer(scene: RoomScene, loop: Scene, place: string, grid: HTMLElement): void {
  const { room, signal } = scene;
  const point = (target: EventTarget | null): void => {
    const spot = cellOf(target);
    const number = spot === null ? -1 : rowNumber(loop.store.revision.loop, spot.row);
    if (spot === null || number < 0) return;
    room.setPlace(place);
    room.point({ kind: "grid", a: number, b: spot.cell });
  };
  on(grid, "pointerover", (event) => point(event.target), signal, { passive: true });
  on(grid, "focusin", (event) => point(event.target), signal);
  on(grid, "pointerleave", () => room.point(null), signal);
}

/** Comments on this loop stand over the bar of their cell. */
function pinBars(scene: RoomScene, loop: Scene, ruler: HTMLElement): void {
  createPins(scene, {
    host: ruler,
    pinOf({ place }) {
      const { id, steps_per_bar: perBar } = loop.store.revision.loop;
      if (place.of !== id || !["loop", "step", "row"].includes(place.kind)) return null;
      const bar = Math.floor((place.cell ?? 0) / perBar);
      return { key: String(bar), left: `calc(var(--cm-head) + ${bar * perBar} * var(--cm-cell) + 18px)`, words: place.words };
    },
  });
}
