/** The time under the mouse, over the wave. */

import { h, on, setText } from "../dom.js";
import { clock } from "./words.js";

/** Follows a mouse on `area`; fingers hide what they point at. */
export function createHover(
  area: HTMLElement, secondsAt: (clientX: number) => number, signal: AbortSignal,
): HTMLElement {
  const time = h("span", { class: "cm-hover-time" });
  const element = h("div", { class: "cm-hover", "aria-hidden": "true" }, time);
  element.hidden = true;
  on(area, "pointermove", (event) => {
    const box = area.getBoundingClientRect();
    const share = (event.clientX - box.left) / Math.max(box.width, 1);
    element.hidden = event.pointerType !== "mouse" || share < 0 || share > 1;
    element.style.left = `${share * 100}%`;
    element.toggleAttribute("data-left", share > 0.85);
    setText(time, clock(secondsAt(event.clientX), 2));
  }, signal);
  on(area, "pointerleave", () => void (element.hidden = true), signal);
  return element;
}
