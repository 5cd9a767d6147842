/** The views of what plays: what nobody looks at any more is told, after a moment of grace. */

import type { Surroundings } from "./output.js";

/** How long a playable may be without a view: a cell that runs again makes a new one meanwhile. */
const GRACE_MS = 1000;

/** Counts views by playable. */
export class Audience {
  readonly #views = new Map<string, number>();

  constructor(
    private readonly surroundings: Pick<Surroundings, "later">,
    private readonly left: (id: string) => void,
  ) {}

  /** A view lives until the signal ends it. */
  attach(id: string, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#views.set(id, (this.#views.get(id) ?? 0) + 1);
    signal.addEventListener("abort", () => this.#detach(id), { once: true });
  }

  #detach(id: string): void {
    const views = (this.#views.get(id) ?? 1) - 1;
    this.#views.set(id, views);
    if (views === 0) this.surroundings.later(() => this.#forget(id), GRACE_MS);
  }

  #forget(id: string): void {
    if (this.#views.get(id) !== 0) return;
    this.#views.delete(id);
    this.left(id);
  }
}
