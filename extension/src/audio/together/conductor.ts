/** The transport of a room on this page: who leads, whether it is followed, and one's own mix. */

import type { Playable } from "../../core/player.js";
import { KIND, type RoomLine, type Stamps } from "../../core/room_link.js";
import type { Alignment, SharedTransport, TransportState } from "../../core/shared_transport.js";
import type { Hand } from "../ensemble.js";
import { REASONS, SoundError } from "../failure.js";
import type { Region } from "../messages.js";
import type { Page } from "../page.js";
import type { Place } from "./course.js";
import { Clock, PAGE_TIMER, type Timer } from "./clock.js";
import { Ear } from "./ear.js";
import { deedFrame, readJson, readTransport, type Deed, type RoomTransport } from "./frames.js";
import { OwnMix } from "./own_mix.js";
import { Part } from "./part.js";
import { Times } from "./times.js";

/** What the transport needs of the seat in the room. */
export interface TransportSeat {
  readonly line: RoomLine;
  readonly stamps: Stamps;
  /** The number of one's own session; null before the room has answered. */
  readonly session: number | null;
  /** Whether one may lead (`room.lead`). */
  readonly mayLead: boolean;
  /** What "song" or "loop:<id>" is now; null where there is none. Views play it by the same id. */
  playable(of: string): Playable | null;
  /** Whether a playable's id is of this room: one's own mix is for those. */
  owns(id: string): boolean;
}

/** A change of time is told those who come later when it has settled. */
const MARK_MS = 250;

/** Edits whose stamp does not come are heard after a while: those of somebody without a room. */
const UNSTAMPED_MS = 1000;

/** A clock that was begun anew is off by more; after a while it is the same as before. */
const STEP_MS = 100;
const ANEW_MS = 2000;

/** How often is looked whether the clocks are known, and how long somebody waits who plays. */
const LOOK_MS = 50;
const PATIENCE_MS = 4000;

const RESTING: RoomTransport = {
  leader: null, playing: false, of: "song", tick: 0, at: 0, region: null, number: 0, rounds: 0,
};

/** The transport of the room that one sits in; it makes no sound before `join` or `play`. */
export function createTransport(
  seat: TransportSeat, page: Pick<Page, "ensemble" | "output">, signal: AbortSignal,
  timer: Timer = PAGE_TIMER,
): SharedTransport {
  return new Conductor(seat, page, signal, timer);
}

class Conductor extends OwnMix implements SharedTransport {
  readonly #seat: TransportSeat;
  readonly #page: Pick<Page, "ensemble" | "output">;
  readonly #signal: AbortSignal;
  readonly #timer: Timer;
  readonly #clock: Clock;
  readonly #times: Times;
  readonly #part: Part;
  #state: RoomTransport = RESTING;
  /** Ends with following; null where one does not follow. */
  #following: AbortController | null = null;
  #mark: Extract<Deed, { do: "mark" }> | null = null;
  /** The room was begun anew, and is not yet told of what plays. */
  #wasForgotten = false;
  /** Counts departures: whoever leaves while their sound is being opened does not begin. */
  #departures = 0;
  #isLooking = false;
  #isUpdateDue = false;

  constructor(
    seat: TransportSeat, page: Pick<Page, "ensemble" | "output">, signal: AbortSignal, timer: Timer,
  ) {
    super(page.ensemble, (id) => seat.owns(id), signal);
    this.#seat = seat;
    this.#page = page;
    this.#signal = signal;
    this.#timer = timer;
    this.#clock = new Clock(seat.line, timer, (by) => this.#timed(by), signal);
    this.#times = new Times(this.#clock);
    this.#part = new Part({
      ensemble: page.ensemble, times: this.#times, hand: this.#hand,
      playable: (of) => seat.playable(of),
      later: (callback, wait) => timer.later(callback, wait, signal),
      turned: (place, at) => this.#markSoon(place, at),
    });
    seat.line.on(KIND.hello, (body) => this.#took(readJson(body)?.["transport"]), signal);
    seat.line.on(KIND.transport, (body) => this.#took(readJson(body)), signal);
    seat.stamps.onStamp((stamp) => this.#part.stamp(stamp, this.#state.of), signal);
    signal.addEventListener("abort", () => this.leave(), { once: true });
  }

  get state(): TransportState {
    return this.#state;
  }

  get alignment(): Alignment {
    const { offset = 0, roundTrip = 0, error = 0 } = this.#clock.known ?? {};
    const latency = this.#times.ear?.latency ?? 0;
    const { drift } = this.#part;
    return { isReady: this.#times.isReady, offset, roundTrip, error, latency, drift };
  }

  get isLeader(): boolean {
    return this.#seat.session !== null && this.#state.leader === this.#seat.session;
  }

  get mayLead(): boolean {
    return this.#seat.mayLead;
  }

  get isFollowing(): boolean {
    return this.#following !== null;
  }

  async join(): Promise<void> {
    const { output } = this.#page;
    if (this.#following !== null) return void (await output.resume());
    const departures = this.#departures;
    const opening = output.open();
    const runs = await output.resume();
    await opening;
    const { context } = output;
    if (!runs || context === null) throw new SoundError(REASONS.locked);
    const hasLeft = departures !== this.#departures || this.#signal.aborted;
    if (this.#following !== null || hasLeft) return;
    const following = new AbortController();
    const release = output.keepAwake();
    following.signal.addEventListener("abort", release, { once: true });
    this.#following = following;
    this.#times.ear = new Ear(context, this.#timer, following.signal);
    this.announce();
    this.#followWhenReady(following.signal);
  }

  leave(): void {
    this.#departures += 1;
    this.#part.leave();
    this.#unfollow();
  }

  takeLead(): void {
    this.#say({ do: "lead" });
  }

  passLead(to: number): void {
    this.#say({ do: "pass", to });
  }

  play(options: { from?: number; region?: Region; of?: string } = {}): void {
    const { region = null, from = region?.[0] ?? 0, of = "song" } = options;
    const deed: Deed = { do: "play", tick: Math.round(from), region, of };
    // The others hear it also where this page lets no sound out.
    void this.join().catch(() => this.announce()).then(() => this.#sayWhenReady(deed));
  }

  stop(): void {
    this.#say({ do: "stop" });
  }

  seek(tick: number): void {
    this.#say({ do: "seek", tick: Math.round(tick) });
  }

  /** The room says what is played. */
  #took(told: unknown): void {
    const state = readTransport(told);
    if (state === null) return;
    const isAnew = state.number < this.#state.number;
    this.#state = state;
    if (isAnew && this.#part.place !== null) this.#beForgotten();
    if (this.#wasForgotten) return this.announce();
    if (!state.playing) this.#part.follow(state);
    else if (this.#following !== null) this.#followWhenReady(this.#following.signal);
    this.announce();
  }

  /** A room that was begun anew knows of nothing: what plays plays on, and is told again. */
  #beForgotten(): void {
    this.#wasForgotten = true;
    this.#timer.later(() => this.#tellAgain(0), ANEW_MS, this.#signal);
  }

  #timed(by: number): void {
    if (Math.abs(by) > STEP_MS) this.#tellAgain(by);
    this.announce();
  }

  #tellAgain(by: number): void {
    if (!this.#wasForgotten) return;
    this.#wasForgotten = false;
    this.#part.moveClock(by);
    if (this.#state.playing) this.#part.follow(this.#state);
    else if (this.isLeader) for (const deed of this.#part.retold) this.#say(deed);
  }

  #say(deed: Deed): void {
    this.#seat.line.send(KIND.transport, deedFrame(deed));
  }

  #sayWhenReady(deed: Deed, since = this.#timer.now()): void {
    const isInTime = this.#timer.now() - since < PATIENCE_MS;
    if (!this.isFollowing || this.#times.isReady || !isInTime) return this.#say(deed);
    this.#timer.later(() => this.#sayWhenReady(deed, since), LOOK_MS, this.#signal);
  }

  /** What plays is fallen in with once the clocks are known. */
  #followWhenReady(signal: AbortSignal): void {
    if (this.#times.isReady && this.#state.playing) this.#part.follow(this.#state);
    if (this.#times.isReady || this.#isLooking) return;
    this.#isLooking = true;
    this.#timer.later(() => {
      this.#isLooking = false;
      this.#followWhenReady(signal);
      if (this.#times.isReady) this.announce();
    }, LOOK_MS, signal);
  }

  #unfollow(): void {
    this.#following?.abort();
    this.#following = null;
    this.#times.ear = null;
    this.#isLooking = false;
    this.announce();
  }

  readonly #hand: Omit<Hand, "heard" | "renew"> = {
    // Without the room nobody would hear of it.
    stop: () => (this.isLeader && this.#seat.line.isOpen ? this.stop() : this.leave()),
    seek: (tick) => {
      if (this.isLeader) this.seek(tick);
    },
    setRegion: (region) => {
      const from = this.#part.place?.tick ?? this.#state.tick;
      if (this.isLeader) this.play({ from, region, of: this.#state.of });
    },
    updated: () => this.#hearUnstamped(),
    ended: () => {
      if (this.isLeader) this.stop();
    },
    lost: () => {
      this.#part.lose();
      this.#unfollow();
    },
  };

  /** Edits that no stamp comes for: offline, or when the document was read anew. */
  #hearUnstamped(): void {
    if (this.#isUpdateDue) return;
    this.#isUpdateDue = true;
    this.#timer.later(() => {
      this.#isUpdateDue = false;
      const isOnWay = this.#seat.line.isOpen && this.#seat.stamps.isWaiting;
      if (isOnWay || !this.#times.isReady) return;
      this.#part.hear(this.#times.now, this.#state.of);
    }, this.#seat.line.isOpen ? UNSTAMPED_MS : 0, this.#signal);
  }

  /** Tells where what plays is, for those who come later: the room knows of no tempo. */
  #markSoon(place: Place, at: number): void {
    this.#mark = { do: "mark", at, ...place };
    const { number } = this.#state;
    // Where the leader makes no sound, one of the others says it: they wait for each other.
    const turn = this.isLeader ? 1 : 3 + ((this.#seat.session ?? 0) % 5);
    this.#timer.later(() => {
      if (this.#mark?.at !== at || number !== this.#state.number) return;
      if (this.mayLead && this.#part.place !== null) this.#say(this.#mark);
    }, MARK_MS * turn, this.#signal);
  }
}
