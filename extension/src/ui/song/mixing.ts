/** Levels, chains and strips of a song's mixer. Pure. */

import { soundNamed } from "../../core/rows.js";
import type { Channel, SongEdit } from "../../core/song_store.js";
import { MASTER } from "../../gen/limits.js";
import type { Song, Value } from "../../gen/models.js";
import { EFFECTS, PARAMETERS, type Parameter } from "../../gen/parameters.js";
import { channelRef, loopSettingLine, settingWord } from "./song_lines.js";

/** Whose strip is meant: a channel of the document, or a loop of the timeline. */
export type Target = Channel | { readonly kind: "loop"; readonly id: string };

/** "stem:<id>", as the player names what it meters. */
export function stripName(target: Target): string {
  return target.kind === "master" ? MASTER : `${target.kind}:${target.id}`;
}

function settingsOf(song: Song, target: Target): ReadonlyMap<string, Value> | undefined {
  switch (target.kind) {
    case "master":
      return song.master;
    case "stem":
      return song.stems.get(target.id)?.settings;
    case "return":
      return song.returns.get(target.id)?.settings;
    case "loop":
      return song.loops.get(target.id)?.settings;
  }
}

/** What a strip shows of a song: the same objects show the same strip. */
export function sourcesOf(song: Song, target: Target): readonly unknown[] {
  return [settingsOf(song, target), target.kind === "stem" ? song.stems.get(target.id) : null,
    target.kind === "return" ? song.returns.get(target.id) : null,
    target.kind === "loop" ? song.loops.get(target.id) : null, target.kind === "stem" ? song.returns : null];
}

/** The value that was set, or null. */
export function setValue(song: Song, target: Target, key: string): Value | null {
  const full = target.kind === "loop" ? `${MASTER}.${key}` : key;
  return settingsOf(song, target)?.get(full) ?? null;
}

/** The value a setting has: as set, or the patch's of a stem's sound, or the default. */
export function settingOf(song: Song, target: Target, key: string): Value {
  const set = setValue(song, target, key);
  if (set !== null) return set;
  const sound = target.kind === "stem" ? setValue(song, target, "sample.sound") : null;
  const patch = sound === null ? undefined : soundNamed(String(sound))?.patch;
  return patch?.[key] ?? parameterOf(key)?.default ?? 0;
}

export function numberIn(song: Song, target: Target, key: string): number {
  const number = Number(settingOf(song, target, key));
  return Number.isFinite(number) ? number : 0;
}

export function writeSetting(edit: SongEdit, target: Target, key: string, value: Value | null): void {
  if (target.kind === "loop") edit.loop(target.id).setSetting(`${MASTER}.${key}`, value);
  else edit.setSetting(target, key, value);
}

/** The line of Python of a setting. */
export function settingLineOf(song: Song, target: Target, key: string, value: Value | null): string {
  if (target.kind !== "loop") return settingWord(channelRef(song, target), key, value);
  return loopSettingLine(song, song.loops.get(target.id), key, value);
}

const BY_KEY: ReadonlyMap<string, Parameter> = new Map(PARAMETERS.map((parameter) => [parameter.key, parameter]));

export function parameterOf(key: string): Parameter | undefined {
  return BY_KEY.get(key);
}

/** One of the effects that a strip may have, and how it begins when it is added. */
export interface Effect {
  readonly id: string;
  readonly name: string;
  /** What makes it heard when it is added. */
  readonly start: Readonly<Record<string, Value>>;
  /** The sections of its parameters. */
  readonly sections: readonly string[];
  /** False for what is no link of the chain: LFOs and the limiter. */
  readonly chained: boolean;
}

const effect = (id: string, name: string, start: Effect["start"], sections = [id], chained = true): Effect => ({ id, name, start, sections, chained });

export const STRIP_EFFECTS: readonly Effect[] = [
  effect("eq", "EQ three", { "eq.low": 1 }),
  effect("band", "EQ bands", { "band1.type": "lowshelf", "band2.type": "peak" }, ["band1", "band2", "band3", "band4"]),
  effect("filter", "Filter", { "filter.type": "lowpass", "filter.freq": 4000 }),
  effect("comp", "Compressor", { "comp.ratio": 4 }),
  effect("distort", "Distortion", { "distort.amount": 0.3 }),
  effect("chorus", "Chorus", { "chorus.mix": 0.4 }),
  effect("phaser", "Phaser", { "phaser.mix": 0.5 }),
  effect("delay", "Delay", { "delay.mix": 0.3 }),
  effect("reverb", "Reverb", { "reverb.mix": 0.25 }),
  effect("width", "Width", { "width.width": 1.4 }),
  effect("lfo-amp", "Tremolo", { "lfo-amp.depth": 0.5 }, ["lfo-amp"], false),
  effect("lfo-filter", "Filter LFO", { "lfo-filter.depth": 0.5 }, ["lfo-filter"], false),
  effect("lfo-pan", "Auto-pan", { "lfo-pan.depth": 0.6 }, ["lfo-pan"], false),
];

export const LIMITER: Effect = effect("limiter", "Limiter", {}, ["limiter"], false);

const listed = new Map<string, readonly Parameter[]>();

/** The parameters of an effect. */
export function parametersOf(found: Effect): readonly Parameter[] {
  const known = listed.get(found.id);
  if (known !== undefined) return known;
  const wanted = new Set(found.sections);
  const parameters = PARAMETERS.filter(({ key }) => wanted.has(key.slice(0, key.indexOf("."))) && !key.endsWith(".bypass"));
  listed.set(found.id, parameters);
  return parameters;
}

/** The order of a strip's chain, every effect in it once. */
export function chainOf(song: Song, target: Target): readonly string[] {
  const named = String(settingOf(song, target, "chain.order")).split(">").filter((name) => (EFFECTS as readonly string[]).includes(name));
  return [...new Set([...named, ...EFFECTS])];
}

/** The effects that a strip uses, in the order of its chain; what is no link of it behind. */
export function usedEffects(song: Song, target: Target): readonly Effect[] {
  const used = STRIP_EFFECTS.filter((each) => isUsed(song, target, each));
  const chain = chainOf(song, target);
  const place = (each: Effect): number => (each.chained ? chain.indexOf(each.id) : chain.length);
  const sorted = used.toSorted((a, b) => place(a) - place(b));
  return target.kind === "master" ? [...sorted, LIMITER] : sorted;
}

function isUsed(song: Song, target: Target, found: Effect): boolean {
  return parametersOf(found).some(({ key }) => setValue(song, target, key) !== null);
}

export function isBypassed(song: Song, target: Target, found: Effect): boolean {
  return found.chained && settingOf(song, target, `${found.id}.bypass`) === true;
}

/** The chain with an effect moved by places among those in use. */
export function movedChain(song: Song, target: Target, id: string, by: number): readonly string[] | null {
  const used = usedEffects(song, target).filter((each) => each.chained).map((each) => each.id);
  const from = used.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= used.length || by === 0) return null;
  used.splice(to, 0, ...used.splice(from, 1));
  return used;
}

/** Where the cap of a fader stands for a linear level: the upper half is the fine one. */
export function faderPlace(level: number): number {
  return Math.sqrt(Math.max(0, Math.min(1, level)));
}

/** The linear level of a place of the fader. */
export function faderLevel(place: number): number {
  return Math.round(Math.max(0, Math.min(1, place)) ** 2 * 1000) / 1000;
}

const minus = (text: string): string => text.replace("-", "\u2212");

/** A number with its unit: "1.2 kHz", "250 ms", "−6.0 dB". */
export function sayValue(parameter: Parameter, value: Value): string {
  if (typeof value !== "number") return String(value);
  if (parameter.unit === "Hz") return value >= 1000 ? `${(value / 1000).toFixed(value >= 10000 ? 1 : 2)} kHz` : `${value.toFixed(value < 10 ? 2 : 0)} Hz`;
  if (parameter.unit === "s") return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`;
  if (parameter.unit === "steps") return minus(`${(value * 3).toFixed(1)} dB`);
  if (parameter.unit.startsWith("dB")) return minus(`${value.toFixed(1)} ${parameter.unit}`);
  return minus(value.toFixed(2));
}

/** Frequencies, times and resonances go by ratios along a slider. */
export function isLogarithmic(parameter: Parameter): boolean {
  return parameter.unit === "Hz" || (parameter.unit === "s" && parameter.high / Math.max(parameter.low, 0.001) > 20) || parameter.key.endsWith(".q");
}
