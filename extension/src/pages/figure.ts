/** What a page draws of its music, and how it is heard. */

import type { Meters } from "../core/player.js";
import type { Listening } from "./listening.js";

export interface Figure {
  readonly music: Listening;
  readonly element: HTMLElement;
  /** Moves what moves; null when nothing sounds. */
  show(meters: Meters | null): void;
  /** Lays it out, once it stands on the page. */
  begin(): void;
}
