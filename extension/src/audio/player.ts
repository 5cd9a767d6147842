/** The page's one player: what sounds, in which state, and what is heard of it now. */

import type { LoopRevision } from "../core/loop_store.js";
import { isSong } from "../core/performance.js";
import type { Meters, Playable, Player, PlayOptions, SoundState } from "../core/player.js";
import { Audience } from "./audience.js";
import { Mixes, type Ensemble, type Hand, type MixOf } from "./ensemble.js";
import { REASONS, reasonOf, SoundError } from "./failure.js";
import { REPORT, type Entry, type PageName, type ToEngine } from "./messages.js";
import { Output, type Surroundings } from "./output.js";
import { feedPages } from "./page_feed.js";
import { isSameRegion } from "./play_options.js";
import { heardFrame, Playhead } from "./playhead.js";
import { auditionOf, Rendition } from "./rendition.js";
import { Standing } from "./standing.js";

/** Plays one playable at a time through one output, alone or as one of several. */
export class PagePlayer implements Player, Ensemble {
  readonly output: Output;
  readonly #surroundings: Surroundings;
  readonly #playhead = new Playhead();
  readonly #standing = new Standing();
  readonly #audience: Audience;
  #current: Rendition | null = null;
  /** Whose hand it follows; null where it plays alone. */
  #hand: Hand | null = null;
  readonly #mixes = new Mixes();
  /** Counts what was asked for, so that what is late can tell that it is no longer wanted. */
  #run = 0;
  #started = false;
  #isChangeDue = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#audience = new Audience(surroundings, (id) => {
      if (this.#id === id && this.#hand === null) this.stop();
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
    return this.#standing.reason;
  }

  get volume(): number {
    return this.output.volume;
  }

  set volume(volume: number) {
    this.output.volume = volume;
    this.#standing.announce();
  }

  async play(playable: Playable, options: PlayOptions = {}): Promise<void> {
    if (this.#started && this.#id === playable.id) return this.#playOn(playable, options);
    this.#forget();
    this.#current = new Rendition(this.#playhead, playable, options, this.#mixes.of(playable.id));
    this.#standing.become("starting");
    await this.#startWhenOpen();
  }

  stop(): void {
    if (this.#hand !== null) return this.#hand.stop();
    this.fallSilent();
  }

  seek(tick: number): void {
    if (this.#current === null) return;
    if (this.#hand !== null) return this.#hand.seek(tick);
    this.#current.options = { ...this.#current.options, from: tick };
    if (this.#started) this.output.send({ kind: "seek", tick });
  }

  setOptions(options: PlayOptions): void {
    if (this.#current === null) return;
    const { region = null, metronome = false } = this.#current.options;
    const isMoved = "region" in options && !isSameRegion(region, options.region);
    this.#current.options = { ...this.#current.options, ...options, ...(this.#hand && { region }) };
    if (!this.#started) return;
    if (isMoved && this.#hand !== null) this.#hand.setRegion(options.region ?? null);
    else if (isMoved) this.output.send(this.#current.region());
    if (metronome !== (this.#current.options.metronome ?? false)) this.#changeSoon();
  }

  update(playable: Playable): void {
    if (this.#id !== playable.id || this.#current === null) return;
    if (this.#hand !== null) return this.#hand.updated();
    this.#current.playable = playable;
    this.#changeSoon();
  }

  audition(playable: Playable, row: string, cell: number): void {
    const { revision } = playable;
    if (this.#current === null && !isSong(revision)) void this.#audition(revision, row, cell);
  }

  /** Whether something plays, or is to play as soon as it can. */
  get isAsked(): boolean {
    return this.#current !== null;
  }

  enter(playable: Playable, options: PlayOptions, entry: Omit<Entry, "keeps">, hand: Hand): void {
    const goesOn = this.#started && this.#id === playable.id ? this.#current : null;
    if (this.#hand === hand) this.#hand = null;
    this.#forget();
    const mix = this.#mixes.of(playable.id);
    this.#current = goesOn ?? new Rendition(this.#playhead, playable, options, mix);
    this.#current.playable = playable;
    this.#current.options = { ...this.#current.options, ...options };
    this.#hand = hand;
    this.#start({ ...entry, keeps: goesOn !== null });
  }

  change(playable: Playable, at?: number): void {
    if (this.#current === null || !this.#started) return;
    this.#current.playable = playable;
    this.#tell((current) => current.change(at));
  }

  fallSilent(at?: number): void {
    this.#hand = null;
    this.#forget();
    this.output.send({ kind: "stop", ...(at !== undefined && { at }) });
    if (this.#standing.state !== "failed") this.#standing.become("idle");
  }

  /** Something else sounds on this page; others with whom it played are left. */
  giveWay(): void {
    this.#forget();
    this.fallSilent();
  }

  slide(frames: number): void {
    this.output.send({ kind: "slide", frames });
  }

  setMix(owner: object, mixOf: MixOf | null): void {
    this.#mixes.set(owner, mixOf);
    if (this.#current === null) return;
    this.#current.mix = this.#mixes.of(this.#current.playable.id);
    this.#changeSoon();
  }

  stateOf(id: string): SoundState {
    return this.#standing.state === "failed" || this.#id === id ? this.#standing.state : "idle";
  }

  async unlock(): Promise<void> {
    await this.output.resume().catch((error: unknown) => this.#fail(error));
  }

  attach(id: string, signal: AbortSignal): void {
    this.#audience.attach(id, signal);
  }

  subscribe(changed: () => void, signal: AbortSignal): void {
    this.#standing.subscribe(changed, signal);
  }

  meters(id: string): Meters | null {
    const { context } = this.output;
    if (this.stateOf(id) !== "playing" || context === null) return null;
    const heard = this.#playhead.at(heardFrame(context, this.#surroundings.now()));
    return heard && (this.#current?.meters(heard) ?? null);
  }

  get #id(): string | undefined {
    return this.#current?.playable.id;
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
      else this.#standing.become("locked", REASONS.locked);
    } catch (error) {
      if (run === this.#run) this.#fail(error);
    }
  }

  #start(entry?: Entry): void {
    this.#playhead.clear();
    if (!this.#tell((current) => current.start(this.#run, entry))) return;
    this.#started = true;
    this.#standing.become("playing");
  }

  #changeSoon(): void {
    if (!this.#started || this.#isChangeDue) return;
    this.#isChangeDue = true;
    this.#surroundings.soon(() => {
      this.#isChangeDue = false;
      if (this.#hand !== null) this.#hand.renew();
      else if (this.#current !== null) this.change(this.#current.playable);
    });
  }

  /** Makes a message and sends it; where none can be made there is no sound. */
  #tell(make: (current: Rendition) => ToEngine): boolean {
    try {
      if (this.#current !== null) this.output.send(make(this.#current));
    } catch (error) {
      this.#fail(error);
    }
    return this.#current !== null;
  }

  async #audition(revision: LoopRevision, row: string, cell: number): Promise<void> {
    const run = this.#run;
    try {
      const message = auditionOf(revision, row, cell);
      const opening = this.output.open();
      void this.output.resume();
      await opening;
      if (run !== this.#run) return;
      if (this.#standing.state === "failed") this.#standing.become("idle");
      this.output.send(message);
    } catch (error) {
      this.#fail(error);
    }
  }

  #contextChanged(): void {
    if (this.#current === null) return;
    if (!this.output.isRunning) {
      if (this.#standing.state === "playing") this.#standing.become("locked", REASONS.locked);
    } else if (this.#standing.state === "locked") {
      if (this.#started) this.#standing.become("playing");
      else void this.#startWhenOpen();
    }
  }

  #reported(report: Float64Array): void {
    if (report[REPORT.run] !== this.#run) return;
    this.#playhead.add(report);
    this.#hand?.heard(report);
    this.#standing.hear(report);
  }

  #wanted(run: number, pages: readonly PageName[]): void {
    if (run !== this.#run || this.#current === null) return;
    const failed = (reason: string): void => {
      if (run === this.#run) this.#standing.become(this.#standing.state, reason);
    };
    const answers = { run, failed, send: (page: ToEngine) => this.output.send(page) };
    void feedPages({ ...this.#current.sources, ...answers }, pages);
  }

  /** The song is over: it stops by itself, and its tails ring. */
  #ended(run: number): void {
    if (run !== this.#run) return;
    const hand = this.#hand;
    this.#hand = null;
    this.#forget();
    this.#standing.become("idle");
    hand?.ended();
  }

  #refused(code: number, live: boolean): void {
    const reason = `${REASONS.mismatch} (the engine's code is ${code})`;
    if (live) this.#standing.become(this.#standing.state, reason);
    else this.#fail(new SoundError(reason));
  }

  #forget(): void {
    const hand = this.#hand;
    this.#hand = null;
    this.#run += 1;
    this.#current = null;
    this.#started = false;
    this.#standing.hearAnew();
    this.#playhead.clear();
    hand?.lost();
  }

  #fail(error: unknown): void {
    this.#forget();
    this.output.drop();
    this.#standing.become("failed", reasonOf(error));
  }
}
