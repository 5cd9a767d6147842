/** The scrolling field of ruler, chords and steps, fitted to its width, with a pager of bars. */

import type { LoopRevision } from "../core/loop_store.js";
import { h, on, prefersStillness, setAttribute, setText } from "./dom.js";
import { fitCells, geometryOf, type Geometry } from "./geometry.js";
import { glyph } from "./glyphs.js";
import type { Part, Scene } from "./scene.js";

export interface Stage extends Part {
  readonly pager: HTMLElement;
  /** Keeps the playing cell in sight unless the reader has just moved elsewhere. */
  follow(cell: number | null): void;
}

/** Below this width heads shrink to a picture, and cells grow to the size of a thumb. */
const NARROW = 620;
/** Below this width the header and the palette say less. */
const MEDIUM = 1000;
/** Below this width the header has two rows. */
const SNUG = 880;
const LEAST_CELL = { mouse: 12, touch: 32 };
/** What is only shown has heads without switches. */
const HEAD_WIDTH = { wide: 214, still: 118, narrow: 52 };
/** As many pages as have a button each; more are turned one by one. */
const MOST_PAGES = 8;
/** Milliseconds for which scrolling by hand stops the following. */
const PATIENCE = 4000;

export function createStage(scene: Scene, parts: readonly HTMLElement[], overlay: HTMLElement): Stage {
  return new Field(scene, parts, overlay);
}

class Field implements Stage {
  readonly element: HTMLElement;
  readonly pager = h("div", { class: "cm-pager", role: "group", "aria-label": "Bars" });
  private readonly ruler = h("div", { class: "cm-ruler" }, h("span", { class: "cm-ruler-head" }));
  private readonly canvas: HTMLElement;
  private geometry: Geometry;
  private span = 0;
  private cell = 0;
  private head = 0;
  private touchedAt = -Infinity;
  private playing: number | null = null;

  constructor(private readonly scene: Scene, parts: readonly HTMLElement[], overlay: HTMLElement) {
    this.geometry = geometryOf(scene.store.revision);
    this.canvas = h("div", { class: "cm-canvas" }, this.ruler, ...parts, overlay);
    this.element = h("div", { class: "cm-stage" }, this.canvas);
    const fit = new ResizeObserver(() => this.fit());
    fit.observe(this.element);
    scene.signal.addEventListener("abort", () => fit.disconnect());
    for (const type of ["wheel", "pointerdown", "keydown"] as const) {
      on(this.element, type, (event) => { this.touchedAt = event.timeStamp; }, scene.signal, { passive: true });
    }
    on(this.element, "scroll", () => this.showPage(), scene.signal, { passive: true });
  }

  update(revision: LoopRevision): void {
    this.geometry = geometryOf(revision);
    this.fit();
    this.drawRuler();
    this.drawPager();
  }

  follow(cell: number | null): void {
    const page = cell === null ? null : Math.floor(cell / this.span);
    if (page !== this.playing) {
      this.playing = page;
      this.showPage();
    }
    if (cell === null || this.span >= this.geometry.cells) return;
    if (performance.now() - this.touchedAt < PATIENCE) return;
    const first = this.element.scrollLeft / this.cell;
    if (cell < first - 0.5 || cell >= first + this.span - 0.5) this.showCell(Math.floor(cell / this.span) * this.span);
  }

  /** Gives every cell its width: whole bars where they fit, half bars and beats where not. */
  private fit(): void {
    const width = this.element.clientWidth;
    if (width === 0) return;
    const narrow = width < NARROW;
    const thumbs = narrow || globalThis.matchMedia?.("(pointer: coarse)").matches;
    const asked = getComputedStyle(this.scene.root);
    const least = (name: string, usual: number): number => Number.parseFloat(asked.getPropertyValue(name)) || usual;
    this.head = narrow ? least("--cm-least-head", HEAD_WIDTH.narrow) : HEAD_WIDTH[this.scene.refusal === undefined ? "wide" : "still"];
    const cell = least("--cm-least-cell", LEAST_CELL[thumbs ? "touch" : "mouse"]);
    const room = width - this.head;
    this.span = fitCells(this.geometry, room, cell);
    this.cell = room / this.span;
    const { style } = this.scene.root;
    style.setProperty("--cm-cell", `${this.cell.toFixed(3)}px`);
    style.setProperty("--cm-head", `${this.head}px`);
    style.setProperty("--cm-view", `${width}px`);
    style.setProperty("--cm-cells", String(this.geometry.cells));
    style.setProperty("--cm-beat", String(this.geometry.cellsPerBeat));
    style.setProperty("--cm-bar", String(this.geometry.stepsPerBar));
    setAttribute(this.scene.root, "data-narrow", narrow);
    setAttribute(this.scene.root, "data-medium", !narrow && width < MEDIUM);
    setAttribute(this.scene.root, "data-snug", !narrow && width < SNUG);
    this.drawPager();
  }

  /** What others put on the ruler stays there. */
  private drawRuler(): void {
    const old = this.ruler.querySelectorAll(".cm-ruler-bar");
    if (old.length === this.geometry.bars) return;
    const bars = Array.from({ length: this.geometry.bars }, (_, bar) => {
      const label = h("span", { class: "cm-ruler-bar", "aria-hidden": "true" }, String(bar + 1));
      label.style.setProperty("--cm-start", String(bar));
      return label;
    });
    for (const label of old) label.remove();
    this.ruler.firstElementChild?.after(...bars);
  }

  private drawPager(): void {
    this.pager.hidden = this.span === 0 || this.span >= this.geometry.cells;
    if (this.pager.hidden) return;
    const pages = Math.ceil(this.geometry.cells / this.span);
    if (Number(this.pager.dataset["pages"]) !== pages) {
      this.pager.dataset["pages"] = String(pages);
      this.pager.replaceChildren(...(pages > MOST_PAGES ? this.turners() : this.pages(pages)));
    }
    this.showPage();
  }

  private pages(count: number): readonly HTMLElement[] {
    return Array.from({ length: count }, (_, page) => {
      const label = this.pageLabel(page);
      const button = h("button", { class: "cm-page", type: "button", "aria-label": `Show bar ${label}` }, label);
      on(button, "click", (event) => {
        this.touchedAt = event.timeStamp;
        this.showCell(page * this.span);
      }, this.scene.signal);
      return button;
    });
  }

  /** Back, where it stands, and on. */
  private turners(): readonly HTMLElement[] {
    const turner = (name: "left" | "right", label: string, by: number): HTMLElement => {
      const button = h("button", { class: "cm-page", type: "button", "aria-label": label, title: label }, glyph(name));
      on(button, "click", (event) => {
        this.touchedAt = event.timeStamp;
        this.showCell((this.page() + by) * this.span);
      }, this.scene.signal);
      return button;
    };
    return [turner("left", "Back", -1), h("span", { class: "cm-page-now" }), turner("right", "On", 1)];
  }

  private page(): number {
    return Math.round(this.element.scrollLeft / (this.cell * this.span));
  }

  /** "1–4" for four bars, "2" for one, "2.3" for the half bar that begins on beat 3. */
  private pageLabel(page: number): string {
    const { stepsPerBar, cellsPerBeat, bars } = this.geometry;
    const first = page * this.span;
    const bar = Math.floor(first / stepsPerBar) + 1;
    const last = Math.min(bars, Math.ceil((first + this.span) / stepsPerBar));
    if (this.span > stepsPerBar) return `${bar}\u2013${last}`;
    if (this.span === stepsPerBar) return String(bar);
    const beat = Math.floor((first % stepsPerBar) / cellsPerBeat) + 1;
    return beat === 1 ? String(bar) : `${bar}.${beat}`;
  }

  private showCell(cell: number): void {
    this.element.scrollTo({ left: cell * this.cell, behavior: prefersStillness() ? "auto" : "smooth" });
  }

  private showPage(): void {
    if (this.pager.hidden) return;
    const page = this.page();
    const now = this.pager.querySelector(".cm-page-now");
    if (now !== null) return setText(now, `${this.pageLabel(page)} of ${this.geometry.bars}`);
    [...this.pager.children].forEach((button, index) => {
      setAttribute(button, "aria-current", index === page ? "true" : null);
      setAttribute(button, "data-playing", index === this.playing);
    });
  }
}
