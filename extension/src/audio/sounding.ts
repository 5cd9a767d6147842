/** On the audio thread: what sounds, and what is to sound next. */

import type { Cue } from "./cues.js";
import { playsRecordings, SAMPLE_RATE, type Engine } from "./engine.js";
import type { EngineRun } from "./engine_run.js";
import type { Entry, FromEngine, Region, Score, ToEngine } from "./messages.js";
import { REPORT } from "./messages.js";
import type { PageDesk } from "./page_desk.js";
import type { Tap } from "./tap.js";

/** Frames over which what sounds fades before another start. */
const FADE_FRAMES = 512;

/** Frames that a start waits for its first audio at the most. */
const FETCH_FRAMES = 3 * SAMPLE_RATE;

type Start = Extract<ToEngine, { kind: "start" }>;

/**
 * A start on its way: what sounds fades, its first audio is fetched, bars are counted in. With
 * others, what sounds plays on or silence is kept until the entry.
 */
interface Pending {
  readonly stage: "fade" | "fetch" | "count" | "play-on" | "wait";
  readonly start: Start;
  /** Frames until the next stage, at the latest. */
  left: number;
}

type Sides = readonly [left: Float32Array, right: Float32Array];

/** The engine's run through starts, changes and ends. */
export class Sounding {
  /** Whether blocks are to be made. */
  isOn = false;
  readonly run: EngineRun;
  readonly #engine: Engine;
  readonly desk: PageDesk;
  readonly #tap: Tap;
  readonly #post: (message: FromEngine) => void;
  #pending: Pending | null = null;
  #number = 0;
  #hasAudio = false;
  #looping = false;
  #playing = false;

  constructor(run: EngineRun, desk: PageDesk, tap: Tap, post: (message: FromEngine) => void) {
    this.run = run;
    this.#engine = run.engine;
    this.desk = desk;
    this.#tap = tap;
    this.#post = post;
  }

  /** Nothing sounds, and nothing is on its way. */
  get isOver(): boolean {
    return !this.#pending && this.#engine.position < 0 && this.#engine.isQuiet;
  }

  /** What is on its way waits in silence. */
  get #isSilent(): boolean {
    return this.#pending?.stage === "wait" || this.#pending?.stage === "fetch";
  }

  /** Writes what a report says of it. */
  describe(report: Float64Array): void {
    report[REPORT.run] = this.#number;
    report[REPORT.tick] = this.#pending ? -1 : this.#engine.position;
    report[REPORT.pass] = this.#engine.passes;
    report[REPORT.missed] = this.#hasAudio ? this.#engine.missed : 0;
    this.#engine.readPeaks(report, REPORT.peaks);
  }

  /** Asks for the audio that comes next. */
  ask(): void {
    if (this.#hasAudio && this.#playing) this.desk.ask(this.#engine);
  }

  start(start: Start): void {
    const isFree = !this.isOn || this.#engine.isQuiet;
    if (start.entry) this.#enter(start, start.entry, isFree || this.#isSilent);
    else if (isFree) this.#begin(start);
    else this.#pending = { stage: "fade", start, left: FADE_FRAMES };
  }

  /** Fills one block whose first frame is `frame` of the context. */
  render(left: Float32Array, right: Float32Array, frame: number): void {
    const { stage, start } = this.#pending ?? {};
    if (this.#pending && stage === "fetch") return this.#waitForAudio(this.#pending, left);
    if (start?.entry && (stage === "wait" || stage === "play-on")) {
      this.#renderEntry(start, start.entry, [left, right], frame);
    } else {
      this.#renderOn(left, right, frame);
    }
    if (this.#playing && !this.#pending && this.#engine.position < 0) this.#end();
  }

  /** From silence: with audio to come, not before it is there. */
  #begin(start: Start): void {
    this.#pending = null;
    if (!this.#ready(start)) return;
    this.isOn = true;
    if (this.desk.isServed) this.#countIn(start);
    else this.#pending = { stage: "fetch", start, left: FETCH_FRAMES };
  }

  /** Loads what is to begin, and asks for its first audio. */
  #ready(start: Start, keeps = false): boolean {
    this.#playing = false;
    if (!this.#place(start, keeps)) return false;
    this.#number = start.run;
    this.desk.begin(start.run);
    if (this.#hasAudio) this.desk.ask(this.#engine);
    return true;
  }

  #countIn(start: Start): void {
    this.#pending = null;
    this.#tap.restart();
    this.run.begin(0);
    if (start.countIn == null || !this.#load(start.countIn, false)) return this.#play(start);
    this.#engine.play(false);
    this.#pending = { stage: "count", start, left: this.#engine.passFrames };
  }

  #play(start: Start): void {
    this.#pending = null;
    this.#looping = start.looping;
    this.#engine.play(start.looping, start.entry?.rounds);
    this.#playing = true;
    this.desk.letGo();
  }

  /** The bars are counted: what was asked for begins with the next frame. */
  #playCounted(start: Start): void {
    this.#pending = null;
    if (!this.#place(start)) return;
    this.desk.handInAgain(this.#engine);
    this.#play(start);
  }

  /** Loads a score from silence, where it is to begin; a live one keeps the audio that is there. */
  #place({ image, region = null, from = 0 }: Score, keeps = false): boolean {
    if (keeps) this.#engine.stop();
    if (!this.#load(image, keeps)) return false;
    if (keeps) this.#engine.silence();
    this.#engine.region(...(region ?? ([0, 0] as const)));
    this.#engine.seek(from);
    return true;
  }

  /** Among others: where nothing sounds it is loaded, and its audio fetched, before its entry. */
  #enter(start: Start, entry: Entry, isFree: boolean): void {
    this.#pending = null;
    this.run.prepare(entry.frame);
    if (isFree && !this.#ready(start)) return;
    this.isOn = true;
    this.#pending = { stage: isFree ? "wait" : "play-on", start, left: 0 };
  }

  /** Obeys at once, or at its frame; what is told for one before the entry holds at the entry. */
  obey(cue: Cue): void {
    if (cue.at === undefined) return this.#obeyCue(cue);
    const { entry } = this.#pending?.start ?? {};
    if (entry && cue.at <= entry.frame) this.#obeyCue(cue);
    else this.run.add(cue.at, cue, this.#obeyDue);
  }

  /** What was due in what plays is heard no more where something else is about to begin. */
  readonly #obeyDue = (cue: Cue): void => {
    if (this.#pending === null) this.#obeyCue(cue);
  };

  readonly #obeyCue = (cue: Cue): void => {
    if (cue.kind === "stop") this.#stop();
    else this.#change(cue.image);
  };

  #change(image: Uint8Array): void {
    if (this.#pending) this.#restart({ ...this.#pending.start, image });
    else if (this.#engine.position >= 0 && this.#load(image, true)) this.#tap.mark("changed");
  }

  seek(tick: number): void {
    if (this.#pending) return this.#restart({ ...this.#pending.start, from: tick });
    this.#engine.seek(tick);
    this.ask();
  }

  setRegion(region: Region, looping: boolean): void {
    if (this.#pending) return this.#restart({ ...this.#pending.start, region, looping });
    if (!this.#playing) return;
    this.#engine.region(...(region ?? ([0, 0] as const)));
    if (looping !== this.#looping) this.#engine.play(looping);
    this.#looping = looping;
  }

  /** Changes a start that is on its way. */
  #restart(start: Start): void {
    if (this.#pending === null) return;
    if (this.#pending.stage === "fetch") return this.#begin(start);
    if (this.#pending.stage !== "wait" || this.#ready(start)) {
      this.#pending = { ...this.#pending, start };
    }
  }

  #stop(): void {
    this.#pending = null;
    this.#playing = false;
    this.#engine.stop();
  }

  audition(image: Uint8Array): void {
    if (this.#pending || !this.#load(image, this.isOn)) return;
    if (!this.isOn) this.run.begin(0);
    this.#engine.region(0, 0);
    this.#engine.seek(0);
    this.#engine.play(false);
    this.isOn = true;
  }

  #load(image: Uint8Array, live: boolean): boolean {
    const code = this.#engine.load(image, live);
    if (code !== 0) this.#post({ kind: "refused", code, live });
    else this.#hasAudio = playsRecordings(image);
    return code === 0;
  }

  #renderOn(left: Float32Array, right: Float32Array, frame: number): void {
    for (let at = 0; at < left.length; ) {
      const until = this.#pending?.stage === "count" ? this.#pending.left : Infinity;
      const some = Math.min(left.length - at, until);
      this.run.pull(left, right, at, some);
      at += some;
      this.#counted(some, at);
    }
    if (this.#pending?.stage === "fade") this.#fadeOut(this.#pending, left, right);
    else this.#tap.take(left, right, frame);
  }

  #waitForAudio(pending: Pending, left: Float32Array): void {
    pending.left -= left.length;
    if (this.desk.isServed || pending.left <= 0) this.#countIn(pending.start);
  }

  /** Frames of the count-in have been made, up to the place `at` of this block. */
  #counted(frames: number, at: number): void {
    if (this.#pending?.stage !== "count") return;
    this.#pending.left -= frames;
    if (this.#pending.left > 0) return;
    this.#playCounted(this.#pending.start);
    this.#tap.mark("began", at);
  }

  #fadeOut(pending: Pending, left: Float32Array, right: Float32Array): void {
    fade([left, right], left.length, (frame) => (pending.left - 1 - frame) / FADE_FRAMES);
    pending.left -= left.length;
    if (pending.left <= 0) this.#begin(pending.start);
  }

  /** A block in which an entry may fall: what sounds fades towards it. */
  #renderEntry(
    start: Start, entry: Entry, [left, right]: Sides, frame: number,
  ): void {
    const until = Math.min(Math.max(entry.context - frame, 0), left.length);
    if (this.#pending?.stage === "play-on") {
      this.run.pull(left, right, 0, until);
      fade([left, right], until, (i) => (entry.context - frame - i) / FADE_FRAMES);
    }
    if (until === left.length || !this.#fallIn(start, entry)) return;
    this.run.pull(left, right, until, left.length - until);
    this.#tap.take(left.subarray(until), right.subarray(until), frame + until);
  }

  /** The entry is now: the next frame is its first. */
  #fallIn(start: Start, { keeps }: Entry): boolean {
    const isReady = this.#pending?.stage === "wait" || this.#ready(start, keeps);
    this.#pending = null;
    if (!isReady) return false;
    this.#tap.restart();
    this.run.begin();
    this.#play(start);
    return true;
  }

  #end(): void {
    this.#playing = false;
    this.#post({ kind: "ended", run: this.#number });
  }
}

/** Makes the first frames of both sides quieter, each by its own gain. */
function fade([left, right]: Sides, frames: number, gainAt: (frame: number) => number): void {
  for (let i = 0; i < frames; i += 1) {
    const gain = Math.min(Math.max(gainAt(i), 0), 1);
    left[i] = (left[i] ?? 0) * gain;
    right[i] = (right[i] ?? 0) * gain;
  }
}
