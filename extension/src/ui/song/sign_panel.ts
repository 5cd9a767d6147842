/** The fields of a section, a marker, or a change of tempo and meter. */

import { NAME_LENGTH, TEMPO_RANGE } from "../../gen/limits.js";
import { python } from "../code_lines.js";
import { perform } from "../scene.js";
import { actionButton, checkField, choiceField, colorField, numberField, textField } from "./form.js";
import type { Filling, Inspector } from "./inspector.js";
import { markerRef, meterLine, removeSign, sectionRef, tempoLine, titleOf, type Sign } from "./signs_model.js";
import { doDeed, type SongScene } from "./song_scene.js";

export const METERS = ["2/4", "3/4", "4/4", "5/4", "6/4", "7/4", "3/8", "5/8", "6/8", "7/8", "9/8", "12/8"] as const;

/** Opens the panel of a sign. */
export function openSign(scene: SongScene, inspector: Inspector, sign: Sign, anchor: HTMLElement): void {
  if (!scene.store.editable) return scene.announce(sign.label);
  inspector.open(anchor, titleOf(scene.arrangement.meter, sign), (signal, close) => {
    const fields = sign.kind === "time" ? timeFields(scene, sign, signal) : nameFields(scene, sign, signal);
    const remove = actionButton("trash", "Delete", signal, () => {
      close();
      doDeed(scene, removeSign(scene.arrangement, sign));
    });
    return { fields: sign.isFixed ? fields.fields : [...fields.fields, remove] };
  });
}

function nameFields(scene: SongScene, sign: Sign, signal: AbortSignal): Filling {
  const { song } = scene.store.revision;
  const isSection = sign.kind === "sections";
  const reference = isSection ? sectionRef(song, sign.id) : markerRef(song, sign.id);
  const name = textField("Name", sign.text, NAME_LENGTH, signal, (text) => {
    perform(scene, `${reference}.name = ${python(text)}`, `Name ${text}`, (edit) => {
      if (isSection) edit.set("sections", sign.id, { name: text });
      else edit.set("markers", sign.id, { name: text });
    });
  });
  name.querySelector("input")?.setAttribute("data-first", "");
  if (!isSection) return { fields: [name] };
  const color = colorField(sign.color ?? "", signal, (chosen) => {
    perform(scene, `${reference}.color = ${python(chosen)}`, "Colour changed", (edit) => edit.set("sections", sign.id, { color: chosen }));
  });
  return { fields: [name, color] };
}

function timeFields(scene: SongScene, sign: Sign, signal: AbortSignal): Filling {
  const { tick } = sign;
  const { tempo: map, meter, song } = scene.arrangement;
  let tempo = song.tempos.get(tick) ?? { bpm: Math.round(map.tempoAt(tick) * 100) / 100, ramp: false };
  const write = (next: typeof tempo): void => {
    tempo = next;
    perform(scene, tempoLine(meter, tick, next), `Tempo ${next.bpm}`, (edit) => edit.setTempo(tick, next));
  };
  const bpm = numberField("Tempo", tempo.bpm, { low: TEMPO_RANGE[0], high: TEMPO_RANGE[1], step: 1 }, signal, (value) => write({ ...tempo, bpm: value }));
  const ramp = checkField("Moves evenly to the next tempo", tempo.ramp, signal, (value) => write({ ...tempo, ramp: value }));
  const { beats, unit } = meter.meterAt(tick);
  const metre = choiceField("Meter", song.meters.get(tick) ?? `${beats}/${unit}`, METERS.map((each) => [each, each]), signal, (value) => {
    perform(scene, meterLine(meter, tick, value), `Meter ${value}`, (edit) => edit.setMeter(tick, value));
  });
  bpm.querySelector("input")?.setAttribute("data-first", "");
  return { fields: [bpm, ramp, metre] };
}
