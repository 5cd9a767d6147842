/** The level of what sounds: a bar with a peak that falls slowly, and the listener's volume. */

import type { Sounding } from "./scene.js";
import { h, on } from "./dom.js";
import { glyph } from "./glyphs.js";

/** How much of the shown level stays after one frame without a louder peak. */
const FALL = 0.9;
/** Frames that the peak mark rests before it falls. */
const REST = 40;
const FLOOR_DB = -48;

export interface LevelMeter {
  readonly element: HTMLElement;
  /** `peak` is linear amplitude, 1 is full scale. */
  show(peak: number): void;
  rest(): void;
}

/** 0 … 1 on a scale in decibels from −48 to 0. */
export function meterScale(peak: number): number {
  if (peak <= 0) return 0;
  return Math.max(0, Math.min(1, 1 - (20 * Math.log10(peak)) / FLOOR_DB));
}

export function createMeter(): LevelMeter {
  const bar = h("span", { class: "cm-meter-bar" });
  const mark = h("span", { class: "cm-meter-mark" });
  const element = h("span", { class: "cm-meter", "aria-hidden": "true" }, bar, mark);
  let level = 0;
  let top = 0;
  let rested = 0;
  const draw = (): void => {
    bar.style.transform = `scaleX(${level.toFixed(3)})`;
    mark.style.transform = `translateX(${(top * 100).toFixed(1)}%)`;
  };
  return {
    element,
    show(peak: number): void {
      const height = meterScale(peak);
      level = Math.max(height, level * FALL);
      rested += 1;
      if (height >= top) [top, rested] = [height, 0];
      else if (rested > REST) top = Math.max(0, top - 0.02);
      draw();
    },
    rest(): void {
      level = 0;
      top = 0;
      draw();
    },
  };
}

/** The listener's own volume; it belongs to nobody's document, and so to no gesture. */
export function createVolume(scene: Sounding): HTMLElement {
  const slider = h("input", {
    type: "range", class: "cm-slider cm-volume", min: 0, max: 1, step: 0.01,
    "aria-label": "Volume for you alone", title: "Volume, for you alone",
  });
  const show = (): void => {
    slider.value = String(scene.player.volume);
    slider.style.setProperty("--cm-at", `${scene.player.volume * 100}%`);
  };
  on(slider, "input", () => {
    scene.player.volume = Number(slider.value);
    show();
  }, scene.signal);
  scene.player.subscribe(show, scene.signal);
  show();
  return h("label", { class: "cm-volume-box" }, glyph("speaker"), slider);
}
