/** Carries a loop from its pad onto a lane or a stem. */

import type { Loop } from "../../gen/models.js";
import { h, on, setAttribute } from "../dom.js";
import { SLACK } from "../painting.js";
import { turnOf, type Item, type Track } from "./arrangement.js";
import { placeLoop } from "./edits.js";
import { doDeed, type SongScene } from "./song_scene.js";
import type { TimelineView } from "./timeline_view.js";

/** A finger rests so long, in milliseconds, before it carries: else it scrolls. */
const REST = 280;

interface Spot {
  readonly track: Track;
  readonly place: number;
  readonly start: number;
}

/** Follows the pointer that went down on a pad until it goes up. */
export function carryLoop(scene: SongScene, view: TimelineView, loop: Loop, pad: HTMLElement, down: PointerEvent): void {
  const ending = new AbortController();
  const signal = AbortSignal.any([scene.signal, ending.signal]);
  let ghost: HTMLElement | null = null;
  pad.setPointerCapture(down.pointerId);
  let rested = down.pointerType !== "touch";
  const wait = setTimeout(() => {
    rested = true;
    setAttribute(pad.parentElement ?? pad, "data-resting", down.pointerType === "touch");
  }, REST);
  const end = (): void => {
    clearTimeout(wait);
    setAttribute(pad.parentElement ?? pad, "data-resting", false);
    ghost?.remove();
    view.lift([], true);
    ending.abort();
  };
  on(pad, "pointermove", (event) => {
    if (event.pointerId !== down.pointerId) return;
    const way = Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY);
    if (ghost === null && way <= SLACK) return;
    if (!rested) return end();
    if (ghost === null) {
      ghost = liftGhost(scene, loop);
      pad.dispatchEvent(new CustomEvent("cm-carried"));
    }
    ghost.style.transform = `translate(${event.clientX + 10}px, ${event.clientY + 8}px)`;
    showDrop(scene, view, loop, spotUnder(scene, view, event));
  }, signal);
  on(pad, "pointerup", (event) => {
    if (event.pointerId !== down.pointerId) return;
    const spot = ghost === null ? null : spotUnder(scene, view, event);
    if (ghost === null && rested && down.pointerType === "touch") pad.dispatchEvent(new CustomEvent("cm-held"));
    end();
    if (spot !== null) doDeed(scene, placeLoop(scene.arrangement, loop, spot.track, spot.start));
  }, signal);
  on(pad, "pointercancel", end, signal);
  on(pad, "touchmove", (event) => {
    if (ghost !== null && event.cancelable) event.preventDefault();
  }, signal, { passive: false });
}

function liftGhost(scene: SongScene, loop: Loop): HTMLElement {
  const ghost = h("div", { class: "cm-pad-ghost", "aria-hidden": "true" }, loop.name);
  ghost.style.setProperty("--cm-tone", loop.color);
  scene.root.append(ghost);
  return ghost;
}

function spotUnder(scene: SongScene, view: TimelineView, event: PointerEvent): Spot | null {
  const place = view.trackAt(event.clientY);
  const track = place === null ? undefined : scene.arrangement.tracks[place];
  const tick = view.tickAt(event.clientX);
  if (track === undefined || place === null || tick < 0) return null;
  return { track, place, start: view.snap(tick, event.altKey) };
}

function showDrop(scene: SongScene, view: TimelineView, loop: Loop, spot: Spot | null): void {
  if (spot === null) return view.lift([], true);
  const turn = turnOf(loop, scene.arrangement.meter, spot.start);
  const item: Item = {
    kind: "blocks", id: "", key: "", track: spot.place, start: spot.start, length: turn, name: loop.name,
    color: spot.track.stem?.color ?? loop.color, loop, turn, segment: null, block: null,
  };
  view.lift([{ item, start: spot.start, length: turn, track: spot.place }], true);
}
