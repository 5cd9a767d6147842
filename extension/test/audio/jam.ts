/** Pages in one room, all around them made up: lines, clocks, sound cards. */

import wasm from "../../../kernel_lib/cellissimo/native/engine.wasm";
import { AudioThread } from "../../src/audio/audio_thread.js";
import type { FromEngine, ToEngine } from "../../src/audio/messages.js";
import { PagePlayer } from "../../src/audio/player.js";
import type { Sound } from "../../src/audio/sound.js";
import type { Timer } from "../../src/audio/together/clock.js";
import { createTransport } from "../../src/audio/together/conductor.js";
import type { Playable } from "../../src/core/player.js";
import type { Kind, RoomLine } from "../../src/core/room_link.js";
import type { SharedTransport } from "../../src/core/shared_transport.js";
import type { Room, World } from "./jam_room.js";

const BLOCK = 128;

/** What a page is like. */
export interface Traits {
  /** Its clock less the world's, and how much too fast its sound card is, in millionths. */
  readonly skew?: number;
  readonly card?: number;
  /** From the engine to the ear, in milliseconds. */
  readonly latency?: number;
  /** One way to the room, in milliseconds: a number from 0 up to 1 in, the delay out. */
  readonly way?: (chance: number) => number;
  /** How far off the browser's output timestamps are, at the most. */
  readonly blur?: number;
}

let sessions = 0;

/** A page with a real player, audio thread and transport, and all around them made up. */
export class JamPage {
  readonly session = (sessions += 1);
  readonly transport: SharedTransport;
  readonly player: PagePlayer;
  readonly sent: ToEngine[] = [];
  /** What came out of its engine, by frame of its context. */
  readonly left: Float32Array[] = [];
  readonly #world: World;
  readonly #room: Room;
  readonly #traits: Required<Traits>;
  readonly #controller = new AbortController();
  readonly #heard = new Map<Kind, ((body: Uint8Array, at: number) => void)[]>();
  readonly #watching: ((isOpen: boolean) => void)[] = [];
  readonly #stamped: ((stamp: number, seq: number) => void)[] = [];
  readonly #openedAt: number;
  #arrivesLast = 0;
  #waiting = 0;
  #isCut = false;
  #playable: Playable;
  #thread: AudioThread | null = null;
  /** Milliseconds for which its sound card stood still. */
  #stalled = 0;

  constructor(room: Room, traits: Traits = {}) {
    this.#room = room;
    this.#world = room.world;
    this.#traits = { skew: 0, card: 0, latency: 20, way: () => 2, blur: 0, ...traits };
    this.#playable = room.playable;
    this.#openedAt = this.#world.now;
    this.player = new PagePlayer({
      openContext: () => this.#context as unknown as AudioContext,
      openSound: (_context, received) => Promise.resolve(this.#openSound(received)),
      wasTouched: () => true,
      soon: (callback) => this.#world.at(this.#world.now + 16, callback),
      later: (callback, wait) => this.#world.at(this.#world.now + wait, callback),
      now: () => this.timer.now(),
    });
    const page = { ensemble: this.player, output: this.player.output };
    const { signal } = this.#controller;
    this.transport = createTransport(this.#seat(), page, signal, this.timer);
    this.#later(() => room.enter(this));
  }

  readonly timer: Timer = {
    now: () => this.#world.now + this.#traits.skew,
    later: (callback, wait, signal) => {
      this.#world.at(this.#world.now + wait, () => {
        if (!signal.aborted) callback();
      });
    },
  };

  /** The world's time at which a frame of its context is heard. */
  heardAt(frame: number): number {
    return this.#openedAt + this.#stalled + this.#traits.latency + frame / this.#framesMs;
  }

  /** What it sounded like for so many frames from a time of the world on. */
  sample(from: number, frames: number): number[] {
    return Array.from({ length: frames }, (_, at) => {
      const time = from + at / 48 - this.heardAt(0);
      const frame = Math.round(time * this.#framesMs);
      return this.left[Math.floor(frame / BLOCK)]?.[frame % BLOCK] ?? 0;
    });
  }

  /** Edits: heard by the room a way later. */
  edit(playable: Playable): void {
    this.#playable = playable;
    this.#waiting += 1;
    this.player.update(playable);
    this.#later(() => this.#room.keep(this, playable));
  }

  /** The room tells of an edit. */
  take(playable: Playable, stamp: number, isOwn: boolean): void {
    this.#later(() => {
      if (isOwn) this.#waiting -= 1;
      else this.#playable = playable;
      for (const heard of this.#stamped) heard(stamp, 0);
    });
  }

  hear(kind: Kind, body: Uint8Array): void {
    this.#later(() => {
      if (this.#isCut) return;
      for (const heard of this.#heard.get(kind) ?? []) heard(body, this.timer.now());
    });
  }

  /** The system takes the sound away, or gives it back. */
  pause(isPaused: boolean): void {
    this.#context.state = isPaused ? "suspended" : "running";
  }

  /** The sound card stands still for a while. */
  stall(milliseconds: number): void {
    this.#stalled += milliseconds;
  }

  close(): void {
    this.#controller.abort();
  }

  /** Its line ends: nothing of it reaches the room, and nothing it. */
  cut(): void {
    this.#isCut = true;
    for (const changed of this.#watching) changed(false);
  }

  reopen(): void {
    this.#isCut = false;
    this.#later(() => {
      this.#room.enter(this);
      for (const changed of this.#watching) changed(true);
    });
  }

  get #framesMs(): number {
    return 48 * (1 + this.#traits.card / 1e6);
  }

  /** One way over the line; nothing overtakes. */
  #later(act: () => void): void {
    const arrives = this.#world.now + this.#traits.way(this.#world.chance());
    this.#arrivesLast = Math.max(arrives, this.#arrivesLast);
    this.#world.at(this.#arrivesLast, () => {
      if (!this.#controller.signal.aborted) act();
    });
  }

  #seat() {
    const { id } = this.#playable;
    const waiting = (): boolean => this.#waiting > 0;
    const isOpen = (): boolean => !this.#isCut;
    const line: RoomLine = {
      get isOpen() {
        return isOpen();
      },
      send: (kind, body) => {
        if (!isOpen()) return false;
        this.#later(() => this.#room.receive(this, kind, body));
        return true;
      },
      on: (kind, heard) => void this.#heard.set(kind, [...(this.#heard.get(kind) ?? []), heard]),
      subscribe: (changed) => void this.#watching.push(changed),
    };
    const stamps = {
      onStamp: (heard: (stamp: number, seq: number) => void) => void this.#stamped.push(heard),
      get isWaiting() {
        return waiting();
      },
    };
    const playable = (): Playable => this.#playable;
    return { line, stamps, session: this.session, mayLead: true, playable, owns: (of: string) => of === id };
  }

  get #made(): number {
    return this.left.length * BLOCK;
  }

  readonly #context = this.#makeContext();

  #makeContext() {
    const made = (): number => this.#made;
    const latency = (): number => this.#traits.latency;
    const stamp = (): AudioTimestamp => {
      const off = (this.#world.chance() - 0.5) * this.#traits.blur;
      const heard = (this.#world.now - this.heardAt(0)) * this.#framesMs;
      return { contextTime: heard / 48_000, performanceTime: this.timer.now() + off };
    };
    return {
      state: "running" as AudioContextState, sampleRate: 48_000, baseLatency: 0.005,
      get currentTime() {
        return made() / 48_000;
      },
      get outputLatency() {
        return latency() / 1000;
      },
      getOutputTimestamp: stamp,
      addEventListener: () => undefined,
      resume: () => Promise.resolve(),
      suspend: () => Promise.resolve(),
    };
  }

  #openSound(received: (message: FromEngine) => void): Sound {
    const thread = new AudioThread({ wasm }, (message) => {
      const copy = message instanceof Float64Array ? message.slice() : message;
      this.#world.at(this.#world.now + 2, () => received(copy));
    });
    this.#thread = thread;
    this.#makeBlocks();
    return {
      send: (message) => {
        this.sent.push(message);
        this.#world.at(this.#world.now + 2, () => thread.receive(message));
      },
      setVolume: () => undefined,
      close: () => undefined,
    };
  }

  /** A block is made when the latency before it is heard has come. */
  #makeBlocks(): void {
    if (this.#controller.signal.aborted) return;
    const until = (this.#world.now - this.#openedAt - this.#stalled) * this.#framesMs;
    while (this.#made < until) {
      const [left, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
      this.#thread?.process(left, right, this.#made);
      this.left.push(left);
    }
    this.#world.at(this.#world.now + 2.5, () => this.#makeBlocks());
  }
}
