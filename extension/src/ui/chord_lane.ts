/** The chord lane above the grid: one chip a chord, as long as the chord lasts. */

import type { LoopRevision } from "../core/loop_store.js";
import { chordLine, joinLines } from "./code_lines.js";
import { createChip, type Chip } from "./chord_chip.js";
import { listenToChips } from "./chord_drag.js";
import { auditionChord } from "./chord_preview.js";
import { NO_CHORD, moveChord, spanAt, spansOf, type ChordChange, type Span } from "./chord_spans.js";
import { h, on, setAttribute } from "./dom.js";
import { geometryOf, sayCell, type Geometry } from "./geometry.js";
import type { PaletteTile } from "../gen/chord_tables.js";
import { readChord, varied } from "./harmony.js";
import { perform, type Part, type Scene } from "./scene.js";

export interface ChordLane extends Part {
  readonly geometry: Geometry;
  /** The place under a point of the window in cells, or null outside the lane. */
  placeUnder(x: number, y: number): number | null;
  /** Marks where a chord would land; null takes the mark away. */
  mark(cell: number | null, length?: number): void;
  /** Puts a chord of the palette on a cell, or changes the chord that sounds there. */
  drop(entry: PaletteTile, cell: number): void;
  /** Several changes as one gesture. */
  apply(changes: readonly ChordChange[], said: string, code?: string): void;
  /** Lights the chord that sounds on the cell; null none. */
  light(cell: number | null): void;
}

export interface LaneHooks {
  openEditor(cell: number, anchor: HTMLElement): void;
  /** A press on the lane while the palette carries a chord; true if it was used. */
  dropCarried(cell: number): boolean;
}

export function createChordLane(scene: Scene, hooks: LaneHooks): ChordLane {
  return new Lane(scene, hooks);
}

class Lane implements ChordLane {
  readonly element: HTMLElement;
  geometry: Geometry;
  private readonly track = h("div", { class: "cm-lane-track", role: "toolbar", "aria-label": "Chords" });
  private readonly marker = h("div", { class: "cm-marker", "aria-hidden": "true" });
  private readonly hint = h("button", { class: "cm-lane-hint", type: "button", tabindex: -1 },
    "Drag a chord here, or begin with a progression");
  private readonly chips = new Map<number, Chip>();
  private lit: Chip | null = null;
  private standing = -1;

  constructor(private readonly scene: Scene, private readonly hooks: LaneHooks) {
    this.geometry = geometryOf(scene.store.revision);
    this.marker.hidden = true;
    this.track.append(this.hint, this.marker);
    this.element = h("div", { class: "cm-lane" }, h("div", { class: "cm-lane-head" }, "Chords"), this.track);
    on(this.track, "click", (event) => this.onClick(event), scene.signal);
    on(this.track, "keydown", (event) => this.onKey(event), scene.signal);
    on(this.track, "focusin", (event) => this.stand(cellOf(event.target)), scene.signal);
    listenToChips(scene, this, this.track);
  }

  update(revision: LoopRevision): void {
    this.geometry = geometryOf(revision);
    const spans = spansOf(revision.loop);
    const held = cellOf(this.track.ownerDocument.activeElement);
    for (const [cell, chip] of this.chips) {
      if (spans.some((span) => span.cell === cell)) continue;
      chip.element.remove();
      this.chips.delete(cell);
    }
    let before: Element | null = null;
    for (const span of spans) before = this.show(span, revision.loop.key, before);
    this.hint.hidden = spans.length > 0 || !this.scene.store.editable;
    if (!this.chips.has(this.standing)) this.stand(spans[0]?.cell ?? -1);
    if (held !== null && !this.chips.has(held)) this.focusNear(held);
  }

  private show(span: Span, key: string, before: Element | null): Element {
    let chip = this.chips.get(span.cell);
    if (chip === undefined) {
      chip = createChip(span.cell);
      this.chips.set(span.cell, chip);
      if (before === null) this.track.prepend(chip.element);
      else before.after(chip.element);
    }
    chip.update(span, readChord(span.symbol, key), this.geometry);
    return chip.element;
  }

  placeUnder(x: number, y: number): number | null {
    const box = this.track.getBoundingClientRect();
    if (y < box.top - 12 || y > box.bottom + 12 || x < box.left || x > box.right) return null;
    return ((x - box.left) / box.width) * this.geometry.cells;
  }

  mark(cell: number | null, length: number = this.geometry.cellsPerBeat): void {
    this.marker.hidden = cell === null;
    if (cell === null) return;
    this.marker.style.setProperty("--cm-start", String(cell));
    this.marker.style.setProperty("--cm-length", String(length));
  }

  drop(entry: PaletteTile, cell: number): void {
    if (entry.kind === "chord") {
      this.apply([[cell, entry.text]], `${entry.text} on ${sayCell(this.geometry, cell)}`);
      return;
    }
    const { loop } = this.scene.store.revision;
    const span = spanAt(spansOf(loop), cell);
    const symbol = span === null ? null : varied(span.symbol, entry.text, loop.key);
    if (span === null || symbol === null) this.scene.announce(`${entry.text} changes a chord: put it on one`);
    else this.apply([[span.cell, symbol]], `${symbol}, ${entry.says}`);
  }

  apply(changes: readonly ChordChange[], said: string, code?: string): void {
    if (changes.length === 0) return;
    const line = code ?? joinLines(changes.map(([cell, symbol]) => chordLine(cell, symbol)));
    perform(this.scene, line, said, (edit) => {
      for (const [cell, symbol] of changes) edit.setChord(cell, symbol);
    });
    const heard = changes.find(([, symbol]) => symbol !== null && symbol !== NO_CHORD);
    if (heard !== undefined) auditionChord(this.scene, heard[0]);
  }

  light(cell: number | null): void {
    const span = cell === null ? null : spanAt(spansOf(this.scene.store.revision.loop), cell);
    const chip = span === null ? null : (this.chips.get(span.cell) ?? null);
    if (chip === this.lit) return;
    this.lit?.element.classList.remove("cm-sounding");
    chip?.element.classList.add("cm-sounding");
    this.lit = chip;
  }

  private onClick(event: MouseEvent): void {
    const place = this.placeUnder(event.clientX, event.clientY);
    if (event.detail > 0 && place !== null && this.hooks.dropCarried(Math.floor(place))) return;
    const cell = cellOf(event.target);
    const chip = cell === null ? undefined : this.chips.get(cell);
    if (cell !== null && chip !== undefined) this.hooks.openEditor(cell, chip.element);
    else if (event.detail === 0) this.hooks.openEditor(0, this.hint);
    else if (place !== null) this.hooks.openEditor(this.beatOf(place), this.track);
  }

  private beatOf(place: number): number {
    return Math.floor(place / this.geometry.cellsPerBeat) * this.geometry.cellsPerBeat;
  }

  private onKey(event: KeyboardEvent): void {
    const cell = cellOf(event.target);
    if (cell === null || event.ctrlKey || event.metaKey) return;
    const cells = [...this.chips.keys()].sort((a, b) => a - b);
    const index = cells.indexOf(cell);
    const shift = event.shiftKey || event.altKey;
    const way = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (way !== 0 && shift) this.nudge(cell, way);
    else if (way !== 0) this.focus(cells[index + way] ?? cell);
    else if (event.key === "Home") this.focus(cells[0] ?? cell);
    else if (event.key === "End") this.focus(cells.at(-1) ?? cell);
    else if (event.key === "Delete" || event.key === "Backspace") this.apply([[cell, null]], "Chord removed");
    else return;
    event.preventDefault();
  }

  private nudge(cell: number, way: number): void {
    const to = cell + way * this.geometry.cellsPerBeat;
    if (to < 0 || to >= this.geometry.cells) return;
    const spans = spansOf(this.scene.store.revision.loop);
    if (spans.some((span) => span.cell === to)) return this.scene.announce("There is another chord");
    this.apply(moveChord(spans, cell, to), `Moved to ${sayCell(this.geometry, to)}`);
    this.focus(to);
  }

  private focus(cell: number): void {
    const chip = this.chips.get(cell);
    chip?.element.focus({ preventScroll: true });
    chip?.element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  private focusNear(cell: number): void {
    const nearest = [...this.chips.keys()].sort((a, b) => Math.abs(a - cell) - Math.abs(b - cell))[0];
    if (nearest !== undefined) this.focus(nearest);
  }

  /** One chip is the one that Tab reaches. */
  private stand(cell: number | null): void {
    if (cell === null) return;
    setAttribute(this.chips.get(this.standing)?.element ?? this.hint, "tabindex", "-1");
    this.standing = cell;
    setAttribute(this.chips.get(cell)?.element ?? this.hint, "tabindex", "0");
  }
}

/** The cell of the chip that an event happened on. */
export function cellOf(target: EventTarget | null): number | null {
  const chip = target instanceof Element ? target.closest<HTMLElement>(".cm-chip") : null;
  return chip === null ? null : Number(chip.dataset["cell"]);
}
