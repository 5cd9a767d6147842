/** The page's one player: what sounds, in which state, and what is heard of it now. */

import { auditionImage } from "../core/image.js";
import { countInImage } from "../core/metronome.js";
import { isSong, performanceOf, type Performance } from "../core/performance.js";
import type { Meters, Playable, Player, PlayOptions, SoundState } from "../core/player.js";
import { Audience } from "./audience.js";
import { REASONS, reasonOf, SoundError } from "./failure.js";
import { REPORT, type PageName } from "./messages.js";
import { Output, type Surroundings } from "./output.js";
import { feedPages, Lateness } from "./page_feed.js";
import { isSameRegion, startOf } from "./play_options.js";
import { courseOf, heardFrame, Playhead } from "./playhead.js";

/** Plays one playable at a time through one output. */
export class PagePlayer implements Player {
  readonly output: Output;
  readonly #surroundings: Surroundings;
  readonly #playhead = new Playhead();
  readonly #listeners = new Set<() => void>();
  readonly #audience: Audience;
  #current: Playable | null = null;
  #options: PlayOptions = {};
  #performance: Performance | null = null;
  #state: SoundState = "idle";
  #reason = "";
  /** Counts what was asked for, so that what is late can tell that it is no longer wanted. */
  #run = 0;
  #started = false;
  #isChangeDue = false;
  #lateness = new Lateness();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#audience = new Audience(surroundings, (id) => {
      if (this.#current?.id === id) this.stop();
    });
    this.output = new Output(surroundings, {
      report: (report) => this.#reported(report),
      refused: (code, live) => this.#refused(code, live),
      wanted: (run, pages) => this.#wanted(run, pages),
      ended: (run) => this.#ended(run),
      broke: (error) => this.#fail(error),
      contextChanged: () => this.#contextChanged(),
    });
  }

  get reason(): string {
    return this.#reason;
  }

  get volume(): number {
    return this.output.volume;
  }

  set volume(volume: number) {
    this.output.volume = volume;
    this.#announce();
  }

  async play(playable: Playable, options: PlayOptions = {}): Promise<void> {
    if (this.#started && this.#current?.id === playable.id) return this.#playOn(playable, options);
    this.#forget();
    this.#current = playable;
    this.#options = options;
    this.#become("starting");
    await this.#startWhenOpen();
  }

  stop(): void {
    this.#forget();
    this.output.send({ kind: "stop" });
    if (this.#state !== "failed") this.#become("idle");
  }

  seek(tick: number): void {
    if (this.#current === null) return;
    this.#options = { ...this.#options, from: tick };
    if (this.#started) this.output.send({ kind: "seek", tick });
  }

  setOptions(options: PlayOptions): void {
    const before = this.#options;
    this.#options = { ...before, ...options };
    if (this.#current === null || !this.#started) return;
    if (!isSameRegion(before.region, this.#options.region)) this.#sendRegion();
    if ((before.metronome ?? false) !== (this.#options.metronome ?? false)) this.#changeSoon();
  }

  update(playable: Playable): void {
    if (this.#current?.id !== playable.id) return;
    this.#current = playable;
    this.#changeSoon();
  }

  audition(playable: Playable, row: string, cell: number): void {
    if (this.#current === null) void this.#audition(playable, row, cell);
  }

  /** Whether something plays, or is to play as soon as it can. */
  get isAsked(): boolean {
    return this.#current !== null;
  }

  stateOf(id: string): SoundState {
    return this.#state === "failed" || this.#current?.id === id ? this.#state : "idle";
  }

  async unlock(): Promise<void> {
    try {
      await this.output.resume();
    } catch (error) {
      this.#fail(error);
    }
  }

  attach(id: string, signal: AbortSignal): void {
    this.#audience.attach(id, signal);
  }

  subscribe(changed: () => void, signal: AbortSignal): void {
    if (signal.aborted) return;
    this.#listeners.add(changed);
    signal.addEventListener("abort", () => this.#listeners.delete(changed), { once: true });
  }

  meters(id: string): Meters | null {
    const { context } = this.output;
    if (this.stateOf(id) !== "playing" || context === null) return null;
    const heard = this.#playhead.at(heardFrame(context, this.#surroundings.now()));
    if (heard === null) return null;
    const peaks = new Map([["master", heard.peaks[0] ?? 0]]);
    const strips = this.#performance?.score.strips ?? [];
    strips.forEach((strip, at) => peaks.set(strip, heard.peaks[at + 1] ?? 0));
    return { tick: heard.tick, pass: heard.pass, peaks };
  }

  async #playOn(playable: Playable, options: PlayOptions): Promise<void> {
    this.setOptions(options);
    if (options.from !== undefined) this.seek(options.from);
    this.update(playable);
    await this.unlock();
  }

  async #startWhenOpen(): Promise<void> {
    const run = this.#run;
    try {
      const opening = this.output.open();
      const resuming = this.output.resume();
      await opening;
      const runs = await resuming;
      if (run !== this.#run || this.#started) return;
      if (runs) this.#start();
      else this.#become("locked", REASONS.locked);
    } catch (error) {
      if (run === this.#run) this.#fail(error);
    }
  }

  #start(): void {
    if (this.#current === null) return;
    const { region = null, countIn = 0 } = this.#options;
    const { score, tempo, meters, length } = this.#perform(this.#current);
    const from = startOf(this.#options, length);
    const counted = countIn > 0 ? countInImage(tempo, meters, from, countIn).image : null;
    const how = { looping: this.#repeats, from, region, countIn: counted };
    this.#playhead.clear();
    this.output.send({ kind: "start", run: this.#run, image: score.image, ...how });
    this.#started = true;
    this.#become("playing");
  }

  /** What is played of a playable now; it sets the playhead's course. */
  #perform(playable: Playable): Performance {
    const audio = this.#performance?.score.audio ?? [];
    const made = performanceOf(playable.revision, this.#options.metronome ?? false, audio);
    this.#performance = made;
    this.#setCourse();
    return made;
  }

  #setCourse(): void {
    if (this.#performance === null) return;
    const { tempo, length } = this.#performance;
    const region = this.#options.region ?? null;
    this.#playhead.follow(courseOf(tempo, length, region, this.#repeats));
  }

  /** A loop plays round and round, a song where a region says so. */
  get #repeats(): boolean {
    if (this.#current === null || !isSong(this.#current.revision)) return true;
    return (this.#options.region ?? null) !== null;
  }

  #sendRegion(): void {
    this.#setCourse();
    const { region = null } = this.#options;
    this.output.send({ kind: "region", region, looping: this.#repeats });
  }

  #changeSoon(): void {
    if (!this.#started || this.#isChangeDue) return;
    this.#isChangeDue = true;
    this.#surroundings.soon(() => this.#sendChange());
  }

  #sendChange(): void {
    this.#isChangeDue = false;
    if (this.#current === null || !this.#started) return;
    try {
      const { image } = this.#perform(this.#current).score;
      this.output.send({ kind: "change", image });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #audition({ revision }: Playable, row: string, cell: number): Promise<void> {
    if (isSong(revision)) return;
    const run = this.#run;
    try {
      const { image } = auditionImage(revision, row, cell);
      const opening = this.output.open();
      void this.output.resume();
      await opening;
      if (run !== this.#run) return;
      if (this.#state === "failed") this.#become("idle");
      this.output.send({ kind: "audition", image });
    } catch (error) {
      this.#fail(error);
    }
  }

  #contextChanged(): void {
    if (this.#current === null) return;
    if (!this.output.isRunning) {
      if (this.#state === "playing") this.#become("locked", REASONS.locked);
    } else if (this.#state === "locked") {
      if (this.#started) this.#become("playing");
      else void this.#startWhenOpen();
    }
  }

  #reported(report: Float64Array): void {
    if (report[REPORT.run] !== this.#run) return;
    this.#playhead.add(report);
    if (!this.#lateness.changes(report[REPORT.frame] ?? 0, report[REPORT.missed] ?? 0)) return;
    // Why they cannot be had at all says more.
    if (this.#lateness.isLate && this.#reason === "") this.#become(this.#state, REASONS.late);
    else if (this.#reason === REASONS.late) this.#become(this.#state);
  }

  #wanted(run: number, pages: readonly PageName[]): void {
    if (run !== this.#run || this.#current === null) return;
    const blobs = this.#performance?.score.audio ?? [];
    const failed = (reason: string): void => {
      if (run === this.#run) this.#become(this.#state, reason);
    };
    const feed = { run, blobs, audio: this.#current.audio, failed };
    void feedPages({ ...feed, send: (page) => this.output.send(page) }, pages);
  }

  /** The song is over: it stops by itself, and its tails ring. */
  #ended(run: number): void {
    if (run !== this.#run) return;
    this.#forget();
    this.#become("idle");
  }

  #refused(code: number, live: boolean): void {
    const reason = `${REASONS.mismatch} (the engine's code is ${code})`;
    if (live) this.#become(this.#state, reason);
    else this.#fail(new SoundError(reason));
  }

  #forget(): void {
    this.#run += 1;
    this.#current = null;
    this.#performance = null;
    this.#started = false;
    this.#lateness = new Lateness();
    this.#playhead.clear();
  }

  #fail(error: unknown): void {
    this.#forget();
    this.output.drop();
    this.#become("failed", reasonOf(error));
  }

  #become(state: SoundState, reason = ""): void {
    this.#state = state;
    this.#reason = reason;
    this.#announce();
  }

  #announce(): void {
    for (const changed of this.#listeners) changed();
  }
}
