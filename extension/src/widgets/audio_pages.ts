/** Pages of a song's recordings, asked of the kernel over the comm of its widget. */

import { bytesOf, tell, type Message, type SongModel } from "./model.js";

/** Pages kept: 32 MB. */
const KEPT = 64;

interface Waiting {
  resolve(samples: Float32Array): void;
  reject(error: Error): void;
}

/** Asks for each page once, for as long as it is kept. */
export class AudioPages {
  readonly #model: SongModel;
  readonly #pages = new Map<string, Promise<Float32Array>>();
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor(model: SongModel, signal: AbortSignal) {
    this.#model = model;
    const heard = (message: Message, buffers: DataView[]): void => this.#heard(message, buffers);
    model.on("msg:custom", heard);
    signal.addEventListener("abort", () => {
      model.off("msg:custom", heard);
      for (const { reject } of this.#waiting.values()) reject(new Error("its view was closed"));
    });
  }

  /** A page of 65 536 frames: left, then right. */
  readonly page = (blob: string, page: number): Promise<Float32Array> => {
    const name = `${blob}/${page}`;
    const found = this.#pages.get(name) ?? this.#ask(blob, page);
    // What is used stays: the one that was used longest ago makes room.
    this.#pages.delete(name);
    this.#pages.set(name, found);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > KEPT && oldest !== undefined) this.#pages.delete(oldest);
    found.catch(() => this.#pages.delete(name));
    return found;
  };

  #ask(blob: string, page: number): Promise<Float32Array> {
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      tell(() => this.#model.send({ page: [blob, page], id }));
    });
  }

  #heard({ page, error }: Message, [buffer]: DataView[]): void {
    if (typeof page !== "number") return;
    const waiting = this.#waiting.get(page);
    this.#waiting.delete(page);
    if (buffer !== undefined) waiting?.resolve(new Float32Array(bytesOf(buffer).slice().buffer));
    else waiting?.reject(new Error(error ?? "the kernel gave none"));
  }
}
