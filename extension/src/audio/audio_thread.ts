/** What runs on the audio thread: takes messages between blocks and makes one block at a time. */

import { Engine, SAMPLE_RATE } from "./engine.js";
import { EngineRun } from "./engine_run.js";
import type { EngineOptions, FromEngine, ToEngine } from "./messages.js";
import { MOST_STRIPS, REPORT } from "./messages.js";
import { PageDesk, type PageSource } from "./page_desk.js";
import { Sounding } from "./sounding.js";
import { Tap } from "./tap.js";

/** Frames between two reports: about 30 a second. */
const REPORT_EVERY = SAMPLE_RATE / 30;

/** The engine between its messages and its blocks. `post` sends to the page. */
export class AudioThread {
  readonly #post: (message: FromEngine) => void;
  readonly #tap: Tap;
  readonly #report = new Float64Array(REPORT.peaks + MOST_STRIPS);
  #sounding: Sounding | null = null;
  #reported = 0;

  constructor(options: EngineOptions, post: (message: FromEngine) => void) {
    this.#post = post;
    this.#tap = new Tap(post);
    try {
      const run = new EngineRun(new Engine(options.wasm));
      const desk = new PageDesk(post, sourceOf(options));
      this.#sounding = new Sounding(run, desk, this.#tap, post);
      if (options.start) this.#sounding.start({ ...options.start, kind: "start", run: 0 });
      post({ kind: "ready" });
    } catch (error) {
      this.#break("compile", error);
    }
  }

  /** Takes one message; called between blocks. */
  receive(message: ToEngine): void {
    if (this.#sounding === null) return;
    try {
      this.#obey(message, this.#sounding);
    } catch (error) {
      this.#break("render", error);
    }
  }

  /** Fills one block whose first frame is `frame` of the context; silence where all is quiet. */
  process(left: Float32Array, right: Float32Array, frame: number): void {
    const sounding = this.#sounding;
    if (sounding === null || !sounding.isOn) return;
    try {
      sounding.render(left, right, frame);
      const end = frame + left.length;
      if (end - this.#reported >= REPORT_EVERY || end < this.#reported) this.#send(sounding, end);
    } catch (error) {
      left.fill(0);
      right.fill(0);
      this.#break("render", error);
    }
  }

  #obey(message: ToEngine, sounding: Sounding): void {
    switch (message.kind) {
      case "start":
        return sounding.start(message);
      case "change":
      case "stop":
        return sounding.obey(message);
      case "audition":
        return sounding.audition(message.image);
      case "seek":
        return sounding.seek(message.tick);
      case "region":
        return sounding.setRegion(message.region, message.looping);
      case "page": {
        const { run, audio, page, samples } = message;
        return sounding.desk.take(sounding.run.engine, run, [audio, page], samples);
      }
      case "slide":
        return sounding.run.slide(message.frames);
      case "tap":
        this.#tap.isOn = message.on;
    }
  }

  #send(sounding: Sounding, end: number): void {
    const report = this.#report;
    this.#reported = end;
    report[REPORT.frame] = end + sounding.run.ahead;
    sounding.describe(report);
    this.#post(report);
    sounding.ask();
    if (sounding.isOver) this.#rest(sounding);
  }

  /** Nothing sounds and nothing will: no blocks are made until the next message. */
  #rest(sounding: Sounding): void {
    sounding.isOn = false;
    this.#tap.flush();
    this.#post({ kind: "resting" });
  }

  #break(stage: "compile" | "render", error: unknown): void {
    this.#sounding = null;
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    this.#post({ kind: "fault", stage, message });
  }
}

/** The audio that came with the engine itself, where no message can come in time. */
function sourceOf({ start }: EngineOptions): PageSource | null {
  const audio = start?.audio;
  return audio === undefined ? null : (number, page) => audio[number]?.[page] ?? null;
}
