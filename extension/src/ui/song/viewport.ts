/** Zoom, scroll and the grid: what a pixel of the timeline is worth. Pure. */

import type { MeterMap } from "../../core/tempo_map.js";

/** What positions snap to. "auto" is as fine as can be seen. */
export const GRIDS = ["auto", "bar", "beat", "half", "quarter", "off"] as const;
export type Grid = (typeof GRIDS)[number];

export const GRID_NAMES: Readonly<Record<Grid, string>> = {
  auto: "Auto", bar: "Bar", beat: "Beat", half: "1/2 beat", quarter: "1/4 beat", off: "Off",
};

/** Pixels a tick at the closest: a beat of 240 pixels. */
export const CLOSEST = 0.25;
/** Pixels between two lines of the grid at least. */
const LEAST_GAP = 13;

/** The zoom at which `ticks` fill `width` pixels, within what zooms are allowed. */
export function zoomToFit(ticks: number, width: number): number {
  return Math.min(CLOSEST, Math.max(1, width) / Math.max(1, ticks));
}

/** The zoom, held between the whole song in view and the closest. */
export function clampZoom(zoom: number, ticks: number, width: number): number {
  return Math.max(Math.min(zoomToFit(ticks, width), CLOSEST), Math.min(CLOSEST, zoom));
}

/** Zooms about a point of the view, which stays under the hand: the new zoom and scroll. */
export function zoomAbout(
  view: { readonly zoom: number; readonly scroll: number }, zoom: number, at: number,
): { readonly zoom: number; readonly scroll: number } {
  const tick = (view.scroll + at) / view.zoom;
  return { zoom, scroll: Math.max(0, tick * zoom - at) };
}

/** The ticks between lines of the grid about a tick; 0 for no grid. */
export function unitAt(meter: MeterMap, tick: number, grid: Grid, zoom: number): number {
  const { ticksPerBar, ticksPerBeat } = meter.meterAt(tick);
  switch (grid) {
    case "bar":
      return ticksPerBar;
    case "beat":
      return ticksPerBeat;
    case "half":
      return ticksPerBeat / 2;
    case "quarter":
      return ticksPerBeat / 4;
    case "off":
      return 0;
    case "auto":
      return [ticksPerBeat / 4, ticksPerBeat / 2, ticksPerBeat].find((unit) => unit * zoom >= LEAST_GAP) ?? ticksPerBar;
  }
}

/** The nearest line of the grid; never before the beginning. Bars begin anew with each meter. */
export function snap(meter: MeterMap, tick: number, grid: Grid, zoom: number): number {
  if (tick <= 0) return 0;
  const unit = unitAt(meter, tick, grid, zoom);
  if (unit === 0) return Math.round(tick);
  const { bar, ticks } = meter.barAt(tick);
  const start = tick - ticks;
  const after = meter.tickOf(bar + 1);
  return Math.min(after, start + Math.round(ticks / unit) * unit);
}

/** The line of the grid at or before a tick. */
export function snapDown(meter: MeterMap, tick: number, grid: Grid, zoom: number): number {
  if (tick <= 0) return 0;
  const unit = unitAt(meter, tick, grid, zoom);
  if (unit === 0) return Math.floor(tick);
  const { ticks } = meter.barAt(tick);
  return tick - ticks + Math.floor(ticks / unit) * unit;
}

/** How a line of the grid is drawn: at a bar, a beat, or between. */
export interface Line {
  readonly tick: number;
  readonly weight: "bar" | "beat" | "part";
  /** The bar's number, where there is room to write it. */
  readonly label: number | null;
}

/** The lines between two ticks, as many as can be told apart. *Cost*: O(lines). */
export function gridLines(meter: MeterMap, from: number, to: number, zoom: number): readonly Line[] {
  const lines: Line[] = [];
  const first = meter.barAt(Math.max(0, from)).bar;
  const widest = meter.meterAt(from).ticksPerBar * zoom;
  const every = labelStep(widest);
  const stride = widest >= 5 ? 1 : every;
  for (let bar = first - ((first - 1) % stride); ; bar += stride) {
    const tick = meter.tickOf(bar);
    if (tick > to) return lines;
    lines.push({ tick, weight: "bar", label: (bar - 1) % every === 0 ? bar : null });
    if (stride === 1) lines.push(...linesWithin(meter, tick, bar, zoom));
  }
}

function linesWithin(meter: MeterMap, start: number, bar: number, zoom: number): readonly Line[] {
  const { ticksPerBeat } = meter.meterAt(start);
  if (ticksPerBeat * zoom < 7) return [];
  const parts = ticksPerBeat * zoom >= 4 * LEAST_GAP ? 4 : 1;
  const lines: Line[] = [];
  const after = meter.tickOf(bar + 1);
  for (let part = 1; start + (part * ticksPerBeat) / parts < after; part += 1) {
    const weight = part % parts === 0 ? "beat" : "part";
    lines.push({ tick: start + (part * ticksPerBeat) / parts, weight, label: null });
  }
  return lines;
}

/** Every how many bars a number fits. */
function labelStep(pixelsPerBar: number): number {
  return [1, 2, 4, 8, 16, 32, 64, 128].find((bars) => bars * pixelsPerBar >= 28) ?? 256;
}

/** What part of an item lies under the pointer. */
export type Zone = "start" | "body" | "end";

/** The zone at `x` pixels of an item that is `width` wide; a thumb gets wider edges. */
export function zoneAt(x: number, width: number, touch: boolean): Zone {
  const edge = Math.min(touch ? 22 : 8, width / 4);
  if (x < edge) return "start";
  return x > width - edge ? "end" : "body";
}
