/** What the parts of the timeline see of it: where ticks and tracks lie. */

import type { Item } from "./arrangement.js";
import type { Moving } from "./field_canvas.js";

export interface TimelineView {
  /** Pixels a tick. */
  readonly zoom: number;
  /** Ticks of the scrolled field: the song, and room behind it. */
  readonly total: number;
  /** What is scrolled, and the strip of bars at its top: others' cursors and pins lie over them. */
  readonly field: HTMLElement;
  readonly bars: HTMLElement;
  /** Where a tick of a track lies in the field; null where there is no such track. */
  boxOf(track: number, tick: number): { left: number; top: number; width: number; height: number } | null;
  /** Calls back when ticks and tracks lie elsewhere. */
  onLayout(changed: () => void): void;
  /** The tick under a point of the window, not snapped. */
  tickAt(clientX: number): number;
  /** The place of the track under a point of the window; null outside. */
  trackAt(clientY: number): number | null;
  /** A tick on the grid, unless `free`. */
  snap(tick: number, free: boolean): number;
  /** The ticks between lines of the grid about a tick; a beat where there is no grid. */
  unit(tick: number): number;
  /** Draws items on their way; an empty list when they are down. */
  lift(moving: readonly Moving[], copies: boolean): void;
  /** Scrolls so that a place can be seen. */
  reveal(tick: number): void;
  /** Multiplies the zoom about a point of the window, or the middle of what is seen. */
  zoomBy(factor: number, clientX?: number): void;
  /** Shows the whole song. */
  zoomOut(): void;
  /** Gives the focus to an item or, without one, to where it last was. */
  focus(key?: string): void;
  /** The element of an item. */
  elementOf(key: string): HTMLElement | undefined;
  /** Opens what an item plays. */
  open(item: Item, anchor: HTMLElement): void;
}
