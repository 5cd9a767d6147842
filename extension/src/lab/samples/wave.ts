/** A sample's wave as one small picture, in the colour of the text around it. */

import type { Outline } from "../../gen/rest.js";
import { h } from "../page/element.js";

const SVG = "http://www.w3.org/2000/svg";
const COLUMNS = 120;
const HALF = 50;
const THIN = 1.2;

/** The wave, and a veil over what has been played. */
export class Wave {
  readonly element = h("span", { class: "cl-wave", "aria-hidden": "true" });

  constructor() {
    this.element.append(this.played);
  }

  /** Draws the lowest and highest sample of each column. */
  draw(peaks: Outline): void {
    const picture = document.createElementNS(SVG, "svg");
    picture.setAttribute("viewBox", `0 ${-HALF} ${COLUMNS} ${2 * HALF}`);
    picture.setAttribute("preserveAspectRatio", "none");
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", outline(peaks, COLUMNS));
    picture.append(path);
    this.element.replaceChildren(picture, this.played);
  }

  /** Veils the part that was played: 0 … 1. */
  progress(part: number): void {
    this.played.style.width = `${(part * 100).toFixed(2)}%`;
  }

  private readonly played = h("span", { class: "cl-wave-played" });
}

/** A closed path through the highs and back through the lows, as tall as ±50 for ±1. */
export function outline(peaks: Pick<Outline, "low" | "high">, columns: number): string {
  const tops: string[] = [];
  const bottoms: string[] = [];
  for (let column = 0; column < columns; column += 1) {
    const from = Math.floor((column * peaks.high.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * peaks.high.length) / columns));
    const high = Math.max(0, ...peaks.high.slice(from, to)) * HALF;
    const low = Math.min(0, ...peaks.low.slice(from, to)) * HALF;
    tops.push(`${column} ${(-Math.max(high, THIN)).toFixed(1)}`);
    bottoms.unshift(`${column} ${Math.max(-low, THIN).toFixed(1)}`);
  }
  return `M${[...tops, ...bottoms].join("L")}Z`;
}
