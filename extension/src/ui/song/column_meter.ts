/** A meter that stands: the level with a peak that rests, and a lamp that stays when it clips. */

import { h, setAttribute } from "../dom.js";
import { meterScale } from "../meter.js";

export interface ColumnMeter {
  readonly element: HTMLElement;
  /** Linear amplitude; null rests. */
  show(peak: number | null): void;
}

const FALL = 0.9;
const REST = 40;

export function createColumnMeter(): ColumnMeter {
  const cover = h("span", { class: "cm-column-cover" });
  const mark = h("span", { class: "cm-column-mark" });
  const lamp = h("span", { class: "cm-column-lamp" });
  const element = h("span", { class: "cm-column", "aria-hidden": "true" }, lamp, h("span", { class: "cm-column-bar" }, cover, mark));
  let [level, top, rested, drawn] = [0, 0, 0, -1];
  const draw = (): void => {
    const both = level * 1000 + top;
    if (both === drawn) return;
    drawn = both;
    cover.style.transform = `scaleY(${(1 - level).toFixed(3)})`;
    mark.style.transform = `translateY(${((1 - top) * 100).toFixed(1)}%)`;
    mark.style.opacity = top > 0.01 ? "1" : "0";
  };
  draw();
  return {
    element,
    show(peak: number | null): void {
      if (peak === null) {
        [level, top] = [0, 0];
        setAttribute(lamp, "data-on", false);
        return draw();
      }
      const height = meterScale(peak);
      level = Math.max(height, level * FALL);
      rested += 1;
      if (height >= top) [top, rested] = [height, 0];
      else if (rested > REST) top = Math.max(0, top - 0.02);
      if (peak > 1) setAttribute(lamp, "data-on", true);
      draw();
    },
  };
}
