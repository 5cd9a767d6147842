/** A sample's wave as one small picture, in the colour of the text around it. */

import type { Outline } from "../../gen/rest.js";
import { h } from "../page/element.js";
import { HALF, outline } from "./outline.js";

const SVG = "http://www.w3.org/2000/svg";
const COLUMNS = 120;

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

  /** Veils the part that was played, 0 … 1; null when nothing plays. */
  progress(part: number | null): void {
    this.played.hidden = part === null;
    this.played.style.width = `${((part ?? 0) * 100).toFixed(2)}%`;
  }

  private readonly played = h("span", { class: "cl-wave-played", hidden: true });
}
