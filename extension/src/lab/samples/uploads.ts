/** Files on their way to the server: one line each, with how far it is and why it was refused. */

import { closeIcon } from "@jupyterlab/ui-components";
import type { Sample } from "../../gen/rest.js";
import { h, iconButton } from "../page/element.js";
import { Refusal } from "../server/refusal.js";
import type { Samples } from "../server/samples.js";
import { sentences, sizeWords } from "../words.js";

/** Up to how many bytes a file is a sample, a recording, an original. */
export interface Sizes {
  readonly sample: number;
  readonly recording: number;
  readonly original: number;
}

export class Uploads {
  readonly element = h("ul", { class: "cl-uploads", "aria-label": "Uploads" });

  constructor(
    private readonly samples: Samples,
    private readonly sizes: () => Sizes,
    private readonly arrived: (sample: Sample) => void,
  ) {}

  /** Sends files one after the other. */
  async send(files: readonly File[]): Promise<void> {
    const lines = files.map((file) => ({ file, line: new Line(file, this.element) }));
    for (const { file, line } of lines) {
      if (line.signal.aborted) continue;
      try {
        this.arrived(await this.one(file, line));
        line.done();
      } catch (error) {
        line.refused(Refusal.of(error));
      }
    }
  }

  private one(file: File, line: Line): Promise<Sample> {
    const { sample, recording, original } = this.sizes();
    if (file.size > original) {
      const message = `It has ${sizeWords(file.size)}, more than the ${sizeWords(original)} allowed.`;
      throw new Refusal("too-large", message, "Send a part of it, or a compressed form.");
    }
    line.at(0, "Sending");
    if (file.size <= sample) return this.samples.send(file, line.signal);
    const kind = file.size <= recording ? "recording" : "original";
    return this.samples.sendLong(file, kind, (done, words) => line.at(done, words), line.signal);
  }
}

/** One file's line. */
class Line {
  constructor(file: File, list: HTMLElement) {
    this.bar.max = 1;
    const close = iconButton(closeIcon, `Cancel ${file.name}`, () => this.end());
    const text = h("div", {}, h("span", {}, file.name), this.bar, this.words);
    this.element = h("li", { class: "cl-row" }, text, close);
    this.bar.setAttribute("aria-label", file.name);
    list.append(this.element);
  }

  get signal(): AbortSignal {
    return this.ending.signal;
  }

  at(done: number, words: string): void {
    if (done > 0) this.bar.value = done;
    else this.bar.removeAttribute("value");
    this.words.textContent = words;
  }

  done(): void {
    this.element.remove();
  }

  /** The reason stays until it is put away. */
  refused({ message, cure }: Refusal): void {
    this.bar.remove();
    this.words.textContent = sentences(message, cure);
    this.words.className = "cl-problem";
    this.words.setAttribute("role", "alert");
  }

  private end(): void {
    this.ending.abort();
    this.element.remove();
  }

  private readonly element: HTMLLIElement;
  private readonly bar = h("progress");
  private readonly words = h("span", { class: "cl-soft" }, "Waiting");
  private readonly ending = new AbortController();
}
