/** A song's recordings, asked of the kernel over the comm of its widget: pages and outlines. */

import { bytesOf, tell, type Message, type SongModel } from "./model.js";

/** Pages kept: 32 MB. */
const KEPT = 64;

const PAGE_FRAMES = 65_536;

/** Frames that one column of an outline stands for. */
const BUCKET = 256;

/** The lowest and highest sample, -1 … 1, of each stretch of a recording. */
export interface Outline {
  readonly framesPerPeak: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

interface Waiting {
  resolve(bytes: Uint8Array): void;
  reject(error: Error): void;
}

/** Asks for each page once, for as long as it is kept. */
export class AudioPages {
  readonly #model: SongModel;
  readonly #framesOf: (blob: string) => number;
  readonly #pages = new Map<string, Promise<Float32Array>>();
  readonly #waiting = new Map<number, Waiting>();
  #count = 0;

  constructor(model: SongModel, framesOf: (blob: string) => number, signal: AbortSignal) {
    this.#model = model;
    this.#framesOf = framesOf;
    const heard = (message: Message, buffers: DataView[]): void => this.#heard(message, buffers);
    model.on("msg:custom", heard);
    signal.addEventListener("abort", () => {
      model.off("msg:custom", heard);
      for (const { reject } of this.#waiting.values()) reject(new Error("its view was closed"));
    });
  }

  /** A page of 65 536 frames: left, then right. What is fetched ahead may lie behind the end. */
  readonly page = (blob: string, page: number): Promise<Float32Array> => {
    if (page * PAGE_FRAMES >= this.#framesOf(blob)) return Promise.resolve(new Float32Array(0));
    const name = `${blob}/${page}`;
    const found = this.#pages.get(name) ?? this.#askPage(blob, page);
    // What is used stays: the one that was used longest ago makes room.
    this.#pages.delete(name);
    this.#pages.set(name, found);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > KEPT && oldest !== undefined) this.#pages.delete(oldest);
    found.catch(() => this.#pages.delete(name));
    return found;
  };

  /** The outline of a whole recording. */
  readonly peaks = async (blob: string): Promise<Outline> => {
    const bytes = await this.#ask((id) => ({ peaks: [blob, this.#framesOf(blob)], id }));
    const pairs = new Int8Array(bytes.slice().buffer);
    const column = (_: unknown, at: number): number => (pairs[at * 2] ?? 0) / 127;
    const size = { length: pairs.length / 2 };
    const high = Float32Array.from(size, (_, at) => (pairs[at * 2 + 1] ?? 0) / 127);
    return { framesPerPeak: BUCKET, low: Float32Array.from(size, column), high };
  };

  async #askPage(blob: string, page: number): Promise<Float32Array> {
    const bytes = await this.#ask((id) => ({ page: [blob, page], id }));
    return new Float32Array(bytes.slice().buffer);
  }

  #ask(question: (id: number) => Message): Promise<Uint8Array> {
    this.#count += 1;
    const id = this.#count;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      tell(() => this.#model.send(question(id)));
    });
  }

  #heard({ page, peaks, error }: Message, [buffer]: DataView[]): void {
    const id = page ?? peaks;
    if (typeof id !== "number") return;
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (buffer !== undefined) waiting?.resolve(bytesOf(buffer));
    else waiting?.reject(new Error(error ?? "the kernel has none"));
  }
}
