/** The head of a row: its picture and name, mute, solo and level. */

import type { Loop } from "../gen/models.js";
import { rowFieldLine } from "./code_lines.js";
import { h, on, setAttribute, setText } from "./dom.js";
import { soundGlyph } from "./glyphs.js";
import { isMuted, isSoloed, numberOf, shortName, type Row } from "./rows.js";
import { perform, type Scene } from "./scene.js";
import { createSlider, type Slider } from "./slider.js";

export interface RowHead {
  readonly element: HTMLElement;
  /** Name, mute and solo, from left to right: the grid's cursor visits them. */
  readonly buttons: readonly [HTMLButtonElement, HTMLButtonElement, HTMLButtonElement];
  /** The picture, which hops when its sound is heard. */
  readonly picture: HTMLElement;
  update(loop: Loop, row: Row): void;
}

/** Turns mute on or off, as one gesture. */
export function toggleMute(scene: Scene, name: string): void {
  const mute = !isMuted(scene.store.revision.loop, name);
  perform(scene, rowFieldLine(name, "mute", mute), `${name} ${mute ? "muted" : "no longer muted"}`,
    (edit) => edit.setSetting(`${name}.amp.mute`, mute ? true : null));
}

/** Turns solo on or off, as one gesture. */
export function toggleSolo(scene: Scene, name: string): void {
  const solo = !isSoloed(scene.store.revision.loop, name);
  perform(scene, rowFieldLine(name, "solo", solo), `${name} ${solo ? "alone" : "no longer alone"}`,
    (edit) => edit.setSetting(`${name}.amp.solo`, solo ? true : null));
}

export function createRowHead(scene: Scene, name: string, openDrawer: () => void): RowHead {
  const picture = h("span", { class: "cm-picture" });
  const label = h("span", { class: "cm-row-name" }, shortName(name));
  const open = headButton("cm-open", `${name}, sound settings`, picture, label);
  setAttribute(open, "aria-expanded", "false");
  const mute = headButton("cm-mute", `Mute ${name}`, "M");
  const solo = headButton("cm-solo", `Solo ${name}`, "S");
  const level = createLevel(scene, name, "cm-level");
  level.input.tabIndex = -1;
  level.input.title = "Level";
  on(open, "click", openDrawer, scene.signal);
  on(mute, "click", () => toggleMute(scene, name), scene.signal);
  on(solo, "click", () => toggleSolo(scene, name), scene.signal);
  let pictured: Row["sound"] | undefined;
  return {
    element: h("div", { class: "cm-head", role: "rowheader" }, open, mute, solo, level.input),
    buttons: [open, mute, solo],
    picture,
    update(loop: Loop, row: Row): void {
      if (pictured !== row.sound) picture.replaceChildren(soundGlyph(row.sound));
      pictured = row.sound;
      setText(label, shortName(name));
      setAttribute(open, "title", row.sound === null ? `${name}: no such sound` : `${name}: ${row.sound.name}`);
      setAttribute(mute, "aria-pressed", String(isMuted(loop, name)));
      setAttribute(solo, "aria-pressed", String(isSoloed(loop, name)));
      level.update(loop);
    },
  };
}

/** Mute and solo in words, for the drawer of a narrow view, whose heads have no room for them. */
export function createSwitches(scene: Scene, name: string): { element: HTMLElement; update(loop: Loop): void } {
  const mute = h("button", { class: "cm-mute", type: "button" }, "Mute");
  const solo = h("button", { class: "cm-solo", type: "button" }, "Solo");
  on(mute, "click", () => toggleMute(scene, name), scene.signal);
  on(solo, "click", () => toggleSolo(scene, name), scene.signal);
  return {
    element: h("div", { class: "cm-drawer-switches" }, mute, solo),
    update(loop: Loop): void {
      setAttribute(mute, "aria-pressed", String(isMuted(loop, name)));
      setAttribute(solo, "aria-pressed", String(isSoloed(loop, name)));
    },
  };
}

/** The row's level as a slider. */
export function createLevel(scene: Scene, name: string, className: string): Slider {
  return createSlider(scene, {
    label: `${name} level`, low: 0, high: 1, step: 0.01, className,
    value: (loop) => numberOf(loop, name, "amp.level", 0.8),
    write: (edit, value) => edit.setSetting(`${name}.amp.level`, value),
    code: (value) => rowFieldLine(name, "level", value),
    say: (value) => value.toFixed(2),
  });
}

function headButton(className: string, label: string, ...children: readonly (Node | string)[]): HTMLButtonElement {
  return h("button", { class: className, type: "button", tabindex: -1, "aria-label": label, title: label }, ...children);
}
