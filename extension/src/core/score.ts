/** A score image being written: records by kind, strips by name. The twin of engine/score.py. */

import {
  CHAIN_SLOTS, CHORD, CLIP, HEADER, LOOP, MAGIC, METER, NOTE, PLACEMENT, POINT, RECORDS, SEND,
  SPAN, STEP, STRIP, TEMPO, VERSION,
} from "../gen/image.js";
import { CURVES, STRIPS } from "../gen/limits.js";
import type { Stem, Value } from "../gen/models.js";
import { EFFECTS, ENGINE_PARAMETERS, PARAMETERS, type Parameter } from "../gen/parameters.js";
import { compareTexts } from "./order.js";
import { parseNoteValue } from "./time.js";

/** A score image, the names of its strips after the master's, and the blobs that it plays. */
export interface ScoreImage {
  readonly image: Uint8Array;
  readonly strips: readonly string[];
  readonly audio: readonly string[];
}

type Kind = (typeof RECORDS)[number];
type Layout = readonly { readonly is_float: boolean }[];
type Settings = ReadonlyMap<string, Value>;

/** Settings to lay over those of the strip of a name; the master's name is empty. */
export type Overlay = (strip: string) => Settings;

const NOTHING: Settings = new Map();
const nothing: Overlay = () => NOTHING;

type Patch = Readonly<Record<string, Value>>;

const BY_KEY = new Map(PARAMETERS.map((parameter) => [parameter.key, parameter]));
const ENGINE = ENGINE_PARAMETERS.flatMap((key) => BY_KEY.get(key) ?? []);
const PLACE = new Map(ENGINE.map((parameter, place) => [parameter.key, place]));
const FLOATS: Layout = ENGINE.map(() => ({ is_float: true }));
const LAYOUTS: Readonly<Record<Kind, Layout>> = {
  strips: [...STRIP, ...FLOATS], sends: SEND, tempos: TEMPO, meters: METER, spans: SPAN,
  loops: LOOP, placements: PLACEMENT, steps: STEP, chords: CHORD, notes: NOTE, clips: CLIP,
  points: POINT,
};
const OUTPUT_WORD = STRIP.findIndex((field) => field.name === "output");
const SOLO_WORD = STRIP.length + (PLACE.get("amp.solo") ?? 0);

/** The records of a score image, by the header's words that count them. */
export class Score {
  readonly #words = new Map<Kind, number[]>(RECORDS.map((kind) => [kind, []]));
  readonly #strips: string[] = [];
  readonly #audio: string[];
  /** What is laid over the settings of a strip, by its index. */
  readonly #laidOver = new Map<number, Settings>();

  /** `audio` are blobs that have their number already; `overlay` gives what is mine of a strip. */
  constructor(
    readonly length: number,
    private readonly seed = 0,
    audio: readonly string[] = [],
    private readonly overlay: Overlay = nothing,
  ) {
    this.#audio = [...audio];
  }

  /** Adds a record and gives its index. */
  add(kind: Kind, ...words: readonly number[]): number {
    const held = this.#wordsOf(kind);
    held.push(...words);
    return held.length / LAYOUTS[kind].length - 1;
  }

  /**
   * Adds a strip and gives its index; null where the engine has no more. `name` is unique; `label`
   * is what a musician calls it: the same song with other ids has the same chance.
   */
  addStrip(
    name: string, kind: number, output: number, settings: Settings, patch: Patch, label = "",
  ): number | null {
    if (this.#wordsOf("strips").length / LAYOUTS.strips.length >= STRIPS) return null;
    const over = this.overlay(name);
    const all = over.size === 0 ? settings : new Map([...settings, ...over]);
    const floats = ENGINE.map((parameter) => {
      const { key } = parameter;
      return engineValue(parameter, all.get(key) ?? patch[key] ?? parameter.default);
    });
    const names = [identity(name), identity(label)];
    const index = this.add("strips", ...names, kind, output, ...chain(all), ...floats);
    this.#laidOver.set(index, over);
    if (index > 0) this.#strips.push(name);
    return index;
  }

  /** Adds the automation of a strip, lane by lane, tick by tick; what is mine does not move. */
  addLanes(strip: number, lanes: Stem["lanes"]): void {
    for (const [key, points] of sortedByText(lanes)) {
      const place = PLACE.get(key);
      if (place === undefined || this.#laidOver.get(strip)?.has(key) === true) continue;
      for (const [tick, { value, curve }] of [...points].sort(([a], [b]) => a - b)) {
        this.add("points", strip, place, tick, value, indexIn(CURVES, curve));
      }
    }
  }

  /** The number of a blob among those that the image plays. */
  audioNumber(blob: string): number {
    if (!this.#audio.includes(blob)) this.#audio.push(blob);
    return this.#audio.indexOf(blob);
  }

  /** Whether solo silences those of the strips that feed the master and are not soloed. */
  get hasSolo(): boolean {
    const held = this.#wordsOf("strips");
    const size = LAYOUTS.strips.length;
    for (let at = size; at < held.length; at += size) {
      if (held[at + OUTPUT_WORD] === 0 && held[at + SOLO_WORD] === 1) return true;
    }
    return false;
  }

  /** The whole as bytes. */
  image(): ScoreImage {
    const counts = RECORDS.map((kind) => this.#wordsOf(kind).length / LAYOUTS[kind].length);
    const body = RECORDS.reduce((sum, kind) => sum + this.#wordsOf(kind).length, 0);
    const size = HEADER.length + body;
    const ints = new Int32Array(size);
    const floats = new Float32Array(ints.buffer);
    ints.set([MAGIC, VERSION, size, ENGINE.length, this.seed, this.length, ...counts]);
    let at = HEADER.length;
    for (const kind of RECORDS) {
      const layout = LAYOUTS[kind];
      for (const [place, word] of this.#wordsOf(kind).entries()) {
        (layout[place % layout.length]?.is_float === true ? floats : ints)[at] = word;
        at += 1;
      }
    }
    return { image: new Uint8Array(ints.buffer), strips: this.#strips, audio: this.#audio };
  }

  #wordsOf(kind: Kind): number[] {
    return this.#words.get(kind) ?? [];
  }
}

/** The entries of a map in the order of their keys. */
export function sortedByText<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => compareTexts(a, b));
}

/** The place of a word among those that there are; the first where it is none of them. */
export function indexIn(words: readonly string[], word: string): number {
  return Math.max(words.indexOf(word), 0);
}

/** The float that the engine reads for a value of a document or of a patch. */
function engineValue(parameter: Parameter, value: Value): number {
  if (parameter.kind === "choice") return parameter.choices.indexOf(String(value));
  if (parameter.kind === "time" && typeof value === "string") return -(parseNoteValue(value) ?? 0);
  return Number(value);
}

/** The numbers of the effects that run, in their order, then zeros. */
function chain(settings: Settings): readonly number[] {
  const named = String(settings.get("chain.order") ?? "").split(">");
  const order = [...named, ...EFFECTS.filter((effect) => !named.includes(effect))];
  const numbers = order
    .filter((effect) => settings.get(`${effect}.bypass`) !== true)
    .map((effect) => EFFECTS.findIndex((known) => known === effect) + 1)
    .filter((number) => number > 0);
  return Array.from({ length: CHAIN_SLOTS }, (_, slot) => numbers[slot] ?? 0);
}

/** FNV-1a of a strip's name, 32 bits as a signed word; 0 for the master's, which is empty. */
function identity(name: string): number {
  return name === "" ? 0 : fnv(new TextEncoder().encode(name), 0x811c9dc5);
}

/** FNV-1a of words, begun from a number, as a signed word. */
export function fnv(words: Iterable<number>, start: number): number {
  let hash = start;
  for (const word of words) hash = Math.imul(hash ^ word, 0x01000193);
  return hash;
}
