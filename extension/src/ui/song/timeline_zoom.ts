/** Zooming by hand: the wheel with Ctrl or Cmd, and two fingers. */

import { on } from "../dom.js";
import type { TimelineView } from "./timeline_view.js";

export function listenToZoom(view: TimelineView, element: HTMLElement, signal: AbortSignal): void {
  on(element, "wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    view.zoomBy(Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.0025 : 0.08)), event.clientX);
  }, signal, { passive: false });
  let spread = 0;
  on(element, "touchstart", (event) => {
    spread = spreadOf(event);
    if (spread > 0 && event.cancelable) event.preventDefault();
  }, signal, { passive: false });
  on(element, "touchmove", (event) => {
    const next = spreadOf(event);
    if (spread === 0 || next === 0) return;
    if (event.cancelable) event.preventDefault();
    view.zoomBy(next / spread, middleOf(event));
    spread = next;
  }, signal, { passive: false });
  on(element, "touchend", () => { spread = 0; }, signal);
}

/** How far two fingers are apart from left to right; 0 unless there are two. */
function spreadOf(event: TouchEvent): number {
  const [one, other] = event.touches;
  if (one === undefined || other === undefined || event.touches.length !== 2) return 0;
  return Math.max(20, Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY));
}

function middleOf(event: TouchEvent): number {
  return ((event.touches[0]?.clientX ?? 0) + (event.touches[1]?.clientX ?? 0)) / 2;
}
