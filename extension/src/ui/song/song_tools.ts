/** The tools over the timeline: add, cut, copy, delete, the grid, zoom, and what is shown. */

import { h, on, setAttribute } from "../dom.js";
import { glyph } from "../glyphs.js";
import { createPanel } from "../popover.js";
import { duplicateItems, extent, removeItems } from "./edits.js";
import { actionButton } from "./form.js";
import { toggleBarsLock } from "./locks.js";
import { addMarker, addSection } from "./signs_model.js";
import { quiet, toggle } from "./song_header.js";
import { doDeed, positionOf, selectedItems, type SongPart, type SongScene } from "./song_scene.js";
import { splitAtPosition } from "./timeline_keys.js";
import type { TimelineView } from "./timeline_view.js";
import { GRIDS, GRID_NAMES, snapDown, type Grid } from "./viewport.js";

export interface Additions {
  addStem(anchor: HTMLElement): void;
  addReturn(): void;
  addTempo(tick: number, anchor: HTMLElement): void;
}

/** A part of the view that can be shown or not. */
export interface Shelf {
  readonly name: string;
  readonly picture: "pads" | "sliders";
  readonly element: HTMLElement;
  readonly open: boolean;
}

export function createSongTools(scene: SongScene, view: TimelineView, additions: Additions, shelves: readonly Shelf[]): SongPart {
  const cut = quiet("scissors", "Split at the playhead (S)", () => splitAtPosition(scene, selectedItems(scene)), scene.signal);
  const copy = quiet("duplicate", "Duplicate (D)", () => {
    const items = selectedItems(scene);
    doDeed(scene, duplicateItems(scene.arrangement, items, extent(items), 0));
  }, scene.signal);
  const remove = quiet("trash", "Delete (Del)", () => doDeed(scene, removeItems(scene.arrangement, selectedItems(scene))), scene.signal);
  const onItems = [cut, copy, remove];
  const add = createAdd(scene, additions);
  const show = (): void => {
    const isIdle = scene.choices.selection.size === 0 || !scene.store.editable;
    for (const button of onItems) button.disabled = isIdle;
  };
  scene.onChoice(show);
  const element = h("div", { class: "cm-song-tools", role: "group", "aria-label": "Arrange" },
    h("div", { class: "cm-tool-group" }, ...shelves.map((shelf) => createShelf(scene, shelf))),
    h("div", { class: "cm-tool-group cm-edit-tools" }, add.button, ...onItems), add.panel,
    h("div", { class: "cm-tool-group cm-zoom-tools" },
      createGridChoice(scene),
      createFollow(scene),
      quiet("minus", "Zoom out (\u2212)", () => view.zoomBy(1 / 1.6), scene.signal),
      quiet("fit", "Show the whole song (0)", () => view.zoomOut(), scene.signal),
      quiet("plus", "Zoom in (+)", () => view.zoomBy(1.6), scene.signal)));
  return {
    element,
    update(): void {
      show();
      add.button.disabled = !scene.store.editable;
    },
  };
}

function createShelf(scene: SongScene, shelf: Shelf): HTMLElement {
  const button = toggle(shelf.picture, shelf.name, () => {
    shelf.element.hidden = !shelf.element.hidden;
    setAttribute(button, "aria-pressed", String(!shelf.element.hidden));
  }, scene.signal);
  button.append(h("span", { class: "cm-tool-word" }, shelf.name));
  shelf.element.hidden = !shelf.open;
  setAttribute(button, "aria-pressed", String(shelf.open));
  return button;
}

function createFollow(scene: SongScene): HTMLElement {
  const button = toggle("follow", "Follow the playhead (F)", () => scene.choose({ follows: !scene.choices.follows }), scene.signal);
  const show = (): void => setAttribute(button, "aria-pressed", String(scene.choices.follows));
  scene.onChoice(show);
  show();
  return button;
}

function createGridChoice(scene: SongScene): HTMLElement {
  const list = h("select", { class: "cm-select cm-grid-choice", "aria-label": "Snap to" }, ...GRIDS.map((grid) => h("option", { value: grid }, GRID_NAMES[grid])));
  on(list, "change", () => scene.choose({ grid: list.value as Grid }), scene.signal);
  return h("label", { class: "cm-field" }, h("span", { class: "cm-field-name" }, "Snap"), list);
}

function createAdd(scene: SongScene, additions: Additions): { button: HTMLButtonElement; panel: HTMLElement } {
  const panel = createPanel("Add to the song", "cm-menu", scene.signal);
  const button = h("button", { class: "cm-quiet cm-add", type: "button", "aria-haspopup": "dialog", "aria-expanded": "false" }, glyph("plus"), "Add");
  on(button, "click", () => panel.open(button), scene.signal);
  const entry = (picture: Parameters<typeof actionButton>[0], label: string, act: () => void): HTMLButtonElement =>
    actionButton(picture, label, scene.signal, () => {
      panel.close();
      act();
    });
  const place = (): number => {
    const { meter } = scene.arrangement;
    return snapDown(meter, positionOf(scene), "bar", 1);
  };
  const first = entry("wave", "Stem\u2026", () => additions.addStem(button));
  first.setAttribute("data-first", "");
  panel.element.append(
    first,
    entry("sliders", "Return", () => additions.addReturn()),
    entry("stack", "Section", () => {
      const { meter } = scene.arrangement;
      const [start, end] = stretchOf(scene) ?? [place(), place() + meter.meterAt(place()).ticksPerBar * 4];
      doDeed(scene, addSection(scene.arrangement, start, end - start));
    }),
    entry("flag", "Marker", () => doDeed(scene, addMarker(scene.arrangement, place()))),
    entry("metronome", "Tempo or meter change", () => additions.addTempo(place(), button)),
    entry("lock", "Lock, or open, the marked bars", () => toggleBarsLock(scene)),
  );
  return { button, panel: panel.element };
}

/** The stretch that is selected or marked. */
function stretchOf(scene: SongScene): readonly [number, number] | null {
  const items = selectedItems(scene);
  if (items.length === 0) return scene.choices.loops ? scene.choices.region : null;
  return [Math.min(...items.map((item) => item.start)), Math.max(...items.map((item) => item.start + item.length))];
}
