/** When a frame of the audio context is heard, on the page's clock, and the other way round. */

import type { Timer } from "./clock.js";

/** Looks at the context are so far apart, and so many of them are kept. */
const LOOK_MS = 50;
const KEPT = 25;

/** A context that has just begun to run says little that is true. */
const EARLY_MS = 1200;

/** What the browser says of a moment that is longer ago is not believed. */
const STALE_MS = 1000;

/** What is read of an audio context. */
export type Listened = Pick<
  AudioContext, "state" | "sampleRate" | "currentTime" | "baseLatency" | "outputLatency"
> & {
  /** Not every browser has it. */
  readonly getOutputTimestamp?: () => AudioTimestamp;
};

/** Listens to one context: the median of what it says of itself. */
export class Ear {
  readonly #context: Listened;
  readonly #timer: Timer;
  /** When frame 0 was heard or would have been, in milliseconds of the page: the latest looks. */
  readonly #zeros: number[] = [];
  #runsSince: number | null = null;

  constructor(context: Listened, timer: Timer, signal: AbortSignal) {
    this.#context = context;
    this.#timer = timer;
    this.#look(signal);
  }

  /** Whether enough has been seen. */
  get isReady(): boolean {
    return this.#zeros.length === KEPT;
  }

  /** Milliseconds from the engine to the ear, as the browser tells them. */
  get latency(): number {
    const { outputLatency, baseLatency } = this.#context;
    return ((outputLatency || 0) + (outputLatency ? 0 : baseLatency || 0)) * 1000;
  }

  /** The frame of the context that is heard at a time of the page; null until it is known. */
  frameAt(pageTime: number): number | null {
    const zero = this.#zero;
    return zero === null ? null : ((pageTime - zero) * this.#context.sampleRate) / 1000;
  }

  /** When a frame of the context is heard, on the page's clock; null until it is known. */
  timeOf(frame: number): number | null {
    const zero = this.#zero;
    return zero === null ? null : zero + (frame * 1000) / this.#context.sampleRate;
  }

  /** The first frame of the context that is not yet made, as far as the page knows. */
  get nextFrame(): number {
    return Math.ceil(this.#context.currentTime * this.#context.sampleRate);
  }

  get #zero(): number | null {
    const sorted = this.#zeros.toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? null;
  }

  #look(signal: AbortSignal): void {
    if (this.#context.state === "running") this.#see(this.#timer.now());
    else this.#forget();
    this.#timer.later(() => this.#look(signal), LOOK_MS, signal);
  }

  #see(now: number): void {
    this.#runsSince ??= now;
    if (now - this.#runsSince < EARLY_MS) return;
    this.#zeros.push(this.#seen(now));
    if (this.#zeros.length > KEPT) this.#zeros.shift();
  }

  /** After a pause frames are heard at other times than before. */
  #forget(): void {
    this.#runsSince = null;
    this.#zeros.length = 0;
  }

  /**
   * By the browser's own pair of times where it has one; Safari and older browsers give zeros, or
   * nothing, and then the latency is taken off what is being made.
   */
  #seen(now: number): number {
    const pair = this.#context.getOutputTimestamp?.();
    const { contextTime = 0, performanceTime = 0 } = pair ?? {};
    const isTrue = contextTime > 0 && performanceTime > 0 && now - performanceTime < STALE_MS
      && contextTime <= this.#context.currentTime + 0.1;
    if (isTrue) return performanceTime - contextTime * 1000;
    return now - (this.#context.currentTime * 1000 - this.latency);
  }
}
