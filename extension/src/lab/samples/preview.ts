/** Plays one sample at a time, and tells how far it is. What else sounds in the page falls silent. */

import { onTurnLost, takeTurn } from "../../core/turn.js";

/** What shows that a sample plays. */
export interface Listener {
  /** From 0 to 1 while it plays; null when it does no longer. */
  at(part: number | null): void;
  failed(words: string): void;
}

export class Preview {
  constructor() {
    this.audio.addEventListener("ended", () => this.stop());
    this.audio.addEventListener("error", () => this.fail());
    onTurnLost(this, () => this.stop());
  }

  /** Plays what is at the address; what played before stops. */
  async play(address: string, listener: Listener): Promise<void> {
    this.stop();
    this.listener = listener;
    takeTurn(this);
    this.audio.src = address;
    listener.at(0);
    try {
      await this.audio.play();
      this.follow();
    } catch {
      // The element's own error event says why.
    }
  }

  /** Ends what plays. */
  stop(): void {
    const { listener } = this;
    this.listener = null;
    this.audio.pause();
    listener?.at(null);
  }

  isPlayedFor(listener: Listener): boolean {
    return this.listener === listener;
  }

  private follow(): void {
    if (this.listener === null || this.audio.paused) return;
    const { currentTime, duration } = this.audio;
    this.listener.at(duration > 0 ? currentTime / duration : 0);
    requestAnimationFrame(() => this.follow());
  }

  private fail(): void {
    const { listener } = this;
    if (listener === null) return;
    this.stop();
    listener.failed("It cannot be played here.");
  }

  private readonly audio = new Audio();
  private listener: Listener | null = null;
}
