/** One row of the grid: its head and one real button for every cell. */

import type { Loop, Step } from "../gen/models.js";
import { h, prefersStillness, setAttribute } from "./dom.js";
import { sayCell, type Geometry } from "./geometry.js";
import { createRowHead, type RowHead } from "./row_head.js";
import { isAudible, type Row } from "./rows.js";
import type { Scene } from "./scene.js";
import { faceOf } from "./velocity.js";

export interface StepRow {
  readonly name: string;
  readonly element: HTMLElement;
  readonly head: RowHead;
  readonly cells: readonly HTMLButtonElement[];
  /** Builds the cells anew where the grid has another shape. */
  shape(geometry: Geometry): void;
  /** Touches only what differs from the last revision. */
  update(loop: Loop, row: Row, anySolo: boolean): void;
  /** Lets the step on this cell, if there is one that sounds, pop. */
  pop(cell: number): void;
}

/** "drum-kick, bar 1, beat 1, on, velocity 0.8" */
export function labelOfCell(name: string, geometry: Geometry, cell: number, step: Step | null): string {
  const state = step === null ? "off" : `on, velocity ${faceOf(step.velocity)}`;
  const note = step?.pitch == null ? "" : `, note ${step.pitch}`;
  const chance = step === null || step.probability === 1 ? "" : `, ${Math.round(step.probability * 100)} percent of the time`;
  const held = heldCells(geometry, cell, step);
  const length = held === 0 ? "" : `, lasts ${Math.round((held + 1) * 100) / 100} steps`;
  return `${name}, ${sayCell(geometry, cell)}, ${state}${note}${chance}${length}`;
}

/** How many cells beyond its own a step lasts, to the end of the loop at most. */
export function heldCells(geometry: Geometry, cell: number, step: Step | null): number {
  if (step?.duration == null) return 0;
  const cells = (step.duration * geometry.stepsPerBar) / geometry.ticksPerBar;
  return Math.max(0, Math.min(cells, geometry.cells - cell) - 1);
}

function sameStep(a: Step | null, b: Step | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  return (
    a.velocity === b.velocity &&
    a.pitch === b.pitch &&
    a.duration === b.duration &&
    a.probability === b.probability
  );
}

export function createStepRow(scene: Scene, name: string, openDrawer: () => void): StepRow {
  const head = createRowHead(scene, name, openDrawer);
  const track = h("div", { class: "cm-cells", role: "presentation" });
  const element = h("div", { class: "cm-row", role: "row", "data-row": name }, head.element, track);
  let cells: HTMLButtonElement[] = [];
  let shown: (Step | null)[] = [];
  let geometry: Geometry | null = null;
  let audible = true;
  const render = (cell: number, step: Step | null): void => {
    const button = cells[cell];
    if (button === undefined || geometry === null) return;
    shown[cell] = step;
    renderCell(button, step, labelOfCell(name, geometry, cell, step));
    renderTie(button, heldCells(geometry, cell, step));
  };
  return {
    name,
    element,
    head,
    get cells() {
      return cells;
    },
    shape(next: Geometry): void {
      geometry = next;
      cells = Array.from({ length: next.cells }, (_, cell) => createCell(next, cell));
      shown = [];
      track.replaceChildren(...cells.map((button) => h("div", { class: "cm-slot", role: "gridcell" }, button)));
    },
    update(loop: Loop, row: Row, anySolo: boolean): void {
      audible = isAudible(loop, name, anySolo);
      setAttribute(element, "data-category", row.sound?.category ?? "fx");
      setAttribute(element, "data-used", row.used);
      setAttribute(element, "data-quiet", !audible);
      head.update(loop, row);
      for (let cell = 0; cell < cells.length; cell += 1) {
        const step = loop.steps.get(`${name}/${cell}`) ?? null;
        if (!sameStep(shown[cell] ?? null, step) || shown[cell] === undefined) render(cell, step);
      }
    },
    pop(cell: number): void {
      const step = shown[cell] ?? null;
      const button = cells[cell];
      if (step === null || button === undefined || !audible || prefersStillness()) return;
      popCell(button, head.picture, step.velocity);
    },
  };
}

function createCell(geometry: Geometry, cell: number): HTMLButtonElement {
  const beat = Math.floor((cell % geometry.stepsPerBar) / geometry.cellsPerBeat);
  const onBeat = cell % geometry.cellsPerBeat === 0;
  const onBar = cell % geometry.stepsPerBar === 0;
  const shade = `${beat % 2 === 0 ? " cm-strong" : ""}${onBar ? " cm-on-bar" : onBeat ? " cm-on-beat" : ""}`;
  return h("button", { class: `cm-cell${shade}`, type: "button", tabindex: -1, "data-cell": cell });
}

function renderCell(button: HTMLButtonElement, step: Step | null, label: string): void {
  setAttribute(button, "aria-pressed", String(step !== null));
  setAttribute(button, "aria-label", label);
  setAttribute(button, "data-note", step !== null && step.pitch !== null);
  setAttribute(button, "data-chance", step !== null && step.probability < 1);
  if (step === null) button.style.removeProperty("--cm-v");
  else button.style.setProperty("--cm-v", String(faceOf(step.velocity)));
}

/** A ribbon over the cells through which a step lasts. */
function renderTie(button: HTMLButtonElement, cells: number): void {
  button.replaceChildren();
  if (cells === 0) return;
  const tie = h("span", { class: "cm-tie" });
  tie.style.setProperty("--cm-held", cells.toFixed(3));
  button.append(tie);
}

/** A short swell of the step and a hop of its row's picture, larger when it is louder. */
function popCell(button: HTMLElement, picture: HTMLElement, velocity: number): void {
  const force = 0.4 + 0.6 * (velocity / 127);
  button.animate(
    [
      { transform: `scale(${1 + 0.22 * force})`, filter: `brightness(${1 + 0.45 * force})` },
      { transform: "scale(1)", filter: "brightness(1)" },
    ],
    { duration: 260, easing: "cubic-bezier(.2,.8,.3,1)" },
  );
  picture.animate(
    [
      { transform: `translateY(${-3 * force}px) scale(${1 + 0.14 * force})` },
      { transform: "none" },
    ],
    { duration: 220, easing: "cubic-bezier(.3,1.4,.5,1)" },
  );
}
