/** The line to a room over a websocket: it is cut, and comes back by itself [WIRE "Closing"]. */

import type { LinkFigures } from "../core/room.js";
import { KIND, type Kind, type RoomLine } from "../core/room_link.js";
import { LineWatch } from "./line_watch.js";
import { Traffic } from "./traffic.js";
import { frame, jsonBody, parted, probeBody, readTime, WireError } from "./wire.js";

/** An open, or opening, websocket. */
export interface Socket {
  send(bytes: Uint8Array): void;
  close(): void;
}

/** What a websocket tells of. */
export interface SocketHeard {
  opened(): void;
  received(bytes: Uint8Array): void;
  closed(code: number, reason: string): void;
}

/** Gives the address of the room with a fresh ticket; rejects with `NoTicket` where none is given. */
export type Tickets = () => Promise<string>;

/** There is no ticket. `isFinal`: asking again is of no use. */
export class NoTicket extends Error {
  constructor(message: string, readonly isFinal: boolean, options?: ErrorOptions) {
    super(message, options);
  }
}

/** What the line needs of the page around it. */
export interface LineSurroundings {
  readonly tickets: Tickets;
  openSocket(url: string, heard: SocketHeard): Socket;
  /** Calls back once after so many milliseconds; gives what calls that off. */
  later(callback: () => void, wait: number): () => void;
  now(): number;
  /** From 0 up to 1. */
  random(): number;
  /** Calls back when the browser says that it has, or has not, a network. */
  onNetwork(changed: (isThere: boolean) => void, signal: AbortSignal): void;
}

/** `entering`: on the way in. `away`: waits for the next try. `outside`: there is none. */
export type Phase = "entering" | "open" | "away" | "outside";

/** The shortest pause before the next try, how much longer each is, and the longest. */
const PAUSE_MS = 150;
const GROWTH = 1.6;
const LONGEST_MS = 30_000;

/** A server that does not answer may be starting anew: so often it is looked for with shorter pauses. */
const SOON = 60;
const SOON_MS = 800;

/** After so long, a line counts as a good one: its next pause is a short one again. */
const GOOD_MS = 10_000;

/** After as many tries the pauses are those of somebody who sent too much. */
const SLOWLY = 8;

const GOODBYE = 1000;
const CUT = 1006;
const RESTARTS = 1012;
const NO_FRAME = 4400;
const NO_TICKET = 4401;
const NO_ROOM = 4404;
const TOO_MANY = 4429;

type Heard = (body: Uint8Array, at: number) => void;
type Closed = (code: number, reason: string) => void;

export class WebSocketLine implements RoomLine {
  phase: Phase = "entering";
  /** Why the line is not open, as the room or the server said it. */
  reason = "";
  readonly #heard = new Map<Kind, Set<Heard>>();
  readonly #told = new Set<(isOpen: boolean) => void>();
  readonly #closed = new Set<Closed>();
  readonly #traffic: Traffic;
  #socket: Socket | null = null;
  readonly #watch: LineWatch;
  #callOff: () => void = () => {};
  #round = 0;
  #tries = 0;
  #looks = 0;
  #openedAt = 0;

  constructor(
    private readonly around: LineSurroundings,
    /** What to say of oneself at the door. */
    private readonly hello: () => object,
    private readonly signal: AbortSignal,
  ) {
    this.#traffic = new Traffic(() => around.now());
    const ask = (probe: number): void => void this.send(KIND.clock, probeBody(probe));
    this.#watch = new LineWatch(around, ask, () => this.#close(CUT, ""));
    this.on(KIND.clock, (body, at) => this.#watch.timed(readTime(body).probe, at), signal);
    around.onNetwork((isThere) => {
      if (isThere) this.retry();
      else if (this.isOpen) this.#watch.doubt();
    }, signal);
    signal.addEventListener("abort", () => this.#leave());
    // Whoever makes the line listens before anything comes over it.
    this.#callOff = around.later(() => void this.#enter(), 0);
  }

  get isOpen(): boolean {
    return this.phase === "open";
  }

  /** When the last frame came in, by `now`. */
  get lastHeard(): number {
    return this.#watch.lastHeard;
  }

  get figures(): Omit<LinkFigures, "unsaved"> {
    return { roundTrip: this.#watch.roundTrip, ...this.#traffic.rates };
  }

  send(kind: Kind, body: Uint8Array): boolean {
    if (!this.isOpen) return false;
    this.#write(kind, body);
    return true;
  }

  on(kind: Kind, heard: Heard, signal: AbortSignal): void {
    const all = this.#heard.get(kind) ?? new Set();
    this.#heard.set(kind, all.add(heard));
    signal.addEventListener("abort", () => all.delete(heard));
  }

  subscribe(changed: (isOpen: boolean) => void, signal: AbortSignal): void {
    this.#told.add(changed);
    signal.addEventListener("abort", () => this.#told.delete(changed));
  }

  /** Calls back when the room, or the network, has closed the line. */
  onClose(closed: Closed, signal: AbortSignal): void {
    this.#closed.add(closed);
    signal.addEventListener("abort", () => this.#closed.delete(closed));
  }

  /** Tries to come in now, unless it is on the way. */
  retry(): void {
    if (this.isOpen || (this.phase === "entering" && this.#socket !== null)) return;
    this.#tries = this.#looks = 0;
    void this.#enter();
  }

  /** Hangs up and comes in again: what was said at the door is no longer so. */
  renew(): void {
    this.#close(CUT, "");
  }

  // -- in and out ----------------------------------------------------------------------------------

  async #enter(): Promise<void> {
    this.#callOff();
    if (this.signal.aborted) return;
    const round = ++this.#round;
    this.phase = "entering";
    let url: string;
    try {
      url = await this.around.tickets();
    } catch (error) {
      if (round !== this.#round || this.signal.aborted) return;
      // Of a network that is not there, the browser's own words help nobody.
      const reason = error instanceof NoTicket ? error.message : "";
      if (error instanceof NoTicket && error.isFinal) return this.#stayOut(reason);
      return this.#wait(reason, !(error instanceof NoTicket));
    }
    if (round === this.#round && !this.signal.aborted) this.#dial(url);
  }

  #dial(url: string): void {
    const isThis = (): boolean => this.#socket === socket;
    const socket = this.around.openSocket(url, {
      opened: () => isThis() && this.#write(KIND.hello, jsonBody(this.hello())),
      received: (bytes) => isThis() && this.#receive(bytes),
      closed: (code, reason) => isThis() && this.#close(code, reason),
    });
    this.#socket = socket;
    this.#watch.begin();
  }

  #close(code: number, reason: string, isSoonBack = code === CUT || code === RESTARTS): void {
    const socket = this.#socket;
    const wasGood = this.isOpen && this.around.now() - this.#openedAt >= GOOD_MS;
    this.#round += 1;
    this.#hangUp(socket);
    if (wasGood) this.#tries = this.#looks = 0;
    if (code === TOO_MANY) this.#tries = Math.max(this.#tries, SLOWLY);
    const isOut = code === GOODBYE || code === NO_ROOM || code === NO_FRAME;
    this.phase = isOut ? "outside" : "away";
    this.reason = reason;
    if (code === NO_FRAME) reportError(new WireError(`the room could not read a frame: ${reason}`));
    this.#closed.forEach((closed) => closed(code, reason));
    if (isOut) this.#stayOut(reason);
    else if (code === NO_TICKET && this.#tries === 0) {
      this.#tries = 1;
      this.#again(0);
    } else this.#wait(reason, isSoonBack);
  }

  #hangUp(socket: Socket | null): void {
    this.#watch.end();
    this.#socket = null;
    socket?.close();
  }

  #wait(reason: string, isSoonBack: boolean): void {
    this.phase = "away";
    this.reason = reason;
    const isLookedFor = isSoonBack && this.#looks < SOON;
    const tries = isLookedFor ? this.#looks++ : this.#tries++;
    const longest = isLookedFor ? SOON_MS : LONGEST_MS;
    this.#again(Math.min(longest, PAUSE_MS * GROWTH ** tries) * (0.5 + this.around.random()));
  }

  #again(pause: number): void {
    this.#callOff();
    this.#callOff = this.around.later(() => void this.#enter(), pause);
    this.#tell();
  }

  #stayOut(reason: string): void {
    this.phase = "outside";
    this.reason = reason;
    this.#tell();
  }

  #leave(): void {
    this.#callOff();
    this.#hangUp(this.#socket);
    this.phase = "outside";
  }

  #tell(): void {
    this.#told.forEach((changed) => changed(this.isOpen));
  }

  // -- frames --------------------------------------------------------------------------------------

  #write(kind: Kind, body: Uint8Array): void {
    const bytes = frame(kind, body);
    this.#traffic.sent(bytes.length);
    this.#socket?.send(bytes);
  }

  /** What cannot be read, or not be taken in, would be missed for ever: the line begins anew. */
  #receive(bytes: Uint8Array): void {
    const at = this.around.now();
    this.#watch.heard(at);
    this.#traffic.received(bytes.length);
    try {
      const { kind, body } = parted(bytes);
      this.#heard.get(kind)?.forEach((heard) => heard(body, at));
      if (kind === KIND.hello && !this.isOpen && this.#socket !== null) this.#opened(at);
    } catch (error) {
      reportError(error);
      this.#close(CUT, "", false);
    }
  }

  #opened(at: number): void {
    this.phase = "open";
    this.reason = "";
    this.#openedAt = at;
    this.#tell();
    this.#watch.ask();
  }
}
