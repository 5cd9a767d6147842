/** The bundle that all widgets of a page share. */

import { page } from "../audio/page.js";
import { LoopConnection } from "./loop.js";
import type { Connection, Held, Model } from "./model.js";

/** Connects one widget's model to its document. */
export function connect(
  model: Model,
  held: readonly Held[],
  signal: AbortSignal,
): Connection {
  return new LoopConnection(model, held, signal);
}

export { page };
