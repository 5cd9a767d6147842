/** On the audio thread: asks for the pages of audio that the engine will need, and hands them in. */

import type { Engine } from "./engine.js";
import type { FromEngine, PageName } from "./messages.js";

/** How often `ask` is called until a page that could not be had is asked for again: a second. */
const PATIENCE = 30;

/** Where pages come from at once; null where there is no such page. */
export type PageSource = (audio: number, page: number) => Float32Array | null;

interface Page {
  readonly name: PageName;
  readonly samples: Float32Array;
}

/** The pages of one run. */
export class PageDesk {
  readonly #post: (message: FromEngine) => void;
  readonly #source: PageSource | null;
  /** What has not come, by name: from which `ask` on it may be asked for again. */
  readonly #asked = new Map<string, number>();
  /** What came before it played. */
  #held: Page[] | null = null;
  #asks = 0;
  #run = -1;

  constructor(post: (message: FromEngine) => void, source: PageSource | null = null) {
    this.#post = post;
    this.#source = source;
  }

  /** Begins with another run: what the one before asked for is not waited for. */
  begin(run: number): void {
    this.#run = run;
    this.#asked.clear();
    this.#held = [];
  }

  /** Asks for what the engine wants and has not been asked for. */
  ask(engine: Engine): void {
    this.#asks += 1;
    const isNew = (name: PageName): boolean => (this.#asked.get(key(name)) ?? 0) <= this.#asks;
    const pages = engine.wanted().filter(isNew);
    for (const name of pages) this.#asked.set(key(name), Infinity);
    if (this.#source !== null) {
      for (const name of pages) this.take(engine, this.#run, name, this.#source(...name));
    } else if (pages.length > 0) {
      this.#post({ kind: "wanted", run: this.#run, pages });
    }
  }

  /** Takes an answer; where there is no such page, it may be asked for again after a while. */
  take(engine: Engine, run: number, name: PageName, samples: Float32Array | null): void {
    if (run !== this.#run) return;
    if (samples === null) return void this.#asked.set(key(name), this.#asks + PATIENCE);
    this.#asked.delete(key(name));
    engine.putPage(...name, samples);
    this.#held?.push({ name, samples });
  }

  /** Whether all that was asked for has come or cannot be had. */
  get isServed(): boolean {
    return [...this.#asked.values()].every((from) => from !== Infinity);
  }

  /** Hands in once more what has come so far, to an engine that begins anew. */
  handInAgain(engine: Engine): void {
    for (const { name, samples } of this.#held ?? []) engine.putPage(...name, samples);
  }

  /** From now on the engine alone keeps pages. */
  letGo(): void {
    this.#held = null;
  }
}

function key([audio, page]: PageName): string {
  return `${audio}/${page}`;
}
