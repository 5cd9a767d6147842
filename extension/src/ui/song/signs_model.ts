/** What stands over the tracks: sections, markers, and changes of tempo and meter. Pure. */

import type { SongEdit } from "../../core/song_store.js";
import type { Section, Song } from "../../gen/models.js";
import { joinLines, python } from "../code_lines.js";
import type { Arrangement } from "./arrangement.js";
import type { Deed } from "./edits.js";
import { freshColor } from "./miniature.js";
import { barNumber, barWord, barsBetween } from "./song_lines.js";
import { sayPlace, saySpan } from "./words.js";

export interface Sign {
  readonly kind: "sections" | "markers" | "time";
  /** "sections/<id>", "markers/<id>", "time/<tick>" */
  readonly key: string;
  readonly id: string;
  readonly tick: number;
  /** 0 for what is a place only. */
  readonly length: number;
  readonly text: string;
  readonly label: string;
  readonly color: string | null;
  /** The tempo and meter at the beginning stay there. */
  readonly isFixed: boolean;
  /** How far, in quarter notes a minute, a ramp goes; null where none begins. */
  readonly ramp: { readonly rise: number; readonly length: number } | null;
}

/** The signs of a song by place. */
export function signsOf({ song, meter }: Arrangement): readonly Sign[] {
  const sections = [...song.sections.values()].map((section): Sign => ({
    kind: "sections", key: `sections/${section.id}`, id: section.id, tick: section.start,
    length: section.length, text: section.name, color: section.color, isFixed: false, ramp: null,
    label: `Section ${section.name}, ${saySpan(meter, section.start, section.length)}`,
  }));
  const markers = [...song.markers.values()].map((marker): Sign => ({
    kind: "markers", key: `markers/${marker.id}`, id: marker.id, tick: marker.tick, length: 0,
    text: marker.name, color: null, isFixed: false, ramp: null,
    label: `Marker ${marker.name}, ${sayPlace(meter, marker.tick)}`,
  }));
  return [...times(song, meter), ...markers, ...sections].toSorted((a, b) => a.tick - b.tick);
}

function times(song: Song, meter: Arrangement["meter"]): readonly Sign[] {
  const ticks = [...new Set([...song.tempos.keys(), ...song.meters.keys()])].toSorted((a, b) => a - b);
  const tempos = [...song.tempos.keys()].toSorted((a, b) => a - b);
  return ticks.map((tick) => {
    const tempo = song.tempos.get(tick);
    const next = tempos.find((other) => other > tick);
    const target = next === undefined ? undefined : song.tempos.get(next);
    const ramps = tempo?.ramp === true && next !== undefined && target !== undefined;
    const beats = song.meters.get(tick);
    const words = [...(tempo === undefined ? [] : [`\u2669 ${numberText(tempo.bpm)}${ramps ? (target.bpm < tempo.bpm ? " \u2198" : " \u2197") : ""}`]), ...(beats === undefined ? [] : [beats])];
    const said = [...(tempo === undefined ? [] : [`tempo ${numberText(tempo.bpm)}${ramps ? `, moving to ${numberText(target.bpm)}` : ""}`]), ...(beats === undefined ? [] : [`meter ${beats}`])];
    return {
      kind: "time", key: `time/${tick}`, id: String(tick), tick, length: 0, text: words.join("  "),
      label: `${sayPlace(meter, tick)}, ${said.join(", ")}`, color: null, isFixed: tick === 0,
      ramp: ramps ? { rise: target.bpm - tempo.bpm, length: next - tick } : null,
    };
  });
}

const numberText = (value: number): string => String(Math.round(value * 100) / 100);

/** Sections by start: their places in `song.sections`. */
export function sectionRef(song: Song, id: string): string {
  return `song.sections[${python(song.sections.get(id)?.name ?? "")}]`;
}

export function markerRef(song: Song, id: string): string {
  return `song.markers[${python(song.markers.get(id)?.name ?? "")}]`;
}

/** Moves a sign to a tick. */
export function moveSign(arrangement: Arrangement, sign: Sign, tick: number): Deed {
  const { song, meter } = arrangement;
  const said = `${sign.kind === "time" ? "Tempo" : sign.text} at ${sayPlace(meter, tick)}`;
  if (sign.kind === "time") return moveTime(arrangement, sign, tick, said);
  const reference = sign.kind === "sections" ? sectionRef(song, sign.id) : markerRef(song, sign.id);
  return {
    code: `${reference}.move(${barWord(meter, tick)})`,
    said,
    apply: (edit) => {
      if (sign.kind === "sections") edit.set("sections", sign.id, { start: tick });
      else edit.set("markers", sign.id, { tick });
      return [];
    },
  };
}

function moveTime({ song, meter }: Arrangement, sign: Sign, tick: number, said: string): Deed {
  const tempo = song.tempos.get(sign.tick);
  const beats = song.meters.get(sign.tick);
  const lines: string[] = [];
  if (tempo !== undefined) lines.push(`song.tempos.remove(${barWord(meter, sign.tick)})`, tempoLine(meter, tick, tempo));
  if (beats !== undefined) lines.push(`song.meters.remove(${barWord(meter, sign.tick)})`, meterLine(meter, tick, beats));
  return {
    code: joinLines(lines),
    said,
    apply: (edit) => {
      removeTime(edit, song, sign.tick);
      if (tempo !== undefined) edit.setTempo(tick, tempo);
      if (beats !== undefined) edit.setMeter(tick, beats);
      return [];
    },
  };
}

function removeTime(edit: SongEdit, song: Song, tick: number): void {
  if (song.tempos.has(tick)) edit.setTempo(tick, null);
  if (song.meters.has(tick)) edit.setMeter(tick, null);
}

/** `song.tempos.set(bar=5, tempo=140, ramp=True)` */
export function tempoLine(meter: Arrangement["meter"], tick: number, tempo: { bpm: number; ramp: boolean }): string {
  return `song.tempos.set(${barWord(meter, tick)}, tempo=${python(tempo.bpm)}${tempo.ramp ? ", ramp=True" : ""})`;
}

/** `song.meters.set(bar=9, meter="3/4")` */
export function meterLine(meter: Arrangement["meter"], tick: number, beats: string): string {
  return `song.meters.set(${barWord(meter, tick)}, meter=${python(beats)})`;
}

/** Makes a section begin and last otherwise. */
export function resizeSection({ song, meter }: Arrangement, sign: Sign, start: number, length: number): Deed {
  const reference = sectionRef(song, sign.id);
  return {
    code: `${start === sign.tick ? "" : `${reference}.move(${barWord(meter, start)}); `}${reference}.bars = ${barsBetween(meter, start, length)}`,
    said: `${sign.text}, ${saySpan(meter, start, length)}`,
    apply: (edit) => {
      edit.set("sections", sign.id, { start, length });
      return [];
    },
  };
}

export function removeSign({ song, meter }: Arrangement, sign: Sign): Deed | null {
  if (sign.isFixed) return null;
  const said = `${sign.kind === "time" ? "Tempo and meter" : sign.text} deleted`;
  if (sign.kind === "time") {
    const lines = [
      ...(song.tempos.has(sign.tick) ? [`song.tempos.remove(${barWord(meter, sign.tick)})`] : []),
      ...(song.meters.has(sign.tick) ? [`song.meters.remove(${barWord(meter, sign.tick)})`] : []),
    ];
    return { code: joinLines(lines), said, apply: (edit) => { removeTime(edit, song, sign.tick); return []; } };
  }
  const { kind, id } = sign;
  const reference = kind === "sections" ? sectionRef(song, id) : markerRef(song, id);
  return { code: `${reference}.delete()`, said, apply: (edit) => { edit.remove(kind, id); return []; } };
}

const SECTION_NAMES = ["Intro", "Verse", "Chorus", "Bridge", "Outro"];

/** A new section, named as none is named yet. */
export function addSection({ song, meter }: Arrangement, start: number, length: number): Deed {
  const names = new Set([...song.sections.values()].map((section: Section) => section.name));
  const name = SECTION_NAMES.find((each) => !names.has(each)) ?? `Section ${song.sections.size + 1}`;
  const color = freshColor([...song.sections.values()].map((section) => section.color));
  return {
    code: `song.sections.add(${python(name)}, ${barWord(meter, start)}, bars=${barsBetween(meter, start, length)}, color=${python(color)})`,
    said: `Section ${name} added, ${saySpan(meter, start, length)}`,
    apply: (edit) => {
      edit.add("sections", { name, start, length, color });
      return [];
    },
  };
}

export function addMarker({ song, meter }: Arrangement, tick: number): Deed {
  const name = `Marker ${song.markers.size + 1}`;
  return {
    code: `song.markers.add(${python(name)}, ${barWord(meter, tick)})`,
    said: `${name} added at ${sayPlace(meter, tick)}`,
    apply: (edit) => {
      edit.add("markers", { name, tick });
      return [];
    },
  };
}

/** "bar 5" for a panel's title. */
export function titleOf(meter: Arrangement["meter"], sign: Sign): string {
  if (sign.kind === "sections") return `Section at bar ${barNumber(meter, sign.tick)}`;
  return sign.kind === "markers" ? `Marker at bar ${barNumber(meter, sign.tick)}` : `Tempo and meter from bar ${barNumber(meter, sign.tick)}`;
}
