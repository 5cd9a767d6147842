/** The loop as people see and play it: header, chords, steps. One call builds it all. */

import type { LoopRevision, LoopStore } from "../core/loop_store.js";
import type { Playable, Player } from "../core/player.js";
import { accentOf } from "./accent.js";
import { createAnnouncer } from "./announce.js";
import { createChordEditor } from "./chord_editor.js";
import { createChordLane } from "./chord_lane.js";
import { h, setAttribute, setText } from "./dom.js";
import { glyph } from "./glyphs.js";
import { createHelp, type Help } from "./help.js";
import { guardKeys, isControl } from "./keyboard.js";
import { createBars, createKey, createMeterSign, createName, createSwing, createTempo } from "./loop_fields.js";
import { createMeter, createVolume } from "./meter.js";
import { createPalette, type Palette } from "./palette.js";
import { createPlayhead } from "./playhead.js";
import { createPythonLine } from "./python_line.js";
import { togglePlay, type Part, type Scene } from "./scene.js";
import { joinLoop } from "./room/loop_room.js";
import { whenSeated, type Seating } from "./room/seating.js";
import { createSoundPicker } from "./sound_picker.js";
import { createStage, type Stage } from "./stage.js";
import { createStepGrid } from "./step_grid.js";
import { adoptStyles } from "./styles/adopt.js";
import { createHistory, createPlayButton, createSoundFailure, createSoundOpener, historyKey } from "./transport.js";

export interface MountOptions {
  /** Ends the view: its listeners, its drawing and its elements. */
  readonly signal: AbortSignal;
  /** Leaves out the palette and the line of Python. */
  readonly compact?: boolean;
  /** The room that the loop is in, where it has one: it may come later. */
  readonly room?: Seating;
}

/** Builds the loop's view inside `el` and keeps it true to the store until the signal ends. */
export function mountLoop(
  el: HTMLElement,
  store: LoopStore,
  player: Player,
  playable: () => Playable,
  options: MountOptions,
): void {
  const { signal } = options;
  const root = h("section", {
    class: "cm-loop", "data-compact": options.compact === true,
  });
  const announcer = createAnnouncer();
  const python = createPythonLine(announcer.say, signal);
  const scene: Scene = {
    root, store, player, playable, signal,
    announce: announcer.say,
    showCode: python.show,
  };
  const parts = build(scene, options, options.compact === true ? null : python.element, announcer.element);
  el.append(root);
  adoptStyles(root);
  if (!root.isConnected) requestAnimationFrame(() => adoptStyles(root));
  const update = (revision: LoopRevision): void => {
    setAttribute(root, "aria-label", `Loop ${revision.loop.name}`);
    setAttribute(root, "data-locked", !store.editable);
    paint(root, revision.loop.color);
    python.allow(store.editable, (store.closed ?? null) !== null);
    for (const part of parts) part.update(revision);
    if (player.stateOf(playable().id) === "playing") player.update(playable());
  };
  update(store.revision);
  store.subscribe(update, signal);
  signal.addEventListener("abort", () => root.remove());
}

/** The loop's own colour as accent, with what can be read on it. */
function paint(root: HTMLElement, color: string): void {
  const accent = accentOf(color);
  root.style.setProperty("--cm-accent", accent.color);
  root.style.setProperty("--cm-button", accent.button);
  root.style.setProperty("--cm-on-accent", accent.ink);
}

/** Builds every part into the root; the parts are updated in the order given. */
function build(scene: Scene, { room, compact = false }: MountOptions, python: HTMLElement | null, announcer: HTMLElement): readonly Part[] {
  const editor = createChordEditor(scene);
  const grid = createStepGrid(scene);
  const meter = createMeter();
  const help = createHelp(scene);
  let palette: Palette | null = null;
  const lane = createChordLane(scene, {
    openEditor: editor.open.bind(editor),
    dropCarried: (cell) => palette?.dropCarried(cell) ?? false,
  });
  palette = createPalette(scene, () => lane);
  const playhead = createPlayhead(scene, { stage: (): Stage => stage, grid, lane, meter });
  const stage: Stage = createStage(scene, [lane.element, grid.element], playhead.element);
  const picker = createSoundPicker(scene, grid);
  const header = createHeader(scene, help, [meter.element, createVolume(scene)]);
  const tools = h("div", { class: "cm-tools" }, palette.element, stage.pager);
  const closed = createClosed(scene);
  const foot = h("div", { class: "cm-foot" }, picker.element, ...(python === null ? [] : [python]));
  scene.root.append(header.element, createSoundFailure(scene), closed.element, tools, stage.element, foot, editor.element, help.element, announcer);
  listenToKeys(scene, help);
  playhead.watch();
  whenSeated(room, scene.signal, (seat) => joinLoop(scene, { header: header.element, stage: stage.element, grid: grid.element }, seat, compact));
  const editing: Part = { element: editor.element, update: () => editor.update() };
  return [header, closed, palette, lane, grid, stage, picker, editing];
}

/** Why nothing can be changed here though something could elsewhere: the loop is locked. */
function createClosed({ store }: Scene): Part {
  const words = h("span", {});
  const element = h("p", { class: "cm-closed", role: "note", hidden: true }, glyph("lock"), words);
  return {
    element,
    update(): void {
      setText(words, store.closed ?? "");
      element.hidden = words.textContent === "";
    },
  };
}

function createHeader(scene: Scene, help: Help, sounding: readonly HTMLElement[]): Part {
  const name = createName(scene);
  const fields = [createTempo(scene), createMeterSign(), createSwing(scene), createBars(scene), createKey(scene)];
  const history = createHistory(scene);
  const parts = [name, ...fields, history];
  return {
    element: h("header", { class: "cm-header" },
      createPlayButton(scene),
      h("div", { class: "cm-title" }, name.element, h("div", { class: "cm-listening" }, createSoundOpener(scene), ...sounding)),
      h("div", { class: "cm-fields" }, ...fields.map((field) => field.element)),
      h("div", { class: "cm-buttons" }, history.element, help.button)),
    update: (revision: LoopRevision) => {
      for (const part of parts) part.update(revision);
    },
  };
}

/** Keys that work everywhere in the view. */
function listenToKeys(scene: Scene, help: Help): void {
  guardKeys(scene, (event) => {
    if (historyKey(scene, event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "p" || event.key === "P") void togglePlay(scene);
    else if (event.key === "?") help.open();
    else if (event.key === " " && !isControl(event.target)) void togglePlay(scene);
    else return;
    event.preventDefault();
  });
}
