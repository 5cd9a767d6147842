/** What a view sees of the page's one sound engine. */

import type { LoopRevision } from "./loop_store.js";
import type { SongRevision } from "./song_store.js";

/**
 * `locked`: the browser waits for a click before it lets any sound out. `failed`: no sound is
 * possible here; `reason` says why and what cures it.
 */
export type SoundState = "idle" | "starting" | "locked" | "playing" | "failed";

/** What sounds at one instant. */
export interface Meters {
  /** Ticks from the start of the pass. */
  readonly tick: number;
  readonly pass: number;
  /**
   * Peak of the last thirtieth of a second, linear, by strip name; "master" is the whole. A loop's
   * strips are its rows; a song's are "stem:<id>", "return:<id>", "loop:<id>" and their rows.
   */
  readonly peaks: ReadonlyMap<string, number>;
}

/** One thing that can be played: a view's loop or song, for as long as the view lives. */
export interface Playable {
  /** Names the document and the loop; two views of one loop share it and so play as one. */
  readonly id: string;
  /** A song's revision has `song`; a loop's has `loop`. */
  readonly revision: LoopRevision | SongRevision;
  /** Audio that the revision names: a page of 65 536 frames, left then right, as floats. */
  readonly audio?: (blob: string, page: number) => Promise<Float32Array>;
}

/** How to play. None of it is in the document. */
export interface PlayOptions {
  /** The tick to begin at; 0 unless said. */
  readonly from?: number;
  /** Ticks between which it repeats; null plays through once and stops (a loop repeats anyway). */
  readonly region?: readonly [number, number] | null;
  /** Bars of clicks before it begins. */
  readonly countIn?: number;
  /** Clicks on each beat while it plays. */
  readonly metronome?: boolean;
}

/** The page's player. Starting one playable stops another. */
export interface Player {
  /**
   * A view of the playable lives until the signal ends it. What plays stops with its last view,
   * not when it scrolls away.
   */
  attach(id: string, signal: AbortSignal): void;
  play(playable: Playable, options?: PlayOptions): Promise<void>;
  stop(): void;
  /** Moves what plays to a tick. */
  seek(tick: number): void;
  /** Changes how it plays while it plays: region and metronome. */
  setOptions(options: PlayOptions): void;
  /** Gives the engine a newer revision; heard from the position onward if it is playing. */
  update(playable: Playable): void;
  /** Sounds one step at once, so that a click or a key can be heard while nothing plays. */
  audition(playable: Playable, row: string, cell: number): void;
  /** The state as this playable sees it: "playing" only if it is the one that plays. */
  stateOf(id: string): SoundState;
  readonly reason: string;
  /** Call from a click or key press: lets the browser open its sound. */
  unlock(): Promise<void>;
  subscribe(changed: () => void, signal: AbortSignal): void;
  /** What sounds now; null when this playable is not playing. Cheap: call it once a frame. */
  meters(id: string): Meters | null;
  /** The listener's own volume, 0 … 1; never part of the document. */
  volume: number;
}
