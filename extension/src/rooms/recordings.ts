/** A song's recordings, asked of the server by stretches of their canonical WAV files. */

const HEADER_BYTES = 44;
const CHANNELS_AT = 22;
const SIZE_AT = 40;
const PAGE_FRAMES = 65_536;
const RATE = 48_000;
const FULL_SCALE = 1 << 23;

/** Pages kept: 32 MB. */
const KEPT = 64;

/** What the server answers: the lowest and highest sample of each stretch, -1 … 1. */
interface OutlineAnswer {
  readonly perSecond: number;
  readonly low: readonly number[];
  readonly high: readonly number[];
}

/** The lowest and highest sample of each stretch of a recording. */
export interface Peaks {
  readonly framesPerPeak: number;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

/** What a recording is, as its header says. */
interface Shape {
  readonly channels: number;
  readonly frames: number;
}

/** Asks for each page once, for as long as it is kept. */
export class Recordings {
  readonly #shapes = new Map<string, Promise<Shape>>();
  readonly #pages = new Map<string, Promise<Float32Array>>();

  constructor(
    private readonly blobs: string,
    private readonly outlines: string,
    private readonly get: typeof fetch = (...request) => fetch(...request),
  ) {}

  /** A page of 65 536 frames: left, then right; empty behind the end. */
  readonly page = (blob: string, page: number): Promise<Float32Array> => {
    const name = `${blob}/${page}`;
    const found = this.#pages.get(name) ?? this.#fetchPage(blob, page);
    // What is used stays: the one that was used longest ago makes room.
    this.#pages.delete(name);
    this.#pages.set(name, found);
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > KEPT && oldest !== undefined) this.#pages.delete(oldest);
    found.catch(() => this.#pages.delete(name));
    return found;
  };

  /** The outline of a whole recording. */
  readonly peaks = async (blob: string): Promise<Peaks> => {
    const answer = await this.get(this.outlines + blob);
    if (!answer.ok) throw new Error(`no outline: ${answer.status}`);
    const { perSecond, low, high } = (await answer.json()) as OutlineAnswer;
    if (low.length === 0) throw new Error("nobody has measured it");
    return { framesPerPeak: RATE / perSecond, low, high };
  };

  async #fetchPage(blob: string, page: number): Promise<Float32Array> {
    const { channels, frames } = await this.#shape(blob);
    const start = page * PAGE_FRAMES;
    if (start >= frames) return new Float32Array(0);
    const width = 3 * channels;
    const count = Math.min(PAGE_FRAMES, frames - start);
    return decoded(await this.#bytes(blob, HEADER_BYTES + start * width, count * width), channels);
  }

  #shape(blob: string): Promise<Shape> {
    const found = this.#shapes.get(blob) ?? this.#bytes(blob, 0, HEADER_BYTES).then(shapeOf);
    this.#shapes.set(blob, found);
    found.catch(() => this.#shapes.delete(blob));
    return found;
  }

  async #bytes(blob: string, from: number, count: number): Promise<DataView> {
    const headers = { Range: `bytes=${from}-${from + count - 1}` };
    const answer = await this.get(this.blobs + blob, { headers });
    if (!answer.ok) throw new Error(`a recording is not to be had: ${answer.status}`);
    const bytes = await answer.arrayBuffer();
    // A server that knows no ranges gives the whole.
    return answer.status === 206 ? new DataView(bytes) : new DataView(bytes, from, count);
  }
}

function shapeOf(header: DataView): Shape {
  const channels = header.getUint16(CHANNELS_AT, true);
  if (channels !== 1 && channels !== 2) throw new Error("a recording that is no canonical WAV file");
  return { channels, frames: header.getUint32(SIZE_AT, true) / (3 * channels) };
}

/** Packed integers of 24 bits as floats: one page, left then right. One channel is on both sides. */
export function decoded(packed: DataView, channels: number): Float32Array {
  const made = new Float32Array(2 * PAGE_FRAMES);
  const frames = packed.byteLength / (3 * channels);
  for (let frame = 0; frame < frames; frame += 1) {
    for (let side = 0; side < 2; side += 1) {
      const at = (frame * channels + Math.min(side, channels - 1)) * 3;
      const value = packed.getUint16(at, true) | (packed.getInt8(at + 2) << 16);
      made[side * PAGE_FRAMES + frame] = value / FULL_SCALE;
    }
  }
  return made;
}
