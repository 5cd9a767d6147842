/** A room in a world whose time is counted: it answers as the server does. */

import type { Playable } from "../../src/core/player.js";
import { KIND, type Kind } from "../../src/core/room_link.js";

/** Time that passes from one thing to the next, and chance that is the same each time. */
export class World {
  now = 0;
  #due: { at: number; act: () => void }[] = [];
  #seed = 7;

  at(time: number, act: () => void): void {
    const entry = { at: Math.max(time, this.now), act };
    const place = this.#due.findLastIndex((one) => one.at <= entry.at) + 1;
    this.#due.splice(place, 0, entry);
  }

  async run(milliseconds: number): Promise<void> {
    const until = this.now + milliseconds;
    for (let next = this.#due[0]; next && next.at <= until; next = this.#due[0]) {
      this.#due.shift();
      this.now = next.at;
      next.act();
      // Promises of the page go on between two events.
      await Promise.resolve();
    }
    this.now = until;
  }

  chance(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) | 0;
    return (this.#seed >>> 0) / 2 ** 32;
  }
}

/** What the room knows of a page. */
export interface Guest {
  readonly session: number;
  hear(kind: Kind, body: Uint8Array): void;
  take(playable: Playable, stamp: number, isOwn: boolean): void;
  close(): void;
  /** Its line was cut, and is open again. */
  reopen(): void;
}

/** The session of a kernel. */
const KERNEL = 9999;

const RESTING = {
  leader: null, playing: false, of: "song", tick: 0, at: 0, region: null, number: 0, rounds: 0,
};

/** The room: its clock is the world's, less a number. */
export class Room {
  readonly pages: Guest[] = [];
  playable: Playable;
  #state: Record<string, unknown> = { ...RESTING };
  #zero = 5_000_000;

  constructor(readonly world: World, playable: Playable) {
    this.playable = playable;
  }

  get time(): number {
    return this.world.now - this.#zero;
  }

  /** The server is started anew: it knows of nothing, and its clock begins at 0. */
  restart(): void {
    this.#zero = this.world.now;
    this.#state = { ...RESTING };
    const guests = this.pages.splice(0);
    for (const page of guests) page.reopen();
  }

  get state(): Readonly<Record<string, unknown>> {
    return this.#state;
  }

  receive(page: Guest, kind: Kind, body: Uint8Array): void {
    if (kind === KIND.clock) {
      const time = new DataView(new ArrayBuffer(8));
      time.setFloat64(0, this.time);
      page.hear(KIND.clock, Uint8Array.from([...body, ...new Uint8Array(time.buffer)]));
    } else if (kind === KIND.transport) {
      this.#order(page, JSON.parse(new TextDecoder().decode(body.subarray((body[0] ?? 0) < 128 ? 1 : 2))));
    }
  }

  enter(page: Guest): void {
    this.pages.push(page);
    this.#state = { ...this.#state, leader: this.#state["leader"] ?? page.session };
    page.hear(KIND.hello, text({ session: page.session, transport: this.#state }));
  }

  /** A page's tab is closed. */
  leave(page: Guest): void {
    this.pages.splice(this.pages.indexOf(page), 1);
    page.close();
    if (this.#state["leader"] === page.session) this.#become({ leader: this.pages[0]?.session });
  }

  /** A kernel takes the lead, and plays. */
  playByKernel(of: string): void {
    const at = this.time + 250;
    this.#become({ leader: KERNEL, playing: true, of, tick: 0, at, region: null, rounds: 0 });
  }

  /** Somebody's edit is kept, and all are told. */
  keep(author: Guest, playable: Playable): void {
    const stamp = this.time;
    this.playable = playable;
    for (const page of this.pages) page.take(playable, stamp, page === author);
  }

  #order(page: Guest, order: Record<string, unknown>): void {
    const { do: what, ...rest } = order;
    const standsIn = what === "mark" && this.#state["leader"] === KERNEL;
    if (what !== "lead" && !standsIn && this.#state["leader"] !== page.session) return;
    const ahead = { at: this.time + 250, rounds: 0 };
    if (what === "lead") this.#become({ leader: page.session });
    if (what === "play") this.#become({ playing: true, ...rest, ...ahead });
    if (what === "seek") this.#become({ ...rest, ...ahead });
    if (what === "mark") this.#become(rest);
    if (what === "stop") this.#become({ playing: false, at: this.time });
  }

  #become(changes: object): void {
    const number = Number(this.#state["number"]) + 1;
    this.#state = { ...this.#state, ...changes, number };
    for (const page of this.pages) page.hear(KIND.transport, text(this.#state));
  }
}

function text(value: unknown): Uint8Array {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const length = bytes.length < 128 ? [bytes.length] : [(bytes.length & 127) | 128, bytes.length >> 7];
  return Uint8Array.from([...length, ...bytes]);
}
