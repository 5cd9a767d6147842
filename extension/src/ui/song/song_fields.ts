/** The song's own fields: name, tempo, meter and key. */

import type { SongRevision } from "../../core/song_store.js";
import { NAME_LENGTH, TEMPO_RANGE } from "../../gen/limits.js";
import { pretty } from "../chord_chip.js";
import { h, on, setAttribute } from "../dom.js";
import { showValue } from "../field_value.js";
import { MODES, TONICS, joinKey, splitKey } from "../harmony.js";
import { perform } from "../scene.js";
import { songFieldLine } from "./edits.js";
import { METERS } from "./sign_panel.js";
import type { SongPart, SongScene } from "./song_scene.js";

const [SLOWEST, FASTEST] = TEMPO_RANGE;

/** The song's name, edited in place. */
export function createSongName(scene: SongScene): SongPart {
  const input = h("input", { class: "cm-name", type: "text", "aria-label": "Name of the song", maxlength: NAME_LENGTH, spellcheck: "false", autocomplete: "off" });
  const size = (): void => setAttribute(input, "size", Math.max(6, input.value.length + 1));
  on(input, "input", size, scene.signal);
  on(input, "keydown", (event) => {
    if (event.key === "Enter") input.blur();
    if (event.key === "Escape") input.value = scene.store.revision.song.name;
  }, scene.signal);
  on(input, "change", () => {
    const name = input.value.trim();
    if (name === "") input.value = scene.store.revision.song.name;
    else perform(scene, songFieldLine("name", name), `Name ${name}`, (edit) => edit.setName(name));
  }, scene.signal);
  return {
    element: input,
    update({ song }: SongRevision): void {
      showValue(input, song.name);
      setAttribute(input, "readonly", !scene.store.editable);
      size();
    },
  };
}

const begin = (song: SongRevision["song"]): { bpm: number; ramp: boolean } => song.tempos.get(0) ?? { bpm: 120, ramp: false };

/** Quarter notes a minute at the beginning. */
export function createSongTempo(scene: SongScene): SongPart {
  const input = h("input", { class: "cm-number", type: "number", min: SLOWEST, max: FASTEST, step: 1, inputmode: "decimal", "aria-label": "Tempo in beats a minute, at the beginning" });
  on(input, "change", () => {
    const read = Number.parseFloat(input.value);
    const tempo = begin(scene.store.revision.song);
    const bpm = Math.max(SLOWEST, Math.min(FASTEST, Number.isFinite(read) ? read : tempo.bpm));
    input.value = String(bpm);
    perform(scene, songFieldLine("tempo", bpm), `Tempo ${bpm}`, (edit) => edit.setTempo(0, { ...tempo, bpm }));
    // Locked bars may have kept it from being so.
    input.value = String(begin(scene.store.revision.song).bpm);
  }, scene.signal);
  return {
    element: field("Tempo", input),
    update({ song }: SongRevision): void {
      showValue(input, String(begin(song).bpm));
      setAttribute(input, "readonly", !scene.store.editable);
    },
  };
}

/** The meter at the beginning. */
export function createSongMeter(scene: SongScene): SongPart {
  const list = select("Meter at the beginning", METERS);
  on(list, "change", () => {
    perform(scene, songFieldLine("meter", list.value), `Meter ${list.value}`, (edit) => edit.setMeter(0, list.value));
  }, scene.signal);
  return {
    element: field("Meter", list),
    update({ song }: SongRevision): void {
      offer(list, song.meters.get(0) ?? "4/4");
      list.disabled = !scene.store.editable;
    },
  };
}

/** Tonic and mode. */
export function createSongKey(scene: SongScene): SongPart {
  const tonic = select("Tonic of the key", TONICS);
  const mode = select("Mode of the key", MODES);
  const change = (): void => {
    const key = joinKey(tonic.value, mode.value);
    perform(scene, songFieldLine("key", key), `Key ${key}`, (edit) => edit.setKey(key));
  };
  on(tonic, "change", change, scene.signal);
  on(mode, "change", change, scene.signal);
  return {
    element: h("div", { class: "cm-field" }, h("span", { class: "cm-field-name" }, "Key"), tonic, mode),
    update({ song }: SongRevision): void {
      const key = splitKey(song.key);
      offer(tonic, key.tonic);
      offer(mode, key.mode);
      tonic.disabled = !scene.store.editable;
      mode.disabled = !scene.store.editable;
    },
  };
}

export function select(label: string, values: readonly string[]): HTMLSelectElement {
  return h("select", { class: "cm-select", "aria-label": label }, ...values.map((value) => h("option", { value }, pretty(value))));
}

/** Shows a value, adding it where the list does not have it. */
function offer(list: HTMLSelectElement, value: string): void {
  if (![...list.options].some((option) => option.value === value)) list.append(h("option", { value }, value));
  showValue(list, value);
}

function field(name: string, control: HTMLElement): HTMLElement {
  return h("label", { class: "cm-field" }, h("span", { class: "cm-field-name" }, name), control);
}
