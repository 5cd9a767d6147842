/** The room's clock and the sound's as one: when a frame of the context is heard in the room. */

import type { Clock } from "./clock.js";
import type { Ear } from "./ear.js";

/** The clocks, as they are known now; but for `isReady` asked only where they are. */
export class Times {
  /** The sound; null where none is let out. */
  ear: Ear | null = null;

  constructor(private readonly clock: Clock) {}

  get isReady(): boolean {
    return (this.ear?.isReady ?? false) && this.clock.known !== null;
  }

  /** The room's time now, in milliseconds. */
  get now(): number {
    return this.clock.now ?? 0;
  }

  /** The first frame of the context that is not made yet. */
  get nextFrame(): number {
    return this.ear?.nextFrame ?? 0;
  }

  /** The context's frame that is heard at a time of the room. */
  frameAt(roomTime: number): number {
    return this.ear?.frameAt(this.clock.pageTime(roomTime) ?? 0) ?? 0;
  }

  /** When a frame of the context is heard, by the room's clock. */
  timeOf(frame: number): number {
    return this.clock.roomTime(this.ear?.timeOf(frame) ?? 0) ?? 0;
  }
}
