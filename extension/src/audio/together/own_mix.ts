/** One's own mix of what a room plays, and who is told of changes. */

import {
  NO_MIX, withEffect, withMuted, withSoloed, withVolume,
} from "../../core/personal_mix.js";
import type { PersonalMix } from "../../core/shared_transport.js";
import type { Value } from "../../gen/models.js";
import type { Ensemble, MixOf } from "../ensemble.js";

/** What of a transport is nobody else's business. */
export class OwnMix {
  readonly #ensemble: Ensemble;
  readonly #mixOf: MixOf;
  readonly #listeners = new Set<() => void>();
  #mix: PersonalMix = NO_MIX;

  /** `owns`: of which playables it is the mix. It ends with the signal. */
  constructor(ensemble: Ensemble, owns: (id: string) => boolean, signal: AbortSignal) {
    this.#ensemble = ensemble;
    this.#mixOf = (id) => (owns(id) ? this.#mix : undefined);
    ensemble.setMix(this, this.#mixOf);
    signal.addEventListener("abort", () => ensemble.setMix(this, null), { once: true });
  }

  get mix(): PersonalMix {
    return this.#mix;
  }

  subscribe(changed: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(changed);
    signal.addEventListener("abort", () => this.#listeners.delete(changed), { once: true });
  }

  setMuted(strip: string, muted: boolean): void {
    this.#set(withMuted(this.#mix, strip, muted));
  }

  setSoloed(strip: string, soloed: boolean): void {
    this.#set(withSoloed(this.#mix, strip, soloed));
  }

  setVolume(strip: string, volume: number | null): void {
    this.#set(withVolume(this.#mix, strip, volume));
  }

  setEffect(strip: string, setting: string, value: Value | null): void {
    this.#set(withEffect(this.#mix, strip, setting, value));
  }

  protected announce(): void {
    for (const changed of this.#listeners) changed();
  }

  #set(mix: PersonalMix): void {
    this.#mix = mix;
    this.#ensemble.setMix(this, this.#mixOf);
    this.announce();
  }
}
