/** The page's one player: whose loop sounds, in which state, and what is heard of it now. */

import { auditionImage, scoreImage } from "../core/image.js";
import type { Meters, Playable, Player, SoundState } from "../core/player.js";
import { REASONS, reasonOf, SoundError } from "./failure.js";
import { REPORT } from "./messages.js";
import { Output, type Surroundings } from "./output.js";
import { heardFrame, Playhead } from "./playhead.js";

/** How long a loop plays on without a view: a cell that runs again makes a new one meanwhile. */
const GRACE_MS = 1000;

/** Plays one playable at a time through one output. */
export class PagePlayer implements Player {
  readonly output: Output;
  readonly #surroundings: Surroundings;
  readonly #playhead = new Playhead();
  readonly #listeners = new Set<() => void>();
  readonly #views = new Map<string, number>();
  #current: Playable | null = null;
  #rows: readonly string[] = [];
  #state: SoundState = "idle";
  #reason = "";
  /** Counts what was asked for, so that what is late can tell that it is no longer wanted. */
  #run = 0;
  #started = false;
  #isChangeDue = false;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.output = new Output(surroundings, {
      report: (report) => this.#reported(report),
      refused: (code, live) => this.#refused(code, live),
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

  async play(playable: Playable): Promise<void> {
    if (this.#started && this.#current?.id === playable.id) {
      this.update(playable);
      return void (await this.unlock());
    }
    this.#forget();
    this.#current = playable;
    this.#become("starting");
    await this.#startWhenOpen();
  }

  stop(): void {
    this.#forget();
    this.output.send({ kind: "stop" });
    if (this.#state !== "failed") this.#become("idle");
  }

  update(playable: Playable): void {
    if (this.#current?.id !== playable.id) return;
    this.#current = playable;
    if (!this.#started || this.#isChangeDue) return;
    this.#isChangeDue = true;
    this.#surroundings.soon(() => this.#sendChange());
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
    if (signal.aborted) return;
    this.#views.set(id, (this.#views.get(id) ?? 0) + 1);
    signal.addEventListener("abort", () => this.#detach(id), { once: true });
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
    this.#rows.forEach((row, at) => peaks.set(row, heard.peaks[at + 1] ?? 0));
    return { tick: heard.tick, pass: heard.pass, peaks };
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
    const { image, strips } = scoreImage(this.#current.revision);
    this.#rows = strips;
    this.#playhead.clear();
    this.output.send({ kind: "start", run: this.#run, image, looping: true });
    this.#started = true;
    this.#become("playing");
  }

  #sendChange(): void {
    this.#isChangeDue = false;
    if (this.#current === null || !this.#started) return;
    try {
      const { image, strips } = scoreImage(this.#current.revision);
      this.#rows = strips;
      this.output.send({ kind: "change", image });
    } catch (error) {
      this.#fail(error);
    }
  }

  async #audition(playable: Playable, row: string, cell: number): Promise<void> {
    const run = this.#run;
    try {
      const { image } = auditionImage(playable.revision, row, cell);
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

  #detach(id: string): void {
    const left = (this.#views.get(id) ?? 1) - 1;
    this.#views.set(id, left);
    if (left === 0) this.#surroundings.later(() => this.#stopUnseen(id), GRACE_MS);
  }

  #stopUnseen(id: string): void {
    if (this.#views.get(id) !== 0) return;
    this.#views.delete(id);
    if (this.#current?.id === id) this.stop();
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
    if (report[REPORT.run] === this.#run) this.#playhead.add(report);
  }

  #refused(code: number, live: boolean): void {
    const error = new SoundError(`${REASONS.mismatch} (the engine's code is ${code})`);
    if (live) this.#become(this.#state, error.message);
    else this.#fail(error);
  }

  #forget(): void {
    this.#run += 1;
    this.#current = null;
    this.#started = false;
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
