/** Where the sound is that is heard now, from the reports of an engine that runs ahead of it. */

import type { TempoMap } from "../core/tempo_map.js";
import { SAMPLE_RATE } from "./engine.js";
import { MOST_STRIPS, REPORT, type Region } from "./messages.js";

/** What sounds at one frame of the audio context. */
export interface Heard {
  readonly tick: number;
  readonly pass: number;
  /** Linear, the master first, then the strips in their order. */
  readonly peaks: Float64Array;
}

/** The way that what plays takes: its tempos, and the ticks between which it plays. */
export interface Course {
  readonly tempo: TempoMap;
  readonly first: number;
  readonly last: number;
  /** Round and round, or once. */
  readonly looping: boolean;
}

/** The way of something of so many ticks; a region without length is the whole, as in the engine. */
export function courseOf(
  tempo: TempoMap, length: number, region: Region, looping: boolean,
): Course {
  const [start, end] = region ?? [0, 0];
  const isWhole = Math.min(end, length) <= start;
  const [first, last] = isWhole ? [0, length] : [start, Math.min(end, length)];
  return { tempo, first, last, looping };
}

/** Reports kept: one second of them, more than any output latency. */
const KEPT = 30;

/** The last second of reports, asked by frame. */
export class Playhead {
  readonly #reports: Float64Array[] = [];
  #course: Course | null = null;

  /** Says how positions move between reports. */
  follow(course: Course): void {
    this.#course = course;
  }

  /** Takes a report of the engine, in the order they are sent. */
  add(report: Float64Array): void {
    this.#reports.push(report);
    if (this.#reports.length > KEPT) this.#reports.shift();
  }

  clear(): void {
    this.#reports.length = 0;
  }

  /** Position and levels at a frame of the context; null before the first report that plays. */
  at(frame: number): Heard | null {
    const playing = this.#reports.filter((report) => (report[REPORT.tick] ?? -1) >= 0);
    const last = playing.findLast((report) => (report[REPORT.frame] ?? 0) <= frame) ?? playing[0];
    if (!last || !this.#course) return null;
    const covering = playing.find((report) => (report[REPORT.frame] ?? 0) >= frame) ?? last;
    const peaks = covering.subarray(REPORT.peaks, REPORT.peaks + MOST_STRIPS);
    return { ...moved(last, frame, this.#course), peaks };
  }
}

/** The position of a report carried to another frame, round the end where it passes it. */
function moved(
  report: Float64Array, frame: number, { tempo, first, last, looping }: Course,
): { tick: number; pass: number } {
  const [at = 0, tick = 0, pass = 0] = report;
  const start = tempo.secondsAt(first);
  const length = tempo.secondsAt(last) - start;
  const seconds = tempo.secondsAt(tick) - start + (frame - at) / SAMPLE_RATE;
  const turns = looping ? Math.floor(seconds / length) : 0;
  if (pass + turns < 0) return { tick: first, pass: 0 };
  const reached = tempo.exactTickAt(start + seconds - turns * length);
  return { tick: Math.min(Math.max(reached, first), last), pass: pass + turns };
}

/** The frame of the context that leaves the loudspeaker at `now`, in milliseconds of the page. */
export function heardFrame(context: AudioContext, now: number): number {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
  const known = contextTime > 0 && performanceTime > 0;
  // What was known before a pause says nothing of now: nothing is heard before it is made.
  const seconds = known
    ? Math.min(contextTime + (now - performanceTime) / 1000, context.currentTime)
    : context.currentTime - (context.outputLatency || context.baseLatency || 0);
  return Math.max(0, seconds) * context.sampleRate;
}
