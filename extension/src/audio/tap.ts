/** Sends the engine's own samples back to the page, block by block, so that they can be checked. */

import type { TapBlock, TapMark } from "./messages.js";

const TAP_FRAMES = 4096;

/** Gathers samples from the last start on; costs nothing while it is off. */
export class Tap {
  isOn = false;
  readonly #post: (message: TapBlock | TapMark) => void;
  readonly #left = new Float32Array(TAP_FRAMES);
  readonly #right = new Float32Array(TAP_FRAMES);
  #start = 0;
  #filled = 0;
  #context = 0;

  constructor(post: (message: TapBlock | TapMark) => void) {
    this.#post = post;
  }

  /** Counts frames from here. */
  restart(): void {
    this.flush();
    this.#start = 0;
  }

  /** Says that what follows, or what lies `ahead` frames after it, is made from another image. */
  mark(kind: TapMark["kind"], ahead = 0): void {
    if (this.isOn) this.#post({ kind, frame: this.#start + this.#filled + ahead });
  }

  /** Takes samples whose first is heard at a frame of the context. */
  take(left: Float32Array, right: Float32Array, context: number): void {
    if (this.#filled + left.length > TAP_FRAMES) this.flush();
    if (this.#filled === 0) this.#context = context;
    if (this.isOn) {
      this.#left.set(left, this.#filled);
      this.#right.set(right, this.#filled);
      this.#filled += left.length;
    } else {
      this.#start += left.length;
    }
  }

  /** Sends what is gathered, however little. */
  flush(): void {
    if (this.#filled === 0) return;
    const left = this.#left.slice(0, this.#filled);
    const right = this.#right.slice(0, this.#filled);
    this.#post({ kind: "tap", frame: this.#start, context: this.#context, left, right });
    this.#start += this.#filled;
    this.#filled = 0;
  }
}
