/** The pointer on the grid: a click toggles, a drag paints or erases, up and down is velocity. */

import type { Gesture } from "../core/loop_store.js";
import type { Step } from "../gen/models.js";
import { strokeLine, type StepChange } from "./code_lines.js";
import { on } from "./dom.js";
import { beginStroke, decideStroke, spotsBetween, type Spot, type Stroke } from "./painting.js";
import { audition, beginGesture, type Scene } from "./scene.js";
import { USUAL, dragged, faceOf, stepOf } from "./velocity.js";

/** What the pointer needs of the grid. */
export interface Canvas {
  readonly element: HTMLElement;
  /** The velocity that the hand last chose in this row. */
  readonly chosen: Map<string, number>;
  focusCell(row: string, cell: number): void;
  /** Shows the velocity beside the cell while it changes; null takes it away. */
  showVelocity(spot: Spot | null, face: number): void;
}

interface Press {
  readonly spot: Spot;
  readonly x: number;
  readonly y: number;
  readonly start: Step | null;
  readonly pointer: number;
  readonly velocity: number;
  readonly changes: Map<string, StepChange>;
  /** Begun with the first change, so that a press that changes nothing leaves nothing to undo. */
  gesture: Gesture | null;
  stroke: Stroke;
  last: Spot;
}

/** The cell's button under an event, as row and cell. */
export function spotOf(target: EventTarget | null): Spot | null {
  if (!(target instanceof Element)) return null;
  const button = target.closest<HTMLElement>(".cm-cell");
  const row = button?.closest<HTMLElement>("[data-row]")?.dataset["row"];
  return button === null || row === undefined ? null : { row, cell: Number(button.dataset["cell"]) };
}

export function listenToPointer(scene: Scene, canvas: Canvas): void {
  let press: Press | null = null;
  const { element } = canvas;
  on(element, "pointerdown", (event) => {
    const spot = spotOf(event.target);
    if (spot === null || event.button !== 0 || press !== null || !scene.store.editable) return;
    press = beginPress(scene, canvas, spot, event);
    element.setPointerCapture(event.pointerId);
  }, scene.signal);
  on(element, "pointermove", (event) => {
    if (press?.pointer === event.pointerId) movePress(scene, canvas, press, event);
  }, scene.signal);
  const finish = (event: PointerEvent): void => {
    if (press?.pointer !== event.pointerId) return;
    endPress(scene, canvas, press, event.type === "pointercancel");
    press = null;
  };
  on(element, "pointerup", finish, scene.signal);
  on(element, "pointercancel", finish, scene.signal);
}

function stepAt(scene: Scene, spot: Spot): Step | null {
  return scene.store.revision.loop.steps.get(`${spot.row}/${spot.cell}`) ?? null;
}

function beginPress(scene: Scene, canvas: Canvas, spot: Spot, event: PointerEvent): Press {
  const start = stepAt(scene, spot);
  const velocity = canvas.chosen.get(spot.row) ?? USUAL;
  const press: Press = {
    spot, start, velocity, x: event.clientX, y: event.clientY, last: spot,
    pointer: event.pointerId, gesture: null, changes: new Map(),
    stroke: beginStroke(start !== null, event.pointerType === "touch", velocity),
  };
  canvas.focusCell(spot.row, spot.cell);
  if (press.stroke.kind === "paint") {
    touch(scene, press, spot);
    audition(scene, spot.row, spot.cell);
  }
  return press;
}

/** Writes one change of the press, unless the cell already is so. */
function change(scene: Scene, press: Press, spot: Spot, step: Step | null): void {
  press.gesture ??= beginGesture(scene);
  press.gesture.edit.setStep(spot.row, spot.cell, step);
  press.changes.set(`${spot.row}/${spot.cell}`, [spot.row, spot.cell, step]);
}

/** What the stroke does to one cell that it reaches. */
function touch(scene: Scene, press: Press, spot: Spot): void {
  const filled = stepAt(scene, spot) !== null;
  if (press.stroke.kind === "paint" && !filled) change(scene, press, spot, stepOf(press.stroke.velocity));
  if (press.stroke.kind === "erase" && filled) change(scene, press, spot, null);
}

function movePress(scene: Scene, canvas: Canvas, press: Press, event: PointerEvent): void {
  const under = spotUnder(canvas.element, event) ?? press.last;
  if (press.stroke.kind === "undecided") decide(scene, press, under, event);
  if (press.stroke.kind === "velocity" && press.start !== null) {
    const velocity = dragged(press.start.velocity, press.y - event.clientY);
    change(scene, press, press.spot, { ...press.start, velocity });
    canvas.showVelocity(press.spot, faceOf(velocity));
    return;
  }
  for (const spot of spotsBetween(press.last, under)) touch(scene, press, spot);
  press.last = under;
}

function decide(scene: Scene, press: Press, under: Spot, event: PointerEvent): void {
  const left = under.cell !== press.spot.cell || under.row !== press.spot.row;
  const way = { up: press.y - event.clientY, across: event.clientX - press.x, leftTheCell: left };
  press.stroke = decideStroke(press.start !== null, way, press.velocity);
  touch(scene, press, press.spot);
}

function spotUnder(element: HTMLElement, event: PointerEvent): Spot | null {
  const tree = element.getRootNode() as Document | ShadowRoot;
  return spotOf(tree.elementFromPoint(event.clientX, event.clientY));
}

function endPress(scene: Scene, canvas: Canvas, press: Press, cancelled: boolean): void {
  if (press.stroke.kind === "undecided" && !cancelled) toggle(scene, press);
  const changes = [...press.changes.values()];
  press.gesture?.end(strokeLine(scene.store.revision.loop, changes));
  if (press.stroke.kind === "velocity") {
    const velocity = stepAt(scene, press.spot)?.velocity ?? USUAL;
    canvas.chosen.set(press.spot.row, velocity);
    canvas.showVelocity(null, 0);
    audition(scene, press.spot.row, press.spot.cell);
  }
  scene.announce(sayStroke(press, changes));
}

/** A press that became no drag: on to off, off to on. */
function toggle(scene: Scene, press: Press): void {
  const { spot } = press;
  change(scene, press, spot, press.start === null ? stepOf(press.velocity) : null);
  if (press.start === null) audition(scene, spot.row, spot.cell);
}

function sayStroke(press: Press, changes: readonly StepChange[]): string {
  const [first] = changes;
  if (first === undefined) return "";
  const [row, , step] = first;
  if (changes.length > 1) return `${changes.length} steps ${step === null ? "removed" : "set"}`;
  if (press.stroke.kind === "velocity") return `${row} velocity ${faceOf(step?.velocity ?? 0)}`;
  return `${row} ${step === null ? "off" : "on"}`;
}
