/** The screen stays on while something plays, where the browser allows it. */

import type { Player } from "../../core/player.js";

interface Screen {
  readonly visibilityState: string;
  addEventListener(type: "visibilitychange", changed: () => void, options: { signal: AbortSignal }): void;
}

interface Lock {
  release(): Promise<void>;
}

/** Holds the screen while `isPlaying`; the lock is lost with the page out of sight, and renewed. */
export function keepScreenOn(
  player: Player, isPlaying: () => boolean, screen: Screen, ask: (() => Promise<Lock>) | null, signal: AbortSignal,
): void {
  if (ask === null) return;
  let held: Lock | null = null;
  let isAsking = false;
  const look = async (): Promise<void> => {
    const wanted = !signal.aborted && isPlaying() && screen.visibilityState === "visible";
    if (isAsking || wanted === (held !== null)) return;
    isAsking = true;
    try {
      if (wanted) held = await ask();
      else {
        await held?.release();
        held = null;
      }
    } catch {
      held = null; // refused, as on a battery that is nearly empty
      return;
    } finally {
      isAsking = false;
    }
    await look();
  };
  player.subscribe(() => void look(), signal);
  screen.addEventListener("visibilitychange", () => {
    if (screen.visibilityState !== "visible") held = null;
    void look();
  }, { signal });
  signal.addEventListener("abort", () => void look());
}

/** The browser's own way to hold the screen; null where it has none. */
export function screenLock(): (() => Promise<Lock>) | null {
  const { wakeLock } = navigator as Navigator & { readonly wakeLock?: { request(type: "screen"): Promise<Lock> } };
  return wakeLock === undefined ? null : () => wakeLock.request("screen");
}
