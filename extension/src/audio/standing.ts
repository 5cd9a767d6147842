/** How the page's sound stands, and who is told of it. */

import type { SoundState } from "../core/player.js";
import { REASONS } from "./failure.js";
import { REPORT } from "./messages.js";
import { Lateness } from "./page_feed.js";

/** A state with its reason; whoever listens is told when it changes. */
export class Standing {
  readonly #listeners = new Set<() => void>();
  #state: SoundState = "idle";
  #reason = "";
  #lateness = new Lateness();

  get state(): SoundState {
    return this.#state;
  }

  get reason(): string {
    return this.#reason;
  }

  become(state: SoundState, reason = ""): void {
    this.#state = state;
    this.#reason = reason;
    this.announce();
  }

  /** Takes a report: recordings that come too late are said, where nothing says more. */
  hear(report: Float64Array): void {
    if (!this.#lateness.changes(report[REPORT.frame] ?? 0, report[REPORT.missed] ?? 0)) return;
    if (this.#lateness.isLate && this.#reason === "") this.become(this.#state, REASONS.late);
    else if (this.#reason === REASONS.late) this.become(this.#state);
  }

  /** Something else plays. */
  hearAnew(): void {
    this.#lateness = new Lateness();
  }

  announce(): void {
    for (const changed of this.#listeners) changed();
  }

  subscribe(changed: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(changed);
    signal.addEventListener("abort", () => this.#listeners.delete(changed), { once: true });
  }
}
