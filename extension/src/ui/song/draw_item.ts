/** Draws one block or segment: its ground, name, repeats, miniature and fades. */

import type { TempoMap } from "../../core/tempo_map.js";
import type { Loop, Segment } from "../../gen/models.js";
import type { Item } from "./arrangement.js";
import { itemInks, type ItemInks } from "./inks.js";
import { extremes, fadeGain, firstNoteAt, loopMarks, noteField, type Peaks } from "./miniature.js";

/** Where an item is drawn, in CSS pixels of the canvas. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What holds for all items of one picture. */
export interface Easel {
  readonly context: CanvasRenderingContext2D;
  readonly zoom: number;
  readonly dark: boolean;
  readonly font: string;
  readonly tempo: TempoMap;
  /** The columns of the canvas that can be seen. */
  readonly from: number;
  readonly to: number;
  peaks(blob: string): Peaks | null;
}

const TITLE = 16;
const PICTURE_WIDTHS = [64, 128, 256, 512, 1024];

/** Draws an item; `alpha` below 1 for what is muted or on its way. */
export function drawItem(easel: Easel, item: Item, box: Box, alpha: number): void {
  const { context } = easel;
  const inks = itemInks(item.color, easel.dark);
  context.save();
  context.globalAlpha = alpha;
  context.beginPath();
  context.roundRect(box.x + 0.5, box.y + 0.5, Math.max(1, box.width - 1), box.height - 1, Math.min(6, box.width / 3));
  context.fillStyle = inks.ground;
  context.fill();
  context.clip();
  context.fillStyle = inks.title;
  context.fillRect(box.x, box.y, box.width, titleHeight(box));
  drawContent(easel, item, contentBox(box), inks);
  if (item.segment !== null) drawFades(easel, item.segment, box, inks);
  drawName(easel, item, box, inks);
  context.restore();
}

const titleHeight = (box: Box): number => (box.height >= 34 ? TITLE : 4);

function contentBox(box: Box): Box {
  const top = titleHeight(box) + 3;
  return { x: box.x, y: box.y + top, width: box.width, height: Math.max(4, box.height - top - 4) };
}

function drawName(easel: Easel, item: Item, box: Box, inks: ItemInks): void {
  if (box.height < 34 || box.width < 18) return;
  const { context } = easel;
  const left = Math.max(box.x, easel.from) + 6;
  context.beginPath();
  context.rect(box.x, box.y, box.width - 4, TITLE);
  context.clip();
  context.font = easel.font;
  context.textBaseline = "middle";
  context.fillStyle = inks.text;
  context.fillText(item.name, left, box.y + TITLE / 2 + 0.5);
}

function drawContent(easel: Easel, item: Item, box: Box, inks: ItemInks): void {
  const { segment } = item;
  if (item.loop !== null && item.turn > 0) drawTurns(easel, item, item.loop, box, inks);
  else if (segment?.kind === "midi") drawNotes(easel, segment, box, inks);
  else if (segment?.kind === "audio") drawWave(easel, segment, box, inks);
}

/** The loop's steps once for each turn, and a mark between turns. */
function drawTurns(easel: Easel, item: Item, loop: Loop, box: Box, inks: ItemInks): void {
  const { context } = easel;
  const width = item.turn * easel.zoom;
  if (width < 3) return;
  const phase = item.segment === null ? 0 : item.segment.offset % item.turn;
  const begin = box.x - phase * easel.zoom;
  const first = Math.max(0, Math.floor((Math.max(box.x, easel.from) - begin) / width));
  for (let turn = first; begin + turn * width < Math.min(box.x + box.width, easel.to); turn += 1) {
    const x = begin + turn * width;
    drawMarks(easel, loop, { ...box, x, width }, inks);
    if (x > box.x + 1) drawRepeat(context, x, box, inks);
  }
}

function drawRepeat(context: CanvasRenderingContext2D, x: number, box: Box, inks: ItemInks): void {
  const at = Math.round(x);
  context.fillStyle = inks.title;
  context.fillRect(at - 0.5, box.y - 2, 1, box.height + 6);
  context.beginPath();
  context.moveTo(at - 4, box.y - 3);
  context.lineTo(at + 4, box.y - 3);
  context.lineTo(at, box.y + 2);
  context.fill();
}

/** A loop's marks: as a picture that is kept, or one by one where they are large. */
function drawMarks(easel: Easel, loop: Loop, box: Box, inks: ItemInks): void {
  const ratio = easel.context.getTransform().a;
  const wanted = PICTURE_WIDTHS.find((width) => width >= box.width * ratio);
  if (wanted === undefined) return paintMarks(easel.context, loop, box, inks, easel.from, easel.to);
  const picture = pictureOf(loop, wanted, Math.round(box.height * ratio), inks);
  easel.context.drawImage(picture, box.x, box.y, box.width, box.height);
}

const pictures = new WeakMap<Loop, Map<string, HTMLCanvasElement>>();

function pictureOf(loop: Loop, width: number, height: number, inks: ItemInks): HTMLCanvasElement {
  const kept = pictures.get(loop) ?? new Map<string, HTMLCanvasElement>();
  pictures.set(loop, kept);
  const key = `${width}/${height}/${inks.mark}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = Math.max(1, height);
  const context = canvas.getContext("2d");
  if (context !== null) paintMarks(context, loop, { x: 0, y: 0, width, height }, inks, 0, width);
  kept.set(key, canvas);
  return canvas;
}

/** Draws the marks of a loop into a box. */
export function paintMarks(context: CanvasRenderingContext2D, loop: Loop, box: Box, inks: ItemInks, from: number, to: number): void {
  context.fillStyle = inks.mark;
  const alpha = context.globalAlpha;
  for (const mark of loopMarks(loop)) {
    const x = box.x + mark.x * box.width;
    const width = Math.max(1, mark.width * box.width * 0.86);
    if (x + width < from || x > to) continue;
    const height = Math.max(1, mark.height * box.height - 1);
    context.globalAlpha = alpha * (0.45 + 0.55 * mark.strength);
    context.fillRect(x, box.y + mark.y * box.height, width, Math.min(7, height));
  }
  context.globalAlpha = alpha;
}

function drawNotes(easel: Easel, segment: Segment, box: Box, inks: ItemInks): void {
  const field = noteField(segment.notes);
  const { context, zoom } = easel;
  context.fillStyle = inks.mark;
  const thick = Math.max(1.5, Math.min(5, box.height / field.span - 0.5));
  const begin = box.x - segment.offset * zoom;
  const lastTick = segment.offset + segment.length;
  for (let at = firstNoteAt(field, (easel.from - begin) / zoom); at < field.count; at += 1) {
    const start = field.starts[at] ?? 0;
    if (start >= lastTick || begin + start * zoom > easel.to) return;
    const end = Math.min(field.ends[at] ?? start, lastTick);
    const y = box.y + (1 - (field.heights[at] ?? 0)) * (box.height - thick) - thick / 2;
    context.fillRect(begin + start * zoom, Math.max(box.y, y), Math.max(1, (end - start) * zoom - 0.5), thick);
  }
}

const RATE = 48000;

/** The wave of an audio segment; a plain band where its peaks are not known. */
function drawWave(easel: Easel, segment: Segment, box: Box, inks: ItemInks): void {
  const { context, tempo } = easel;
  const peaks = segment.blob === null ? null : easel.peaks(segment.blob);
  const middle = box.y + box.height / 2;
  context.fillStyle = inks.mark;
  context.fillRect(box.x, middle - 0.5, box.width, 1);
  const from = Math.max(box.x, easel.from);
  const to = Math.min(box.x + box.width, easel.to);
  if (peaks === null) {
    context.globalAlpha *= 0.35;
    context.fillRect(from, middle - box.height * 0.22, Math.max(0, to - from), box.height * 0.44);
    return;
  }
  const start = tempo.secondsAt(segment.start);
  const frameAt = (x: number): number => segment.offset + (tempo.secondsAt(segment.start + (x - box.x) / easel.zoom) - start) * RATE;
  let frame = frameAt(from);
  for (let x = from; x < to; x += 1) {
    const next = frameAt(x + 1);
    const [low, high] = extremes(peaks, frame, Math.max(next, frame + 1));
    context.fillRect(x, middle - high * box.height * 0.5, 1, Math.max(1, (high - low) * box.height * 0.5));
    frame = next;
  }
}

/** Darkens what a fade takes away, under a line of its curve. */
function drawFades(easel: Easel, segment: Segment, box: Box, inks: ItemInks): void {
  const { tempo, zoom } = easel;
  const begins = tempo.secondsAt(segment.start);
  const ends = tempo.secondsAt(segment.start + segment.length);
  if (segment.fade_in > 0) {
    const width = (tempo.tickAt(begins + segment.fade_in / 1000) - segment.start) * zoom;
    drawFade(easel, box, box.x, Math.min(width, box.width), segment.fade_in_curve, inks);
  }
  if (segment.fade_out > 0) {
    const width = (segment.start + segment.length - tempo.tickAt(Math.max(begins, ends - segment.fade_out / 1000))) * zoom;
    drawFade(easel, box, box.x + box.width, -Math.min(width, box.width), segment.fade_out_curve, inks);
  }
}

function drawFade({ context, dark }: Easel, box: Box, edge: number, width: number, curve: string, inks: ItemInks): void {
  const points = Array.from({ length: 17 }, (_, at) => [edge + (width * at) / 16, box.y + box.height * (1 - fadeGain(curve, at / 16))] as const);
  const trace = (): void => points.forEach(([x, y], at) => (at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.beginPath();
  trace();
  context.lineTo(edge, box.y);
  context.closePath();
  context.fillStyle = dark ? "rgb(0 0 0 / 42%)" : "rgb(255 255 255 / 55%)";
  context.fill();
  context.beginPath();
  trace();
  context.strokeStyle = inks.mark;
  context.lineWidth = 1.4;
  context.stroke();
}
