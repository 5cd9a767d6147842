/** A small label above a step while its velocity is dragged. */

import { h, setText } from "./dom.js";

export interface VelocityBubble {
  readonly element: HTMLElement;
  show(button: HTMLElement | null, face: number): void;
}

export function createVelocityBubble(): VelocityBubble {
  const element = h("div", { class: "cm-bubble", "aria-hidden": "true" });
  element.hidden = true;
  return {
    element,
    show(button: HTMLElement | null, face: number): void {
      element.hidden = button === null;
      if (button === null) return;
      setText(element, face.toFixed(2));
      const area = element.offsetParent?.getBoundingClientRect();
      const box = button.getBoundingClientRect();
      if (area === undefined) return;
      element.style.left = `${box.left - area.left + box.width / 2}px`;
      element.style.top = `${box.top - area.top}px`;
    },
  };
}
