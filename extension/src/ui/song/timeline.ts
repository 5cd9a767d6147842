/** The timeline: ruler, bands and tracks in one scrolled field over canvases. */

import type { Meters } from "../../core/player.js";
import type { SongRevision } from "../../core/song_store.js";
import { h, on, prefersStillness, setAttribute, setText } from "../dom.js";
import { lastTick, type Item } from "./arrangement.js";
import { createFieldCanvas, type FieldCanvas, type Frame, type Moving } from "./field_canvas.js";
import type { Inspector } from "./inspector.js";
import { createRuler, type Ruler } from "./ruler.js";
import { createSigns, type Signs } from "./signs.js";
import type { SongPart, SongScene } from "./song_scene.js";
import { timelineKey } from "./timeline_keys.js";
import { listenToTracks } from "./timeline_pointer.js";
import type { TimelineView } from "./timeline_view.js";
import { listenToZoom } from "./timeline_zoom.js";
import { createTracks, type Tracks } from "./tracks.js";
import { emptyHint } from "./words.js";
import { clampZoom, snap, unitAt, zoomAbout, zoomToFit } from "./viewport.js";

export interface Timeline extends SongPart, TimelineView {
  readonly tracks: Tracks;
  show(meters: Meters | null): void;
}

export interface Openers {
  openItem(item: Item, anchor: HTMLElement): void;
  openStem(id: string, anchor: HTMLElement): void;
}

const HEAD = { wide: 208, narrow: 56 };
const PATIENCE = 3000;
const LATE = 500;
/** A short song is shown with room to grow. */
const LEAST_BARS = 8;

export function createTimeline(scene: SongScene, inspector: Inspector, openers: Openers): Timeline {
  return new Field(scene, inspector, openers);
}

class Field implements Timeline {
  readonly element = h("div", { class: "cm-timeline", tabindex: -1 });
  readonly tracks: Tracks;
  zoom = 0;
  total = 1;
  private readonly inner = h("div", { class: "cm-timeline-inner" });
  private readonly top: HTMLElement;
  private readonly playhead = h("div", { class: "cm-song-playhead", "aria-hidden": "true" });
  private readonly handle = h("div", { class: "cm-song-handle", "aria-hidden": "true" });
  private readonly hint = h("p", { class: "cm-timeline-hint" });
  private readonly canvas: FieldCanvas;
  private readonly ruler: Ruler;
  private readonly signs: Signs;
  private heights: readonly number[] = [];
  private head = HEAD.wide;
  private drawn = 0;
  private readonly layoutListeners: (() => void)[] = [];
  private isSeen = true;
  private isFitted = true;
  private touchedAt = -Infinity;

  constructor(private readonly scene: SongScene, inspector: Inspector, private readonly openers: Openers) {
    const view = (): TimelineView => this;
    this.canvas = createFieldCanvas(scene, () => this.redraw());
    this.ruler = createRuler(scene, view);
    this.signs = createSigns(scene, view, inspector);
    this.tracks = createTracks(scene, (id, anchor) => openers.openStem(id, anchor));
    this.ruler.element.append(this.handle);
    const labels = h("div", { class: "cm-top-head", "aria-hidden": "true" }, h("span", {}, "Bars"), h("span", {}, "Tempo"), h("span", {}, "Sections"));
    this.top = h("div", { class: "cm-timeline-top" }, this.ruler.canvas, labels, h("div", { class: "cm-top-field" }, this.ruler.element, this.signs.element));
    this.inner.append(this.canvas.element, this.top, this.tracks.element, this.hint, this.playhead);
    this.element.append(this.inner);
    this.listen();
  }

  update(revision: SongRevision): void {
    this.tracks.update(revision);
    this.signs.update(revision);
    setText(this.hint, emptyHint(this.scene.store.editable, revision.song.pads.size > 0));
    this.hint.hidden = this.scene.arrangement.items.size > 0;
    this.measure();
    this.layOut();
    this.ruler.update(revision);
    this.showPlace(this.scene.choices.cursor);
  }

  get field(): HTMLElement {
    return this.inner;
  }

  get bars(): HTMLElement {
    return this.ruler.element;
  }

  boxOf(track: number, tick: number): ReturnType<TimelineView["boxOf"]> {
    const height = this.heights[track];
    if (height === undefined || this.zoom === 0) return null;
    const top = this.tracks.element.offsetTop + this.heights.slice(0, track).reduce((sum, each) => sum + each, 0);
    return { left: this.head + tick * this.zoom, top, width: 2, height };
  }

  onLayout(changed: () => void): void {
    this.layoutListeners.push(changed);
  }

  tickAt(clientX: number): number {
    return (clientX - this.inner.getBoundingClientRect().left - this.head) / this.zoom;
  }

  trackAt(clientY: number): number | null {
    let top = this.tracks.element.getBoundingClientRect().top;
    for (const [place, height] of this.heights.entries()) {
      if (clientY < top) return null;
      top += height;
      if (clientY < top) return place;
    }
    return null;
  }

  snap(tick: number, free: boolean): number {
    return snap(this.scene.arrangement.meter, tick, free ? "off" : this.scene.choices.grid, this.zoom);
  }

  unit(tick: number): number {
    const { meter } = this.scene.arrangement;
    return unitAt(meter, tick, this.scene.choices.grid, this.zoom) || meter.meterAt(tick).ticksPerBeat;
  }

  lift(moving: readonly Moving[], copies: boolean): void {
    setAttribute(this.element, "data-lifting", moving.length > 0);
    this.canvas.lift(moving, copies);
  }

  reveal(tick: number): void {
    const x = tick * this.zoom;
    const { scrollLeft } = this.element;
    if (x < scrollLeft) this.element.scrollLeft = Math.max(0, x - 24);
    else if (x > scrollLeft + this.width - 24) this.element.scrollLeft = x - this.width + 48;
  }

  zoomBy(factor: number, clientX?: number): void {
    const box = this.element.getBoundingClientRect();
    const at = clientX === undefined ? this.width / 2 : clientX - box.left - this.head;
    const zoom = clampZoom(this.zoom * factor, this.songTicks(), this.width);
    const next = zoomAbout({ zoom: this.zoom, scroll: this.element.scrollLeft }, zoom, at);
    this.isFitted = false;
    this.zoom = next.zoom;
    this.layOut();
    this.element.scrollLeft = next.scroll;
  }

  zoomOut(): void {
    this.isFitted = true;
    this.measure();
    this.layOut();
    this.element.scrollLeft = 0;
  }

  focus(key?: string): void {
    const track = key === undefined ? undefined : this.scene.arrangement.items.get(key)?.track;
    if (key !== undefined && track !== undefined) this.tracks.moveTo({ track, item: key, head: 0 });
    else this.tracks.moveTo(this.tracks.cursor);
  }

  elementOf(key: string): HTMLElement | undefined {
    return this.tracks.elementOf(key);
  }

  open(item: Item, anchor: HTMLElement): void {
    this.openers.openItem(item, anchor);
  }

  show(meters: Meters | null): void {
    this.tracks.show(meters);
    this.showPlace(meters?.tick ?? this.scene.choices.cursor);
    if (meters !== null) this.follow(meters.tick);
  }

  private get width(): number {
    return Math.max(1, this.element.clientWidth - this.head);
  }

  private songTicks(): number {
    const { arrangement } = this.scene;
    const { ticksPerBar } = arrangement.meter.meterAt(arrangement.end);
    return Math.max(lastTick(arrangement), arrangement.meter.tickOf(LEAST_BARS + 1)) + ticksPerBar / 2;
  }

  /** Reads the size of the view and of the rows. */
  private measure(): void {
    const wide = this.element.clientWidth;
    if (wide === 0) return;
    this.head = wide < 620 ? HEAD.narrow : HEAD.wide;
    this.element.style.setProperty("--cm-head-room", `${this.head}px`);
    this.heights = [...this.tracks.element.querySelectorAll<HTMLElement>(".cm-track")].map((track) => track.offsetHeight);
    const fitted = zoomToFit(this.songTicks(), this.width);
    if (this.isFitted || this.zoom === 0) this.zoom = fitted;
    else this.zoom = clampZoom(this.zoom, this.songTicks(), this.width);
  }

  /** Gives the field its width, and everything in it its place. */
  private layOut(): void {
    if (this.zoom === 0) return;
    const room = this.isFitted ? 0 : this.scene.arrangement.meter.meterAt(0).ticksPerBar * 8;
    this.total = Math.max(this.songTicks() + room, this.width / this.zoom);
    this.inner.style.setProperty("--cm-song-field", `${Math.round(this.total * this.zoom)}px`);
    this.tracks.layOut(this.total);
    this.signs.layOut(this.total);
    this.showPlace(this.scene.choices.cursor);
    for (const changed of this.layoutListeners) changed();
    this.redraw();
  }

  private redraw(): void {
    if (this.drawn !== 0 || !this.isSeen) return;
    this.drawn = requestAnimationFrame(() => {
      this.drawn = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { clientWidth: width, clientHeight: height, scrollLeft: scroll, scrollTop } = this.element;
    if (width === 0 || this.zoom === 0 || this.scene.signal.aborted) return;
    const top = this.tracks.element.offsetTop - scrollTop;
    const frame: Frame = { zoom: this.zoom, scroll, head: this.head, width, height, top, heights: this.heights };
    this.canvas.element.style.marginBottom = `${-height}px`;
    this.canvas.draw(frame);
    this.ruler.draw(frame);
  }

  private showPlace(tick: number): void {
    const at = `translateX(${(tick * this.zoom).toFixed(2)}px)`;
    this.playhead.style.transform = at;
    this.handle.style.transform = at;
  }

  /** Keeps what plays in sight, unless the reader has just moved elsewhere. */
  private follow(tick: number): void {
    if (!this.scene.choices.follows || performance.now() - this.touchedAt < PATIENCE) return;
    const x = tick * this.zoom - this.element.scrollLeft;
    if (x >= 0 && x <= this.width - 8) return;
    this.element.scrollTo({ left: Math.max(0, tick * this.zoom - this.width * 0.08), behavior: prefersStillness() ? "auto" : "smooth" });
    this.touchedAt = performance.now() - PATIENCE + 600;
  }

  private listen(): void {
    const { scene, element } = this;
    const { signal } = scene;
    listenToTracks(scene, this, this.tracks.element);
    listenToZoom(this, element, signal);
    on(this.tracks.element, "keydown", (event) => {
      if (timelineKey(scene, this.tracks, this, event)) event.preventDefault();
    }, signal);
    on(element, "scroll", () => this.redraw(), signal, { passive: true });
    for (const type of ["wheel", "pointerdown", "keydown"] as const) {
      on(element, type, () => { this.touchedAt = performance.now(); }, signal, { passive: true });
    }
    scene.onChoice(({ cursor }) => {
      if (scene.player.stateOf(scene.playable().id) !== "playing") this.showPlace(cursor);
    });
    this.observe();
  }

  /** Draws when it is seen, when it has another size, and when the page has other colours. */
  private observe(): void {
    const { signal } = this.scene;
    const size = new ResizeObserver(() => {
      this.measure();
      this.layOut();
    });
    size.observe(this.element);
    const eye = new IntersectionObserver((entries) => {
      this.isSeen = entries.at(-1)?.isIntersecting ?? true;
      this.redraw();
    });
    eye.observe(this.element);
    const restyle = (): void => {
      this.ruler.restyle();
      this.canvas.restyle();
    };
    // A theme's colours may come after the word that it has changed.
    const restyleTwice = (): void => {
      restyle();
      setTimeout(restyle, LATE);
    };
    const theme = new MutationObserver(restyleTwice);
    theme.observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light", "data-jp-theme-name", "style"] });
    theme.observe(document.documentElement, { attributes: true, attributeFilter: ["class", "style"] });
    globalThis.matchMedia?.("(prefers-color-scheme: dark)").addEventListener("change", restyle, { signal });
    signal.addEventListener("abort", () => {
      size.disconnect();
      eye.disconnect();
      theme.disconnect();
      cancelAnimationFrame(this.drawn);
    });
  }
}
