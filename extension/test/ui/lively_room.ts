/** A room in memory, with people in it: what the tests of the room's views stand on. */

import type { Cursor, Draft, LinkFigures, LinkState, News, Participant, Room, RoomTopic } from "../../src/core/room.js";
import type {
  Away, ChatLine, Comment, CommentTarget, Conflict, Happening, PastRevision, PastVersion, RoomApi,
} from "../../src/core/room_api.js";
import type { PersonalMix, SharedTransport, TransportState } from "../../src/core/shared_transport.js";
import type { SongRevision } from "../../src/core/song_store.js";
import type { Action, Role } from "../../src/gen/policy.js";
import { BAR } from "./rich_song.js";

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const minutes = (ago: number): string => new Date(NOW - ago * 60_000).toISOString();

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
  state: LinkState = "live";
  reason = "";
  participants: readonly Participant[] = [ADA, BEN, CLEO, DEE, EVE];
  role: Role | null = "owner";
  may: ReadonlySet<Action> = new Set(ALL);
  figures: LinkFigures = { roundTrip: 4.1, sent: 212, received: 640, unsaved: 0 };
  drafts: readonly Draft[] = [];
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

const line = (number: number, who: Participant, ago: number, text: string, tick: number | null = null): ChatLine =>
  ({ id: `line${number}`, author: who.person, at: minutes(ago), text, tick });

const comment = (id: string, who: Participant, ago: number, text: string, place: Partial<Comment["place"]>, more: Partial<Comment> = {}): Comment => ({
  id, author: who.person, at: minutes(ago), text, isResolved: false, isRemoved: false, replies: [],
  place: { kind: "bar", of: "", cell: null, tick: null, words: "", isGone: false, ...place }, ...more,
});

const revision = (seq: number, who: Participant, ago: number, words: string, version: string | null = null): PastRevision =>
  ({ seq, fromSeq: seq - 7, at: minutes(ago), author: who.person, words, version });

/** The lists of the room, in memory; what is done to them is news at once. */
export class MemoryRoomApi implements RoomApi {
  away: Away | null = { fromSeq: 90, people: [BEN.person, DEE.person], revisions: [revision(128, BEN, 12, "moved 4 notes of Walking, bars 5 to 8"), revision(117, DEE, 55, "made the stem Percussion")] };
  lines: ChatLine[] = [
    line(1, BEN, 42, "The bass sits much better now."), line(2, BEN, 41, "Shall we try a fill here?", 16 * BAR),
    line(3, ADA, 39, "Yes! I would keep it short, two beats at most, so that the chorus does not come in too late.\nAnd the crash goes."),
    line(4, DEE, 12, "analysis done: 104 BPM, A minor"), line(5, CLEO, 3, "Lovely.", 8 * BAR),
  ];
  all: Comment[] = [
    comment("c1", BEN, 33, "Too loud against the vocal?", { tick: 4 * BAR, words: "bar 5" }, { replies: [{ id: "r1", author: ADA.person, at: minutes(30), text: "Took 2 dB off, better?" }] }),
    comment("c2", CLEO, 8, "This entry gives me goosebumps", { kind: "segment", of: "s4", tick: 4 * BAR, words: "segment Take 3, bar 5" }),
    comment("c3", ADA, 90, "Less reverb", { kind: "note", of: "n9", tick: 10 * BAR, words: "note C4 of Keys, bar 11" }, { isResolved: true }),
    comment("c4", DEE, 70, "Doubles the kick", { kind: "stem", of: "clap", words: "stem Clap", isGone: true }),
  ];
  conflict: Conflict | null = null;

  constructor(readonly room: LivelyRoom, readonly now: () => SongRevision) {}

  async messages(): ReturnType<RoomApi["messages"]> {
    return { items: this.lines, before: null };
  }

  async say(text: string, tick: number | null): Promise<void> {
    const said = { ...line(this.lines.length + 1, ADA, 0, text, tick), at: new Date(NOW + this.lines.length).toISOString() };
    this.lines = [...this.lines, said];
    this.room.news({ kind: "chat", line: said });
  }

  lineOf(news: News): ChatLine | null {
    return news["line"] as ChatLine;
  }

  conflictOf(news: News): Conflict | null {
    return news["conflict"] as Conflict;
  }

  async comments(): Promise<readonly Comment[]> {
    return this.all;
  }

  async comment(text: string, target: CommentTarget): Promise<void> {
    const tick = "tick" in target ? target.tick : null;
    const words = tick === null ? "" : `bar ${tick / BAR + 1}`;
    this.change([...this.all, comment(`c${this.all.length + 1}`, ADA, 0, text, { kind: target.kind, tick, words })]);
  }

  async reply(id: string, text: string): Promise<void> {
    this.change(this.all.map((one) => (one.id === id ? { ...one, replies: [...one.replies, { id: `r${text}`, author: ADA.person, at: minutes(0), text }] } : one)));
  }

  async resolve(id: string, isResolved: boolean): Promise<void> {
    this.change(this.all.map((one) => (one.id === id ? { ...one, isResolved } : one)));
  }

  async removeComment(id: string): Promise<void> {
    this.change(this.all.filter((one) => one.id !== id));
  }

  async activity(): ReturnType<RoomApi["activity"]> {
    const items: Happening[] = [
      { id: "a3", author: BEN.person, at: minutes(12), words: "changed the stem Bass: volume", seq: 128 },
      { id: "a2", author: DEE.person, at: minutes(55), words: "made the stem Percussion", seq: 117 },
      { id: "a1", author: ADA.person, at: minutes(80), words: "changed the song: tempo", seq: 96 },
    ];
    return { items, before: null };
  }

  dropAway(): void {
    this.away = null;
  }

  async contributions(): ReturnType<RoomApi["contributions"]> {
    return [[ADA, 64, 0.52], [BEN, 41, 0.33], [DEE, 18, 0.15]].map(([who, edits, share]) =>
      ({ author: (who as Participant).person, edits: edits as number, share: share as number }));
  }

  async revisions(): ReturnType<RoomApi["revisions"]> {
    const items = [revision(128, BEN, 12, "moved 4 notes of Walking, bars 5 to 8"), revision(117, DEE, 55, "made the stem Percussion"), revision(104, ADA, 80, "set the tempo to 104 BPM", "First take"), revision(90, ADA, 130, "made the song")];
    return { items, hasMore: false };
  }

  versionList: PastVersion[] = [
    { id: "v2", seq: 120, name: "Automatic, 11:45", isAutomatic: true, author: null, at: minutes(15) },
    { id: "v1", seq: 104, name: "First take", isAutomatic: false, author: ADA.person, at: minutes(80) },
  ];

  async versions(): Promise<readonly PastVersion[]> {
    return this.versionList;
  }

  async nameVersion(name: string): Promise<void> {
    this.versionList = [{ id: name, seq: this.room.seq, name, isAutomatic: false, author: ADA.person, at: minutes(0) }, ...this.versionList];
  }

  async compare(from: number, to: number): ReturnType<RoomApi["compare"]> {
    return { words: `Between ${from} and ${to}: 3 changes in 2 places.`, changes: [{ where: "Bass", text: "4 notes moved", bars: [5, 8] }, { where: "Song", text: "tempo 98 \u2192 104", bars: [] }] };
  }

  async songAt(): Promise<SongRevision> {
    return this.now();
  }

  async restore(seq: number, part: { readonly kind: string }): Promise<void> {
    this.room.said.push(`restore ${seq} ${part.kind}`);
  }

  private change(next: Comment[]): void {
    this.all = next;
    this.room.news({ kind: "comment" });
  }
}
