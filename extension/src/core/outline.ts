/** The outline of a wave at several resolutions: lowest and highest sample by column. */

/** Columns of one level that make one of the next. */
const STEP = 4;

/** One level: pairs of low and high in 127ths, each for `frames` frames. */
interface Level {
  readonly pairs: Int8Array;
  readonly frames: number;
}

/** Lowest and highest sample of a stretch, −1 … 1. */
export interface Extent {
  readonly low: number;
  readonly high: number;
}

const SILENCE: Extent = { low: 0, high: 0 };

/** Answers how far a stretch of the sound swings, as finely as it is known. */
export class Outline {
  /** The loudest sample, 0 … 1. */
  readonly peak: number;
  readonly #levels: readonly Level[];

  /** Takes `pairs` of low and high; a pair stands for `frames` frames. */
  constructor(pairs: Int8Array, frames: number) {
    const levels: Level[] = [{ pairs, frames }];
    for (let last = levels[0]; last !== undefined && last.pairs.length > 2 * STEP; last = levels.at(-1)) {
      levels.push(coarser(last));
    }
    this.#levels = levels;
    this.peak = Math.max(...(levels.at(-1)?.pairs ?? []).map(Math.abs), 0) / 127;
  }

  /** Frames that the finest column stands for. */
  get grain(): number {
    return this.#levels[0]?.frames ?? 1;
  }

  /** The swing from one frame to another. Costs a few steps, whatever the length. */
  between(from: number, to: number): Extent {
    const level = this.#levels.findLast(({ frames }) => frames * 2 <= to - from) ?? this.#levels[0];
    if (level === undefined) return SILENCE;
    const first = Math.max(0, Math.floor(from / level.frames));
    const last = Math.min(level.pairs.length / 2, Math.max(first + 1, Math.ceil(to / level.frames)));
    let low = 127;
    let high = -127;
    for (let at = first; at < last; at += 1) {
      low = Math.min(low, level.pairs[2 * at] ?? 0);
      high = Math.max(high, level.pairs[2 * at + 1] ?? 0);
    }
    return low > high ? SILENCE : { low: low / 127, high: high / 127 };
  }
}

function coarser({ pairs, frames }: Level): Level {
  const count = Math.ceil(pairs.length / 2 / STEP);
  const made = new Int8Array(2 * count);
  for (let at = 0; at < count; at += 1) {
    let low = 127;
    let high = -127;
    const end = Math.min(pairs.length / 2, (at + 1) * STEP);
    for (let from = at * STEP; from < end; from += 1) {
      low = Math.min(low, pairs[2 * from] ?? 0);
      high = Math.max(high, pairs[2 * from + 1] ?? 0);
    }
    made[2 * at] = low;
    made[2 * at + 1] = high;
  }
  return { pairs: made, frames: frames * STEP };
}
