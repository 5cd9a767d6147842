/** One sample of the list: heard, seen, dragged away. */

import { ellipsesIcon, type LabIcon, runIcon, stopIcon } from "@jupyterlab/ui-components";
import type { Sample } from "../../gen/rest.js";
import { h, iconButton } from "../page/element.js";
import { lengthWords, pythonText, sizeWords } from "../words.js";
import type { Listener } from "./preview.js";
import { Wave } from "./wave.js";

/** What a dragged sample carries besides its line of Python. */
export const SAMPLE_TYPE = "application/vnd.cellissimo.sample+json";

/** What a row's buttons do. */
export interface SampleActions {
  toggle(sample: Sample, row: Listener): void;
  menu(sample: Sample, beside: HTMLElement, at?: { readonly x: number; readonly y: number }): void;
}

/** The expression that gives the sample in a notebook. */
export function sampleCall(sample: Sample): string {
  return `cm.sample(${pythonText(sample.id)})`;
}

export class SampleRow implements Listener {
  readonly element: HTMLLIElement;
  readonly wave = new Wave();

  constructor(
    readonly sample: Sample,
    actions: SampleActions,
  ) {
    const { name } = sample;
    this.button = iconButton(runIcon, `Play ${name}`, () => actions.toggle(sample, this), {
      "data-part": "play",
    });
    const more = iconButton(ellipsesIcon, `More for ${name}`, (b) => actions.menu(sample, b), {
      "aria-haspopup": "menu",
      "data-part": "more",
    });
    this.element = h(
      "li",
      { class: "cl-card cl-sample", "data-id": sample.id, draggable: "true" },
      this.button,
      h(
        "div",
        { class: "cl-card-text" },
        h("p", { class: "cl-card-title", title: name }, name),
        this.wave.element,
        h("p", { class: "cl-card-facts" }, ...this.facts()),
        this.trouble,
      ),
      h("div", { class: "cl-card-buttons" }, more),
    );
    this.element.addEventListener("dragstart", (event) => this.carry(event));
    this.element.addEventListener("contextmenu", (event) => {
      event.preventDefault();
      event.stopPropagation();
      actions.menu(sample, more, { x: event.clientX, y: event.clientY });
    });
  }

  /** From 0 to 1 while it plays; null when it does no longer. */
  at(part: number | null): void {
    this.wave.progress(part);
    const isPlaying = part !== null;
    if (isPlaying === this.isPlaying) return;
    this.isPlaying = isPlaying;
    this.trouble.textContent = "";
    this.show(isPlaying ? stopIcon : runIcon, isPlaying ? "Stop" : "Play");
  }

  failed(words: string): void {
    this.trouble.textContent = words;
  }

  private show(icon: LabIcon, verb: string): void {
    const words = `${verb} ${this.sample.name}`;
    this.button.replaceChildren(icon.element({ tag: "span" }));
    this.button.title = words;
    this.button.setAttribute("aria-label", words);
  }

  private facts(): (Node | string)[] {
    const { duration, fileSize } = this.sample;
    const words = `${lengthWords(duration)} · ${sizeWords(fileSize)}`;
    const kind = { sample: "", recording: "Recording", original: "Original" }[this.sample.class];
    return kind === "" ? [words] : [h("span", { class: "cl-badge", "data-kind": "kind" }, kind), words];
  }

  /** Text for editors, which put it where the pointer is; our own type for whoever knows it. */
  private carry(event: DragEvent): void {
    const { id, name, duration } = this.sample;
    event.dataTransfer?.setData("text/plain", sampleCall(this.sample));
    event.dataTransfer?.setData(SAMPLE_TYPE, JSON.stringify({ id, name, duration }));
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "copy";
  }

  private readonly button: HTMLButtonElement;
  private readonly trouble = h("p", { class: "cl-problem", role: "alert" });
  private isPlaying = false;
}
