/** The ruler: bars, tempo ramps, the stretch that repeats; a click moves the playhead. */

import { h, on, setAttribute } from "../dom.js";
import { SLACK } from "../painting.js";
import { fit, type Frame } from "./field_canvas.js";
import { readInks, type Inks } from "./inks.js";
import { createLockedBars } from "./locks.js";
import { seekTo, tellPlayer, type SongPart, type SongScene } from "./song_scene.js";
import type { TimelineView } from "./timeline_view.js";
import { gridLines, zoneAt } from "./viewport.js";
import { sayPlace, saySpan } from "./words.js";

export const RULER = 26;

export interface Ruler extends SongPart {
  readonly canvas: HTMLCanvasElement;
  draw(frame: Frame): void;
  restyle(): void;
}

export function createRuler(scene: SongScene, view: () => TimelineView): Ruler {
  const canvas = h("canvas", { class: "cm-ruler-canvas", "aria-hidden": "true" });
  const region = h("div", { class: "cm-region", "aria-hidden": "true" });
  const locked = createLockedBars(scene, () => view().total);
  const element = h("div", { class: "cm-song-ruler" }, locked.element, region);
  const context = canvas.getContext("2d");
  let inks: Inks | null = null;
  const show = (): void => {
    const { region: stretch, loops } = scene.choices;
    region.hidden = stretch === null;
    setAttribute(region, "data-on", loops);
    if (stretch === null) return;
    const { total } = view();
    region.style.left = `${(stretch[0] / total) * 100}%`;
    region.style.width = `${((stretch[1] - stretch[0]) / total) * 100}%`;
  };
  scene.onChoice(show);
  listen(scene, view, element);
  return {
    element,
    canvas,
    update(revision): void {
      show();
      locked.update(revision);
    },
    restyle(): void {
      inks = null;
    },
    draw(frame: Frame): void {
      show();
      if (context === null || frame.width <= 0) return;
      inks ??= readInks(scene.root);
      const ratio = fit(canvas, frame.width, RULER);
      canvas.style.marginRight = `${-frame.width}px`;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      drawRuler(context, scene, frame, inks);
    },
  };
}

function drawRuler(context: CanvasRenderingContext2D, scene: SongScene, frame: Frame, inks: Inks): void {
  context.clearRect(0, 0, frame.width, RULER);
  context.font = `600 11px ${getComputedStyle(scene.root).fontFamily}`;
  context.textBaseline = "middle";
  const from = frame.scroll / frame.zoom;
  const to = from + (frame.width - frame.head) / frame.zoom;
  for (const line of gridLines(scene.arrangement.meter, from, to, frame.zoom)) {
    const x = Math.round(frame.head + line.tick * frame.zoom - frame.scroll);
    const tall = line.label !== null ? RULER : line.weight === "bar" ? 9 : line.weight === "beat" ? 6 : 3;
    context.fillStyle = line.weight === "bar" ? inks.edge : inks.faint;
    context.globalAlpha = line.label === null ? 1 : 0.55;
    context.fillRect(x, RULER - tall, 1, tall);
    context.globalAlpha = 1;
    if (line.label === null) continue;
    context.fillStyle = inks.soft;
    context.fillText(String(line.label), x + 4, RULER / 2 - 1);
  }
}

interface Press {
  readonly pointer: number;
  readonly x: number;
  readonly from: number;
  /** The stretch that is moved or stretched, if the press began on it. */
  readonly grabbed: { readonly zone: "start" | "body" | "end"; readonly region: readonly [number, number] } | null;
  isDrag: boolean;
}

function listen(scene: SongScene, view: () => TimelineView, element: HTMLElement): void {
  let press: Press | null = null;
  on(element, "pointerdown", (event) => {
    if (event.button !== 0 || press !== null) return;
    const { region } = scene.choices;
    const box = (event.target as Element).closest(".cm-region")?.getBoundingClientRect();
    const grabbed = region === null || box === undefined ? null
      : { zone: zoneAt(event.clientX - box.left, box.width, event.pointerType === "touch"), region };
    press = { pointer: event.pointerId, x: event.clientX, from: view().tickAt(event.clientX), grabbed, isDrag: false };
    element.setPointerCapture(event.pointerId);
  }, scene.signal);
  on(element, "pointermove", (event) => {
    if (press?.pointer !== event.pointerId) return;
    if (!press.isDrag && Math.abs(event.clientX - press.x) <= SLACK) return;
    press.isDrag = true;
    const region = stretched(view(), press, view().tickAt(event.clientX), event.altKey);
    if (region !== null) scene.choose({ region, loops: true });
  }, scene.signal);
  on(element, "pointerup", (event) => {
    if (press?.pointer !== event.pointerId) return;
    if (press.isDrag) sayRegion(scene);
    else goTo(scene, view().snap(view().tickAt(event.clientX), event.altKey));
    press = null;
  }, scene.signal);
  on(element, "pointercancel", () => { press = null; }, scene.signal);
}

function stretched(view: TimelineView, press: Press, tick: number, free: boolean): readonly [number, number] | null {
  const way = tick - press.from;
  const { grabbed } = press;
  if (grabbed === null) return ordered(view.snap(press.from, free), view.snap(tick, free));
  const [start, end] = grabbed.region;
  if (grabbed.zone === "start") return ordered(view.snap(start + way, free), end);
  if (grabbed.zone === "end") return ordered(start, view.snap(end + way, free));
  const moved = view.snap(Math.max(0, start + way), free);
  return [moved, moved + end - start];
}

function ordered(one: number, other: number): readonly [number, number] | null {
  return one === other ? null : [Math.min(one, other), Math.max(one, other)];
}

function goTo(scene: SongScene, tick: number): void {
  seekTo(scene, tick);
  scene.announce(sayPlace(scene.arrangement.meter, tick));
}

/** Tells what repeats now, and the player with it. */
export function sayRegion(scene: SongScene): void {
  const { region, loops } = scene.choices;
  tellPlayer(scene);
  if (region === null || !loops) return scene.announce("Nothing repeats");
  scene.announce(`Repeats ${saySpan(scene.arrangement.meter, region[0], region[1] - region[0])}`);
}

/** Turns the repeat on or off; without a stretch it takes the selection, or the whole song. */
export function toggleRegion(scene: SongScene): void {
  const { loops, region, selection } = scene.choices;
  const items = [...selection].flatMap((key) => scene.arrangement.items.get(key) ?? []);
  const found = region ?? (items.length > 0
    ? [Math.min(...items.map((item) => item.start)), Math.max(...items.map((item) => item.start + item.length))] as const
    : [0, scene.arrangement.end] as const);
  scene.choose({ loops: !loops, region: found });
  sayRegion(scene);
}
