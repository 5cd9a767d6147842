/** The fields of one step: how loud, which note, how long, how often. */

import { PITCH_RANGE } from "../gen/limits.js";
import type { Step } from "../gen/models.js";
import { setStepLine } from "./code_lines.js";
import { h, on } from "./dom.js";
import { sayCell, type Geometry } from "./geometry.js";
import { createPanel } from "./popover.js";
import { audition, perform, type Scene } from "./scene.js";
import { faceOf, velocityOf } from "./velocity.js";

export interface StepPanel {
  readonly element: HTMLElement;
  /** Opens for the step on a cell, beside its button; says so where there is none. */
  open(geometry: Geometry, row: string, cell: number, anchor: HTMLElement): void;
}

/** What a field of the panel reads and writes; an empty text means the usual. */
interface Field {
  readonly name: string;
  readonly hint: string;
  readonly step: number;
  readonly low: number;
  readonly high: number;
  read(step: Step): number | null;
  write(step: Step, value: number | null): Step;
}

function fieldsOf(geometry: Geometry, cell: number): readonly Field[] {
  const ticks = geometry.ticksPerBar / geometry.stepsPerBar;
  return [
    { name: "Velocity", hint: "0.01 to 1", step: 0.01, low: 0.01, high: 1,
      read: (step) => faceOf(step.velocity), write: (step, value) => ({ ...step, velocity: value === null ? step.velocity : velocityOf(value) }) },
    { name: "Note", hint: "chord", step: 1, low: PITCH_RANGE[0], high: PITCH_RANGE[1],
      read: (step) => step.pitch, write: (step, value) => ({ ...step, pitch: value }) },
    { name: "Length", hint: "1 step", step: 0.25, low: 0.25, high: geometry.cells - cell,
      read: (step) => (step.duration === null ? null : Math.round((step.duration / ticks) * 100) / 100),
      write: (step, value) => ({ ...step, duration: value === null ? null : Math.round(value * ticks) }) },
    { name: "Chance", hint: "100 %", step: 5, low: 0, high: 100,
      read: (step) => Math.round(step.probability * 100), write: (step, value) => ({ ...step, probability: value === null ? 1 : value / 100 }) },
  ];
}

export function createStepPanel(scene: Scene): StepPanel {
  const panel = createPanel("Step", "cm-step-panel", scene.signal);
  let ending = new AbortController();
  scene.signal.addEventListener("abort", () => ending.abort());
  return {
    element: panel.element,
    open(geometry: Geometry, row: string, cell: number, anchor: HTMLElement): void {
      const found = scene.store.revision.loop.steps.get(`${row}/${cell}`);
      if (found === undefined) return scene.announce(`${sayCell(geometry, cell)} is off`);
      ending.abort();
      ending = new AbortController();
      const fields = fieldsOf(geometry, cell).map((field) => createField(scene, row, cell, field, ending.signal));
      fields[0]?.querySelector("input")?.setAttribute("data-first", "");
      panel.element.replaceChildren(h("h3", { class: "cm-panel-title" }, `${row}, ${sayCell(geometry, cell)}`), ...fields);
      panel.open(anchor);
    },
  };
}

function createField(scene: Scene, row: string, cell: number, field: Field, signal: AbortSignal): HTMLElement {
  const now = (): Step | null => scene.store.revision.loop.steps.get(`${row}/${cell}`) ?? null;
  const input = h("input", { class: "cm-number", type: "number", step: field.step, min: field.low, max: field.high, placeholder: field.hint, "aria-label": field.name });
  const show = (): void => {
    const step = now();
    const value = step === null ? null : field.read(step);
    input.value = value === null ? "" : String(value);
    input.disabled = step === null || !scene.store.editable;
  };
  on(input, "change", () => {
    const step = now();
    if (step === null) return;
    const read = Number.parseFloat(input.value);
    const value = Number.isFinite(read) ? Math.max(field.low, Math.min(field.high, read)) : null;
    const next = field.write(step, value);
    perform(scene, setStepLine(row, cell, next), `${field.name} ${value ?? field.hint}`, (edit) => edit.setStep(row, cell, next));
    audition(scene, row, cell);
    show();
  }, signal);
  scene.store.subscribe(show, signal);
  show();
  return h("label", { class: "cm-panel-field" }, h("span", { class: "cm-field-name" }, field.name), input, h("span", { class: "cm-output" }, UNITS[field.name] ?? ""));
}

const UNITS: Readonly<Record<string, string>> = { Note: "MIDI", Length: "steps", Chance: "%" };
