/** What is heard on a page: where it stands, and how it begins, rests and goes on. */

import type { TempoMap } from "../core/tempo_map.js";
import type { Sounding } from "../ui/scene.js";
import { togglePlay } from "../ui/scene.js";

/** One piece of music as the page's player sees it. */
export interface Listening extends Sounding {
  readonly tempo: TempoMap;
  /** Ticks from its beginning to its end. */
  readonly length: number;
  /** Ticks that an arrow key goes: a beat of a loop, a bar of a song. */
  readonly stride: number;
  /** The tick where it stands while nothing sounds. */
  readonly cursor: number;
  toggle(): Promise<void>;
  seek(tick: number): void;
  /** Calls back when somebody has moved it to another place. */
  onSeek(moved: () => void): void;
}

/** A loop's listening: it rests where it was stopped and goes on from there. */
export class LoopListening implements Listening {
  cursor = 0;
  private readonly listeners: (() => void)[] = [];

  constructor(
    private readonly scene: Sounding,
    readonly tempo: TempoMap,
    readonly length: number,
    readonly stride: number,
  ) {}

  get root(): HTMLElement {
    return this.scene.root;
  }

  get player(): Sounding["player"] {
    return this.scene.player;
  }

  get playable(): Sounding["playable"] {
    return this.scene.playable;
  }

  get signal(): AbortSignal {
    return this.scene.signal;
  }

  announce(text: string): void {
    this.scene.announce(text);
  }

  async toggle(): Promise<void> {
    const meters = this.player.meters(this.playable().id);
    if (meters !== null) this.cursor = Math.max(0, meters.tick) % this.length;
    await togglePlay(this.scene, { from: Math.round(this.cursor) });
  }

  seek(tick: number): void {
    this.cursor = Math.round(Math.max(0, Math.min(this.length - 1, tick)));
    this.player.seek(this.cursor);
    for (const moved of this.listeners) moved();
  }

  onSeek(moved: () => void): void {
    this.listeners.push(moved);
  }
}
