/** A room in memory, with people in it: what the tests of the room's views stand on. */

import type { Cursor, Draft, LinkFigures, LinkState, News, Participant, Room, RoomTopic, WaitingLine } from "../../src/core/room.js";
import type { PersonalMix, SharedTransport, TransportState } from "../../src/core/shared_transport.js";
import type { Action, Role } from "../../src/gen/policy.js";
import { BAR } from "./rich_song.js";


const person = (session: number, name: string, color: string, role: Role | null, more: Partial<Participant> = {}): Participant => ({
  session, isMe: session === 1, role, via: "page", activity: "idle", place: "song", cursor: null, ...more,
  person: { id: name.split(" ")[0]?.toLowerCase() ?? "", name, color, kind: role === null ? "guest" : "user" },
});

export const ADA = person(1, "Ada Lovelace", "#c2410c", "owner", { activity: "editing" });
export const BEN = person(2, "Ben Okri", "#1d6fd1", "contributor", { activity: "editing", cursor: { kind: "timeline", a: 2, b: 6 * BAR } });
export const CLEO = person(3, "Cleo", "#7c3aed", "viewer", { activity: "listening" });
export const DEE = person(4, "Dee's kernel", "#0f7a4f", "contributor", { via: "kernel", activity: "editing", cursor: { kind: "timeline", a: 3, b: 10.5 * BAR } });
export const EVE = person(5, "Eve", "#d9a400", null, { via: "jam", activity: "idle" });

const ALL: readonly Action[] = ["piece.read", "comment.add", "music.edit", "history.read", "version.name", "history.restore"];

/** Calls back those who asked for a topic. */
class Topics {
  private readonly heard = new Map<string, Set<(news: never) => void>>();

  on(topic: string, changed: (news: never) => void, signal: AbortSignal): void {
    const all = this.heard.get(topic) ?? new Set();
    this.heard.set(topic, all.add(changed));
    signal.addEventListener("abort", () => all.delete(changed));
  }

  tell(topic: string, news?: unknown): void {
    for (const changed of this.heard.get(topic) ?? []) changed(news as never);
  }
}

class MemoryTransport implements SharedTransport {
  state: TransportState = { leader: 1, playing: false, of: "song", tick: 0, at: 0, region: null };
  alignment = { isReady: true, offset: -1843.2, roundTrip: 4.1, error: 0.6, latency: 21, drift: null };
  isFollowing = false;
  mix: PersonalMix = { muted: new Set(), soloed: new Set(), volumes: new Map(), effects: new Map(), isEmpty: true };
  private readonly topics = new Topics();

  get isLeader(): boolean {
    return this.state.leader === 1;
  }

  readonly mayLead = true;

  subscribe(changed: () => void, signal: AbortSignal): void {
    this.topics.on("changed", changed, signal);
  }

  async join(): Promise<void> {
    this.isFollowing = true;
    this.become({});
  }

  leave(): void {
    this.isFollowing = false;
    this.become({});
  }

  takeLead(): void {
    this.become({ leader: 1 });
  }

  passLead(to: number): void {
    this.become({ leader: to });
  }

  play(options: { from?: number } = {}): void {
    this.become({ playing: true, tick: options.from ?? 0 });
  }

  stop(): void {
    this.become({ playing: false });
  }

  seek(tick: number): void {
    this.become({ tick });
  }

  setMuted(strip: string, muted: boolean): void {
    this.remix({ muted: withOrWithout(this.mix.muted, strip, muted) });
  }

  setSoloed(strip: string, soloed: boolean): void {
    this.remix({ soloed: withOrWithout(this.mix.soloed, strip, soloed) });
  }

  setVolume(strip: string, volume: number | null): void {
    const volumes = new Map(this.mix.volumes);
    if (volume === null) volumes.delete(strip);
    else volumes.set(strip, volume);
    this.remix({ volumes });
  }

  setEffect(): void {
    this.remix({});
  }

  become(more: Partial<TransportState>): void {
    this.state = { ...this.state, ...more };
    this.topics.tell("changed");
  }

  private remix(more: Partial<PersonalMix>): void {
    const mix = { ...this.mix, ...more };
    this.mix = { ...mix, isEmpty: mix.muted.size + mix.soloed.size + mix.volumes.size === 0 };
    this.topics.tell("changed");
  }
}

function withOrWithout(set: ReadonlySet<string>, value: string, isIn: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (isIn) next.add(value);
  else next.delete(value);
  return next;
}

export class LivelyRoom implements Room {
  readonly piece = "song";
  readonly name = "Evening train";
  state: LinkState = "live";
  reason = "";
  participants: readonly Participant[] = [ADA, BEN, CLEO, DEE, EVE];
  role: Role | null = "owner";
  may: ReadonlySet<Action> = new Set(ALL);
  figures: LinkFigures = { roundTrip: 4.1, sent: 212, received: 640, unsaved: 0 };
  drafts: readonly Draft[] = [];
  waiting: readonly WaitingLine[] = [];
  seq = 128;
  readonly transport = new MemoryTransport();
  /** What was said to the room, in order. */
  readonly said: string[] = [];
  private readonly topics = new Topics();

  get me(): Participant | null {
    return this.participants.find((who) => who.isMe) ?? null;
  }

  subscribe(topic: RoomTopic, changed: () => void, signal: AbortSignal): void {
    this.topics.on(topic, changed, signal);
  }

  onNews(heard: (news: News) => void, signal: AbortSignal): void {
    this.topics.on("news", heard as (news: never) => void, signal);
  }

  setPlace(place: string): void {
    if (this.said.at(-1) !== `place ${place}`) this.said.push(`place ${place}`);
  }

  point(cursor: Cursor | null): void {
    this.said.push(cursor === null ? "point nowhere" : `point ${cursor.kind} ${cursor.a} ${cursor.b}`);
  }

  setActivity(activity: Participant["activity"]): void {
    this.said.push(`activity ${activity}`);
  }

  command<T>(): Promise<{ readonly seq: number; readonly value: T }> {
    return Promise.reject(new Error("commands go through the api here"));
  }

  async forkDraft(id: string): Promise<string> {
    this.said.push(`fork ${id}`);
    return "fork";
  }

  dropDraft(id: string): void {
    this.drafts = this.drafts.filter((draft) => draft.id !== id);
    this.tell("drafts");
  }

  dropWaiting(id: string): void {
    this.waiting = this.waiting.filter((line) => line.id !== id);
    this.tell("waiting");
  }

  retry(): void {
    this.said.push("retry");
  }

  tell(topic: RoomTopic): void {
    this.topics.tell(topic);
  }

  news(news: News): void {
    this.topics.tell("news", news);
  }

  become(state: LinkState, reason = ""): void {
    this.state = state;
    this.reason = reason;
    this.tell("state");
  }

  /** Somebody points elsewhere. */
  move(session: number, cursor: Cursor | null, place?: string): void {
    this.participants = this.participants.map((who) => (who.session === session ? { ...who, cursor, place: place ?? who.place } : who));
    this.tell("cursors");
  }
}
