/** The panel that edits one chord: typed, or by root, quality and bass. */

import { NO_CHORD } from "./chord_spans.js";
import { auditionChord } from "./chord_preview.js";
import { pretty } from "./chord_chip.js";
import { chordLine } from "./code_lines.js";
import { h, on, setAttribute, setText } from "./dom.js";
import { geometryOf, sayCell } from "./geometry.js";
import { glyph } from "./glyphs.js";
import {
  QUALITIES, asLetter, asRoman, readChord, rootNames, storedSymbol, whyUnread, writeChord, type ChordReading,
} from "./harmony.js";
import { createPanel } from "./popover.js";
import { perform, type Scene } from "./scene.js";

/** The twelve pitch classes as values of buttons. */
const CLASSES = Array.from({ length: 12 }, (_, tone) => String(tone));

export interface ChordEditor {
  readonly element: HTMLElement;
  open(cell: number, anchor: HTMLElement): void;
  /** Shows the chord anew after a change from elsewhere. */
  update(): void;
}

export function createChordEditor(scene: Scene): ChordEditor {
  return new Editor(scene);
}

class Editor implements ChordEditor {
  private readonly panel;
  private cell = 0;
  private readonly title = h("h3", { class: "cm-panel-title" });
  private readonly input = h("input", {
    class: "cm-chord-text", type: "text", "aria-label": "Chord as text", "data-first": true,
    spellcheck: "false", autocomplete: "off", placeholder: "Am7, F/A, vi",
  });
  private readonly reads = h("output", { class: "cm-chord-reads" });
  private readonly roots: ReadonlyMap<string, HTMLElement>;
  private readonly basses: readonly HTMLOptionElement[];
  private readonly qualities: ReadonlyMap<string, HTMLElement>;
  private readonly bass = h("select", { class: "cm-select", "aria-label": "Bass" });
  private readonly follow = h("input", { type: "checkbox" });

  constructor(private readonly scene: Scene) {
    this.panel = createPanel("Edit the chord", "cm-chord-editor", scene.signal);
    this.roots = this.choices(CLASSES, pretty, (root) => this.choose({ root: Number(root) }));
    this.basses = CLASSES.map((value) => h("option", { value }));
    const names = new Map(QUALITIES.map((quality) => [quality.suffix, quality.name]));
    this.qualities = this.choices([...names.keys()], (suffix) => (suffix === "" ? "maj" : pretty(suffix)), (quality) => this.choose({ quality }), names);
    this.bass.append(h("option", { value: "" }, "its root"), ...this.basses);
    this.build();
    this.listen();
  }

  get element(): HTMLElement {
    return this.panel.element;
  }

  open(cell: number, anchor: HTMLElement): void {
    if (!this.scene.store.editable) return;
    this.cell = cell;
    this.render();
    this.input.value = this.symbol ?? "";
    this.panel.open(anchor);
    this.input.select();
  }

  update(): void {
    if (!this.panel.isOpen) return;
    this.render();
    const typing = this.input.ownerDocument.activeElement === this.input;
    if (!typing) this.input.value = this.symbol ?? "";
  }

  private get symbol(): string | null {
    return this.scene.store.revision.loop.chords.get(this.cell) ?? null;
  }

  private get key(): string {
    return this.scene.store.revision.loop.key;
  }

  private choices(
    values: readonly string[], show: (value: string) => string, choose: (value: string) => void,
    names?: ReadonlyMap<string, string>,
  ): ReadonlyMap<string, HTMLElement> {
    return new Map(values.map((value) => {
      const button = h("button", { class: "cm-choice", type: "button", title: names?.get(value) ?? null }, show(value));
      on(button, "click", () => choose(value), this.scene.signal);
      return [value, button];
    }));
  }

  private build(): void {
    const remove = h("button", { class: "cm-quiet", type: "button" }, glyph("trash"), "Remove");
    const silence = h("button", { class: "cm-quiet", type: "button" }, "No chord");
    const done = h("button", { class: "cm-primary", type: "button" }, "Done");
    on(remove, "click", () => this.write(null, true), this.scene.signal);
    on(silence, "click", () => this.write(NO_CHORD, true), this.scene.signal);
    on(done, "click", () => this.finish(), this.scene.signal);
    this.element.append(
      this.title,
      h("div", { class: "cm-chord-typed" }, this.input, this.reads),
      group("Root", [...this.roots.values()], "cm-roots"),
      group("Quality", [...this.qualities.values()], "cm-qualities"),
      h("div", { class: "cm-chord-last" },
        h("label", { class: "cm-field" }, h("span", { class: "cm-field-name" }, "Bass"), this.bass),
        h("label", { class: "cm-check" }, this.follow, "follows the key")),
      h("div", { class: "cm-panel-actions" }, remove, silence, done),
    );
  }

  private listen(): void {
    const { signal } = this.scene;
    on(this.input, "input", () => this.showReading(this.input.value.trim()), signal);
    on(this.input, "keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      this.finish();
    }, signal);
    on(this.input, "change", () => this.writeTyped(), signal);
    on(this.bass, "change", () => this.choose({ bass: this.bass.value === "" ? null : Number(this.bass.value) }), signal);
    on(this.follow, "change", () => this.convert(), signal);
  }

  private finish(): void {
    if (this.writeTyped()) this.panel.close();
  }

  /** Writes what was typed; false where it cannot be read, which the panel then says. */
  private writeTyped(): boolean {
    const typed = this.input.value.trim();
    if (typed === (this.symbol ?? "")) return true;
    if (typed !== "" && readChord(typed, this.key) === null) return false;
    this.write(typed === "" ? null : storedSymbol(typed), false);
    return true;
  }

  private choose(part: { root?: number; quality?: string; bass?: number | null }): void {
    const now = this.symbol === null ? null : readChord(this.symbol, this.key);
    const root = part.root ?? now?.root ?? 0;
    const quality = part.quality ?? now?.quality ?? "";
    const bass = part.bass === undefined ? (now?.bass ?? null) : part.bass;
    this.write(writeChord(root, quality, bass, this.key), false);
  }

  private convert(): void {
    const symbol = this.symbol;
    if (symbol === null) return;
    const converted = this.follow.checked ? asRoman(symbol, this.key) : asLetter(symbol, this.key);
    if (converted !== null) this.write(converted, false);
    else this.render();
  }

  private write(symbol: string | null, close: boolean): void {
    const cell = this.cell;
    if (symbol !== this.symbol) {
      perform(this.scene, chordLine(cell, symbol), symbol === null ? "Chord removed" : `Chord ${symbol}`,
        (edit) => edit.setChord(cell, symbol));
      if (symbol !== null && symbol !== NO_CHORD) auditionChord(this.scene, cell);
    }
    this.input.value = this.symbol ?? "";
    this.render();
    if (close) this.panel.close();
  }

  private render(): void {
    setText(this.title, `Chord on ${sayCell(geometryOf(this.scene.store.revision), this.cell)}`);
    const reading = this.symbol === null ? null : readChord(this.symbol, this.key);
    const names = rootNames(this.key).map(pretty);
    for (const [root, button] of this.roots) {
      setText(button, names[Number(root)] ?? "");
      setAttribute(button, "aria-pressed", String(Number(root) === reading?.root));
    }
    this.basses.forEach((option, tone) => setText(option, names[tone] ?? ""));
    for (const [suffix, button] of this.qualities) setAttribute(button, "aria-pressed", String(reading !== null && reading.root !== null && suffix === reading.quality));
    this.bass.value = String(reading?.bass ?? "");
    this.follow.checked = reading?.isRoman ?? false;
    this.follow.disabled = reading === null || reading.root === null;
    this.showReading(this.symbol ?? "");
  }

  private showReading(symbol: string): void {
    const reading = symbol === "" ? null : readChord(symbol, this.key);
    setAttribute(this.input, "aria-invalid", symbol !== "" && reading === null);
    setText(this.reads, symbol === "" ? "" : reading === null ? whyUnread(symbol, this.key) : sayReading(reading));
  }
}

function sayReading(reading: ChordReading): string {
  if (reading.root === null) return "no chord";
  return `${pretty(reading.letter)} \u00b7 ${pretty(reading.roman)} \u00b7 ${reading.tones.map(pretty).join(" ")}`;
}

function group(name: string, buttons: readonly HTMLElement[], className: string): HTMLElement {
  return h("div", { class: `cm-choices ${className}`, role: "group", "aria-label": name }, ...buttons);
}
