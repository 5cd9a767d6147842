/** The keys and panels of the system that play, pause and move: a headset's, a keyboard's. */

import type { Deck } from "../../core/deck.js";

const STEP_S = 10;

type Act = (details: MediaSessionActionDetails) => void;

function actions(deck: Deck): Readonly<Partial<Record<MediaSessionAction, Act>>> {
  const by = (seconds: number): void => deck.seek(deck.position + seconds);
  return {
    play: () => void deck.play(),
    pause: () => deck.pause(),
    stop: () => deck.pause(),
    seekbackward: ({ seekOffset }) => by(-(seekOffset ?? STEP_S)),
    seekforward: ({ seekOffset }) => by(seekOffset ?? STEP_S),
    seekto: ({ seekTime }) => deck.seek(seekTime ?? 0),
  };
}

let holder: Deck | null = null;

/** Takes the keys for this deck, from whichever had them. */
export function takeMediaKeys(deck: Deck): void {
  const session = systemSession();
  if (session === null || holder === deck) return;
  holder = deck;
  session.metadata = new MediaMetadata({ title: deck.title || "cellissimo" });
  for (const [name, act] of Object.entries(actions(deck))) {
    session.setActionHandler(name as MediaSessionAction, act);
  }
}

/** Says where it is, so that panels of the system can show it. */
export function tellMediaPosition(deck: Deck): void {
  systemSession()?.setPositionState({
    duration: deck.duration,
    position: Math.min(deck.position, deck.duration),
    playbackRate: deck.settings.speed,
  });
}

/** Gives the keys back, if this deck has them. */
export function dropMediaKeys(deck: Deck): void {
  const session = systemSession();
  if (session === null || holder !== deck) return;
  holder = null;
  session.metadata = null;
  for (const name of Object.keys(actions(deck))) {
    session.setActionHandler(name as MediaSessionAction, null);
  }
}

function systemSession(): MediaSession | null {
  return typeof navigator !== "undefined" && "mediaSession" in navigator ? navigator.mediaSession : null;
}
