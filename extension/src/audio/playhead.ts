/** Where the sound is that is heard now, from the reports of an engine that runs ahead of it. */

import { MOST_STRIPS, REPORT } from "./messages.js";

/** What sounds at one frame of the audio context. */
export interface Heard {
  readonly tick: number;
  readonly pass: number;
  /** Linear, the master first, then the rows in their order. */
  readonly peaks: Float64Array;
}

/** Reports kept: one second of them, more than any output latency. */
const KEPT = 30;

/** The last second of reports, asked by frame. */
export class Playhead {
  readonly #reports: Float64Array[] = [];

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
    if (!last) return null;
    const covering = playing.find((report) => (report[REPORT.frame] ?? 0) >= frame) ?? last;
    const peaks = covering.subarray(REPORT.peaks, REPORT.peaks + MOST_STRIPS);
    return { ...moved(last, frame), peaks };
  }
}

/** The position of a report carried to another frame, round the loop's end where it passes it. */
function moved(report: Float64Array, frame: number): { tick: number; pass: number } {
  const [at = 0, tick = 0, pass = 0, ticksPerFrame = 0, loopTicks = 1] = report;
  const ticks = tick + (frame - at) * ticksPerFrame;
  const turns = Math.floor(ticks / loopTicks);
  if (pass + turns < 0) return { tick: 0, pass: 0 };
  return { tick: ticks - turns * loopTicks, pass: pass + turns };
}

/** The frame of the context that leaves the loudspeaker at `now`, in milliseconds of the page. */
export function heardFrame(context: AudioContext, now: number): number {
  const { contextTime = 0, performanceTime = 0 } = context.getOutputTimestamp();
  const known = contextTime > 0 && performanceTime > 0;
  const seconds = known
    ? contextTime + (now - performanceTime) / 1000
    : context.currentTime - (context.outputLatency || context.baseLatency || 0);
  return Math.max(0, seconds) * context.sampleRate;
}
