/** The sound engine's WebAssembly module as typed calls: the same in a worklet, node and tests. */

import { HEADER } from "../gen/image.js";
import { STRIPS } from "../gen/limits.js";

/** Frames a second of everything the engine makes. */
export const SAMPLE_RATE = 48_000;

/** Frames of one page of audio. */
export const PAGE_FRAMES = 65_536;

/** How `play` goes on at the end of a pass. */
const ONCE = 0;
const LOOPING = 1;

/** What engine.wasm exports; native/SPEC.md says what each means. */
interface Calls {
  readonly memory: WebAssembly.Memory;
  image_buffer(): number;
  image_capacity(): number;
  load(words: number, live: number): number;
  pass_from(pass: number): void;
  play(looping: number): void;
  stop(): void;
  silence(): void;
  seek(tick: number): void;
  render(frames: number): void;
  max_frames(): number;
  output(channel: number): number;
  position(): number;
  passes(): number;
  quiet(): number;
  voices(): number;
  meters(): number;
  meters_reset(): void;
  pass_frames(): number;
  latency(): number;
  region(start: number, end: number): void;
  wanted(): number;
  page_buffer(): number;
  page_put(audio: number, page: number): void;
  missed(): number;
}

/** The code that `load` gives for an image that is larger than the engine's buffer. */
export const TOO_LARGE = -1000;

const CLIPS_WORD = HEADER.findIndex((field) => field.name === "clips");

/** Whether an image plays recordings. */
export function playsRecordings(image: Uint8Array): boolean {
  const words = new DataView(image.buffer, image.byteOffset, image.byteLength);
  return words.getInt32(CLIPS_WORD * 4, true) > 0;
}

/** One engine with its memory; all of it is allocated here, nothing later. */
export class Engine {
  /** The samples of the last `render`, one view a channel. */
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly maxFrames: number;
  readonly latency: number;
  readonly #calls: Calls;
  readonly #image: Uint8Array;
  readonly #meters: Float32Array;
  readonly #memory: ArrayBuffer;

  /** Compiles the module where it stands; throws `WebAssembly.CompileError` where that is
   * forbidden or the bytes are no module. */
  constructor(wasm: Uint8Array<ArrayBuffer>) {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(wasm), {});
    const calls = instance.exports as unknown as Calls;
    const buffer = calls.memory.buffer;
    this.#calls = calls;
    this.maxFrames = calls.max_frames();
    this.latency = calls.latency();
    this.#image = new Uint8Array(buffer, calls.image_buffer(), calls.image_capacity() * 4);
    this.#meters = new Float32Array(buffer, calls.meters(), STRIPS * 2);
    this.#memory = buffer;
    this.left = new Float32Array(buffer, calls.output(0), this.maxFrames);
    this.right = new Float32Array(buffer, calls.output(1), this.maxFrames);
  }

  /** Takes a score image: 0, or a negative code, and then the old image plays on. */
  load(image: Uint8Array, live: boolean): number {
    if (image.length > this.#image.length) return TOO_LARGE;
    this.#image.set(image);
    return this.#calls.load(image.length >> 2, live ? 1 : 0);
  }

  /** Plays from where it is; `rounds` says how often it has gone round before. */
  play(looping: boolean, rounds = 0): void {
    this.#calls.pass_from(rounds);
    this.#calls.play(looping ? LOOPING : ONCE);
  }

  /** Releases all voices; tails ring. */
  stop(): void {
    this.#calls.stop();
  }

  /** Clears voices and tails at once. */
  silence(): void {
    this.#calls.silence();
  }

  seek(tick: number): void {
    this.#calls.seek(tick);
  }

  /** The ticks between which it plays; an end at or below the start is the whole pass. */
  region(start: number, end: number): void {
    this.#calls.region(start, end);
  }

  /** The pages of audio that the next second needs and has not, as `[audio, page]`. */
  wanted(): readonly (readonly [number, number])[] {
    const address = this.#calls.wanted();
    const [count = 0] = new Int32Array(this.#memory, address, 1);
    const pairs = new Int32Array(this.#memory, address + 4, count * 2);
    return Array.from({ length: count }, (_, at) => [pairs[at * 2] ?? 0, pairs[at * 2 + 1] ?? 0]);
  }

  /** Takes a page of audio: `PAGE_FRAMES` frames of the left side, then as many of the right. */
  putPage(audio: number, page: number, samples: Float32Array): void {
    const buffer = new Float32Array(this.#memory, this.#calls.page_buffer(), PAGE_FRAMES * 2);
    buffer.fill(0);
    buffer.set(samples.subarray(0, PAGE_FRAMES * 2));
    this.#calls.page_put(audio, page);
  }

  /** Frames that were silent because their audio was not there, since `load`. */
  get missed(): number {
    return this.#calls.missed();
  }

  /** Renders 1 … `maxFrames` frames into `left` and `right`. */
  render(frames: number): void {
    this.#calls.render(frames);
  }

  /** Ticks from the start of the pass; -1 when not playing. */
  get position(): number {
    return this.#calls.position();
  }

  /** Passes completed since `play`, and the rounds before. */
  get passes(): number {
    return this.#calls.passes();
  }

  /** True when nothing sounds and all echoes and rooms have died away. */
  get isQuiet(): boolean {
    return this.#calls.quiet() !== 0;
  }

  /** Frames of one pass at the image's tempo. */
  get passFrames(): number {
    return this.#calls.pass_frames();
  }

  /** Writes the peak of each strip since the last call to `into` from `offset` on. */
  readPeaks(into: Float64Array, offset: number): void {
    this.#calls.meters();
    const strips = Math.min(into.length - offset, this.#meters.length / 2);
    for (let strip = 0; strip < strips; strip += 1) {
      into[offset + strip] = this.#meters[strip * 2] ?? 0;
    }
    this.#calls.meters_reset();
  }
}
