/** What moves while the loop plays: the playhead, the steps that pop, the level. */

import type { ChordLane } from "./chord_lane.js";
import { h, prefersStillness } from "./dom.js";
import { placeOfTick } from "./geometry.js";
import type { LevelMeter } from "./meter.js";
import type { Scene } from "./scene.js";
import type { Stage } from "./stage.js";
import type { StepGrid } from "./step_grid.js";

export interface Playhead {
  readonly element: HTMLElement;
  /** Draws from now on while the loop plays and can be seen. */
  watch(): void;
}

export interface Moved {
  readonly stage: () => Stage;
  readonly grid: StepGrid;
  readonly lane: ChordLane;
  readonly meter: LevelMeter;
}

export function createPlayhead(scene: Scene, moved: Moved): Playhead {
  return new Head(scene, moved);
}

class Head implements Playhead {
  readonly element: HTMLElement;
  private frame = 0;
  private cell = -1;
  private isSeen = true;

  constructor(private readonly scene: Scene, private readonly moved: Moved) {
    this.element = h("div", { class: "cm-playhead", "aria-hidden": "true" }, h("div", { class: "cm-playhead-line" }));
    this.element.hidden = true;
    const eye = new IntersectionObserver((entries) => {
      this.isSeen = entries.at(-1)?.isIntersecting ?? true;
      this.watch();
    });
    eye.observe(scene.root);
    scene.player.subscribe(() => this.watch(), scene.signal);
    scene.signal.addEventListener("abort", () => {
      eye.disconnect();
      cancelAnimationFrame(this.frame);
    });
  }

  watch(): void {
    cancelAnimationFrame(this.frame);
    if (this.scene.signal.aborted) return;
    if (this.scene.player.stateOf(this.scene.playable().id) !== "playing") this.rest();
    else if (this.isSeen) this.frame = requestAnimationFrame(() => this.draw());
  }

  private draw(): void {
    const meters = this.scene.player.meters(this.scene.playable().id);
    this.frame = requestAnimationFrame(() => this.draw());
    if (meters === null) return;
    const { geometry } = this.moved.lane;
    const place = placeOfTick(geometry, meters.tick);
    this.element.hidden = false;
    this.element.style.setProperty("--cm-at", String(prefersStillness() ? Math.floor(place) : place));
    this.moved.meter.show(meters.peaks.get("master") ?? 0);
    const cell = Math.floor(place);
    if (cell !== this.cell) this.enter(cell);
  }

  private enter(cell: number): void {
    this.cell = cell;
    this.element.style.setProperty("--cm-cell-now", String(cell));
    this.moved.grid.pop(cell);
    this.moved.lane.light(cell);
    this.moved.stage().follow(cell);
  }

  private rest(): void {
    this.element.hidden = true;
    this.cell = -1;
    this.moved.meter.rest();
    this.moved.lane.light(null);
    this.moved.stage().follow(null);
  }
}
