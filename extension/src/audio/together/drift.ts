/** What to do about it when what is heard runs away from what should be. */

/** Measures that are looked at together: the middle one counts. */
const LOOKED_AT = 25;

/** What lies within is left as it is: measuring is no better. */
const NEAR_MS = 0.15;

/** What is off by more is not worth waiting for. */
const FAR_MS = 20;

/** Slides and the sound card take their time until they are seen. */
const REST_MS = 300;

/** Gain or lose so many milliseconds, or begin anew at the right place; null: nothing. */
export type Cure = { readonly slide: number } | "jump" | null;

/** Looks at how far what is heard is ahead, time and again. */
export class Drift {
  readonly #measures: number[] = [];
  #value: number | null = null;
  #restsUntil = -Infinity;

  /** Milliseconds that what is heard is ahead; null before enough was measured. */
  get value(): number | null {
    return this.#value;
  }

  /** Something else plays, or somewhere else. */
  forget(now: number): void {
    this.#measures.length = 0;
    this.#value = null;
    this.#restsUntil = now + REST_MS;
  }

  /** Takes a measure; `slow` is how many milliseconds it takes to slide by one. */
  add(ahead: number, now: number, slow: number): Cure {
    if (now < this.#restsUntil) return null;
    this.#measures.push(ahead);
    if (this.#measures.length < LOOKED_AT) return null;
    const sorted = this.#measures.splice(0).toSorted((a, b) => a - b);
    const middle = sorted[LOOKED_AT >> 1] ?? 0;
    this.#value = middle;
    if (Math.abs(middle) > FAR_MS) return "jump";
    if (Math.abs(middle) < NEAR_MS) return null;
    this.#restsUntil = now + REST_MS + Math.abs(middle) * slow;
    return { slide: -middle };
  }
}
