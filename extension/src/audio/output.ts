/** The page's way to the loudspeaker: one context and one engine, opened at the first need. */

import type { FromEngine, PageName, TapBlock, TapMark, ToEngine } from "./messages.js";
import type { Sound } from "./sound.js";

/** What an output needs of the page. */
export interface Surroundings {
  /** A context that may still wait for a click. Throws where the page can have none. */
  openContext(): AudioContext;
  openSound(context: AudioContext, received: (message: FromEngine) => void): Promise<Sound>;
  /** Whether the person has clicked or typed on the page, so that sound is let out. */
  wasTouched(): boolean;
  /** Calls back once, at the next picture or soon after where none is drawn. */
  soon(callback: () => void): void;
  /** Calls back once after so many milliseconds. */
  later(callback: () => void, wait: number): void;
  /** Milliseconds, as `performance.now`. */
  now(): number;
}

/** What an output tells its owner. */
export interface OutputEvents {
  report(report: Float64Array): void;
  refused(code: number, live: boolean): void;
  /** Pages of audio will be needed soon by what the run plays. */
  wanted(run: number, pages: readonly PageName[]): void;
  /** What was played once is over. */
  ended(run: number): void;
  broke(error: Error): void;
  /** The browser has let the context run, or has taken the sound away. */
  contextChanged(): void;
}

/** How long a context may take to run before it counts as waiting for a click. */
const PATIENCE_MS = 400;

/** The same after a click: only a slow sound device can be in the way. */
const LONG_PATIENCE_MS = 4000;

/** How long after the last sound the context goes to sleep, so that it costs no power. */
const IDLE_MS = 5000;

/** Opens the context and the engine once, and again after they broke. */
export class Output {
  readonly #surroundings: Surroundings;
  readonly #events: OutputEvents;
  readonly #taps = new Set<(message: TapBlock | TapMark) => void>();
  #context: AudioContext | null = null;
  #opening: Promise<Sound> | null = null;
  #sound: Sound | null = null;
  #volume = 1;
  /** Counts what may sound, so that only a long silence lets the context sleep. */
  #uses = 0;
  #guests = 0;
  #isResting = true;
  /** The context has been sent to sleep, even where its state does not say so yet. */
  #isSleeping = false;

  constructor(surroundings: Surroundings, events: OutputEvents) {
    this.#surroundings = surroundings;
    this.#events = events;
  }

  get context(): AudioContext | null {
    return this.#context;
  }

  get isRunning(): boolean {
    return this.#context?.state === "running";
  }

  get volume(): number {
    return this.#volume;
  }

  set volume(volume: number) {
    this.#volume = Math.min(Math.max(volume, 0), 1);
    this.#sound?.setVolume(this.#volume);
  }

  /** The engine, ready for an image. Its context exists when this returns, before it resolves. */
  async open(): Promise<Sound> {
    const context = this.#ensureContext();
    this.#opening ??= this.#open(context);
    return this.#opening;
  }

  /** Asks the browser to let the context run; call it from a gesture. False: it waits for one. */
  async resume(): Promise<boolean> {
    this.#uses += 1;
    const context = this.#ensureContext();
    if (context.state === "running" && !this.#isSleeping) return true;
    this.#isSleeping = false;
    const resumed = context.resume().catch(() => undefined);
    const patience = new Promise<void>((resolve) => {
      const wait = this.#surroundings.wasTouched() ? LONG_PATIENCE_MS : PATIENCE_MS;
      this.#surroundings.later(resolve, wait);
    });
    await Promise.race([resumed, patience]);
    return this.isRunning;
  }

  /** Keeps the context awake while somebody else sounds through it; gives what ends that. */
  keepAwake(): () => void {
    this.#guests += 1;
    let isGuest = true;
    return () => {
      if (!isGuest) return;
      isGuest = false;
      this.#guests -= 1;
      this.#sleepSoon();
    };
  }

  /** Sends to the engine, if it is open. */
  send(message: ToEngine): void {
    this.#uses += 1;
    if (message.kind === "start" || message.kind === "audition") this.#isResting = false;
    this.#sound?.send(message);
  }

  /** Gives up an engine that broke; the next `open` makes a new one. */
  drop(): void {
    this.#sound?.close();
    this.#sound = null;
    this.#opening = null;
  }

  /** Gives the engine's own samples, before the volume, until the signal ends it. */
  tap(received: (message: TapBlock | TapMark) => void, signal: AbortSignal): void {
    this.#taps.add(received);
    this.#sendTap();
    signal.addEventListener("abort", () => {
      this.#taps.delete(received);
      this.#sendTap();
    });
  }

  #ensureContext(): AudioContext {
    if (this.#context !== null) return this.#context;
    const context = this.#surroundings.openContext();
    context.addEventListener("statechange", () => this.#events.contextChanged());
    this.#context = context;
    return context;
  }

  async #open(context: AudioContext): Promise<Sound> {
    const sound = await this.#surroundings.openSound(context, (message) => {
      this.#received(message);
    });
    this.#sound = sound;
    sound.setVolume(this.#volume);
    this.#sendTap();
    return sound;
  }

  #sendTap(): void {
    this.send({ kind: "tap", on: this.#taps.size > 0 });
  }

  #received(message: FromEngine): void {
    if (message instanceof Float64Array) return this.#events.report(message);
    if (message.kind === "tap" || message.kind === "changed" || message.kind === "began") {
      for (const received of this.#taps) received(message);
    }
    if (message.kind === "fault") this.#events.broke(new Error(message.message));
    if (message.kind === "refused") this.#events.refused(message.code, message.live);
    if (message.kind === "wanted") this.#events.wanted(message.run, message.pages);
    if (message.kind === "ended") this.#events.ended(message.run);
    if (message.kind === "resting") {
      this.#isResting = true;
      this.#sleepSoon();
    }
  }

  #sleepSoon(): void {
    const uses = this.#uses;
    this.#surroundings.later(() => {
      const isFree = uses === this.#uses && this.#guests === 0 && this.#isResting;
      if (!isFree || !this.isRunning) return;
      this.#isSleeping = true;
      void this.#context?.suspend();
    }, IDLE_MS);
  }
}
