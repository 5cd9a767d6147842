/** The line of Python that does the same as a gesture in a song. Pure. */

import type { Channel } from "../../core/song_store.js";
import type { MeterMap } from "../../core/tempo_map.js";
import type { Loop, Song, Value } from "../../gen/models.js";
import { python } from "../code_lines.js";
import { blocksOf, segmentsOf, type Item } from "./arrangement.js";

/** `song.timeline[0]` */
export function blockRef(song: Song, id: string): string {
  return `song.timeline[${blocksOf(song).findIndex((block) => block.id === id)}]`;
}

/** `song.stems["Bass"]` */
export function stemRef(song: Song, id: string): string {
  return `song.stems[${python(song.stems.get(id)?.name ?? "")}]`;
}

/** `song.stems["Bass"].segments[0]` */
export function segmentRef(song: Song, id: string): string {
  const stem = song.segments.get(id)?.stem ?? "";
  const place = segmentsOf(song, stem).findIndex((segment) => segment.id === id);
  return `${stemRef(song, stem)}.segments[${place}]`;
}

export function itemRef(song: Song, item: Item): string {
  return item.kind === "blocks" ? blockRef(song, item.id) : segmentRef(song, item.id);
}

/** `song.stems["Bass"]`, `song.returns["Room"]` or `song.master` */
export function channelRef(song: Song, channel: Channel): string {
  if (channel.kind === "master") return "song.master";
  if (channel.kind === "stem") return stemRef(song, channel.id);
  return `song.returns[${python(song.returns.get(channel.id)?.name ?? "")}]`;
}

/** `song.pads[0]`, or where no pad holds it the block that plays it. */
export function loopRef(song: Song, loop: Loop): string {
  for (const [pad, id] of song.pads) if (id === loop.id) return `song.pads[${pad}]`;
  const block = [...song.blocks.values()].find((each) => each.loop === loop.id);
  if (block !== undefined) return `${blockRef(song, block.id)}.loop`;
  const segment = [...song.segments.values()].find((each) => each.loop === loop.id || each.id === loop.id);
  return segment === undefined ? "loop" : `${segmentRef(song, segment.id)}.loop`;
}

/** `bar=5`, or `bar=5.5` in the middle of it: bars and their fractions. */
export function barWord(meter: MeterMap, tick: number): string {
  return `bar=${barNumber(meter, tick)}`;
}

/** The bar of a tick with its fraction, counted from 1. */
export function barNumber(meter: MeterMap, tick: number): string {
  const { bar, ticks } = meter.barAt(tick);
  const fraction = ticks / meter.meterAt(tick).ticksPerBar;
  return String(Number((bar + fraction).toFixed(6)));
}

/** The bars from one tick to another, with their fraction. */
export function barsBetween(meter: MeterMap, start: number, length: number): string {
  return String(Number((Number(barNumber(meter, start + length)) - Number(barNumber(meter, start))).toFixed(6)));
}

/** `song.stems["Bass"].volume = 0.6`, and every other setting by its name. */
export function settingWord(reference: string, key: string, value: Value | null): string {
  const word = WORDS[key];
  if (word !== undefined) return `${reference}.${word} = ${python(value)}`;
  const [section = "", name = ""] = key.split(".");
  if (ASKED.test(section)) return `${reference}.effects[${python(section)}].${name} = ${python(value)}`;
  return `${reference}.settings[${python(key)}] = ${python(value)}`;
}

const WORDS: Readonly<Record<string, string>> = {
  "amp.level": "volume", "pan.pan": "pan", "amp.mute": "muted", "amp.solo": "soloed",
  "sample.sound": "sound",
};

/** What a strip's `effects` can be asked for. */
const ASKED = /^(eq|band[1-4]|filter|comp|distort|chorus|phaser|delay|reverb|width|limiter|lfo-[a-z]+)$/;

/** `song.stems["Bass"].effects.order = ["eq", "comp"]` */
export function orderWord(reference: string, order: readonly string[]): string {
  return `${reference}.effects.order = [${order.map((name) => python(name)).join(", ")}]`;
}


/** One line for one thing, a loop over all for several: what stands where may change on the way. */
export function forEachLine(parts: readonly (readonly [reference: string, value: string])[], act: (name: string, value: string) => string): string {
  const [first] = parts;
  if (first === undefined) return "";
  if (parts.length === 1) return act(first[0], first[1]);
  const pairs = parts.map(([reference, value]) => `(${reference}, ${value})`);
  return `for part, bar in (${pairs.join(", ")}): ${act("part", "bar")}`;
}

/** The line of a setting of a loop of the song: `song.pads[0].set("master.amp.level", 0.5)` */
export function loopSettingLine(song: Song, loop: Loop | undefined, key: string, value: Value | null): string {
  return `${loop === undefined ? "loop" : loopRef(song, loop)}.set(${python(`master.${key}`)}, ${python(value)})`;
}
