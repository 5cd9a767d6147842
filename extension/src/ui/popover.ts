/** A panel in the page's top layer that opens beside a button and closes by Escape or a click. */

import { h, on } from "./dom.js";

export interface Panel {
  readonly element: HTMLElement;
  readonly isOpen: boolean;
  open(anchor: HTMLElement): void;
  close(): void;
}

const GAP = 6;

/** `label` names the panel to screen readers; focus returns to the anchor when it closes. */
export function createPanel(label: string, className: string, signal: AbortSignal): Panel {
  const element = h("div", {
    class: `cm-panel ${className}`,
    role: "dialog",
    "aria-label": label,
    popover: "auto",
    tabindex: "-1",
  });
  let anchor: HTMLElement | null = null;
  let isOpen = false;
  const place = (): void => {
    if (isOpen && anchor !== null) placeBeside(element, anchor);
  };
  on(element, "toggle", (event) => {
    isOpen = (event as ToggleEvent).newState === "open";
    anchor?.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen && element.contains(element.ownerDocument.activeElement)) anchor?.focus();
  }, signal);
  on(element, "keydown", (event) => {
    if (event.key === "Escape") {
      element.hidePopover();
      anchor?.focus();
      event.preventDefault();
    }
  }, signal);
  window.addEventListener("scroll", place, { capture: true, passive: true, signal });
  window.addEventListener("resize", place, { passive: true, signal });
  signal.addEventListener("abort", () => element.remove());
  return {
    element,
    get isOpen(): boolean {
      return isOpen;
    },
    open(next: HTMLElement): void {
      anchor = next;
      element.showPopover();
      isOpen = true;
      place();
      firstFocus(element).focus({ preventScroll: true });
    },
    close(): void {
      if (!isOpen) return;
      element.hidePopover();
      anchor?.focus();
    },
  };
}

function firstFocus(panel: HTMLElement): HTMLElement {
  return panel.querySelector<HTMLElement>("[data-first]") ?? panel;
}

/** Below the anchor where there is room, else above; always inside the window. */
function placeBeside(panel: HTMLElement, anchor: HTMLElement): void {
  const box = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = box.bottom + GAP + height <= window.innerHeight;
  const top = below ? box.bottom + GAP : Math.max(GAP, box.top - GAP - height);
  const left = Math.max(GAP, Math.min(window.innerWidth - width - GAP, box.left));
  panel.style.top = `${Math.round(top)}px`;
  panel.style.left = `${Math.round(left)}px`;
}
