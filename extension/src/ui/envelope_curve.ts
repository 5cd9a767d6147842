/** The shape of an envelope as a small drawing. */

import { setAttribute, svg } from "./dom.js";

export interface Curve {
  readonly element: SVGElement;
  /** Draws anew; `read` gives the seconds and the level of a parameter. */
  update(read: (key: string) => number): void;
}

const WIDTH = 120;
const HEIGHT = 34;
const HOLD = 22;

/** Pixels of a time: short times stay visible, long ones stay inside. */
export function widthOfTime(seconds: number): number {
  return Math.min(32, 4 + 14 * Math.log10(1 + seconds * 20));
}

/** The path of an envelope, left to right: attack, decay, hold, release. */
export function envelopePath(attack: number, decay: number, sustain: number, release: number): string {
  const floor = HEIGHT - 2;
  const level = floor - sustain * (HEIGHT - 5);
  const peak = 3;
  const a = widthOfTime(attack);
  const d = a + widthOfTime(decay);
  const s = d + HOLD;
  const r = s + widthOfTime(release);
  const fall = (from: number, to: number, high: number, low: number): string =>
    `C${round(from + (to - from) * 0.25)} ${round(high + (low - high) * 0.7)} ${round(from + (to - from) * 0.5)} ${round(low)} ${round(to)} ${round(low)}`;
  return `M2 ${floor}L${round(a)} ${peak}${fall(a, d, peak, level)}H${round(s)}${fall(s, r, level, floor)}`;
}

const round = (value: number): number => Math.round(value * 10) / 10;

export function drawEnvelope(): Curve {
  const line = svg("path", { class: "cm-curve-line" });
  const area = svg("path", { class: "cm-curve-area" });
  const element = svg("svg", { class: "cm-curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" }, area, line);
  return {
    element,
    update(read: (key: string) => number): void {
      const path = envelopePath(read("env.attack"), read("env.decay"), read("env.sustain"), read("env.release"));
      setAttribute(line, "d", path);
      setAttribute(area, "d", `${path}L2 ${HEIGHT - 2}Z`);
    },
  };
}
