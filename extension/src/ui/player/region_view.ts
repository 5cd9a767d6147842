/** The region from A to B over the wave, and its two ends that can be dragged. */

import { h, on, setAttribute } from "../dom.js";
import { snapped, withEnd } from "./places.js";
import { sayRegion, type PlayerPart, type PlayerScene } from "./player_scene.js";
import { shareOf, type Viewport } from "./viewport.js";
import { spoken } from "./words.js";

/** Pixels within which an end jumps to a bar or a marker. */
const REACH = 8;
const NAMES = ["A", "B"] as const;

export interface RegionView extends PlayerPart {
  show(view: Viewport): void;
}

export interface Field {
  /** The seconds under a place of the window. */
  secondsAt(clientX: number): number;
  /** Seconds of so many pixels. */
  secondsOf(pixels: number): number;
}

export function createRegion(scene: PlayerScene, field: Field): RegionView {
  const shade = h("div", { class: "cm-region" });
  const ends = ([0, 1] as const).map((which) => createEnd(scene, field, which));
  const element = h("div", { class: "cm-region-layer" }, shade, ...ends);
  let view: Viewport = { from: 0, span: scene.deck.duration };
  const update = (): void => {
    const { region, repeat } = scene.deck.settings;
    element.hidden = region === null;
    setAttribute(element, "data-on", repeat);
    if (region === null) return;
    const shares = region.map((at) => shareOf(view, at));
    const [left = 0, right = 1] = shares.map((share) => Math.min(Math.max(share, 0), 1));
    shade.style.left = `${left * 100}%`;
    shade.style.width = `${(right - left) * 100}%`;
    ends.forEach((end, which) => {
      const share = shares[which] ?? 0;
      end.hidden = share < -1e-6 || share > 1 + 1e-6;
      end.style.left = `${share * 100}%`;
      setAttribute(end, "aria-valuenow", (region[which] ?? 0).toFixed(2));
      setAttribute(end, "aria-valuetext", spoken(region[which] ?? 0));
    });
  };
  return {
    element,
    update,
    show(next): void {
      view = next;
      update();
    },
  };
}

function createEnd(scene: PlayerScene, field: Field, which: 0 | 1): HTMLElement {
  const name = NAMES[which];
  const end = h("div", {
    class: "cm-region-end", role: "slider", tabindex: "0", "data-end": name,
    "aria-label": which === 0 ? "Region start, A" : "Region end, B",
    "aria-valuemin": 0, "aria-valuemax": scene.deck.duration.toFixed(2),
  }, h("span", { class: "cm-region-name", "aria-hidden": "true" }, name));
  const move = (seconds: number): void => {
    scene.deck.change({ region: withEnd(scene.deck.settings.region, which, seconds, scene.deck.duration) });
  };
  on(end, "pointerdown", (event) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    end.setPointerCapture(event.pointerId);
    end.dataset["dragged"] = "";
  }, scene.signal);
  on(end, "pointermove", (event) => {
    if (end.dataset["dragged"] === undefined) return;
    const seconds = field.secondsAt(event.clientX);
    move(event.altKey ? seconds : snapped(scene.deck, seconds, field.secondsOf(REACH)));
  }, scene.signal);
  for (const type of ["pointerup", "pointercancel"] as const) {
    on(end, type, () => {
      if (end.dataset["dragged"] === undefined) return;
      delete end.dataset["dragged"];
      sayRegion(scene);
    }, scene.signal);
  }
  on(end, "keydown", (event) => {
    const by = stepOf(event, scene, which);
    if (by === null) return;
    event.preventDefault();
    move(by);
  }, scene.signal);
  return end;
}

/** Where a key moves an end: a tenth of a second, with Shift to the next bar. */
function stepOf(event: KeyboardEvent, { deck }: PlayerScene, which: 0 | 1): number | null {
  const way = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
  const at = deck.settings.region?.[which];
  if (way === undefined || at === undefined) return null;
  const places = deck.bars.length > 0 ? deck.bars : deck.marks.map(([mark]) => mark);
  if (!event.shiftKey || places.length === 0) return Math.min(Math.max(at + way * 0.1, 0), deck.duration);
  const next = way > 0 ? places.find((place) => place > at + 1e-3) : places.findLast((place) => place < at - 1e-3);
  return next ?? (way > 0 ? deck.duration : 0);
}
