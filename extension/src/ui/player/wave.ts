/** Draws the outline of a wave on a canvas: bars from lowest to highest. */

import type { Outline } from "../../core/outline.js";
import type { Viewport } from "./viewport.js";

/** Pixels from one bar to the next, and what stays free between. */
const PITCH = 3;
const GAP = 1;
/** Half a pixel of silence still shows. */
const LEAST = 0.75;

export interface Stroke {
  readonly color: string;
  /** What is at full scale is drawn in it. */
  readonly clipped: string;
}

export interface Drawn {
  readonly outline: Outline;
  readonly rate: number;
  readonly duration: number;
  readonly view: Viewport;
  /** Linear: what full height is, and how the version is turned down. */
  readonly scale: number;
  readonly gain: number;
}

/** Makes a canvas as large as its place, in the screen's own pixels; false where it has none. */
export function fitCanvas(canvas: HTMLCanvasElement): boolean {
  const ratio = globalThis.devicePixelRatio || 1;
  const width = Math.round(canvas.clientWidth * ratio);
  const height = Math.round(canvas.clientHeight * ratio);
  if (width === 0 || height === 0) return false;
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return true;
}

/** Draws what the view shows. A bar begins on a multiple of its length, so that nothing flickers. */
export function drawWave(canvas: HTMLCanvasElement, drawn: Drawn, stroke: Stroke): void {
  const pen = canvas.getContext("2d");
  if (pen === null) return;
  const ratio = canvas.width / Math.max(canvas.clientWidth, 1);
  const { clientWidth: width, clientHeight: height } = canvas;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const seconds = (drawn.view.span / Math.max(width, 1)) * PITCH;
  const first = Math.floor(drawn.view.from / seconds);
  const last = Math.ceil(Math.min(drawn.view.from + drawn.view.span, drawn.duration) / seconds);
  const loud = new Path2D();
  const usual = new Path2D();
  for (let bar = first; bar < last; bar += 1) {
    const { low, high } = drawn.outline.between(bar * seconds * drawn.rate, (bar + 1) * seconds * drawn.rate);
    const x = (bar * seconds - drawn.view.from) / (seconds / PITCH);
    addBar(low <= -1 || high >= 1 ? loud : usual, x, bounds(low, high, drawn, height));
  }
  pen.fillStyle = stroke.color;
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a pen is no array
  pen.fill(usual);
  pen.fillStyle = stroke.clipped;
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- a pen is no array
  pen.fill(loud);
}

function bounds(low: number, high: number, drawn: Drawn, height: number): readonly [number, number] {
  const middle = height / 2;
  const reach = ((middle - 1) / drawn.scale) * drawn.gain;
  const top = middle - Math.max(high * reach, LEAST);
  const bottom = middle - Math.min(low * reach, -LEAST);
  return [Math.max(top, 0), Math.min(bottom, height)];
}

function addBar(path: Path2D, x: number, [top, bottom]: readonly [number, number]): void {
  const width = PITCH - GAP;
  path.roundRect(x, top, width, bottom - top, Math.min(width / 2, (bottom - top) / 2));
}

/** A colour of the page, as a canvas takes it. */
export function inkOf(root: HTMLElement, name: string): string {
  const probe = root.ownerDocument.createElement("span");
  probe.style.color = `var(--cm-${name})`;
  root.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
