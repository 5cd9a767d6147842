/** Mouse, pen and fingers on the wave: a click goes there, a drag scrubs, two fingers zoom. */

import { on } from "../dom.js";
import { LEAST_REGION, snapped } from "./places.js";
import { sayRegion, type PlayerScene } from "./player_scene.js";
import type { Field } from "./region_view.js";

/** Pixels within which a new region's ends jump to bars and markers. */
const REACH = 8;
/** What a notch of the wheel zooms by, as a power. */
const WHEEL = 0.0022;

export interface Zooming extends Field {
  zoom(factor: number, about: number): void;
  pan(seconds: number): void;
}

/** What the hand does: moves the place, or draws a region from where it began. */
type Act = { readonly kind: "scrub" } | { readonly kind: "region"; readonly from: number };

export function listenToHands(scene: PlayerScene, area: HTMLElement, ruler: HTMLElement, field: Zooming): void {
  const { deck, signal } = scene;
  const fingers = new Map<number, number>();
  let act: Act | null = null;
  const snap = (clientX: number, free: boolean): number => {
    const seconds = field.secondsAt(clientX);
    return free ? seconds : snapped(deck, seconds, field.secondsOf(REACH));
  };
  const begin = (event: PointerEvent, wantsRegion: boolean): void => {
    if (event.button !== 0) return;
    fingers.set(event.pointerId, event.clientX);
    if (fingers.size > 1) return void (act = null);
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    if (wantsRegion) act = { kind: "region", from: snap(event.clientX, event.altKey) };
    else act = { kind: "scrub" };
    if (!wantsRegion) deck.seek(field.secondsAt(event.clientX));
  };
  const move = (event: PointerEvent): void => {
    const before = fingers.get(event.pointerId);
    if (before === undefined) return;
    if (fingers.size === 2) pinch(fingers, event, field);
    fingers.set(event.pointerId, event.clientX);
    if (act?.kind === "scrub") deck.seek(field.secondsAt(event.clientX));
    if (act?.kind === "region") drawRegion(scene, act.from, snap(event.clientX, event.altKey));
  };
  const end = (event: PointerEvent): void => {
    if (!fingers.delete(event.pointerId)) return;
    if (act?.kind === "region") finishRegion(scene, act.from, snap(event.clientX, event.altKey));
    act = null;
  };
  on(area, "pointerdown", (event) => begin(event, event.shiftKey), signal);
  on(ruler, "pointerdown", (event) => begin(event, true), signal);
  for (const place of [area, ruler]) {
    on(place, "pointermove", move, signal);
    on(place, "pointerup", end, signal);
    on(place, "pointercancel", end, signal);
  }
  on(area, "wheel", (event) => turnWheel(event, field), signal, { passive: false });
}

/** The region under the hand; it comes into being once the hand has moved. */
function drawRegion({ deck }: PlayerScene, from: number, to: number): void {
  const region = [Math.min(from, to), Math.max(from, to)] as const;
  if (region[1] - region[0] >= LEAST_REGION) deck.change({ region, repeat: true });
}

/** A click on the ruler that draws nothing goes there. */
function finishRegion(scene: PlayerScene, from: number, to: number): void {
  if (Math.abs(to - from) < LEAST_REGION) scene.deck.seek(from);
  else sayRegion(scene);
}

/** Ctrl, or two fingers on a trackpad, zoom; sideways pans; up and down is the notebook's. */
function turnWheel(event: WheelEvent, field: Zooming): void {
  if (event.ctrlKey || event.metaKey) field.zoom(Math.exp(-event.deltaY * WHEEL * 2), field.secondsAt(event.clientX));
  else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) field.pan(field.secondsOf(event.deltaX));
  else if (event.shiftKey) field.pan(field.secondsOf(event.deltaY));
  else return;
  event.preventDefault();
}

function pinch(fingers: ReadonlyMap<number, number>, event: PointerEvent, field: Zooming): void {
  const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
  const before = fingers.get(event.pointerId);
  if (other === undefined || before === undefined) return;
  const factor = Math.max(Math.abs(event.clientX - other), 8) / Math.max(Math.abs(before - other), 8);
  field.zoom(factor, field.secondsAt((event.clientX + other) / 2));
}
