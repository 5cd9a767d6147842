/** What a room in memory keeps in lists; what is done to it is news at once. */

import type { News, Participant } from "../../src/core/room.js";
import type {
  Away, ChatLine, Comment, CommentTarget, Conflict, Happening, PastRevision, PastVersion, RoomApi,
} from "../../src/core/room_api.js";
import type { SongRevision } from "../../src/core/song_store.js";
import { ADA, BEN, CLEO, DEE, type LivelyRoom } from "./lively_room.js";
import { BAR } from "./rich_song.js";

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const minutes = (ago: number): string => new Date(NOW - ago * 60_000).toISOString();

const line = (number: number, who: Participant, ago: number, text: string, tick: number | null = null): ChatLine =>
  ({ id: `line${number}`, number, author: who.person, at: minutes(ago), text, tick });

const comment = (id: string, who: Participant, ago: number, text: string, place: Partial<Comment["place"]>, more: Partial<Comment> = {}): Comment => ({
  id, number: Number(id.slice(1)), author: who.person, at: minutes(ago), text, isResolved: false, isRemoved: false, replies: [],
  anchor: null, place: { kind: "bar", of: "", cell: null, tick: null, words: "", isGone: false, ...place }, ...more,
});

const revision = (seq: number, who: Participant, ago: number, words: string, version: string | null = null): PastRevision =>
  ({ seq, fromSeq: seq - 7, at: minutes(ago), author: who.person, words, version });

/** The lists of the room, in memory; what is done to them is news at once. */
export class MemoryRoomApi implements RoomApi {
  away: Away | null = { edits: 9, messages: 2, comments: 1, people: [BEN.person, DEE.person], revisions: [revision(128, BEN, 12, "moved 4 notes of Walking, bars 5 to 8"), revision(117, DEE, 55, "made the stem Percussion")] };
  lines: ChatLine[] = [
    line(1, BEN, 42, "The bass sits much better now."), line(2, BEN, 41, "Shall we try a fill here?", 16 * BAR),
    line(3, ADA, 39, "Yes! I would keep it short, two beats at most, so that the chorus does not come in too late.\nAnd the crash goes."),
    line(4, DEE, 12, "analysis done: 104 BPM, A minor"), line(5, CLEO, 3, "Lovely.", 8 * BAR),
  ];
  all: Comment[] = [
    comment("c1", BEN, 33, "Too loud against the vocal?", { tick: 4 * BAR, words: "bar 5" }, { replies: [{ id: "r1", number: 6, author: ADA.person, at: minutes(30), text: "Took 2 dB off, better?" }] }),
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
    this.change(this.all.map((one) => (one.id === id ? { ...one, replies: [...one.replies, { id: `r${text}`, number: 7, author: ADA.person, at: minutes(0), text }] } : one)));
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

  private readonly heard = new Set<() => void>();

  onAway(heard: () => void, signal: AbortSignal): void {
    this.heard.add(heard);
    signal.addEventListener("abort", () => this.heard.delete(heard));
  }

  dropAway(): void {
    this.away = null;
    for (const heard of this.heard) heard();
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

  async compare(from: number, to: number | null): ReturnType<RoomApi["compare"]> {
    return { words: `Between ${from} and ${to ?? "now"}: 3 changes in 2 places.`, changes: [{ where: "Bass", text: "4 notes moved", bars: [5, 8] }, { where: "Song", text: "tempo 98 \u2192 104", bars: [] }] };
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
