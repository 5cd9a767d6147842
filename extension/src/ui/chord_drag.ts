/** Dragging chips along the lane: the body moves a chord, its right edge changes its length. */

import type { ChordLane } from "./chord_lane.js";
import { moveChord, moveEnd, spansOf, type Span } from "./chord_spans.js";
import { on } from "./dom.js";
import { sayCell, sayLength, snapToBeat } from "./geometry.js";
import { SLACK } from "./painting.js";
import type { Scene } from "./scene.js";

interface Drag {
  readonly span: Span;
  readonly x: number;
  /** How far into the chord the pointer took hold, in cells. */
  readonly hold: number;
  readonly resizes: boolean;
  moved: boolean;
  target: number;
}

export function listenToChips(scene: Scene, lane: ChordLane, track: HTMLElement): void {
  let drag: Drag | null = null;
  let swallowClick = false;
  on(track, "pointerdown", (event) => {
    swallowClick = false;
    drag = event.button === 0 && scene.store.editable ? beginDrag(scene, lane, event) : null;
  }, scene.signal);
  on(track, "pointermove", (event) => {
    if (drag !== null) moveDrag(lane, track, drag, event);
  }, scene.signal);
  on(track, "pointerup", () => {
    if (drag?.moved === true) {
      swallowClick = true;
      finishDrag(scene, lane, drag);
    }
    drag = null;
  }, scene.signal);
  on(track, "pointercancel", () => {
    drag = null;
    lane.mark(null);
  }, scene.signal);
  on(track, "click", (event) => {
    if (swallowClick) event.stopImmediatePropagation();
    swallowClick = false;
  }, scene.signal, { capture: true });
}

function beginDrag(scene: Scene, lane: ChordLane, event: PointerEvent): Drag | null {
  if (!(event.target instanceof Element)) return null;
  const chip = event.target.closest<HTMLElement>(".cm-chip");
  const place = lane.placeUnder(event.clientX, event.clientY);
  if (chip === null || place === null) return null;
  const cell = Number(chip.dataset["cell"]);
  const span = spansOf(scene.store.revision.loop).find((each) => each.cell === cell);
  if (span === undefined) return null;
  const resizes = event.target.closest(".cm-chip-end") !== null;
  return { span, x: event.clientX, hold: place - cell, resizes, moved: false, target: resizes ? span.end : cell };
}

function moveDrag(lane: ChordLane, track: HTMLElement, drag: Drag, event: PointerEvent): void {
  if (!drag.moved && Math.abs(event.clientX - drag.x) <= SLACK) return;
  if (!drag.moved) track.setPointerCapture(event.pointerId);
  drag.moved = true;
  const box = track.getBoundingClientRect();
  const place = ((event.clientX - box.left) / box.width) * lane.geometry.cells;
  const { cellsPerBeat, cells } = lane.geometry;
  if (drag.resizes) {
    const end = Math.round(place / cellsPerBeat) * cellsPerBeat;
    drag.target = Math.max(drag.span.cell + cellsPerBeat, Math.min(cells, end));
    lane.mark(drag.span.cell, drag.target - drag.span.cell);
    return;
  }
  drag.target = snapToBeat(lane.geometry, place - drag.hold + cellsPerBeat / 2);
  lane.mark(drag.target, Math.min(drag.span.end - drag.span.cell, cells - drag.target));
}

function finishDrag(scene: Scene, lane: ChordLane, drag: Drag): void {
  lane.mark(null);
  const spans = spansOf(scene.store.revision.loop);
  const { cell } = drag.span;
  if (drag.resizes) {
    const said = `Lasts ${sayLength(lane.geometry, drag.target - cell)}`;
    lane.apply(moveEnd(spans, cell, drag.target, lane.geometry.cells), said);
  } else {
    lane.apply(moveChord(spans, cell, drag.target), `Moved to ${sayCell(lane.geometry, drag.target)}`);
  }
}
