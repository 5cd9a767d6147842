/** What a view sees of a recording that is played: a deck. All times are seconds. */

import type { Outline } from "./outline.js";

/**
 * `waiting`: the sound is on its way. `locked`: the browser waits for a click before it lets any
 * sound out. `failed`: no sound is possible here; `reason` says why and what cures it.
 */
export type DeckState = "idle" | "waiting" | "playing" | "locked" | "failed";

/** From A to B. */
export type Region = readonly [start: number, end: number];

/** A named place. */
export type Mark = readonly [at: number, name: string];

export const SPEEDS = { low: 0.5, high: 2 } as const;

/** How a recording is played. All of it can be set while it plays. */
export interface DeckSettings {
  /** 0.5 … 2; the pitch stays. */
  speed: number;
  /** 0 … 1. */
  volume: number;
  muted: boolean;
  /** Goes round in the region, or in the whole. */
  repeat: boolean;
  region: Region | null;
  /** The one of `versions` that is heard. */
  version: string;
}

/** A recording, or two versions of one, and the hand on it. */
export interface Deck {
  readonly title: string;
  readonly duration: number;
  readonly versions: readonly string[];
  /** Linear, by version: with them all versions are equally loud. */
  readonly gains: readonly number[];
  readonly marks: readonly Mark[];
  /** Where bars begin; none where the recording knows of none. */
  readonly bars: readonly number[];
  /** Frames a second of the outlines. */
  readonly rate: number;
  readonly settings: Readonly<DeckSettings>;
  readonly state: DeckState;
  readonly reason: string;
  /** Where it is now. Cheap: call it once a frame. */
  readonly position: number;
  outline(version: string): Outline;
  /** Call it from a click or a key press, so that the browser lets the sound out. */
  play(): Promise<void>;
  pause(): void;
  seek(seconds: number): void;
  change(settings: Partial<DeckSettings>): void;
  /** Calls back when anything but the position of a playing deck has changed. */
  subscribe(changed: () => void, signal: AbortSignal): void;
}
