/** One playable being played: with which options, and what the engine is told of it. */

import { auditionImage } from "../core/image.js";
import type { LoopRevision } from "../core/loop_store.js";
import { countInImage } from "../core/metronome.js";
import { isSong, performanceOf, type Performance } from "../core/performance.js";
import type { Meters, Playable, PlayOptions } from "../core/player.js";
import type { PersonalMix } from "../core/shared_transport.js";
import type { Entry, ToEngine } from "./messages.js";
import type { Feed } from "./page_feed.js";
import { startOf } from "./play_options.js";
import { courseOf, type Heard, type Playhead } from "./playhead.js";

/** From its start to its end; newer revisions of the playable take the place of older ones. */
export class Rendition {
  playable: Playable;
  options: PlayOptions;
  mix: PersonalMix | undefined;
  readonly #playhead: Playhead;
  #performance: Performance | null = null;

  constructor(playhead: Playhead, playable: Playable, options: PlayOptions, mix?: PersonalMix) {
    this.#playhead = playhead;
    this.playable = playable;
    this.options = options;
    this.mix = mix;
  }

  /** The recordings of what plays, by the number that the engine knows them by. */
  get sources(): Pick<Feed, "blobs" | "audio"> {
    return { blobs: this.#blobs, audio: this.playable.audio };
  }

  /** What begins it; with an entry it falls in with others. */
  start(run: number, entry?: Entry): ToEngine {
    const { region = null, countIn = 0 } = this.options;
    const { score, tempo, meters, length } = this.#perform();
    const from = startOf(this.options, length);
    const counted = countIn > 0 ? countInImage(tempo, meters, from, countIn).image : null;
    const how = { looping: this.#repeats, from, region, countIn: counted };
    return { kind: "start", run, image: score.image, ...how, ...(entry && { entry }) };
  }

  /** What makes the newest revision heard, at once or at a frame of what all play. */
  change(at?: number): ToEngine {
    const { image } = this.#perform().score;
    return { kind: "change", image, ...(at !== undefined && { at }) };
  }

  /** What moves it into its region, or lets it out. */
  region(): ToEngine {
    this.#setCourse();
    return { kind: "region", region: this.options.region ?? null, looping: this.#repeats };
  }

  /** What is heard, by the names of the strips. */
  meters({ tick, pass, peaks }: Heard): Meters {
    const named = new Map([["master", peaks[0] ?? 0]]);
    const strips = this.#performance?.score.strips ?? [];
    strips.forEach((strip, at) => named.set(strip, peaks[at + 1] ?? 0));
    return { tick, pass, peaks: named };
  }

  get #blobs(): readonly string[] {
    return this.#performance?.score.audio ?? [];
  }

  /** What is played of the playable now; it sets the playhead's course. */
  #perform(): Performance {
    const metronome = this.options.metronome ?? false;
    this.#performance = performanceOf(this.playable.revision, metronome, this.#blobs, this.mix);
    this.#setCourse();
    return this.#performance;
  }

  #setCourse(): void {
    if (this.#performance === null) return;
    const { tempo, length } = this.#performance;
    const region = this.options.region ?? null;
    this.#playhead.follow(courseOf(tempo, length, region, this.#repeats));
  }

  /** A loop plays round and round, a song where a region says so. */
  get #repeats(): boolean {
    return !isSong(this.playable.revision) || (this.options.region ?? null) !== null;
  }
}

/** What sounds one step of a loop. */
export function auditionOf(revision: LoopRevision, row: string, cell: number): ToEngine {
  return { kind: "audition", image: auditionImage(revision, row, cell).image };
}
