/** Playing together: one leads, who wants to follows, and all hear the same frame at one time. */

import type { Value } from "../gen/models.js";

/** What the room says is played. */
export interface TransportState {
  /** The session that leads; null where nobody may. */
  readonly leader: number | null;
  readonly playing: boolean;
  /** "song" or "loop:<id>". */
  readonly of: string;
  readonly tick: number;
  /** The room's time at which `tick` sounds, in milliseconds; of a stop, when it was said. */
  readonly at: number;
  readonly region: readonly [number, number] | null;
}

/** How well the room's clock and one's own sound are known, in milliseconds. */
export interface Alignment {
  readonly isReady: boolean;
  /** The room's clock less this page's. */
  readonly offset: number;
  readonly roundTrip: number;
  /** Half of the smallest round trip: the offset is off by no more. */
  readonly error: number;
  /** From the engine to the ear, as the browser tells it. */
  readonly latency: number;
  /** How far what is heard is ahead of what should be, measured; null while nothing plays. */
  readonly drift: number | null;
}

/**
 * What is mine alone: it never enters the document. Strips have the names of a song's meters, also
 * while a loop plays alone: "master", "stem:<id>", "return:<id>", "loop:<id>", "loop:<id>/<row>".
 */
export interface PersonalMix {
  readonly muted: ReadonlySet<string>;
  readonly soloed: ReadonlySet<string>;
  /** Linear, 0 … 1, by strip; what is not named stays as it is. */
  readonly volumes: ReadonlyMap<string, number>;
  /** Settings such as "filter.freq" by strip, laid over the document's. */
  readonly effects: ReadonlyMap<string, ReadonlyMap<string, Value>>;
  readonly isEmpty: boolean;
}

export interface SharedTransport {
  readonly state: TransportState;
  readonly alignment: Alignment;
  readonly isLeader: boolean;
  readonly mayLead: boolean;
  /** Whether this page plays along; it never begins by itself. */
  readonly isFollowing: boolean;
  readonly mix: PersonalMix;
  subscribe(changed: () => void, signal: AbortSignal): void;
  /** "Join audio": to be called from a click, so that the browser lets sound out. */
  join(): Promise<void>;
  leave(): void;
  takeLead(): void;
  passLead(to: number): void;
  /** `of` is "song" unless said. Who plays joins in; it begins once this page's clock is known. */
  play(options?: {
    from?: number; region?: readonly [number, number] | null; of?: string;
  }): void;
  stop(): void;
  seek(tick: number): void;
  setMuted(strip: string, muted: boolean): void;
  setSoloed(strip: string, soloed: boolean): void;
  /** Null goes back to the document's. */
  setVolume(strip: string, volume: number | null): void;
  setEffect(strip: string, setting: string, value: Value | null): void;
}
