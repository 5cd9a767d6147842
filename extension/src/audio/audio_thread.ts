/** What runs on the audio thread: takes messages between blocks and makes one block at a time. */

import { HEADER } from "../gen/image.js";
import { Engine, SAMPLE_RATE } from "./engine.js";
import type { EngineOptions, FromEngine, Region, Score, ToEngine } from "./messages.js";
import { MOST_STRIPS, REPORT } from "./messages.js";
import { PageDesk, type PageSource } from "./page_desk.js";
import { Tap } from "./tap.js";

/** Frames between two reports: about 30 a second. */
const REPORT_EVERY = SAMPLE_RATE / 30;

/** Frames over which what sounds fades before another start. */
const FADE_FRAMES = 512;

/** Frames that a start waits for its first audio at the most. */
const FETCH_FRAMES = 3 * SAMPLE_RATE;

type Start = Extract<ToEngine, { kind: "start" }>;

/** A start on its way: what sounds fades, its first audio is fetched, bars are counted in. */
interface Pending {
  readonly stage: "fade" | "fetch" | "count";
  readonly start: Start;
  /** Frames until the next stage, at the latest. */
  left: number;
}

const CLIPS_WORD = HEADER.findIndex((field) => field.name === "clips");

/** The engine between its messages and its blocks. `post` sends to the page. */
export class AudioThread {
  readonly #post: (message: FromEngine) => void;
  readonly #tap: Tap;
  readonly #desk: PageDesk;
  readonly #report = new Float64Array(REPORT.peaks + MOST_STRIPS);
  #engine: Engine | null = null;
  #pending: Pending | null = null;
  #hasAudio = false;
  #looping = false;
  #playing = false;
  #sounding = false;
  #reported = 0;

  constructor(options: EngineOptions, post: (message: FromEngine) => void) {
    this.#post = post;
    this.#tap = new Tap(post);
    this.#desk = new PageDesk(post, sourceOf(options));
    try {
      this.#engine = new Engine(options.wasm);
      if (options.start) this.#begin({ ...options.start, kind: "start", run: 0 }, this.#engine);
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
      this.#render(this.#engine, left, right);
      const end = frame + left.length;
      if (end - this.#reported >= REPORT_EVERY || end < this.#reported) this.#send(this.#engine, end);
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
        return this.#seek(message.tick, engine);
      case "region":
        return this.#setRegion(message.region, message.looping, engine);
      case "page":
        return this.#desk.take(engine, message.run, [message.audio, message.page], message.samples);
      case "stop":
        return this.#stop(engine);
      case "tap":
        this.#tap.isOn = message.on;
    }
  }

  #start(start: Start, engine: Engine): void {
    if (!this.#sounding || engine.isQuiet) return this.#begin(start, engine);
    this.#pending = { stage: "fade", start, left: FADE_FRAMES };
  }

  /** From silence: with audio to come, not before it is there. */
  #begin(start: Start, engine: Engine): void {
    this.#pending = null;
    this.#playing = false;
    if (!this.#place(start, engine)) return;
    this.#sounding = true;
    this.#report[REPORT.run] = start.run;
    this.#desk.begin(start.run);
    if (this.#hasAudio) this.#desk.ask(engine);
    if (this.#desk.isServed) this.#countIn(start, engine);
    else this.#pending = { stage: "fetch", start, left: FETCH_FRAMES };
  }

  #countIn(start: Start, engine: Engine): void {
    this.#pending = null;
    this.#tap.restart();
    if (start.countIn == null || !this.#load(start.countIn, false)) return this.#play(start, engine);
    engine.play(false);
    this.#pending = { stage: "count", start, left: engine.passFrames };
  }

  #play(start: Start, engine: Engine): void {
    this.#pending = null;
    this.#looping = start.looping;
    engine.play(start.looping);
    this.#playing = true;
    this.#desk.letGo();
  }

  /** The bars are counted: what was asked for begins with the next frame. */
  #playCounted(start: Start, engine: Engine): void {
    this.#pending = null;
    if (!this.#place(start, engine)) return;
    this.#desk.handInAgain(engine);
    this.#play(start, engine);
  }

  /** Loads a score from silence, where it is to begin. */
  #place({ image, region = null, from = 0 }: Score, engine: Engine): boolean {
    if (!this.#load(image, false)) return false;
    engine.region(...(region ?? ([0, 0] as const)));
    engine.seek(from);
    return true;
  }

  #change(image: Uint8Array, engine: Engine): void {
    if (this.#pending) this.#restart({ ...this.#pending.start, image }, engine);
    else if (engine.position >= 0 && this.#load(image, true)) this.#tap.mark("changed");
  }

  #seek(tick: number, engine: Engine): void {
    if (this.#pending) return this.#restart({ ...this.#pending.start, from: tick }, engine);
    engine.seek(tick);
    if (this.#hasAudio && this.#playing) this.#desk.ask(engine);
  }

  #setRegion(region: Region, looping: boolean, engine: Engine): void {
    if (this.#pending) return this.#restart({ ...this.#pending.start, region, looping }, engine);
    if (!this.#playing) return;
    engine.region(...(region ?? ([0, 0] as const)));
    if (looping !== this.#looping) engine.play(looping);
    this.#looping = looping;
  }

  /** Changes a start that is on its way. */
  #restart(start: Start, engine: Engine): void {
    if (this.#pending?.stage === "fetch") this.#begin(start, engine);
    else if (this.#pending) this.#pending = { ...this.#pending, start };
  }

  #stop(engine: Engine): void {
    this.#pending = null;
    this.#playing = false;
    engine.stop();
  }

  #audition(image: Uint8Array, engine: Engine): void {
    if (this.#pending || !this.#load(image, this.#sounding)) return;
    engine.region(0, 0);
    engine.seek(0);
    engine.play(false);
    this.#sounding = true;
  }

  #load(image: Uint8Array, live: boolean): boolean {
    const code = this.#engine?.load(image, live) ?? 0;
    if (code !== 0) this.#post({ kind: "refused", code, live });
    else this.#hasAudio = wordOf(image, CLIPS_WORD) > 0;
    return code === 0;
  }

  #render(engine: Engine, left: Float32Array, right: Float32Array): void {
    if (this.#pending?.stage === "fetch") return this.#waitForAudio(this.#pending, left, engine);
    for (let at = 0; at < left.length; ) {
      const until = this.#pending?.stage === "count" ? this.#pending.left : Infinity;
      const some = Math.min(left.length - at, until);
      engine.render(some);
      for (let i = 0; i < some; i += 1) {
        left[at + i] = engine.left[i] ?? 0;
        right[at + i] = engine.right[i] ?? 0;
      }
      at += some;
      this.#counted(some, at, engine);
    }
    if (this.#pending?.stage === "fade") this.#fadeOut(this.#pending, left, right, engine);
    else this.#tap.take(left, right);
    if (this.#playing && engine.position < 0) this.#end();
  }

  #waitForAudio(pending: Pending, left: Float32Array, engine: Engine): void {
    pending.left -= left.length;
    if (this.#desk.isServed || pending.left <= 0) this.#countIn(pending.start, engine);
  }

  /** Frames of the count-in have been made, up to the place `at` of this block. */
  #counted(frames: number, at: number, engine: Engine): void {
    if (this.#pending?.stage !== "count") return;
    this.#pending.left -= frames;
    if (this.#pending.left > 0) return;
    this.#playCounted(this.#pending.start, engine);
    this.#tap.mark("began", at);
  }

  #fadeOut(pending: Pending, left: Float32Array, right: Float32Array, engine: Engine): void {
    for (let i = 0; i < left.length; i += 1) {
      pending.left = Math.max(0, pending.left - 1);
      const gain = pending.left / FADE_FRAMES;
      left[i] = (left[i] ?? 0) * gain;
      right[i] = (right[i] ?? 0) * gain;
    }
    if (pending.left === 0) this.#begin(pending.start, engine);
  }

  #end(): void {
    this.#playing = false;
    this.#post({ kind: "ended", run: this.#report[REPORT.run] ?? 0 });
  }

  #send(engine: Engine, end: number): void {
    const report = this.#report;
    this.#reported = end;
    report[REPORT.frame] = end;
    report[REPORT.tick] = this.#pending ? -1 : engine.position;
    report[REPORT.pass] = engine.passes;
    report[REPORT.missed] = this.#hasAudio ? engine.missed : 0;
    engine.readPeaks(report, REPORT.peaks);
    this.#post(report);
    if (this.#hasAudio && this.#playing) this.#desk.ask(engine);
    if (!this.#pending && engine.position < 0 && engine.isQuiet) this.#rest();
  }

  /** Nothing sounds and nothing will: no blocks are made until the next message. */
  #rest(): void {
    this.#sounding = false;
    this.#tap.flush();
    this.#post({ kind: "resting" });
  }

  #break(stage: "compile" | "render", error: unknown): void {
    this.#engine = null;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#post({ kind: "fault", stage, message });
  }
}

function wordOf(image: Uint8Array, word: number): number {
  return new DataView(image.buffer, image.byteOffset, image.byteLength).getInt32(word * 4, true);
}

/** The audio that came with the engine itself, where no message can come in time. */
function sourceOf({ start }: EngineOptions): PageSource | null {
  const audio = start?.audio;
  return audio === undefined ? null : (number, page) => audio[number]?.[page] ?? null;
}
