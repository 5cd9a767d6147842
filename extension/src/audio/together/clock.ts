/** The room's clock, as this page knows it: by probes there and back over the line. */

import { KIND, type RoomLine } from "../../core/room_link.js";
import { probeFrame, readClock } from "./frames.js";

/** Time on this page, in milliseconds. */
export interface Timer {
  now(): number;
  /** Calls back once after so many milliseconds, unless the signal ends it before. */
  later(callback: () => void, wait: number, signal: AbortSignal): void;
}

/** The browser's. */
export const PAGE_TIMER: Timer = {
  now: () => performance.now(),
  later: (callback, wait, signal) => {
    if (signal.aborted) return;
    const timer = setTimeout(callback, wait);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  },
};

/** Probes are close together at first, and then far apart. */
const FIRST_PROBES = 12;
const FIRST_MS = 25;
const THEN_MS = 500;

/** Answers that are thrown away: the way is not warm yet. */
const EARLY = 2;

/** Answers that are kept, and the part of them whose way was the shortest. */
const KEPT = 60;
const BEST = 0.2;

/** Answers in a row that contradict what is known, by so many milliseconds, make it forgotten. */
const JUMPS = 3;
const JUMP_MS = 3;

/** Answers from which on the clock is known. */
const ENOUGH = 6;

interface Sample {
  readonly offset: number;
  readonly roundTrip: number;
}

/** What is known of the room's clock. */
export interface RoomTime {
  /** The room's time less this page's, in milliseconds. */
  readonly offset: number;
  readonly roundTrip: number;
  /** The offset is off by no more than half of the smallest round trip. */
  readonly error: number;
}

/** The offset by what the probes say; steps of either clock are noticed after three answers. */
export class Offset {
  #samples: Sample[] = [];
  #odd: Sample[] = [];
  #early = EARLY;
  #known: RoomTime | null = null;

  /** Null until enough is known; what was known holds until then. */
  get known(): RoomTime | null {
    return this.#known;
  }

  /** Begins anew, as with another server; what was known holds until more is. */
  restart(): void {
    this.#samples = [];
    this.#odd = [];
    this.#early = EARLY;
  }

  /** Takes an answer: sent and come back on this page's clock, `time` in between on the room's. */
  add(sent: number, time: number, back: number): void {
    if (this.#early > 0) return void (this.#early -= 1);
    const sample = { offset: time - (sent + back) / 2, roundTrip: back - sent };
    if (this.#contradicts(sample)) return this.#doubt(sample);
    this.#odd = [];
    this.#keep(sample);
  }

  #keep(sample: Sample): void {
    this.#samples.push(sample);
    if (this.#samples.length > KEPT) this.#samples.shift();
    if (this.#samples.length >= ENOUGH) this.#known = meanOfBest(this.#samples);
  }

  /**
   * Further off than the way alone can make it: a way that took longer by x puts an answer off by
   * at most x/2.
   */
  #contradicts({ offset, roundTrip }: Sample): boolean {
    if (this.#samples.length < ENOUGH) return false;
    const best = meanOfBest(this.#samples);
    const slack = JUMP_MS + Math.max(0, roundTrip - 2 * best.error) / 2;
    return Math.abs(offset - best.offset) > slack;
  }

  #doubt(sample: Sample): void {
    this.#odd.push(sample);
    if (this.#odd.length < JUMPS) return;
    this.#samples = [];
    const odd = this.#odd.splice(0);
    for (const one of odd) this.#keep(one);
    this.#known = meanOfBest(odd);
  }
}

function meanOfBest(samples: readonly Sample[]): RoomTime {
  const sorted = samples.toSorted((a, b) => a.roundTrip - b.roundTrip);
  const best = sorted.slice(0, Math.max(1, Math.round(samples.length * BEST)));
  const mean = (of: (sample: Sample) => number): number =>
    best.reduce((sum, sample) => sum + of(sample), 0) / best.length;
  return {
    offset: mean(({ offset }) => offset),
    roundTrip: mean(({ roundTrip }) => roundTrip),
    error: (sorted[0]?.roundTrip ?? 0) / 2,
  };
}

/** Keeps probing while the line is open. */
export class Clock {
  readonly #offset = new Offset();
  readonly #sent = new Map<number, number>();
  readonly #line: RoomLine;
  readonly #timer: Timer;
  readonly #changed: (by: number) => void;
  #probing = new AbortController();
  #probes = 0;
  #burst = 0;

  /** `changed` is called back when an answer has come, with how far the offset has moved. */
  constructor(line: RoomLine, timer: Timer, changed: (by: number) => void, signal: AbortSignal) {
    this.#line = line;
    this.#timer = timer;
    this.#changed = changed;
    line.on(KIND.clock, (body, at) => this.#heard(body, at), signal);
    line.subscribe(() => this.#begin(signal), signal);
    this.#begin(signal);
  }

  get known(): RoomTime | null {
    return this.#offset.known;
  }

  /** The room's time at a time of this page; null until it is known. */
  roomTime(pageTime: number): number | null {
    const { known } = this;
    return known && pageTime + known.offset;
  }

  /** The room's time now; null until it is known. */
  get now(): number | null {
    return this.roomTime(this.#timer.now());
  }

  /** The page's time at a time of the room; null until it is known. */
  pageTime(roomTime: number): number | null {
    const { known } = this;
    return known && roomTime - known.offset;
  }

  /** Probes from now on, for as long as the line is open. */
  #begin(signal: AbortSignal): void {
    this.#probing.abort();
    this.#probing = new AbortController();
    this.#sent.clear();
    this.#offset.restart();
    this.#burst = FIRST_PROBES + EARLY;
    this.#probe(AbortSignal.any([signal, this.#probing.signal]));
  }

  #probe(signal: AbortSignal): void {
    if (!this.#line.isOpen) return;
    this.#send();
    const wait = this.#burst > 0 ? FIRST_MS : THEN_MS;
    this.#timer.later(() => this.#probe(signal), wait, signal);
  }

  #send(): void {
    this.#burst = Math.max(0, this.#burst - 1);
    this.#probes += 1;
    const sent = this.#timer.now();
    if (!this.#line.send(KIND.clock, probeFrame(this.#probes))) return;
    this.#sent.set(this.#probes, sent);
    // An answer that has not come after so many others will not come.
    if (this.#sent.size > KEPT) this.#sent.delete(this.#probes - KEPT);
  }

  #heard(body: Uint8Array, at: number): void {
    const [probe, time] = readClock(body) ?? [0, 0];
    const sent = this.#sent.get(probe);
    if (sent === undefined) return;
    this.#sent.delete(probe);
    const before = this.known;
    this.#offset.add(sent, time, at);
    this.#changed(before === null ? 0 : (this.known?.offset ?? 0) - before.offset);
  }
}
