/** What runs on the audio thread: takes messages between blocks and makes one block at a time. */

import { HEADER } from "../gen/image.js";
import { Engine, SAMPLE_RATE } from "./engine.js";
import type { EngineOptions, FromEngine, ToEngine } from "./messages.js";
import { MOST_STRIPS, REPORT } from "./messages.js";
import { Tap } from "./tap.js";

/** Frames between two reports: about 30 a second. */
const REPORT_EVERY = SAMPLE_RATE / 30;

/** Frames over which what sounds fades before another start. */
const FADE_FRAMES = 512;

type Start = Extract<ToEngine, { kind: "start" }>;

const TEMPO_WORD = HEADER.findIndex((field) => field.name === "tempo");
const LOOP_WORD = HEADER.findIndex((field) => field.name === "loop_ticks");

/** The engine between its messages and its blocks. `post` sends to the page. */
export class AudioThread {
  readonly #post: (message: FromEngine) => void;
  readonly #tap: Tap;
  readonly #report = new Float64Array(REPORT.peaks + MOST_STRIPS);
  #engine: Engine | null = null;
  #waiting: Start | null = null;
  #fade = 0;
  #sounding = false;
  #reported = 0;

  constructor(options: EngineOptions, post: (message: FromEngine) => void) {
    this.#post = post;
    this.#tap = new Tap(post);
    try {
      this.#engine = new Engine(options.wasm);
      if (options.start) this.#begin({ kind: "start", run: 0, ...options.start });
      post({ kind: "ready" });
    } catch (error) {
      this.#break("compile", error);
    }
  }

  /** Takes one message; called between blocks. */
  receive(message: ToEngine): void {
    if (this.#engine === null) return;
    try {
      this.#obey(message, this.#engine);
    } catch (error) {
      this.#break("render", error);
    }
  }

  /** Fills one block whose first frame is `frame` of the context; silence where all is quiet. */
  process(left: Float32Array, right: Float32Array, frame: number): void {
    if (this.#engine === null || !this.#sounding) return;
    try {
      this.#render(this.#engine, left, right, frame + left.length);
    } catch (error) {
      left.fill(0);
      right.fill(0);
      this.#break("render", error);
    }
  }

  #obey(message: ToEngine, engine: Engine): void {
    switch (message.kind) {
      case "start":
        return this.#start(message, engine);
      case "change":
        return this.#change(message.image, engine);
      case "audition":
        return this.#audition(message.image, engine);
      case "seek":
        return engine.seek(message.tick);
      case "stop":
        this.#waiting = null;
        return engine.stop();
      case "tap":
        this.#tap.isOn = message.on;
    }
  }

  #start(message: Start, engine: Engine): void {
    if (!this.#sounding || engine.isQuiet) return this.#begin(message);
    this.#waiting = message;
    this.#fade = FADE_FRAMES;
  }

  #begin(message: Start): void {
    this.#waiting = null;
    this.#fade = 0;
    if (!this.#load(message.image, false)) return;
    this.#report[REPORT.run] = message.run;
    this.#engine?.play(message.looping);
    this.#tap.restart();
    this.#sounding = true;
  }

  #change(image: Uint8Array, engine: Engine): void {
    if (this.#waiting) this.#waiting = { ...this.#waiting, image };
    else if (engine.position >= 0 && this.#load(image, true)) this.#tap.mark();
  }

  #audition(image: Uint8Array, engine: Engine): void {
    if (this.#waiting || !this.#load(image, this.#sounding)) return;
    engine.seek(0);
    engine.play(false);
    this.#sounding = true;
  }

  #load(image: Uint8Array, live: boolean): boolean {
    const code = this.#engine?.load(image, live) ?? 0;
    if (code !== 0) {
      this.#post({ kind: "refused", code, live });
      return false;
    }
    const words = new DataView(image.buffer, image.byteOffset, image.byteLength);
    const tempo = words.getFloat32(TEMPO_WORD * 4, true);
    this.#report[REPORT.ticksPerFrame] = (tempo * 960) / (60 * SAMPLE_RATE);
    this.#report[REPORT.loopTicks] = words.getInt32(LOOP_WORD * 4, true);
    return true;
  }

  #render(engine: Engine, left: Float32Array, right: Float32Array, end: number): void {
    engine.render(left.length);
    for (let i = 0; i < left.length; i += 1) {
      left[i] = engine.left[i] ?? 0;
      right[i] = engine.right[i] ?? 0;
    }
    if (this.#waiting) this.#fadeOut(left, right);
    else this.#tap.take(left, right);
    if (end - this.#reported >= REPORT_EVERY || end < this.#reported) this.#send(engine, end);
  }

  #fadeOut(left: Float32Array, right: Float32Array): void {
    for (let i = 0; i < left.length; i += 1) {
      this.#fade = Math.max(0, this.#fade - 1);
      const gain = this.#fade / FADE_FRAMES;
      left[i] = (left[i] ?? 0) * gain;
      right[i] = (right[i] ?? 0) * gain;
    }
    if (this.#fade === 0 && this.#waiting) this.#begin(this.#waiting);
  }

  #send(engine: Engine, end: number): void {
    const report = this.#report;
    this.#reported = end;
    report[REPORT.frame] = end;
    report[REPORT.tick] = engine.position;
    report[REPORT.pass] = engine.passes;
    engine.readPeaks(report, REPORT.peaks);
    this.#post(report);
    if (engine.position < 0 && engine.isQuiet) this.#rest();
  }

  /** Nothing sounds and nothing will: no blocks are made until the next message. */
  #rest(): void {
    this.#sounding = false;
    this.#tap.flush();
  }

  #break(stage: "compile" | "render", error: unknown): void {
    this.#engine = null;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#post({ kind: "fault", stage, message });
  }
}
