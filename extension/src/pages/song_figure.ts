/** A song to look at and to hear: its timeline with sections, tracks and the playhead. */

import { h, setAttribute } from "../ui/dom.js";
import { quiet } from "../ui/song/song_header.js";
import { createInspector } from "../ui/song/inspector.js";
import type { Peaks } from "../ui/song/miniature.js";
import { createSongScene, seekTo, toggleSong, type SongScene } from "../ui/song/song_scene.js";
import { createTimeline, type Timeline } from "../ui/song/timeline.js";
import type { Figure } from "./figure.js";
import type { Listening } from "./listening.js";
import type { Shown } from "./loop_figure.js";
import { REFUSAL, type StillSong } from "./still.js";

export function createSongFigure(shown: Shown, store: StillSong, peaks: (blob: string) => Promise<Peaks>): Figure {
  const scene = createSongScene({ ...shown, store, peaks, refusal: REFUSAL, showCode: () => undefined });
  shown.root.classList.add("cm-song");
  const inspector = createInspector(scene);
  const timeline = createTimeline(scene, inspector, {
    openItem: (item) => seekTo(scene, item.start),
    openStem: () => undefined,
  });
  watchSize(scene);
  const element = h("div", { class: "cmp-figure" }, createZoom(scene, timeline), timeline.element, inspector.element);
  return {
    music: new SongListening(scene),
    element,
    show: (meters) => timeline.show(meters),
    begin(): void {
      timeline.update(store.revision);
      onlyShow(timeline.element);
    },
  };
}

/** A song's listening is its scene's: the timeline's ruler and the slider move one cursor. */
class SongListening implements Listening {
  readonly root: HTMLElement;
  readonly signal: AbortSignal;
  readonly length: number;
  readonly stride: number;
  readonly tempo: Listening["tempo"];
  readonly player: Listening["player"];
  readonly playable: Listening["playable"];

  constructor(private readonly scene: SongScene) {
    const { arrangement } = scene;
    this.root = scene.root;
    this.signal = scene.signal;
    this.player = scene.player;
    this.playable = scene.playable;
    this.length = arrangement.end;
    this.tempo = arrangement.tempo;
    this.stride = arrangement.meter.meterAt(0).ticksPerBar;
  }

  get cursor(): number {
    const { cursor } = this.scene.choices;
    return cursor < this.length ? cursor : 0;
  }

  announce(text: string): void {
    this.scene.announce(text);
  }

  async toggle(): Promise<void> {
    if (this.scene.choices.cursor >= this.length) this.scene.choose({ cursor: 0 });
    await toggleSong(this.scene);
  }

  seek(tick: number): void {
    seekTo(this.scene, tick);
  }

  onSeek(moved: () => void): void {
    this.scene.onChoice(moved);
  }
}

function createZoom(scene: SongScene, view: Timeline): HTMLElement {
  return h("div", { class: "cmp-zoom", role: "group", "aria-label": "Zoom" },
    quiet("minus", "Zoom out", () => view.zoomBy(1 / 1.6), scene.signal),
    quiet("fit", "Show the whole song", () => view.zoomOut(), scene.signal),
    quiet("plus", "Zoom in", () => view.zoomBy(1.6), scene.signal));
}

/** The heads of stems only name them here: there is nothing to open and nothing to switch. */
function onlyShow(timeline: HTMLElement): void {
  for (const head of timeline.querySelectorAll<HTMLElement>(".cm-track-head")) {
    const name = head.querySelector<HTMLElement>(".cm-open");
    if (name === null) continue;
    setAttribute(name, "aria-label", name.textContent);
    setAttribute(name, "aria-haspopup", null);
    for (const control of head.querySelectorAll<HTMLElement>(".cm-mute, .cm-solo")) {
      control.hidden = control.getAttribute("aria-pressed") !== "true";
      setAttribute(control, "aria-disabled", "true");
    }
  }
}

/** Tells the styles how much room there is. */
function watchSize({ root, signal }: SongScene): void {
  const observer = new ResizeObserver(() => {
    const width = root.clientWidth;
    setAttribute(root, "data-small", width < 480);
    setAttribute(root, "data-size", width < 620 ? "narrow" : width < 1000 ? "medium" : "wide");
  });
  observer.observe(root);
  signal.addEventListener("abort", () => observer.disconnect());
}
