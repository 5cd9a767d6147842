/** On the audio thread: what is to happen at a frame of what all play together. */

import type { ToEngine } from "./messages.js";

/** What can be told for a frame that is to come. */
export type Cue = Extract<ToEngine, { kind: "change" | "stop" }>;

/** Cues by frame; one takes the place of another of its kind for the same frame. */
export class Cues {
  readonly #due: { readonly frame: number; readonly cue: Cue }[] = [];
  #frame: number;

  /** `frame` is the number of the first frame that will be made. */
  constructor(frame: number) {
    this.#frame = frame;
  }

  /** What is due at a frame that has been made already is done at the next. */
  add(frame: number, cue: Cue): void {
    const at = Math.max(frame, this.#frame);
    const same = this.#due.findIndex((one) => one.frame === at && one.cue.kind === cue.kind);
    this.#due.splice(same < 0 ? this.#due.length : same, same < 0 ? 0 : 1, { frame: at, cue });
  }

  /** Frames that may be made until something is due. */
  get ahead(): number {
    const frames = this.#due.map(({ frame }) => frame - this.#frame);
    return Math.min(Infinity, ...frames);
  }

  /** Counts frames that have been made. */
  pass(frames: number): void {
    this.#frame += frames;
  }

  /** Takes out something that is due now. */
  take(): Cue | undefined {
    const place = this.#due.findIndex(({ frame }) => frame <= this.#frame);
    return place < 0 ? undefined : this.#due.splice(place, 1)[0]?.cue;
  }
}
