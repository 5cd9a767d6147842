/** On the audio thread: the engine with what is to happen to it on the way to the output. */

import { Cues, type Cue } from "./cues.js";
import type { Engine } from "./engine.js";
import { Slide } from "./slide.js";

/** Makes frames, does what is due at each, and lets them slide. */
export class EngineRun {
  readonly engine: Engine;
  readonly #slide = new Slide();
  #cues = new Cues(0);
  /** Those of what is to begin. */
  #next: Cues | null = null;
  #obey: (cue: Cue) => void = () => undefined;

  constructor(engine: Engine) {
    this.engine = engine;
  }

  /** Frames that have been made and are not heard yet. */
  get ahead(): number {
    return this.#slide.ahead;
  }

  /** What is told from now on is for something that begins at a frame of what all play. */
  prepare(frame: number): void {
    this.#next = new Cues(frame);
  }

  /** From silence: the next frame is the first of what was prepared, or has the number. */
  begin(frame?: number): void {
    this.#slide.reset();
    this.#cues = (frame === undefined ? this.#next : null) ?? new Cues(frame ?? 0);
    this.#next = null;
  }

  /**
   * Keeps a cue for a frame, at which it is obeyed. The engine mixes ahead of what it gives, so
   * that it is told so much earlier: then what it mixes at the frame follows the cue.
   */
  add(frame: number, cue: Cue, obey: (cue: Cue) => void): void {
    (this.#next ?? this.#cues).add(frame - this.engine.latency, cue);
    this.#obey = obey;
  }

  /** Lets what is heard gain so many frames, or lose them. */
  slide(frames: number): void {
    this.#slide.by(frames);
  }

  /** Fills `frames` of a block from `at` on. */
  pull(left: Float32Array, right: Float32Array, at: number, frames: number): void {
    this.#slide.pull(this.#make, left, right, at, frames);
  }

  readonly #make = (left: Float32Array, right: Float32Array, at: number, frames: number): void => {
    const { engine } = this;
    for (let made = 0; made < frames; ) {
      for (let cue = this.#cues.take(); cue; cue = this.#cues.take()) this.#obey(cue);
      const some = Math.min(frames - made, this.#cues.ahead, engine.maxFrames);
      engine.render(some);
      for (let i = 0; i < some; i += 1) {
        left[at + made + i] = engine.left[i] ?? 0;
        right[at + made + i] = engine.right[i] ?? 0;
      }
      this.#cues.pass(some);
      made += some;
    }
  };
}
