/** A world of its own for a room and its pages: time that a test moves, lines that it cuts. */

import { setMaxListeners } from "node:events";

import { IDBFactory } from "fake-indexeddb";

import type { SharedTransport } from "../../src/core/shared_transport.js";
import { Keeping } from "../../src/rooms/keeping.js";
import { Seat } from "../../src/rooms/seat.js";
import { BrowserCopies } from "../../src/crdt/offline.js";
import { Replica } from "../../src/crdt/replica.js";
import type { SocketHeard } from "../../src/crdt/room_line.js";
import { ReplicaSongStore } from "../../src/crdt/song_store.js";
import type { MemoryRoom } from "./memory_room.js";

const BASE = "http://server/";

/** These pages are in no browser, and make no sound. */
const NO_SOUND = null as unknown as SharedTransport;

/** A clock that only a test moves; what waits for it happens in order. */
export class World {
  now = 1000;
  #timers: { readonly at: number; readonly callback: () => void }[] = [];

  readonly later = (callback: () => void, wait: number): (() => void) => {
    const timer = { at: this.now + wait, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  };

  /** Lets so many milliseconds go by. */
  async run(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    for (;;) {
      await quiet();
      const [next] = this.#timers.toSorted((one, other) => one.at - other.at);
      if (next === undefined || next.at > end) break;
      this.#timers = this.#timers.filter((one) => one !== next);
      this.now = Math.max(this.now, next.at);
      next.callback();
    }
    this.now = end;
  }
}

/** Lets whatever has been asked of the database, or promised, happen. */
async function quiet(): Promise<void> {
  for (let round = 0; round < 14; round += 1) await new Promise((done) => setImmediate(done));
}

/** A browser: what it keeps outlives its pages. */
export class Browser {
  readonly factory = new IDBFactory();
  isOnline = true;
  readonly network = new Set<(isThere: boolean) => void>();

  constructor(readonly person: string) {}

  setOnline(isOnline: boolean): void {
    this.isOnline = isOnline;
    this.network.forEach((changed) => changed(isOnline));
  }
}

export interface PageOptions {
  readonly person?: string;
  /** False: nothing is kept. */
  readonly keeps?: boolean;
  readonly replica?: Replica;
  readonly bridges?: boolean;
  /** Numbers from 0 up to 1. */
  readonly random?: () => number;
  /** Why there is no ticket. */
  readonly noTicket?: () => Error | null;
}

/** A page that shows one song: its replica, its seat and its store. */
export class Page {
  readonly replica: Replica;
  readonly store: ReplicaSongStore;
  readonly seat: Seat;
  readonly forked: string[] = [];
  /** The stamps of all batches of edits, and their revisions. */
  readonly stamps: [stamp: number, seq: number][] = [];
  readonly #controller = new AbortController();
  #ids = 0;
  #marks = 0;

  constructor(world: World, room: MemoryRoom, readonly browser: Browser, options: PageOptions = {}) {
    const { person = browser.person, keeps = true, bridges = false, random = () => 0.5 } = options;
    setMaxListeners(0, this.signal);
    this.replica = options.replica ?? new Replica();
    this.store = new ReplicaSongStore(this.replica, () => {});
    const copies = keeps ? BrowserCopies.open(browser.factory, () => world.now) : Promise.resolve(null);
    const openSocket = (url: string, heard: SocketHeard) => room.dial(world, url, heard);
    this.seat = new Seat({
      piece: room.piece, via: "page", replica: this.replica, bridges,
      around: {
        later: world.later, now: () => world.now, date: () => world.now, random, openSocket,
        newId: () => (room.sessions.size + 1) * 1000 + (this.#ids += 1),
        tickets: () => {
          const error = options.noTicket?.() ?? null;
          if (error !== null) return Promise.reject(error);
          return browser.isOnline ? Promise.resolve(person) : Promise.reject(new Error("no network"));
        },
        onNetwork: (changed, signal) => {
          browser.network.add(changed);
          signal.addEventListener("abort", () => browser.network.delete(changed));
        },
      },
      keeping: new Keeping(copies, BASE, room.piece),
      transport: ({ stamps }, signal) => {
        stamps.onStamp((stamp, seq) => this.stamps.push([stamp, seq]), signal);
        return NO_SOUND;
      },
      fork: (draft) => {
        this.forked.push(draft.words);
        return Promise.resolve("fork-1");
      },
    }, this.#controller.signal);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The names of all markers, which stand for edits. */
  get markers(): readonly string[] {
    return [...this.replica.reader.song().markers.values()].map(({ name }) => name).toSorted();
  }

  /** One gesture of one edit: a marker with that name. */
  mark(name: string): void {
    const gesture = this.store.gesture();
    gesture.edit.add("markers", { name, tick: (this.#marks += 960) });
    gesture.end("");
  }

  setTempo(bpm: number): void {
    const gesture = this.store.gesture();
    gesture.edit.setTempo(0, { bpm, ramp: false });
    gesture.end("");
  }

  get tempo(): number | undefined {
    return this.replica.reader.song().tempos.get(0)?.bpm;
  }

  /** Closed, reloaded or crashed: what was not written is gone. */
  close(): void {
    this.#controller.abort();
  }
}
