/** The canvas behind the tracks: grid and items, drawn anew only when something changed. */

import { isQuietItem } from "./audible.js";
import type { Item } from "./arrangement.js";
import { drawItem, type Easel } from "./draw_item.js";
import { readInks, type Inks } from "./inks.js";
import type { Peaks } from "./miniature.js";
import type { SongScene } from "./song_scene.js";
import { gridLines } from "./viewport.js";

/** What is to be drawn where, as the timeline knows it. */
export interface Frame {
  readonly zoom: number;
  readonly scroll: number;
  /** Pixels that the heads take at the left of the canvas. */
  readonly head: number;
  readonly width: number;
  readonly height: number;
  /** The top of the tracks on the canvas, as they are scrolled. */
  readonly top: number;
  readonly heights: readonly number[];
}

/** An item on its way under the hand. */
export interface Moving {
  readonly item: Item;
  readonly start: number;
  readonly length: number;
  readonly track: number;
}

export interface FieldCanvas {
  readonly element: HTMLCanvasElement;
  /** What the hand moves; `copies` leaves the originals as they are. */
  lift(moving: readonly Moving[], copies: boolean): void;
  draw(frame: Frame): void;
  /** Reads the page's colours anew. */
  restyle(): void;
}

const GAP = 3;

export function createFieldCanvas(scene: SongScene, redraw: () => void): FieldCanvas {
  const element = document.createElement("canvas");
  element.className = "cm-field-canvas";
  element.setAttribute("aria-hidden", "true");
  const context = element.getContext("2d");
  const peaks = createPeaks(scene, redraw);
  let inks: Inks | null = null;
  let moving: readonly Moving[] = [];
  let copies = false;
  return {
    element,
    lift(next, leaves): void {
      moving = next;
      copies = leaves;
      redraw();
    },
    restyle(): void {
      inks = null;
      redraw();
    },
    draw(frame: Frame): void {
      if (context === null || frame.width <= 0) return;
      inks ??= readInks(scene.root);
      const ratio = fit(element, frame.width, frame.height);
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, frame.width, frame.height);
      const easel: Easel = {
        context, zoom: frame.zoom, dark: inks.dark, tempo: scene.arrangement.tempo,
        font: `600 10.5px ${getComputedStyle(scene.root).fontFamily}`,
        from: frame.head, to: frame.width, peaks,
      };
      drawGrid(context, scene, frame, inks);
      drawTracks(easel, scene, frame, copies ? [] : moving);
      for (const each of moving) drawMoving(easel, frame, each, inks);
    },
  };
}

/** Gives a canvas the size of its place in device pixels; the ratio between them. */
export function fit(canvas: HTMLCanvasElement, width: number, height: number): number {
  const ratio = globalThis.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  return ratio;
}

/** The top of each track on the canvas. */
function topsOf(frame: Frame): readonly number[] {
  let top = frame.top;
  return frame.heights.map((height) => {
    top += height;
    return top - height;
  });
}

function drawGrid(context: CanvasRenderingContext2D, scene: SongScene, frame: Frame, inks: Inks): void {
  const tops = topsOf(frame);
  const bottom = (tops.at(-1) ?? frame.top) + (frame.heights.at(-1) ?? 0);
  const tracks = scene.arrangement.tracks;
  tops.forEach((top, place) => {
    context.fillStyle = tracks[place]?.kind === "lane" ? inks.wash : inks.surface;
    context.fillRect(frame.head, top, frame.width - frame.head, frame.heights[place] ?? 0);
  });
  const from = frame.scroll / frame.zoom;
  const to = from + (frame.width - frame.head) / frame.zoom;
  for (const line of gridLines(scene.arrangement.meter, from, to, frame.zoom)) {
    const x = Math.round(frame.head + line.tick * frame.zoom - frame.scroll);
    context.globalAlpha = line.weight === "bar" ? 0.9 : line.weight === "beat" ? 0.5 : 0.26;
    context.fillStyle = line.weight === "bar" ? inks.line : inks.faint;
    context.fillRect(x, frame.top, 1, bottom - frame.top);
  }
  context.globalAlpha = 1;
  context.fillStyle = inks.line;
  tops.forEach((top, place) => context.fillRect(0, top + (frame.heights[place] ?? 0) - 1, frame.width, 1));
}

function drawTracks(easel: Easel, scene: SongScene, frame: Frame, lifted: readonly Moving[]): void {
  const away = new Set(lifted.map(({ item }) => item.key));
  const tops = topsOf(frame);
  scene.arrangement.tracks.forEach((track, place) => {
    const top = tops[place] ?? 0;
    const height = frame.heights[place] ?? 0;
    if (top + height < 0 || top > frame.height) return;
    for (const item of track.items) {
      const x = frame.head + item.start * frame.zoom - frame.scroll;
      const width = item.length * frame.zoom;
      if (x > frame.width || x + width < frame.head) continue;
      const alpha = away.has(item.key) ? 0.28 : isQuietItem(scene.arrangement.song, item) ? 0.42 : 1;
      drawItem(easel, item, { x, y: top + GAP, width, height: height - 2 * GAP }, alpha);
    }
  });
}

function drawMoving(easel: Easel, frame: Frame, { item, start, length, track }: Moving, inks: Inks): void {
  const top = topsOf(frame)[track];
  if (top === undefined) return;
  const height = (frame.heights[track] ?? 0) - 2 * GAP;
  const box = { x: frame.head + start * frame.zoom - frame.scroll, y: top + GAP, width: length * frame.zoom, height };
  const { context } = easel;
  context.save();
  context.shadowColor = "rgb(0 0 0 / 35%)";
  context.shadowBlur = 10;
  context.shadowOffsetY = 3;
  context.fillStyle = inks.surface;
  context.fillRect(box.x + 2, box.y + 2, box.width - 4, height - 4);
  context.restore();
  drawItem(easel, { ...item, start, length }, box, 1);
  context.strokeStyle = inks.ink;
  context.lineWidth = 2;
  context.beginPath();
  context.roundRect(box.x + 1, box.y + 1, Math.max(1, box.width - 2), height - 2, 6);
  context.stroke();
}

/** Peaks by blob: asked for once, drawn when they come. */
function createPeaks(scene: SongScene, redraw: () => void): (blob: string) => Peaks | null {
  const kept = new Map<string, Peaks | null>();
  return (blob) => {
    const known = kept.get(blob);
    if (known !== undefined || scene.peaks === null) return known ?? null;
    kept.set(blob, null);
    scene.peaks(blob).then((peaks) => {
      kept.set(blob, peaks);
      redraw();
    }, () => kept.set(blob, null));
    return null;
  };
}
