/**
 * On the audio thread: lets what is heard slide by whole frames against what the sound card asks
 * for, too slowly to be heard, because no two sound cards run at one speed. What does not slide
 * passes through bit by bit.
 */

/** Frames over which one frame is gained or lost: 0.05 %, less than a cent. */
export const SLIDE_FRAMES = 2000;

/** Taps of the interpolator on each side. */
const HALF = 16;

/** Places between two frames for which its coefficients are kept. */
const PLACES = 256;

/** Most frames asked for at once, and what they need around them. */
const ROOM = 4096 + 4 * HALF;

/** Makes frames of both sides into `left` and `right` from `at` on. */
export type Make = (left: Float32Array, right: Float32Array, at: number, frames: number) => void;

const TABLE = coefficients();

/** Between the engine and the output. */
export class Slide {
  /** What was made around the place that is heard; the place itself is at `HALF`. */
  readonly #left = new Float32Array(ROOM);
  readonly #right = new Float32Array(ROOM);
  /** Frames in there. Nothing is made ahead before the first slide. */
  #held = 0;
  /** Whole frames to go: above 0 to be gained, below 0 to be lost. */
  #due = 0;
  /** Steps of the frame that slides now. */
  #step = 0;
  /** Where the first frame of a block lies, but for whole frames that slid in this block. */
  #base = HALF;

  /** Gains so many frames, or loses them; what was still to go is forgotten. */
  by(frames: number): void {
    const isUnderWay = this.#step > 0 ? Math.sign(this.#due) : 0;
    // A frame that slides already slides to its end.
    this.#due = isUnderWay !== 0 && Math.sign(frames) !== isUnderWay ? isUnderWay : frames;
  }

  /** Forgets all, as what begins anew sounds from its first frame. */
  reset(): void {
    this.#held = this.#due = this.#step = 0;
    this.#left.fill(0);
    this.#right.fill(0);
  }

  /** Frames that have been made and are not heard yet. */
  get ahead(): number {
    return this.#held === 0 ? 0 : this.#held - HALF - this.#fraction;
  }

  /** Fills `frames` of the output from `at` on. */
  pull(make: Make, left: Float32Array, right: Float32Array, at: number, frames: number): void {
    if (this.#held === 0 && this.#due === 0) {
      make(left, right, at, frames);
      return this.#remember(left, right, at, frames);
    }
    if (this.#held === 0) this.#held = HALF;
    // A block gains at most one frame and a bit on what it gives.
    this.#makeUpTo(make, HALF + frames + Math.ceil(frames / SLIDE_FRAMES) + HALF);
    for (let i = 0; i < frames; i += 1) this.#give(left, right, at + i, i);
    this.#forget(frames);
  }

  /** What was heard last, in case it is to slide from here. */
  #remember(left: Float32Array, right: Float32Array, at: number, frames: number): void {
    const some = Math.min(frames, HALF);
    for (const [kept, given] of [[this.#left, left], [this.#right, right]] as const) {
      kept.copyWithin(0, some, HALF);
      kept.set(given.subarray(at + frames - some, at + frames), HALF - some);
    }
  }

  #makeUpTo(make: Make, most: number): void {
    if (this.#held < most) make(this.#left, this.#right, this.#held, most - this.#held);
    this.#held = Math.max(this.#held, most);
  }

  /** How far what is heard lies behind a whole frame: below 0 where frames are lost. */
  get #fraction(): number {
    return (Math.sign(this.#due) * this.#step) / SLIDE_FRAMES;
  }

  #give(left: Float32Array, right: Float32Array, to: number, i: number): void {
    const place = this.#base + i + this.#fraction;
    const whole = Math.floor(place);
    if (place === whole) {
      left[to] = this.#left[whole] ?? 0;
      right[to] = this.#right[whole] ?? 0;
    } else {
      const exact = (place - whole) * PLACES;
      left[to] = between(this.#left, whole, exact);
      right[to] = between(this.#right, whole, exact);
    }
    if (this.#due !== 0) this.#advance();
  }

  #advance(): void {
    this.#step += 1;
    if (this.#step < SLIDE_FRAMES) return;
    const sign = Math.sign(this.#due);
    this.#step = 0;
    this.#due -= sign;
    this.#base += sign;
  }

  /** Moves what is held, so that the place that is heard is at `HALF` again. */
  #forget(frames: number): void {
    const gone = this.#base - HALF + frames;
    this.#base = HALF;
    this.#held -= gone;
    this.#left.copyWithin(0, gone, gone + this.#held);
    this.#right.copyWithin(0, gone, gone + this.#held);
  }
}

/** What lies between the frames `whole` and the next, `exact` of `PLACES` behind the first. */
function between(frames: Float32Array, whole: number, exact: number): number {
  const row = Math.floor(exact);
  const share = exact - row;
  const [one, next] = [row * 2 * HALF, (row + 1) * 2 * HALF];
  let sum = 0;
  for (let tap = 0; tap < 2 * HALF; tap += 1) {
    const here = TABLE[one + tap] ?? 0;
    const weight = here + share * ((TABLE[next + tap] ?? 0) - here);
    sum += weight * (frames[whole - HALF + 1 + tap] ?? 0);
  }
  return sum;
}

/** A sinc under a Blackman window for each place, each row of sum one. */
function coefficients(): Float32Array {
  const table = new Float32Array((PLACES + 1) * 2 * HALF);
  for (let row = 0; row <= PLACES; row += 1) {
    const taps = Array.from({ length: 2 * HALF }, (_, tap) => tapAt(tap - HALF + 1 - row / PLACES));
    const sum = taps.reduce((total, tap) => total + tap, 0);
    for (const [tap, weight] of taps.entries()) table[row * 2 * HALF + tap] = weight / sum;
  }
  return table;
}

function tapAt(distance: number): number {
  if (Math.abs(distance) >= HALF) return 0;
  const angle = Math.PI * distance;
  const sinc = distance === 0 ? 1 : Math.sin(angle) / angle;
  const turn = angle / HALF;
  return sinc * (0.42 + 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn));
}
