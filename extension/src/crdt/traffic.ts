/** Bytes a second over the last ten seconds, both ways. */

const SECONDS = 10;

export class Traffic {
  readonly #counts = new Map<number, { sent: number; received: number }>();

  constructor(
    /** Milliseconds. */
    private readonly now: () => number,
  ) {}

  sent(bytes: number): void {
    this.#second().sent += bytes;
  }

  received(bytes: number): void {
    this.#second().received += bytes;
  }

  get rates(): { readonly sent: number; readonly received: number } {
    this.#second();
    let [sent, received] = [0, 0];
    for (const count of this.#counts.values()) {
      sent += count.sent;
      received += count.received;
    }
    return { sent: sent / SECONDS, received: received / SECONDS };
  }

  /** The count of this second; what is older than ten goes. */
  #second(): { sent: number; received: number } {
    const second = Math.floor(this.now() / 1000);
    for (const old of this.#counts.keys()) if (old <= second - SECONDS) this.#counts.delete(old);
    const count = this.#counts.get(second) ?? { sent: 0, received: 0 };
    this.#counts.set(second, count);
    return count;
  }
}
