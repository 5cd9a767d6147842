/** This page's part in what all play: when it falls in, and when edits become audible. */

import type { Playable } from "../../core/player.js";
import { SAMPLE_RATE } from "../engine.js";
import type { Ensemble, Hand } from "../ensemble.js";
import { REPORT } from "../messages.js";
import { SLIDE_FRAMES } from "../slide.js";
import { startOf } from "../play_options.js";
import { Course, isSameTime, timeOf, type Place } from "./course.js";
import { Drift } from "./drift.js";
import type { Deed, RoomTransport } from "./frames.js";
import type { Times } from "./times.js";

/** An edit is heard from the first sixteenth on that sounds so long after its stamp. */
const EDIT_MS = 150;

/** A change is taken at an edge of the engine's blocks, which lies before its sixteenth by less. */
const EDGE_MS = 3;

/** A stop is heard so long after it was said: by then all know of it. */
const STOP_MS = 100;

/** The room lets a start lie so far ahead. */
const AHEAD_MS = 250;

/** Revisions are kept so long: who falls in begins with the one that the others hear. */
const KEPT_MS = 3000;

/** What has not been made for so long can still be begun on its frame. */
const MARGIN_FRAMES = 0.03 * SAMPLE_RATE;

/** Who falls in later, falls in so far ahead of what is being made. */
const LATE_FRAMES = 0.12 * SAMPLE_RATE;

/** Images of revisions are made so rarely: a drag is many edits. */
const FLUSH_MS = 20;

/** A place that lies so near to where it is, is the same measured anew; else it is a jump. */
const SAME_MS = 50;

const FRAMES_MS = SAMPLE_RATE / 1000;

/** What a part needs around it. */
export interface Desk {
  readonly ensemble: Ensemble;
  readonly times: Times;
  readonly hand: Omit<Hand, "heard" | "renew">;
  playable(of: string): Playable | null;
  /** Calls back once, soon. */
  later(callback: () => void, wait: number): void;
  /** The time of what plays changes at a place, which is heard at a time of the room. */
  turned(place: Place, at: number): void;
}

/** A revision, the stamp of the edit that made it, and the frame from which it is heard. */
interface Stamped {
  readonly stamp: number;
  readonly playable: Playable;
  readonly edge: number;
}

/** Plays what the room says, from `follow` to `leave`. */
export class Part {
  readonly #desk: Desk;
  readonly #drift = new Drift();
  readonly #hand: Hand;
  /** What is played; null where nothing is, or nothing was begun yet. */
  #state: RoomTransport | null = null;
  #course: Course | null = null;
  #stamped: readonly Stamped[] = [];
  #dirty = new Set<number>();
  #isFlushDue = false;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#hand = {
      ...desk.hand,
      heard: (report) => this.#heard(report),
      renew: () => this.#renew(),
      ended: () => {
        this.#course = null;
        desk.hand.ended();
      },
    };
  }

  /** Milliseconds that what is heard is ahead; null where nothing is known. */
  get drift(): number | null {
    return this.#course === null ? null : this.#drift.value;
  }

  /** The place that is heard now; null where nothing plays. */
  get place(): Place | null {
    return this.#course?.placeAt(this.#frameAt(this.#desk.times.now)) ?? null;
  }

  /** Plays as the room says, as soon as the clocks are known. */
  follow(state: RoomTransport): void {
    if (!state.playing) return this.#stopAt(state.at + STOP_MS);
    const isMeasuredAnew = this.#isMeasuredAnew(state);
    if (isMeasuredAnew || !this.#desk.times.isReady) return;
    this.#state = state;
    this.#fallIn(state);
  }

  /** Falls silent at once. */
  leave(): void {
    const isOn = this.#course !== null;
    this.lose();
    if (isOn) this.#desk.ensemble.fallSilent();
  }

  /** The room counts its time anew, so much later than before: what plays plays on. */
  moveClock(by: number): void {
    if (this.#state !== null) this.#state = { ...this.#state, at: this.#state.at + by };
    this.#stamped = [];
    this.#drift.forget(this.#desk.times.now);
  }

  /** The way on from now, as a leader says it to a room that knows nothing of it. */
  get retold(): readonly Deed[] {
    const start = this.#desk.times.now + AHEAD_MS;
    // The start lies roughly where it is; a mark behind it says where exactly.
    const at = start + AHEAD_MS;
    const place = this.#course?.placeAt(this.#frameAt(start)) ?? null;
    const then = this.#course?.placeAt(this.#frameAt(at)) ?? null;
    if (place === null || then === null || this.#state === null) return [];
    const { of, region } = this.#state;
    return [{ do: "play", tick: Math.floor(place.tick), of, region }, { do: "mark", ...then, at }];
  }

  /** What played here is gone already. */
  lose(): void {
    this.#state = null;
    this.#course = null;
  }

  /**
   * The document is what it is after the edits up to a stamp, and all pages say alike from which
   * frame on that is heard: the stamp and the course, which are everywhere the same, decide it. An
   * exception are edits of one's own that are on their way still: the document holds them already,
   * so that they may be heard here up to one way to the room and back earlier than elsewhere; and
   * edits that others are told of in one frame with later ones, under the later stamp: on their
   * author's page they may be heard a sixteenth earlier. Where such edits change the tempo, the
   * leader's next mark sets that right.
   */
  stamp(stamp: number, of: string): void {
    const playable = this.#desk.playable(of);
    if (playable === null) return;
    const now = this.#desk.times.isReady ? this.#desk.times.now : stamp;
    const kept = this.#stamped.filter((one) => one.playable.id === playable.id);
    const old = kept.findLastIndex((one) => one.stamp < now - KEPT_MS);
    const edge = this.#hearFrom(stamp, playable);
    this.#stamped = [...kept.slice(Math.max(old, 0)), { stamp, playable, edge }];
  }

  /** The document is what it is at a time of the room, without a stamp. */
  hear(time: number, of: string): void {
    const known = this.#stamped.at(-1)?.playable.revision;
    if (known !== this.#desk.playable(of)?.revision) this.stamp(time, of);
  }

  /** The frame from which an edit is heard; where it changes the time, the course turns there. */
  #hearFrom(stamp: number, playable: Playable): number {
    if (this.#course === null || this.#state === null) return 0;
    const edge = this.#course.edgeAfter(this.#frameAt(stamp + EDIT_MS));
    this.#dirty.add(edge);
    this.#flushSoon();
    const time = timeOf(playable, this.#state.region);
    if (isSameTime(time, this.#course.timeAt(edge))) return edge;
    this.#course.change(edge, time);
    const place = this.#course.placeAt(edge);
    if (place) this.#desk.turned(place, this.#state.at + edge / FRAMES_MS);
    return edge;
  }

  /** The frame of what all play that is heard at a time of the room. */
  #frameAt(roomTime: number): number {
    return (roomTime - (this.#state?.at ?? 0)) * FRAMES_MS;
  }

  /** Says the same as before, but for who leads, or where exactly it is. */
  #isMeasuredAnew({ of, region, tick, rounds, at }: RoomTransport): boolean {
    if (this.#course === null || this.#state === null || of !== this.#state.of) return false;
    if (String(region) !== String(this.#state.region)) return false;
    const frame = this.#frameAt(at);
    const ahead = this.#course.ahead(tick, frame);
    if (ahead === null || Math.abs(ahead) > SAME_MS * FRAMES_MS) return false;
    if (Math.abs(ahead) > 1) this.#course.move(frame, this.#course.timeAt(frame), { tick, rounds });
    return true;
  }

  #stopAt(at: number): void {
    const frame = Math.max(0, Math.round(this.#frameAt(at)));
    const isOn = this.#course !== null;
    this.lose();
    if (isOn) this.#desk.ensemble.fallSilent(frame);
  }

  /** Begins on the frame of the state, or where the others are by now. */
  #fallIn(state: RoomTransport): void {
    const current = this.#desk.playable(state.of);
    if (current === null) return this.leave();
    const own = this.#stamped.filter(({ playable }) => playable.id === current.id);
    const until = own.findLastIndex(({ stamp }) => stamp + EDIT_MS <= state.at + EDGE_MS);
    const base = until === own.length - 1 ? current : own[Math.max(until, 0)]?.playable ?? current;
    const time = timeOf(base, state.region);
    const tick = startOf({ from: state.tick, region: state.region }, time.length);
    this.#course = new Course(time, { tick, rounds: state.rounds });
    this.#stamped = [];
    for (const [at, { stamp, playable }] of own.entries()) {
      const edge = at <= until ? 0 : this.#hearFrom(stamp, playable);
      this.#stamped = [...this.#stamped, { stamp, playable, edge }];
    }
    this.#enter(0, { tick, rounds: state.rounds });
  }

  /** Falls in at a frame, or as soon after it as can be. */
  #enter(frame: number, place: Place): void {
    const { times, ensemble } = this.#desk;
    if (this.#state === null) return;
    this.#drift.forget(times.now);
    const context = Math.round(times.frameAt(this.#state.at + frame / FRAMES_MS));
    if (context < times.nextFrame + MARGIN_FRAMES) return this.#enterSoon();
    const playable = this.#playableAt(frame);
    if (playable === null) return this.leave();
    const options = { from: place.tick, region: this.#state.region };
    ensemble.enter(playable, options, { context, frame, rounds: place.rounds }, this.#hand);
    this.#renewFrom(frame + 1);
  }

  #enterSoon(): void {
    const { times } = this.#desk;
    const soon = this.#frameAt(times.timeOf(times.nextFrame + LATE_FRAMES));
    const entry = this.#course?.entryAfter(soon);
    if (entry) this.#enter(entry.frame, entry);
    else this.leave();
  }

  /** The revision that is heard at a frame: the document as it is, from the last edge on. */
  #playableAt(frame: number): Playable | null {
    const at = this.#stamped.findLastIndex(({ edge }) => edge <= frame);
    const isLast = at === this.#stamped.length - 1;
    if (isLast || this.#state === null) return this.#desk.playable(this.#state?.of ?? "song");
    return this.#stamped[Math.max(at, 0)]?.playable ?? null;
  }

  #renew(): void {
    const frame = this.#frameAt(this.#desk.times.now);
    const heard = this.#playableAt(frame);
    if (this.#course === null || heard === null) return;
    this.#desk.ensemble.change(heard);
    this.#renewFrom(frame);
  }

  /** Tells the engine of what will be heard later. */
  #renewFrom(frame: number): void {
    for (const { edge } of this.#stamped) if (edge >= frame) this.#dirty.add(edge);
    this.#flushSoon();
  }

  #flushSoon(): void {
    if (this.#isFlushDue || this.#dirty.size === 0) return;
    this.#isFlushDue = true;
    this.#desk.later(() => this.#flush(), FLUSH_MS);
  }

  #flush(): void {
    this.#isFlushDue = false;
    const due = [...this.#dirty].toSorted((a, b) => a - b);
    this.#dirty.clear();
    if (this.#course === null) return;
    for (const frame of due) {
      const playable = this.#playableAt(frame);
      if (playable) this.#desk.ensemble.change(playable, frame);
    }
  }

  #heard(report: Float64Array): void {
    const tick = report[REPORT.tick] ?? -1;
    const { times } = this.#desk;
    if (this.#course === null || tick < 0 || !times.isReady) return;
    const heardAt = times.timeOf(report[REPORT.frame] ?? 0);
    const frame = this.#frameAt(heardAt);
    // Around a turn the engine speaks of the time that is to come.
    if (this.#course.toNearestTurn(frame) < 1024) return;
    const ahead = this.#course.ahead(tick, frame);
    if (ahead === null) return;
    const cure = this.#drift.add(ahead / FRAMES_MS, times.now, SLIDE_FRAMES);
    if (cure === "jump") this.#enterSoon();
    else if (cure !== null) this.#desk.ensemble.slide(Math.round(cure.slide * FRAMES_MS));
  }
}
