/** One player for the whole page, however many widgets and bundles are on it. */

import packed from "../../../kernel_lib/cellissimo/native/engine.wasm?packed";
import type { Player } from "../core/player.js";
import { onTurnLost, takeTurn } from "../core/turn.js";
import type { Ensemble } from "./ensemble.js";
import { PagePlayer } from "./player.js";
import type { Output } from "./output.js";
import { openContext, openSound, type EngineSource } from "./sound.js";
import script from "./worklet.ts?text";

/** The engine as this bundle carries it. */
export const ENGINE: EngineSource = { script, packed };

/** What all cellissimo views of a page share. */
export interface Page {
  readonly player: Player;
  /** The same player as one of several. */
  readonly ensemble: Ensemble;
  /** Where the engine's own samples can be read. */
  readonly output: Pick<Output, "tap" | "context" | "open" | "resume" | "keepAwake">;
}

const KEY = Symbol.for("cellissimo.page");

/** Longest wait for a picture that may never be drawn, as in a hidden tab. */
const SOON_MS = 50;

/** The page's player; made by whoever asks first, without a sound until something plays. */
export function page(): Page {
  const shared = globalThis as { [KEY]?: Page };
  return (shared[KEY] ??= makePage());
}

function makePage(): Page {
  const player = new PagePlayer({
    openContext,
    openSound: (context, received) => openSound(context, ENGINE, received),
    // A browser that does not tell counts as untouched: it is only waited for less long.
    wasTouched: () => navigator.userActivation?.hasBeenActive ?? false,
    soon,
    later: (callback, wait) => void setTimeout(callback, wait),
    now: () => performance.now(),
  });
  shareTurns(player);
  return { player, ensemble: player, output: player.output };
}

/** The engine falls silent when a recording begins to play, and the other way round. */
function shareTurns(player: PagePlayer): void {
  const forever = new AbortController().signal;
  player.subscribe(() => {
    if (player.isAsked) takeTurn(player);
  }, forever);
  onTurnLost(player, () => {
    if (player.isAsked) player.giveWay();
  });
}

function soon(callback: () => void): void {
  const once = (): void => {
    cancelAnimationFrame(picture);
    clearTimeout(timer);
    callback();
  };
  const picture = requestAnimationFrame(once);
  const timer = setTimeout(once, SOON_MS);
}
