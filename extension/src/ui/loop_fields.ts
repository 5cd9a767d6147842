/** The loop's own fields: name, tempo, swing, length and key. */

import type { LoopRevision } from "../core/loop_store.js";
import { BAR_COUNTS, MASTER, NAME_LENGTH, TEMPO_RANGE } from "../gen/limits.js";
import { pretty } from "./chord_chip.js";
import { loopFieldLine } from "./code_lines.js";
import { h, on, setAttribute, setText } from "./dom.js";
import { showValue } from "./field_value.js";
import { MODES, TONICS, joinKey, splitKey } from "./harmony.js";
import { numberOf, valueOf } from "./rows.js";
import { perform, type Part, type Scene } from "./scene.js";
import { createSlider } from "./slider.js";

const [SLOWEST, FASTEST] = TEMPO_RANGE;

/** The loop's name, edited in place. */
export function createName(scene: Scene): Part {
  const input = h("input", {
    class: "cm-name", type: "text", "aria-label": "Name of the loop", maxlength: NAME_LENGTH,
    spellcheck: "false", autocomplete: "off",
  });
  const size = (): void => setAttribute(input, "size", Math.max(6, input.value.length + 1));
  on(input, "input", size, scene.signal);
  on(input, "keydown", (event) => {
    if (event.key === "Enter") input.blur();
    if (event.key === "Escape") input.value = scene.store.revision.loop.name;
  }, scene.signal);
  on(input, "change", () => {
    const name = input.value.trim();
    if (name === "") input.value = scene.store.revision.loop.name;
    else perform(scene, loopFieldLine("name", name), `Name ${name}`, (edit) => edit.setField("name", name));
  }, scene.signal);
  return {
    element: input,
    update({ loop }: LoopRevision): void {
      showValue(input, loop.name);
      setAttribute(input, "readonly", !scene.store.editable);
      size();
    },
  };
}

/** Quarter notes a minute; the song's where the loop has none. */
export function createTempo(scene: Scene): Part {
  const input = h("input", {
    class: "cm-number", type: "number", min: SLOWEST, max: FASTEST, step: 1,
    inputmode: "decimal", "aria-label": "Tempo in beats a minute",
  });
  const set = (tempo: number): void => {
    const held = Math.max(SLOWEST, Math.min(FASTEST, tempo));
    input.value = String(held);
    perform(scene, loopFieldLine("tempo", held), `Tempo ${held}`, (edit) => edit.setField("tempo", held));
  };
  on(input, "change", () => {
    const tempo = Number.parseFloat(input.value);
    if (Number.isFinite(tempo)) set(tempo);
    else input.value = String(tempoOf(scene.store.revision));
  }, scene.signal);
  return {
    element: field("Tempo", input),
    update(revision: LoopRevision): void {
      showValue(input, String(tempoOf(revision)));
      setAttribute(input, "readonly", !scene.store.editable);
      setAttribute(input, "title", revision.loop.tempo === null ? "The song's tempo" : null);
    },
  };
}

function tempoOf({ loop, context }: LoopRevision): number {
  return loop.tempo ?? context.tempo;
}

/** How late every second eighth comes. */
export function createSwing(scene: Scene): Part {
  const slider = createSlider(scene, {
    label: "Swing", low: 0, high: 1, step: 0.01, className: "cm-swing",
    value: (loop) =>
      valueOf(loop, MASTER, "groove.type") === "swing" ? numberOf(loop, MASTER, "groove.amount") : 0,
    write: (edit, amount) => {
      edit.setSetting(`${MASTER}.groove.type`, amount > 0 ? "swing" : null);
      edit.setSetting(`${MASTER}.groove.amount`, amount > 0 ? amount : null);
    },
    code: (amount) => loopFieldLine("swing", amount),
    say: (amount) => `${Math.round(amount * 100)} %`,
  });
  return {
    element: field("Swing", slider.input, slider.output),
    update: ({ loop }: LoopRevision) => slider.update(loop),
  };
}

/** The loop's length in bars. */
export function createBars(scene: Scene): Part {
  const name = `cm-bars-${Math.random().toString(36).slice(2)}`;
  const inputs = BAR_COUNTS.map((bars) => {
    const input = h("input", { type: "radio", name, value: bars, class: "cm-unseen" });
    on(input, "change", () => {
      const said = `${bars} ${bars === 1 ? "bar" : "bars"}`;
      perform(scene, loopFieldLine("bars", bars), said, (edit) => edit.setField("bars", bars));
    }, scene.signal);
    return input;
  });
  const choices = inputs.map((input, index) =>
    h("label", { class: "cm-segment" }, input, h("span", {}, String(BAR_COUNTS[index]))),
  );
  const group = h("div", { class: "cm-segments", role: "radiogroup", "aria-label": "Length in bars" }, ...choices);
  return {
    element: h("div", { class: "cm-field" }, h("span", { class: "cm-field-name" }, "Bars"), group),
    update({ loop }: LoopRevision): void {
      for (const input of inputs) {
        input.checked = Number(input.value) === loop.bars;
        input.disabled = !scene.store.editable;
      }
    },
  };
}

/** The meter, the loop's own or the song's: Python sets it. */
export function createMeterSign(): Part {
  const sign = h("span", { class: "cm-meter-sign" });
  return {
    element: h("div", { class: "cm-field" }, h("span", { class: "cm-field-name" }, "Meter"), sign),
    update({ loop, context }: LoopRevision): void {
      setText(sign, loop.meter ?? context.meter);
      setAttribute(sign, "title", loop.meter === null ? "The song's meter" : "The loop's own meter");
    },
  };
}

/** Tonic and mode. */
export function createKey(scene: Scene): Part {
  const tonic = select("Tonic of the key", TONICS);
  const mode = select("Mode of the key", MODES);
  const change = (): void => {
    const key = joinKey(tonic.value, mode.value);
    perform(scene, loopFieldLine("key", key), `Key ${key}`, (edit) => edit.setField("key", key));
  };
  on(tonic, "change", change, scene.signal);
  on(mode, "change", change, scene.signal);
  return {
    element: h("div", { class: "cm-field" }, h("span", { class: "cm-field-name" }, "Key"), tonic, mode),
    update({ loop }: LoopRevision): void {
      const key = splitKey(loop.key);
      offer(tonic, key.tonic);
      offer(mode, key.mode);
      tonic.disabled = !scene.store.editable;
      mode.disabled = !scene.store.editable;
    },
  };
}

function select(label: string, values: readonly string[]): HTMLSelectElement {
  const options = values.map((value) => h("option", { value }, pretty(value)));
  return h("select", { class: "cm-select", "aria-label": label }, ...options);
}

/** Shows a value, adding it where the list does not have it. */
function offer(list: HTMLSelectElement, value: string): void {
  if (![...list.options].some((option) => option.value === value)) {
    list.append(h("option", { value }, value));
  }
  if (list.value !== value) list.value = value;
}

function field(name: string, ...controls: readonly HTMLElement[]): HTMLElement {
  return h("label", { class: "cm-field" }, h("span", { class: "cm-field-name" }, name), ...controls);
}
