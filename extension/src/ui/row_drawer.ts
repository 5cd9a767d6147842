/** The drawer of a row: its sound, pan, envelope, filter, delay and reverb. */

import type { LoopRevision } from "../core/loop_store.js";
import { soundOfRow } from "../core/rows.js";
import { SOUNDS } from "../gen/sounds.js";
import { PARAMETERS } from "../gen/parameters.js";
import { clearLine, rowFieldLine, settingLine } from "./code_lines.js";
import { h, on, setAttribute, setText } from "./dom.js";
import { drawEnvelope, type Curve } from "./envelope_curve.js";
import { glyph } from "./glyphs.js";
import { createLevel, createSwitches } from "./row_head.js";
import { numberOf, valueOf } from "./rows.js";
import { perform, type Scene } from "./scene.js";
import { createSlider, type Slider } from "./slider.js";

export interface RowDrawer {
  readonly name: string;
  readonly element: HTMLElement;
  update(revision: LoopRevision): void;
  close(): void;
}

type Update = (revision: LoopRevision) => void;

const NOTE_VALUES = ["16n", "8n", "8n.", "4n", "4n.", "2n"];

/** The knobs of each section: parameter, its name here, and whether its scale is logarithmic. */
const SECTIONS: readonly (readonly [string, readonly (readonly [string, string, boolean])[]])[] = [
  ["Envelope", [["env.attack", "Attack", true], ["env.decay", "Decay", true], ["env.sustain", "Sustain", false], ["env.release", "Release", true]]],
  ["Filter", [["filter.freq", "Frequency", true], ["filter.q", "Resonance", true]]],
  ["Delay", [["delay.feedback", "Feedback", false], ["delay.mix", "Mix", false]]],
  ["Reverb", [["reverb.size", "Size", false], ["reverb.decay", "Decay", true], ["reverb.mix", "Mix", false]]],
];

export function createRowDrawer(scene: Scene, name: string, close: () => void): RowDrawer {
  const ending = new AbortController();
  scene.signal.addEventListener("abort", () => ending.abort(), { signal: ending.signal });
  const within: Scene = { ...scene, signal: ending.signal };
  const updates: Update[] = [];
  const shut = h("button", { class: "cm-quiet cm-shut", type: "button", "aria-label": `Close the settings of ${name}` }, glyph("close"));
  on(shut, "click", close, ending.signal);
  const body = h("div", { class: "cm-drawer", role: "group", "aria-label": `Settings of ${name}` },
    soundSection(within, name, updates),
    ...SECTIONS.map(([title, knobs]) => section(within, name, title, knobs, updates)),
    shut,
  );
  const element = h("div", { class: "cm-drawer-row", role: "row" }, h("div", { class: "cm-drawer-cell", role: "gridcell" }, body));
  on(element, "keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    close();
  }, ending.signal);
  return {
    name,
    element,
    update(revision: LoopRevision): void {
      setAttribute(element, "data-category", soundOfRow(revision.loop, name)?.category ?? "fx");
      for (const update of updates) update(revision);
    },
    close(): void {
      ending.abort();
      element.remove();
    },
  };
}

function soundSection(scene: Scene, name: string, updates: Update[]): HTMLElement {
  const options = SOUNDS.map((sound) => h("option", { value: sound.id }, sound.name));
  const sound = h("select", { class: "cm-select", "aria-label": `Sound of ${name}` }, ...options);
  on(sound, "change", () => {
    perform(scene, rowFieldLine(name, "sound", sound.value), `Sound ${sound.value}`,
      (edit) => edit.setSetting(`${name}.sample.sound`, sound.value));
  }, scene.signal);
  const level = createLevel(scene, name, "");
  const pan = createSlider(scene, {
    label: `${name} pan`, low: -1, high: 1, step: 0.01, origin: 0,
    value: (loop) => numberOf(loop, name, "pan.pan"),
    write: (edit, value) => edit.setSetting(`${name}.pan.pan`, value),
    code: (value) => rowFieldLine(name, "pan", value),
    say: sayPan,
  });
  const switches = createSwitches(scene, name);
  updates.push(({ loop }) => {
    switches.update(loop);
    const playing = soundOfRow(loop, name)?.id ?? "";
    if (sound.value !== playing) sound.value = playing;
    sound.disabled = !scene.store.editable;
    level.update(loop);
    pan.update(loop);
  });
  const title = h("span", { class: "cm-section-name" }, name);
  return h("fieldset", { class: "cm-section" }, title, sound, switches.element, knob("Level", level), knob("Pan", pan), clearButton(scene, name, updates));
}

function clearButton(scene: Scene, name: string, updates: Update[]): HTMLElement {
  const button = h("button", { class: "cm-quiet cm-clear", type: "button" }, glyph("trash"), "Clear the steps");
  on(button, "click", () => clearSteps(scene, name), scene.signal);
  updates.push(({ loop }) => {
    const empty = ![...loop.steps.keys()].some((key) => key.startsWith(`${name}/`));
    setAttribute(button, "aria-disabled", String(empty || !scene.store.editable));
  });
  return button;
}

function clearSteps(scene: Scene, name: string): void {
  const { loop } = scene.store.revision;
  const cells = Array.from({ length: loop.bars * loop.steps_per_bar }, (_, cell) => cell);
  const filled = cells.filter((cell) => loop.steps.has(`${name}/${cell}`));
  if (filled.length === 0) return scene.announce(`${name} has no steps`);
  perform(scene, clearLine(name), `${name} cleared`, (edit) => {
    for (const cell of filled) edit.setStep(name, cell, null);
  });
}

function sayPan(value: number): string {
  if (Math.abs(value) < 0.005) return "centre";
  return `${Math.round(Math.abs(value) * 100)} ${value < 0 ? "left" : "right"}`;
}

function section(
  scene: Scene, name: string, title: string,
  knobs: readonly (readonly [string, string, boolean])[], updates: Update[],
): HTMLElement {
  const sliders = knobs.map(([key, word, logarithmic]) => {
    const slider = settingSlider(scene, name, key, word, logarithmic);
    updates.push(({ loop }) => slider.update(loop));
    return knob(word, slider);
  });
  const extra = extraOf(scene, name, title, updates);
  return h("fieldset", { class: "cm-section" }, h("span", { class: "cm-section-name" }, title), ...extra, ...sliders);
}

/** What a section has beside its sliders: a picture of the envelope, a choice. */
function extraOf(scene: Scene, name: string, title: string, updates: Update[]): readonly Element[] {
  if (title === "Envelope") {
    const curve: Curve = drawEnvelope();
    updates.push(({ loop }) => curve.update((key) => numberOf(loop, name, key)));
    return [curve.element];
  }
  if (title === "Filter") return [choice(scene, name, "filter.type", choicesOf("filter.type"), updates)];
  return title === "Delay" ? [choice(scene, name, "delay.time", NOTE_VALUES, updates)] : [];
}

function choicesOf(key: string): readonly string[] {
  return PARAMETERS.find((parameter) => parameter.key === key)?.choices ?? [];
}

function choice(scene: Scene, name: string, key: string, values: readonly string[], updates: Update[]): HTMLElement {
  const list = h("select", { class: "cm-select", "aria-label": `${name} ${key.replace(".", " ")}` }, ...values.map((value) => h("option", { value }, value)));
  on(list, "change", () => {
    perform(scene, settingLine(`${name}.${key}`, list.value), `${key.replace(".", " ")} ${list.value}`,
      (edit) => edit.setSetting(`${name}.${key}`, list.value));
  }, scene.signal);
  updates.push(({ loop }) => {
    const value = String(valueOf(loop, name, key));
    if (![...list.options].some((option) => option.value === value)) list.append(h("option", { value }, value));
    if (list.value !== value) list.value = value;
    list.disabled = !scene.store.editable;
  });
  return list;
}

function settingSlider(scene: Scene, name: string, key: string, word: string, logarithmic: boolean): Slider {
  const parameter = PARAMETERS.find((each) => each.key === key);
  const unit = parameter?.unit ?? "";
  return createSlider(scene, {
    label: `${name} ${key.slice(0, key.indexOf("."))} ${word.toLowerCase()}`,
    low: parameter?.low ?? 0, high: parameter?.high ?? 1, step: 0.01, logarithmic,
    value: (loop) => numberOf(loop, name, key),
    write: (edit, value) => edit.setSetting(`${name}.${key}`, value),
    code: (value) => settingLine(`${name}.${key}`, value),
    say: (value) => sayValue(value, unit),
  });
}

/** "5 ms", "1.8 s", "800 Hz", "1.2 kHz", "0.35" */
export function sayValue(value: number, unit: string): string {
  if (unit === "s") return value < 1 ? `${Math.round(value * 1000)} ms` : `${Number(value.toPrecision(3))} s`;
  if (unit === "Hz") return value < 1000 ? `${Math.round(value)} Hz` : `${Number((value / 1000).toPrecision(3))} kHz`;
  return String(Math.round(value * 100) / 100);
}

function knob(word: string, slider: Slider): HTMLElement {
  const name = h("span", { class: "cm-knob-name" });
  setText(name, word);
  return h("label", { class: "cm-knob" }, name, slider.input, slider.output);
}
