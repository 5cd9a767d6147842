/** The parameters of an effect as sliders with their units. */

import type { SongEdit } from "../../core/song_store.js";
import type { Song } from "../../gen/models.js";
import type { Parameter } from "../../gen/parameters.js";
import { joinLines, python } from "../code_lines.js";
import { h, on } from "../dom.js";
import { perform } from "../scene.js";
import { createSlider } from "../slider.js";
import { actionButton } from "./form.js";
import type { Inspector } from "./inspector.js";
import { isLogarithmic, numberIn, parametersOf, sayValue, setValue, settingLineOf, settingOf, writeSetting, type Effect, type Target } from "./mixing.js";
import { channelRef } from "./song_lines.js";
import type { SongScene } from "./song_scene.js";

const NOTE_VALUES = ["32n", "16n", "16n.", "8t", "8n", "8n.", "4t", "4n", "4n.", "2n"];

type Update = (song: Song) => void;
type Writing = Pick<SongScene, "store" | "announce" | "showCode" | "signal">;

/** Opens the panel of an effect of a strip. */
export function openEffect(scene: SongScene, inspector: Inspector, target: Target, name: string, found: Effect, anchor: HTMLElement): void {
  inspector.open(anchor, `${found.name} of ${name}`, (signal, close) => {
    const within: Writing = { store: scene.store, announce: scene.announce, showCode: scene.showCode, signal };
    const updates: Update[] = [];
    const fields = parametersOf(found).map((parameter) => createField(within, target, name, parameter, found, updates));
    fields[0]?.querySelector("input, select")?.setAttribute("data-first", "");
    const remove = actionButton("trash", "Remove the effect", signal, () => {
      close();
      removeEffect(scene, target, found);
    });
    const isRemovable = found.id !== "limiter" && scene.store.editable;
    return {
      fields: [h("div", { class: "cm-parameters" }, ...fields), ...(isRemovable ? [remove] : [])],
      update: () => {
        for (const update of updates) update(scene.store.revision.song);
      },
    };
  });
}

function createField(scene: Writing, target: Target, name: string, parameter: Parameter, found: Effect, updates: Update[]): HTMLElement {
  const label = wordOf(parameter, found);
  if (parameter.kind === "choice" || parameter.kind === "time") return createChoice(scene, target, name, label, parameter, updates);
  const slider = createSlider<SongEdit, Song>(scene, {
    label: `${name} ${label}`, low: parameter.low, high: parameter.high, step: (parameter.high - parameter.low) / 200,
    logarithmic: isLogarithmic(parameter),
    ...(parameter.low < 0 && parameter.high > 0 ? { origin: 0 } : {}),
    value: (song) => numberIn(song, target, parameter.key),
    write: (edit, value) => writeSetting(edit, target, parameter.key, value),
    code: (value) => settingLineOf(scene.store.revision.song, target, parameter.key, value),
    say: (value) => sayValue(parameter, value),
  });
  updates.push((song) => slider.update(song));
  return h("div", { class: "cm-knob", title: parameter.doc }, h("span", { class: "cm-knob-name" }, label), slider.input, slider.output);
}

/** "Low frequency" for "eq.lowfreq", "1 gain" for a band. */
function wordOf(parameter: Parameter, found: Effect): string {
  const [section = "", word = ""] = parameter.key.split(".");
  const spoken = WORDS[word] ?? word;
  return found.sections.length > 1 ? `${section.replace(/^\D+/, "")} ${spoken}` : spoken.charAt(0).toUpperCase() + spoken.slice(1);
}

const WORDS: Readonly<Record<string, string>> = {
  freq: "frequency", q: "resonance", lowfreq: "low corner", highfreq: "high corner", damp: "damping", makeup: "make-up",
};

function createChoice(scene: Writing, target: Target, name: string, label: string, parameter: Parameter, updates: Update[]): HTMLElement {
  const values = parameter.kind === "time" ? NOTE_VALUES : parameter.choices;
  const list = h("select", { class: "cm-select", "aria-label": `${name} ${label}` }, ...values.map((value) => h("option", { value }, value)));
  on(list, "change", () => {
    const { song } = scene.store.revision;
    perform(scene, settingLineOf(song, target, parameter.key, list.value), `${label} ${list.value}`,
      (edit) => writeSetting(edit, target, parameter.key, list.value));
  }, scene.signal);
  updates.push((song) => {
    const value = String(settingOf(song, target, parameter.key));
    if (![...list.options].some((option) => option.value === value)) list.append(h("option", { value }, value));
    if (list.value !== value) list.value = value;
    list.disabled = !scene.store.editable;
  });
  return h("div", { class: "cm-knob", title: parameter.doc }, h("span", { class: "cm-knob-name" }, label), list);
}

/** Takes back all that was set of an effect. */
function removeEffect(scene: SongScene, target: Target, found: Effect): void {
  const { song } = scene.store.revision;
  const keys = [...parametersOf(found).map(({ key }) => key), `${found.id}.bypass`].filter((key) => setValue(song, target, key) !== null);
  const lines = target.kind === "loop" ? keys.map((key) => settingLineOf(song, target, key, null))
    : found.sections.map((section) => `${channelRef(song, target)}.effects[${python(section)}].clear()`);
  const code = joinLines(lines);
  perform(scene, code, `${found.name} removed`, (edit) => {
    for (const key of keys) writeSetting(edit, target, key, null);
  });
}
