/** A page with a player in it, of which everything that is asked can be read. */

import type { FromEngine, ToEngine } from "../../src/audio/messages.js";
import { PagePlayer } from "../../src/audio/player.js";
import type { Playable } from "../../src/core/player.js";
import type { Block, Loop, Song } from "../../src/gen/models.js";
import { emptySong } from "../song_json.js";

const LOOP: Loop = {
  id: "one", name: "One", bars: 1, steps_per_bar: 16, key: "C major", tempo: null, meter: null,
  color: "#000000", source: null, chords: new Map(), steps: new Map(), settings: new Map(),
};

export function playable(id: string): Playable {
  return { id, revision: { loop: LOOP, context: { tempo: 120, meter: "4/4" } } };
}

const BLOCK: Block = { id: "b", loop: "one", start: 0, length: 15_360, lane: 0 };
const SONG: Song = {
  ...emptySong(), loops: new Map([["one", LOOP]]), blocks: new Map([["b", BLOCK]]),
};

export function song(id: string, changes: Partial<Song> = {}): Playable {
  return { id, revision: { song: { ...SONG, ...changes } } };
}

/** A song of one recording. */
export function recording(id: string, audio?: Playable["audio"]): Playable {
  const stem = {
    id: "s", name: "S", color: "#000000", order: "V", channel: null, frozen: null,
    settings: new Map(), sends: new Map(), lanes: new Map(),
  };
  const segment = {
    id: "a", stem: "s", kind: "audio", start: 0, length: 3840, name: "", offset: 0, gain: 0,
    fade_in: 0, fade_out: 0, fade_in_curve: "linear", fade_out_curve: "linear", loop: null,
    blob: "ab".repeat(32), frames: 96_000, notes: new Map(),
  };
  const made = song(id, { stems: new Map([["s", stem]]), segments: new Map([["a", segment]]) });
  return audio === undefined ? made : { ...made, audio };
}

/** A context that runs only when it is let, standing in for the browser's. */
export class Gate extends EventTarget {
  state: AudioContextState = "suspended";
  isOpen: boolean;

  constructor(isOpen: boolean) {
    super();
    this.isOpen = isOpen;
  }

  resume(): Promise<void> {
    if (!this.isOpen) return new Promise(() => undefined);
    this.become("running");
    return Promise.resolve();
  }

  suspend(): Promise<void> {
    this.become("suspended");
    return Promise.resolve();
  }

  become(state: AudioContextState): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

/** An engine that only remembers what it is told. */
class Engine {
  readonly sent: ToEngine[] = [];

  send(message: ToEngine): void {
    this.sent.push(message);
  }

  setVolume(): void {}

  close(): void {}
}

/** A page of which everything that is asked can be read, and a picture drawn by hand. */
export function makePage(gate = new Gate(true), failure?: Error) {
  const engines: Engine[] = [];
  const heard: ((message: FromEngine) => void)[] = [];
  const pictures: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const player = new PagePlayer({
    openContext: () => gate as unknown as AudioContext,
    openSound: (_context, received) => {
      const engine = new Engine();
      engines.push(engine);
      heard.push(received);
      return failure ? Promise.reject(failure) : Promise.resolve(engine);
    },
    wasTouched: () => false,
    soon: (callback) => void pictures.push(callback),
    later: (callback) => void timers.push(callback),
    now: () => 0,
  });
  const kinds = (): string[] =>
    engines.flatMap(({ sent }) => sent.map(({ kind }) => kind)).filter((kind) => kind !== "tap");
  const sent = (): readonly ToEngine[] =>
    engines.flatMap((engine) => engine.sent).filter(({ kind }) => kind !== "tap");
  const hear = (message: FromEngine): void => heard.at(-1)?.(message);
  const wait = (): void => timers.splice(0).forEach((callback) => callback());
  return { player, gate, kinds, sent, hear, pictures, engines, heard, wait };
}
