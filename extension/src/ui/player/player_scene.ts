/** What every part of the player's view is given. */

import type { Deck } from "../../core/deck.js";
import { clock, spoken } from "./words.js";

export interface PlayerScene {
  readonly root: HTMLElement;
  readonly deck: Deck;
  readonly signal: AbortSignal;
  /** Tells a screen reader, politely. */
  announce(text: string): void;
}

/** A part of the view, and what it does when anything but the position has changed. */
export interface PlayerPart {
  readonly element: HTMLElement;
  update(): void;
}

export function isSounding(deck: Deck): boolean {
  return deck.state === "playing" || deck.state === "waiting";
}

/** Plays on, or pauses. */
export function togglePlay({ deck, announce }: PlayerScene): void {
  if (isSounding(deck)) {
    deck.pause();
    announce(`Paused at ${spoken(deck.position)}`);
  } else {
    void deck.play();
    announce("Playing");
  }
}

/** Sets one end of the region, A or B. */
export function sayRegion(scene: PlayerScene): void {
  const { region } = scene.deck.settings;
  scene.announce(region === null ? "No region" : `Region from ${clock(region[0])} to ${clock(region[1])}`);
}

export function toggleRepeat(scene: PlayerScene): void {
  const repeat = !scene.deck.settings.repeat;
  scene.deck.change({ repeat });
  const what = scene.deck.settings.region === null ? "the whole" : "from A to B";
  scene.announce(repeat ? `Repeats ${what}` : "Plays on");
}

/** Hears the next version at the same place. */
export function toggleVersion(scene: PlayerScene): void {
  const { versions, settings } = scene.deck;
  const version = versions[(versions.indexOf(settings.version) + 1) % versions.length];
  if (version === undefined || versions.length < 2) return;
  scene.deck.change({ version });
  scene.announce(`Hearing ${version}`);
}
