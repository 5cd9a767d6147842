/** A loop to look at and to hear: chords, steps and the playhead; a step that is pressed sounds. */

import type { Player, Playable } from "../core/player.js";
import { MeterMap, TempoMap } from "../core/tempo_map.js";
import { createChordLane } from "../ui/chord_lane.js";
import { h, on } from "../ui/dom.js";
import { geometryOf, type Geometry } from "../ui/geometry.js";
import { createMeter } from "../ui/meter.js";
import { createPlayhead } from "../ui/playhead.js";
import type { Scene } from "../ui/scene.js";
import { createStage, type Stage } from "../ui/stage.js";
import { createStepGrid } from "../ui/step_grid.js";
import { spotOf } from "../ui/step_pointer.js";
import type { Figure } from "./figure.js";
import { LoopListening } from "./listening.js";
import { REFUSAL, type StillLoop } from "./still.js";

export interface Shown {
  readonly root: HTMLElement;
  readonly player: Player;
  readonly playable: () => Playable;
  readonly signal: AbortSignal;
  announce(text: string): void;
}

export function createLoopFigure(shown: Shown, store: StillLoop): Figure {
  const scene: Scene = { ...shown, store, refusal: REFUSAL, showCode: () => undefined };
  const geometry = geometryOf(store.revision);
  const music = listeningOf(scene, geometry);
  const goToCell = (cell: number): void => music.seek(tickOf(geometry, cell));
  const grid = createStepGrid(scene);
  const lane = createChordLane(scene, { openEditor: goToCell, dropCarried: () => false });
  const playhead = createPlayhead(scene, { stage: (): Stage => stage, grid, lane, meter: createMeter() });
  const stage: Stage = createStage(scene, [lane.element, grid.element], playhead.element);
  lane.element.hidden = store.revision.loop.chords.size === 0;
  for (const part of [lane, grid, stage]) part.update(store.revision);
  soundWhenPressed(scene, grid.element);
  return {
    music,
    element: h("div", { class: "cmp-figure" }, h("div", { class: "cm-tools" }, stage.pager), stage.element),
    show: () => undefined,
    begin: () => playhead.watch(),
  };
}

function tickOf({ ticksPerBar, stepsPerBar }: Geometry, cell: number): number {
  return (cell * ticksPerBar) / stepsPerBar;
}

function listeningOf(scene: Scene, geometry: Geometry): LoopListening {
  const { loop, context } = scene.store.revision;
  const tempo = new TempoMap(new Map([[0, { bpm: loop.tempo ?? context.tempo, ramp: false }]]));
  const meters = new MeterMap(new Map([[0, loop.meter ?? context.meter]]));
  return new LoopListening(scene, tempo, geometry.bars * geometry.ticksPerBar, meters.meterAt(0).ticksPerBeat);
}

/** A step sounds when it is pressed, by mouse, finger or key; nothing else happens to it. */
function soundWhenPressed(scene: Scene, grid: HTMLElement): void {
  on(grid, "click", (event) => {
    const spot = spotOf(event.target);
    if (spot === null) return;
    event.stopImmediatePropagation();
    const isOn = scene.store.revision.loop.steps.has(`${spot.row}/${spot.cell}`);
    if (isOn) scene.player.audition(scene.playable(), spot.row, spot.cell);
  }, scene.signal, { capture: true });
}
