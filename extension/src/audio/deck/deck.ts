/** A recording on an audio element: the browser stretches time, the region goes round here. */

import type { Deck, DeckSettings, DeckState, Mark } from "../../core/deck.js";
import type { Outline } from "../../core/outline.js";
import { onTurnLost, takeTurn } from "../../core/turn.js";
import { REASONS, reasonOf } from "../failure.js";
import { openComparison, type Comparison } from "./compare.js";
import { openFeed } from "./feed.js";
import { dropMediaKeys, takeMediaKeys, tellMediaPosition } from "./media_keys.js";
import type { PieceSource } from "./pieces.js";

/** What is known of a recording before any of its sound is there. */
export interface Sleeve {
  readonly title: string;
  readonly duration: number;
  readonly versions: readonly string[];
  readonly gains: readonly number[];
  readonly marks: readonly Mark[];
  readonly bars: readonly number[];
  readonly rate: number;
}

/** What a deck needs of the page. */
export interface DeckSurroundings {
  /** The page's context once it runs; null while the browser waits for a click. */
  context(): Promise<AudioContext | null>;
  /** Keeps that context awake until the answer is called. */
  keepAwake(): () => void;
}

/** How far before the end of a region a timer wakes, and how close counts as there: seconds. */
const EARLY = 0.03;
const THERE = 0.004;

/** Plays one recording through one element. */
export class MediaDeck implements Deck {
  settings: Readonly<DeckSettings>;
  readonly #audio = new Audio();
  readonly #listeners = new Set<() => void>();
  readonly #outlines = new Map<string, Outline>();
  #state: DeckState = "idle";
  #reason = "";
  #opening: Promise<void> | null = null;
  #comparison: Comparison | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Where it is to be, before the element can be there. */
  #wanted: number | null;
  #isAsked = false;
  #hasPlayed = false;
  #letSleep: (() => void) | null = null;

  constructor(
    private readonly sleeve: Sleeve,
    private readonly source: PieceSource,
    private readonly surroundings: DeckSurroundings,
    start: { readonly settings: DeckSettings; readonly position: number },
    private readonly signal: AbortSignal,
  ) {
    this.settings = start.settings;
    this.#wanted = start.position;
    this.#audio.preload = "auto";
    this.#audio.preservesPitch = true;
    this.#listen();
    onTurnLost(this, () => this.pause(), signal);
    signal.addEventListener("abort", () => this.#end());
    this.#apply();
  }

  get title(): string { return this.sleeve.title; }
  get duration(): number { return this.sleeve.duration; }
  get versions(): readonly string[] { return this.sleeve.versions; }
  get gains(): readonly number[] { return this.sleeve.gains; }
  get marks(): readonly Mark[] { return this.sleeve.marks; }
  get bars(): readonly number[] { return this.sleeve.bars; }
  get rate(): number { return this.sleeve.rate; }
  get state(): DeckState { return this.#state; }
  get reason(): string { return this.#reason; }

  get position(): number {
    return Math.min(this.#wanted ?? this.#audio.currentTime, this.duration);
  }

  outline(version: string): Outline {
    const outline = this.#outlines.get(version);
    if (outline === undefined) throw new RangeError(`no outline of ${version}`);
    return outline;
  }

  setOutline(version: string, outline: Outline): void {
    this.#outlines.set(version, outline);
    this.#announce();
  }

  /** Has the first sound ready before it is asked for. */
  open(): Promise<void> {
    this.#opening ??= openFeed({
      audio: this.#audio,
      source: this.source,
      duration: this.duration,
      isWanted: () => this.#hasPlayed,
      next: () => (this.settings.repeat ? (this.settings.region?.[0] ?? 0) : null),
      failed: (error) => this.#fail(error),
    }, this.signal).then(() => this.#begin());
    return this.#opening;
  }

  async play(): Promise<void> {
    if (this.#isAsked && this.#state !== "locked") return;
    this.#isAsked = true;
    this.#hasPlayed = true;
    takeTurn(this);
    if (this.#state === "failed") this.#opening = null;
    if (this.#state !== "playing") this.#become("waiting");
    this.#goToStart();
    try {
      // The first call of all must come from the click itself.
      const compared = this.versions.length > 1 ? this.#compare() : Promise.resolve(true);
      await this.open();
      if (!(await compared)) return this.#lock();
      if (this.#isAsked) await this.#audio.play();
    } catch (error) {
      this.#refused(error);
    }
  }

  pause(): void {
    this.#isAsked = false;
    this.#audio.pause();
    if (this.#state !== "failed") this.#become("idle");
  }

  seek(seconds: number): void {
    const place = Math.min(Math.max(seconds, 0), this.duration);
    if (this.#audio.readyState === HTMLMediaElement.HAVE_NOTHING) this.#wanted = place;
    else this.#audio.currentTime = place;
    this.#announce();
  }

  change(settings: Partial<DeckSettings>): void {
    this.settings = { ...this.settings, ...settings };
    this.#apply();
    this.#announce();
  }

  subscribe(changed: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(changed);
    signal.addEventListener("abort", () => this.#listeners.delete(changed), { once: true });
  }

  #listen(): void {
    const hear = (type: keyof HTMLMediaElementEventMap, act: () => void): void => {
      this.#audio.addEventListener(type, act, { signal: this.signal });
    };
    hear("loadedmetadata", () => this.#begin());
    hear("playing", () => {
      takeMediaKeys(this);
      this.#become("playing");
    });
    hear("waiting", () => {
      if (this.#isAsked) this.#become("waiting");
    });
    // The system may pause it: a call comes in, headphones are pulled out.
    hear("pause", () => {
      if (this.#isAsked && !this.#audio.ended && !this.#audio.seeking) this.pause();
    });
    hear("ended", () => this.#ended());
    hear("seeked", () => this.#announce());
    hear("error", () => this.#fail(new Error(this.#audio.error?.message ?? "the sound cannot be read")));
  }

  /** The element knows its length now: it can go where it is wanted. */
  #begin(): void {
    if (this.#wanted === null || this.#audio.readyState === HTMLMediaElement.HAVE_NOTHING) return;
    const place = this.#wanted;
    this.#wanted = null;
    if (place > 0) this.#audio.currentTime = place;
    this.#announce();
  }

  /** Playing on from the end begins again. */
  #goToStart(): void {
    if (this.position >= this.duration - THERE) this.seek(this.settings.region?.[0] ?? 0);
  }

  async #compare(): Promise<boolean> {
    const context = await this.surroundings.context();
    if (context === null) return false;
    this.#comparison ??= openComparison(context, this.#audio, this.versions.length);
    this.#holdContext();
    this.#apply();
    return true;
  }

  #apply(): void {
    const { speed, volume, muted, version } = this.settings;
    this.#audio.playbackRate = speed;
    this.#audio.volume = volume;
    this.#audio.muted = muted;
    this.#comparison?.setGains(this.versions.map((name, at) => (name === version ? (this.gains[at] ?? 1) : 0)));
    this.#watchRegion();
  }

  /** Wakes when the end of the region comes, and goes back to its start. */
  #watchRegion(): void {
    clearTimeout(this.#timer);
    const { region, repeat, speed } = this.settings;
    if (region === null || !repeat || this.#state !== "playing") return;
    const left = region[1] - this.#audio.currentTime;
    if (left <= THERE && left > -EARLY - 0.5) this.#audio.currentTime = region[0];
    if (left <= -EARLY - 0.5) return;
    const wait = left <= THERE ? 100 : Math.max(left / speed - (left > 2 * EARLY ? EARLY : 0), 0.001) * 1000;
    this.#timer = setTimeout(() => this.#watchRegion(), wait);
  }

  #ended(): void {
    if (this.settings.repeat && this.#isAsked) {
      this.#audio.currentTime = this.settings.region?.[0] ?? 0;
      void this.#audio.play().catch((error: unknown) => this.#refused(error));
      return;
    }
    this.pause();
  }

  #refused(error: unknown): void {
    const name = error instanceof Error ? error.name : "";
    // A pause that comes before the sound has begun takes the play back: nothing is wrong.
    if (name === "AbortError" && !this.#isAsked) return;
    if (name === "NotAllowedError") this.#lock();
    else this.#fail(error);
  }

  #lock(): void {
    if (this.#isAsked) this.#become("locked", REASONS.locked);
  }

  #fail(error: unknown): void {
    this.#isAsked = false;
    this.#audio.pause();
    this.#become("failed", error instanceof Error && error.name === "Error" ? error.message : reasonOf(error));
  }

  #become(state: DeckState, reason = ""): void {
    this.#state = state;
    this.#reason = reason;
    this.#holdContext();
    this.#watchRegion();
    this.#announce();
  }

  /** Where versions are compared, the context sounds, although no engine plays. */
  #holdContext(): void {
    const isNeeded = this.#comparison !== null && (this.#state === "playing" || this.#state === "waiting");
    if (isNeeded) this.#letSleep ??= this.surroundings.keepAwake();
    else this.#release();
  }

  #release(): void {
    this.#letSleep?.();
    this.#letSleep = null;
  }

  #announce(): void {
    if (this.#state === "playing") tellMediaPosition(this);
    for (const changed of this.#listeners) changed();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#audio.pause();
    this.#audio.removeAttribute("src");
    this.#comparison?.close();
    this.#release();
    dropMediaKeys(this);
    this.#listeners.clear();
  }
}
