/** The wave with all that lies on it: ruler, markers, region, playhead, and the whole in small. */

import { h, on, setAttribute } from "../dom.js";
import { isSounding, type PlayerPart, type PlayerScene } from "./player_scene.js";
import { markAt, barAt } from "./places.js";
import { createHover } from "./hover.js";
import { createRegion } from "./region_view.js";
import { createFlags, createRuler } from "./ruler.js";
import { following, held, isWhole, shareOf, whole, zoomed, type Viewport } from "./viewport.js";
import { drawWave, fitCanvas, inkOf, type Drawn } from "./wave.js";
import { listenToHands, type Zooming } from "./wave_hands.js";
import { spoken } from "./words.js";

/** The quietest sound that still fills the height: what is quieter looks quiet. */
const LEAST_SCALE = 0.2;

export interface Stage extends PlayerPart {
  /** Draws where the recording is now. */
  tick(): void;
  /** Draws anew: the colours or the size have changed. */
  redraw(): void;
  zoom(factor: number): void;
  fit(): void;
  readonly isZoomed: boolean;
}

export function createStage(scene: PlayerScene, zoomChanged: () => void): Stage {
  return new WaveStage(scene, zoomChanged);
}

class WaveStage implements Stage, Zooming {
  readonly element: HTMLElement;
  private view: Viewport;
  private readonly base = h("canvas", { class: "cm-wave-base", "aria-hidden": "true" });
  private readonly played = h("canvas", { class: "cm-wave-played", "aria-hidden": "true" });
  private readonly small = h("canvas", { "aria-hidden": "true" });
  private readonly window = h("div", { class: "cm-overview-window" });
  private readonly overview = h("div", { class: "cm-overview", "aria-hidden": "true" }, this.small, this.window);
  private readonly head = h("div", { class: "cm-wave-head", "aria-hidden": "true" });
  private readonly wave: HTMLElement;
  private readonly parts;
  private isDue = false;
  private said = -1;

  constructor(private readonly scene: PlayerScene, private readonly zoomChanged: () => void) {
    const { deck } = scene;
    this.view = whole(deck.duration);
    this.wave = h("div", {
      class: "cm-wave", role: "slider", tabindex: "0", "aria-label": "Position",
      "aria-valuemin": 0, "aria-valuemax": deck.duration.toFixed(2),
    }, this.base, this.played);
    const [ruler, flags] = [createRuler(scene), createFlags(scene)];
    const region = createRegion(scene, this);
    const hover = createHover(this.wave, (x) => this.secondsAt(x), scene.signal);
    this.parts = { ruler, flags, region };
    const field = h("div", { class: "cm-wave-field" }, ruler.element, flags.element,
      h("div", { class: "cm-wave-place" }, region.element, this.wave, hover, this.head));
    this.element = h("div", { class: "cm-wave-stage" }, this.overview, field);
    this.overview.hidden = true;
    listenToHands(scene, this.wave, ruler.element, this);
    this.listenToOverview();
    const size = new ResizeObserver(() => this.redraw());
    size.observe(this.wave);
    scene.signal.addEventListener("abort", () => size.disconnect());
  }

  get isZoomed(): boolean {
    return !isWhole(this.view, this.scene.deck.duration);
  }

  secondsAt(clientX: number): number {
    const box = this.wave.getBoundingClientRect();
    const seconds = this.view.from + ((clientX - box.left) / Math.max(box.width, 1)) * this.view.span;
    return Math.min(Math.max(seconds, 0), this.scene.deck.duration);
  }

  secondsOf(pixels: number): number {
    return (pixels / Math.max(this.wave.clientWidth, 1)) * this.view.span;
  }

  zoom(factor: number, about?: number): void {
    const { deck } = this.scene;
    const share = shareOf(this.view, deck.position);
    const seen = share >= 0 && share <= 1 ? deck.position : this.view.from + this.view.span / 2;
    this.look(zoomed(this.view, factor, about ?? seen, deck.duration));
  }

  pan(seconds: number): void {
    this.look(held({ from: this.view.from + seconds, span: this.view.span }, this.scene.deck.duration));
  }

  fit(): void {
    this.look(whole(this.scene.deck.duration));
  }

  update(): void {
    this.parts.region.update();
    if (!isSounding(this.scene.deck)) this.showPlace();
    this.redraw();
    this.tick();
  }

  tick(): void {
    const { deck } = this.scene;
    if (deck.state === "playing" && this.isZoomed) this.showPlace();
    const share = shareOf(this.view, deck.position);
    this.head.hidden = share < 0 || share > 1;
    this.head.style.setProperty("--cm-at", `${share * 100}%`);
    const seen = Math.min(Math.max(share, 0), 1);
    this.played.style.clipPath = `inset(0 ${((1 - seen) * 100).toFixed(3)}% 0 0)`;
    this.say();
  }

  redraw(): void {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      if (!this.scene.signal.aborted) this.draw();
    });
  }

  private showPlace(): void {
    const next = following(this.view, this.scene.deck.position, this.scene.deck.duration);
    if (next !== this.view) this.look(next);
  }

  private look(view: Viewport): void {
    const was = this.isZoomed;
    this.view = view;
    this.redraw();
    if (was !== this.isZoomed) this.zoomChanged();
  }

  /** Once a second while it plays: whoever listens to a screen reader wants to hear the music. */
  private say(): void {
    const { deck } = this.scene;
    const second = Math.floor(deck.position);
    if (deck.state === "playing" && second === this.said) return;
    this.said = second;
    const bar = barAt(deck.bars, deck.position);
    const words = [spoken(deck.position), bar === null ? "" : `bar ${bar}`, markAt(deck, deck.position)];
    setAttribute(this.wave, "aria-valuenow", deck.position.toFixed(1));
    setAttribute(this.wave, "aria-valuetext", words.filter((word) => word !== "").join(", "));
  }

  private draw(): void {
    const { root } = this.scene;
    this.overview.hidden = !this.isZoomed;
    const clipped = inkOf(root, "error");
    if (fitCanvas(this.base)) drawWave(this.base, this.drawn(this.view), { color: inkOf(root, "wave"), clipped });
    if (fitCanvas(this.played)) drawWave(this.played, this.drawn(this.view), { color: inkOf(root, "glow"), clipped });
    if (this.isZoomed && fitCanvas(this.small)) {
      drawWave(this.small, this.drawn(whole(this.scene.deck.duration)), { color: inkOf(root, "wave"), clipped });
      this.window.style.left = `${(this.view.from / this.scene.deck.duration) * 100}%`;
      this.window.style.width = `${(this.view.span / this.scene.deck.duration) * 100}%`;
    }
    this.parts.ruler.show(this.view, this.wave.clientWidth);
    this.parts.flags.show(this.view, this.wave.clientWidth);
    this.parts.region.show(this.view);
    this.tick();
  }

  private drawn(view: Viewport): Drawn {
    const { deck } = this.scene;
    const gain = (at: number): number => (deck.versions.length > 1 ? (deck.gains[at] ?? 1) : 1);
    const peaks = deck.versions.map((version, at) => deck.outline(version).peak * gain(at));
    return {
      outline: deck.outline(deck.settings.version),
      rate: deck.rate,
      duration: deck.duration,
      view,
      scale: Math.max(...peaks, LEAST_SCALE),
      gain: gain(deck.versions.indexOf(deck.settings.version)),
    };
  }

  /** A drag on the whole in small moves the window. */
  private listenToOverview(): void {
    const go = (event: PointerEvent): void => {
      const box = this.overview.getBoundingClientRect();
      const middle = ((event.clientX - box.left) / Math.max(box.width, 1)) * this.scene.deck.duration;
      this.look(held({ from: middle - this.view.span / 2, span: this.view.span }, this.scene.deck.duration));
    };
    on(this.overview, "pointerdown", (event) => {
      this.overview.setPointerCapture(event.pointerId);
      go(event);
    }, this.scene.signal);
    on(this.overview, "pointermove", (event) => {
      if (this.overview.hasPointerCapture(event.pointerId)) go(event);
    }, this.scene.signal);
  }
}
