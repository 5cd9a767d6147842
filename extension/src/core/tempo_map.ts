/** Ticks, seconds, bars and beats where tempo and meter change: the twin of domain/tempo_map.py. */

import type { Tempo } from "../gen/models.js";
import { roundHalfEven } from "./time.js";

const QUARTER = 960;
const WHOLE = 4 * QUARTER;

/** A time signature; `ticksPerBeat` is the note value under the line. */
export interface Meter {
  readonly beats: number;
  readonly unit: number;
  readonly ticksPerBeat: number;
  readonly ticksPerBar: number;
}

/** A stretch of one tempo, or of one ramp; `slope` is the change of tempo by tick. */
interface Stretch {
  readonly tick: number;
  readonly seconds: number;
  readonly bpm: number;
  readonly slope: number;
}

/** The meter that "3/4" names. Throws RangeError for other texts. */
export function parseMeter(text: string): Meter {
  const [, beats, unit] = /^(\d{1,2})\/(\d{1,2})$/.exec(text) ?? [];
  if (beats === undefined) throw new RangeError(`"${text}" is not a meter; write it as "3/4"`);
  const ticksPerBeat = WHOLE / Number(unit);
  const ticksPerBar = ticksPerBeat * Number(beats);
  return { beats: Number(beats), unit: Number(unit), ticksPerBeat, ticksPerBar };
}

/** Ticks and seconds of each other, by the tempos of a song. */
export class TempoMap {
  readonly #stretches: Stretch[] = [];

  /** Takes tempos by tick, one of them at 0. */
  constructor(tempos: ReadonlyMap<number, Tempo>) {
    const points = [...tempos].sort(([a], [b]) => a - b);
    if (points[0]?.[0] !== 0) throw new RangeError("a tempo map begins at tick 0; give it a tempo");
    for (const [index, [tick, { bpm, ramp }]] of points.entries()) {
      const [nextTick, next] = points[index + 1] ?? [];
      const ramps = ramp && next !== undefined && nextTick !== undefined;
      const slope = ramps ? (next.bpm - bpm) / (nextTick - tick) : 0;
      const last = this.#stretches.at(-1);
      this.#stretches.push({ tick, seconds: last ? secondsIn(last, tick) : 0, bpm, slope });
    }
  }

  /** Seconds from the start to a tick. */
  secondsAt(tick: number): number {
    return secondsIn(this.#before(tick, "tick"), tick);
  }

  /** The nearest tick to a time from the start. */
  tickAt(seconds: number): number {
    return roundHalfEven(this.exactTickAt(seconds));
  }

  /** The place in ticks at a time from the start; times before it count as 0. */
  exactTickAt(seconds: number): number {
    const time = Math.max(0, seconds);
    return tickIn(this.#before(time, "seconds"), time);
  }

  /** Quarter notes a minute at a tick. */
  tempoAt(tick: number): number {
    const { bpm, slope, tick: from } = this.#before(tick, "tick");
    return bpm + slope * (tick - from);
  }

  /** Whether ticks and seconds of both are the same. */
  equals(other: TempoMap): boolean {
    return String(this.#stretches.map(words)) === String(other.#stretches.map(words));
  }

  #before(value: number, by: "tick" | "seconds"): Stretch {
    return at(this.#stretches, lastAtMost(this.#stretches, value, (stretch) => stretch[by]));
  }
}

function words({ tick, bpm, slope }: Stretch): string {
  return `${tick} ${bpm} ${slope}`;
}

function secondsIn({ tick: from, seconds, bpm, slope }: Stretch, tick: number): number {
  const ticks = tick - from;
  if (slope === 0) return seconds + (ticks * 60) / (bpm * QUARTER);
  return seconds + (60 / QUARTER) * (Math.log1p((slope * ticks) / bpm) / slope);
}

function tickIn({ tick, seconds: from, bpm, slope }: Stretch, seconds: number): number {
  const passed = ((seconds - from) * QUARTER) / 60;
  return slope === 0 ? tick + passed * bpm : tick + (bpm * Math.expm1(passed * slope)) / slope;
}

/** Ticks, bars and beats of each other, by the meters of a song; a meter begins a new bar. */
export class MeterMap {
  readonly #places: { readonly tick: number; readonly bars: number; readonly meter: Meter }[] = [];

  /** Takes meters such as "3/4" by tick, one of them at 0. */
  constructor(meters: ReadonlyMap<number, string>) {
    const points = [...meters].sort(([a], [b]) => a - b);
    if (points[0]?.[0] !== 0) throw new RangeError("a meter map begins at tick 0; give it a meter");
    for (const [tick, text] of points) {
      const last = this.#places.at(-1);
      const bars = last ? last.bars + Math.ceil((tick - last.tick) / last.meter.ticksPerBar) : 0;
      this.#places.push({ tick, bars, meter: parseMeter(text) });
    }
  }

  /** The meter that is valid at a tick. */
  meterAt(tick: number): Meter {
    return this.#at(tick).meter;
  }

  /** The bar of a tick, counted from 1, and the ticks past its beginning. */
  barAt(tick: number): { readonly bar: number; readonly ticks: number } {
    const { tick: from, bars, meter } = this.#at(tick);
    const passed = Math.floor((tick - from) / meter.ticksPerBar);
    return { bar: bars + passed + 1, ticks: tick - from - passed * meter.ticksPerBar };
  }

  /** The tick of a bar and beat, counted from 1. Throws RangeError for what is not there. */
  tickOf(bar: number, beat = 1): number {
    if (bar < 1) throw new RangeError(`there is no bar ${bar}; bars count from 1`);
    const place = at(this.#places, lastAtMost(this.#places, bar - 1, ({ bars }) => bars));
    const { meter } = place;
    if (!(beat >= 1 && beat < meter.beats + 1)) {
      throw new RangeError(`there is no beat ${beat}; give 1 to ${meter.beats}`);
    }
    const start = place.tick + (bar - 1 - place.bars) * meter.ticksPerBar;
    return start + roundHalfEven((beat - 1) * meter.ticksPerBeat);
  }

  /** The ticks below `end` at which bars begin. */
  barStarts(end: number): readonly number[] {
    const starts: number[] = [];
    for (const [index, { tick, meter }] of this.#places.entries()) {
      const after = Math.min(this.#places[index + 1]?.tick ?? end, end);
      for (let start = tick; start < after; start += meter.ticksPerBar) starts.push(start);
    }
    return starts;
  }

  #at(tick: number): { readonly tick: number; readonly bars: number; readonly meter: Meter } {
    return at(this.#places, lastAtMost(this.#places, tick, (place) => place.tick));
  }
}

/** The last place whose value is at most `value`; the first where none is. */
function lastAtMost<T>(sorted: readonly T[], value: number, valueOf: (entry: T) => number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (valueOf(at(sorted, middle)) <= value) low = middle + 1;
    else high = middle;
  }
  return Math.max(low - 1, 0);
}

function at<T>(list: readonly T[], place: number): T {
  const found = list[place];
  if (found === undefined) throw new RangeError(`there is no place ${place} in ${list.length}`);
  return found;
}
