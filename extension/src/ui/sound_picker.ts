/** "Add a sound": the library by category, for the sounds that the loop does not use yet. */

import type { LoopRevision } from "../core/loop_store.js";
import { soundOfRow } from "../core/rows.js";
import { SOUNDS, type Sound } from "../gen/sounds.js";
import { h, on, setAttribute } from "./dom.js";
import { glyph, soundGlyph } from "./glyphs.js";
import { createPanel } from "./popover.js";
import type { Category } from "./rows.js";
import type { StepGrid } from "./step_grid.js";
import type { Part, Scene } from "./scene.js";

const CATEGORY_NAMES: Readonly<Record<Category, string>> = {
  synth: "Synths",
  drum: "Drums",
  bass: "Basses",
  fx: "Effects",
};

/** The button of the grid's foot, and the panel that it opens. */
export function createSoundPicker(scene: Scene, grid: StepGrid): Part {
  const panel = createPanel("Add a sound", "cm-sound-picker", scene.signal);
  const open = h("button", {
    class: "cm-add-sound", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false",
  }, glyph("plus"), "Add a sound");
  const tiles = fillWithSounds(panel.element, (sound) => {
    panel.close();
    grid.addRow(sound.id);
  }, scene.signal);
  on(open, "click", () => panel.open(open), scene.signal);
  return {
    element: h("div", { class: "cm-grid-foot" }, open, panel.element),
    update({ loop }: LoopRevision): void {
      const shown = new Set(grid.rowNames.map((name) => soundOfRow(loop, name)?.id));
      for (const [sound, tile] of tiles) setAttribute(tile, "disabled", shown.has(sound.id));
      setAttribute(open, "disabled", !scene.store.editable);
    },
  };
}

/** Puts the library's sounds into a panel, by category, and gives their tiles. */
export function fillWithSounds(
  panel: HTMLElement, pick: (sound: Sound) => void, signal: AbortSignal,
): ReadonlyMap<Sound, HTMLElement> {
  const tiles = new Map<Sound, HTMLElement>();
  for (const [category, title] of Object.entries(CATEGORY_NAMES)) {
    const sounds = SOUNDS.filter((sound) => sound.category === category);
    const row = h("div", { class: "cm-tiles", role: "group", "aria-label": title });
    for (const sound of sounds) {
      const tile = createTile(sound);
      tiles.set(sound, tile);
      row.append(tile);
      on(tile, "click", () => pick(sound), signal);
    }
    panel.append(h("h3", { class: "cm-panel-title" }, title), row);
  }
  tiles.values().next().value?.setAttribute("data-first", "");
  return tiles;
}

function createTile(sound: Sound): HTMLElement {
  return h("button", { class: "cm-tile", type: "button", "data-category": sound.category, title: sound.id },
    soundGlyph(sound), h("span", {}, sound.name));
}
