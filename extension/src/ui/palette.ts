/** The palette: chords to drag onto the lane, or to pick with Enter and place with arrows. */

import type { LoopRevision } from "../core/loop_store.js";
import type { ChordLane } from "./chord_lane.js";
import { ROLE_LETTERS, pretty } from "./chord_chip.js";
import { spansOf, spread } from "./chord_spans.js";
import { loopFieldLine } from "./code_lines.js";
import { h, on, setAttribute, setText } from "./dom.js";
import { sayCell, snapToBeat } from "./geometry.js";
import { PRESETS, paletteFor, readChord } from "./harmony.js";
import type { PaletteTile } from "../gen/chord_tables.js";
import { SLACK } from "./painting.js";
import type { Part, Scene } from "./scene.js";

export interface Palette extends Part {
  /** Places the chord that is carried, if one is; true if it was. */
  dropCarried(cell: number): boolean;
}

/** The chord in the hand, and the button it came from. */
interface Carried {
  readonly entry: PaletteTile;
  readonly button: HTMLElement;
  cell: number;
}

export function createPalette(scene: Scene, lane: () => ChordLane): Palette {
  let carried: Carried | null = null;
  const release = (): void => {
    if (carried !== null) setAttribute(carried.button, "aria-pressed", "false");
    carried = null;
    lane().mark(null);
    scene.root.classList.remove("cm-carrying");
  };
  const drop = (cell: number): void => {
    const entry = carried?.entry;
    release();
    if (entry !== undefined) lane().drop(entry, cell);
  };
  const pick = (entry: PaletteTile, button: HTMLElement, keyed: boolean): void => {
    const again = carried?.button === button;
    const cell = carried?.cell ?? 0;
    if (again && keyed) return drop(cell);
    release();
    if (again) return;
    carried = { entry, button, cell };
    setAttribute(button, "aria-pressed", "true");
    scene.root.classList.add("cm-carrying");
    if (keyed) lane().mark(cell);
    scene.announce(`${entry.text} in hand. Arrows choose the place, Enter puts it down, Escape lets go.`);
  };
  const steer = (event: KeyboardEvent): void => {
    if (carried === null) return;
    const target = steered(lane(), carried.cell, event.key);
    if (event.key === "Escape") release();
    else if (target !== null) carry(scene, lane(), carried, target);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const tiles = paletteFor(scene.store.revision.loop.key);
  const buttons = tiles.map((_, index) => createEntry(scene, index, lane, pick, steer));
  const element = h("div", { class: "cm-palette" },
    h("div", { class: "cm-palette-chords", role: "group", "aria-label": "Chords to drag onto the lane" }, ...buttons.map((each) => each.element)),
    createPresets(scene, lane),
  );
  return {
    element,
    update(revision: LoopRevision): void {
      for (const button of buttons) button.update(revision);
      setAttribute(element, "data-locked", !scene.store.editable);
    },
    dropCarried(cell: number): boolean {
      if (carried === null) return false;
      drop(snapToBeat(lane().geometry, cell));
      return true;
    },
  };
}

function steered(lane: ChordLane, cell: number, key: string): number | null {
  const { cellsPerBeat, stepsPerBar } = lane.geometry;
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: -cellsPerBeat, ArrowRight: cellsPerBeat, ArrowUp: -stepsPerBar, ArrowDown: stepsPerBar,
    PageUp: -stepsPerBar, PageDown: stepsPerBar, Home: -Infinity, End: Infinity,
  };
  const move = moves[key];
  return move === undefined ? null : snapToBeat(lane.geometry, clampPlace(lane, cell + move));
}

function clampPlace(lane: ChordLane, place: number): number {
  return Math.max(0, Math.min(lane.geometry.cells - 1, place));
}

function carry(scene: Scene, lane: ChordLane, carried: Carried, cell: number): void {
  carried.cell = cell;
  lane.mark(cell);
  scene.announce(sayCell(lane.geometry, cell));
}

interface Entry {
  readonly element: HTMLElement;
  update(revision: LoopRevision): void;
}

function createEntry(
  scene: Scene,
  index: number,
  lane: () => ChordLane,
  pick: (entry: PaletteTile, button: HTMLElement, keyed: boolean) => void,
  steer: (event: KeyboardEvent) => void,
): Entry {
  const name = h("span", { class: "cm-palette-name" });
  const letter = h("span", { class: "cm-palette-letter" });
  const role = h("span", { class: "cm-role", "aria-hidden": "true" });
  const button = h("button", { class: "cm-palette-chord", type: "button", "aria-pressed": "false" }, role, name, " ", letter);
  const tile = (): PaletteTile | undefined => paletteFor(scene.store.revision.loop.key)[index];
  let dragged = false;
  on(button, "click", (event) => {
    const entry = tile();
    if (!dragged && entry !== undefined) pick(entry, button, event.detail === 0);
    dragged = false;
  }, scene.signal);
  on(button, "keydown", steer, scene.signal);
  listenToDrag(scene, button, tile, lane, () => { dragged = true; });
  return {
    element: button,
    update({ loop }: LoopRevision): void {
      const entry = tile();
      if (entry === undefined) return;
      const reading = entry.kind === "chord" ? readChord(entry.text, loop.key) : null;
      const letters = pretty(reading?.letter ?? "");
      setAttribute(button, "data-role", reading?.role ?? "variation");
      setAttribute(role, "data-letter", reading === null ? null : ROLE_LETTERS[reading.role]);
      role.hidden = reading === null;
      setText(name, pretty(entry.text));
      setText(letter, letters);
      setAttribute(button, "aria-label", labelOfTile(entry, letters, reading?.role ?? ""));
      setAttribute(button, "title", `${entry.says}. Drag it onto the lane.`);
    },
  };
}

/** "ii Dm, predominant, sets out from home" */
function labelOfTile(entry: PaletteTile, letters: string, role: string): string {
  const name = letters === "" ? pretty(entry.text) : `${pretty(entry.text)} ${letters}`;
  return [name, role, entry.says].filter((words) => words !== "").join(", ");
}

/** A drag out of the palette: a copy of the chord follows the pointer to the lane. */
function listenToDrag(
  scene: Scene, button: HTMLElement, tile: () => PaletteTile | undefined, lane: () => ChordLane, began: () => void,
): void {
  let start: { readonly x: number; readonly y: number } | null = null;
  let ghost: HTMLElement | null = null;
  const end = (): void => {
    ghost?.remove();
    ghost = null;
    start = null;
    lane().mark(null);
  };
  on(button, "pointerdown", (event) => {
    if (event.button !== 0 || !scene.store.editable) return;
    start = { x: event.clientX, y: event.clientY };
    button.setPointerCapture(event.pointerId);
  }, scene.signal);
  on(button, "pointermove", (event) => {
    if (start === null) return;
    if (ghost === null && Math.hypot(event.clientX - start.x, event.clientY - start.y) <= SLACK) return;
    if (ghost === null) began();
    ghost ??= lift(scene, button);
    ghost.style.transform = `translate(${event.clientX}px, ${event.clientY}px) translate(-50%, -50%) rotate(-2deg)`;
    const place = lane().placeUnder(event.clientX, event.clientY);
    lane().mark(place === null ? null : snapToBeat(lane().geometry, place));
  }, scene.signal);
  on(button, "pointerup", (event) => {
    const place = ghost === null ? null : lane().placeUnder(event.clientX, event.clientY);
    end();
    const entry = tile();
    if (place !== null && entry !== undefined) lane().drop(entry, snapToBeat(lane().geometry, place));
  }, scene.signal);
  on(button, "pointercancel", end, scene.signal);
}

function lift(scene: Scene, button: HTMLElement): HTMLElement {
  const ghost = button.cloneNode(true) as HTMLElement;
  ghost.classList.add("cm-ghost");
  ghost.setAttribute("aria-hidden", "true");
  scene.root.append(ghost);
  return ghost;
}

function createPresets(scene: Scene, lane: () => ChordLane): HTMLElement {
  const buttons = PRESETS.map((preset) => {
    const button = h("button", { class: "cm-preset", type: "button", title: pretty(preset.chords.join(" \u2013 ")) }, preset.name);
    on(button, "click", () => {
      const { cells } = lane().geometry;
      const old = spansOf(scene.store.revision.loop).map((span): [number, null] => [span.cell, null]);
      const even = cells % preset.chords.length === 0;
      const code = even ? loopFieldLine("chords", preset.chords.join(" ")) : undefined;
      lane().apply([...old, ...spread(preset.chords, cells)], `${preset.name}: ${preset.chords.join(", ")}`, code);
    }, scene.signal);
    return button;
  });
  return h("div", { class: "cm-presets", role: "group", "aria-label": "Progressions to begin with" }, ...buttons);
}
