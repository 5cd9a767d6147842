/** What the page's player does as one of several, and whose hand it follows then. */

import type { Playable, PlayOptions } from "../core/player.js";
import type { PersonalMix } from "../core/shared_transport.js";
import type { Entry, Region } from "./messages.js";

/** The hand on what plays together: what a person does on this page goes to it. */
export interface Hand {
  stop(): void;
  seek(tick: number): void;
  setRegion(region: Region): void;
  /** The document of what plays has another revision; when it is heard is the hand's to say. */
  updated(): void;
  /** What is heard for this page alone has changed: it has to be told the engine again. */
  renew(): void;
  /** Takes each report of the engine (`REPORT`). */
  heard(report: Float64Array): void;
  /** What played once is over. */
  ended(): void;
  /** The page plays something else, or cannot play any more. */
  lost(): void;
}

/** Plays under a hand. */
export interface Ensemble {
  /** Falls in with others; what plays under another hand, or none, ends. The output is open. */
  enter(
    playable: Playable, options: Pick<PlayOptions, "from" | "region">,
    entry: Omit<Entry, "keeps">, hand: Hand,
  ): void;
  /** Makes a revision heard at once, or at a frame of what all play. */
  change(playable: Playable, at?: number): void;
  /** Ends what plays, at once or at a frame of what all play; the hand is let go. */
  fallSilent(at?: number): void;
  /** What is heard gains so many frames, or loses them. */
  slide(frames: number): void;
  /** Says, for an owner, what of a playable is heard in a way of one's own. */
  setMix(owner: object, mixOf: MixOf | null): void;
}

/** One's own mix of a playable by its id; undefined where it is somebody else's to say. */
export type MixOf = (id: string) => PersonalMix | undefined;

/** One's own mixes of all that the page may play. */
export class Mixes {
  readonly #owners = new Map<object, MixOf>();

  set(owner: object, mixOf: MixOf | null): void {
    if (mixOf === null) this.#owners.delete(owner);
    else this.#owners.set(owner, mixOf);
  }

  of(id: string): PersonalMix | undefined {
    for (const mixOf of this.#owners.values()) {
      const mix = mixOf(id);
      if (mix !== undefined) return mix;
    }
    return undefined;
  }
}
