/** What a room keeps in lists, by the server's REST interface; what is said to it, by commands. */

import { RoomError, type News, type Room } from "../core/room.js";
import type {
  Away, ChatLine, Comment, CommentTarget, Conflict, ContributionShare, Difference, Happening,
  Newest, Part, PastList, PastVersion, RoomApi,
} from "../core/room_api.js";
import type { SongRevision } from "../core/song_store.js";
import { Replica } from "../crdt/replica.js";
import type { Action } from "../gen/policy.js";
import type * as rest from "../gen/rest.js";
import { ask, RestError, type Access } from "./rest.js";
import { commentOf, conflictIn, lineIn, personColor, revisionOf, versionOf } from "./shapes.js";

/** Comments that are asked for at once, and how often that is done for one list. */
const COMMENTS = 100;
const MOST_PAGES = 10;

export class RoomLists implements RoomApi {
  away: Away | null = null;
  private readonly heard = new Set<() => void>();

  constructor(private readonly room: Room, private readonly access: Access, signal: AbortSignal) {
    room.onNews((news) => {
      if (news.kind === "away") void this.learnAway(news);
    }, signal);
  }

  // -- what is said --------------------------------------------------------------------------------

  /** Whether it is known that something may not be done: then it is not asked for either. */
  private mayNot(action: Action): boolean {
    return this.room.may.size > 0 && !this.room.may.has(action);
  }

  async messages(before: string | null): Promise<Newest<ChatLine>> {
    if (this.mayNot("comment.add")) return { items: [], before: null };
    const list = await this.get<rest.MessageList>(this.ofRoom("messages"), { limit: 50, after: before });
    return { items: list.messages.map(lineIn), before: list.next };
  }

  async say(text: string, tick: number | null): Promise<void> {
    await this.room.command("chat.send", tick === null ? { text } : { text, position: { tick } });
  }

  lineOf(news: News): ChatLine | null {
    return news["what"] === "made" ? lineIn(news["line"] as rest.ChatLine) : null;
  }

  async comments(): Promise<readonly Comment[]> {
    if (this.mayNot("comment.add")) return [];
    const found: Comment[] = [];
    let after: string | null = null;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const list: rest.CommentList = await this.get(this.ofRoom("comments"), { limit: COMMENTS, after });
      found.push(...list.comments.map(commentOf));
      after = list.next;
      if (after === null) break;
    }
    return found;
  }

  async comment(text: string, target: CommentTarget): Promise<void> {
    await this.room.command("comment.add", { text, target });
  }

  async reply(comment: string, text: string): Promise<void> {
    await this.room.command("comment.add", { text, replyTo: comment });
  }

  async resolve(comment: string, isResolved: boolean): Promise<void> {
    await this.room.command("comment.change", { commentId: comment, resolved: isResolved });
  }

  async removeComment(id: string): Promise<void> {
    await this.room.command("comment.remove", { commentId: id });
  }

  conflictOf(news: News): Conflict | null {
    return conflictIn(news);
  }

  // -- what was done -------------------------------------------------------------------------------

  async activity(before: string | null): Promise<Newest<Happening>> {
    if (this.mayNot("history.read")) return { items: [], before: null };
    const list = await this.get<rest.ActivityList>(this.ofRoom("activity"), { limit: 30, before });
    const items = list.activity.map(({ id, by, at, words, seq }) => ({ id, author: by, at, words, seq }));
    return { items, before: list.before === null ? null : String(list.before) };
  }

  onAway(heard: () => void, signal: AbortSignal): void {
    this.heard.add(heard);
    signal.addEventListener("abort", () => this.heard.delete(heard));
  }

  dropAway(): void {
    this.away = null;
    this.changed();
  }

  private changed(): void {
    for (const heard of this.heard) heard();
  }

  async contributions(): Promise<readonly ContributionShare[]> {
    if (this.mayNot("history.read")) return [];
    const { contributions } = await this.get<rest.Contributions>(this.ofRoom("contributions"));
    return contributions.map(({ person, edits, share }) => ({ author: person, edits, share }));
  }

  // -- what was ------------------------------------------------------------------------------------

  async revisions(before: number | null): Promise<PastList> {
    if (this.mayNot("history.read")) return { items: [], hasMore: false };
    const list = await this.get<rest.History>(this.ofPiece("history"), { before, limit: 20 });
    return { items: list.revisions.map((one) => revisionOf(one, this.colorOf)), hasMore: list.hasMore };
  }

  async versions(): Promise<readonly PastVersion[]> {
    if (this.mayNot("history.read")) return [];
    const { versions } = await this.get<rest.VersionList>(this.ofPiece("versions"));
    return versions.map((one) => versionOf(one, this.colorOf));
  }

  async nameVersion(name: string, seq: number | null): Promise<void> {
    await this.room.command("version.name", seq === null ? { name } : { name, seq });
  }

  async compare(from: number, to: number | null): Promise<Difference> {
    const { words, changes } = await this.get<rest.Comparison>(this.ofPiece("history/compare"), { from, to });
    return { words, changes };
  }

  async songAt(seq: number): Promise<SongRevision> {
    const answer = await ask(this.access, "GET", this.ofPiece(`history/${seq}/document`));
    const replica = new Replica();
    replica.apply(new Uint8Array(await answer.arrayBuffer()));
    return { song: replica.reader.song() };
  }

  async restore(seq: number, part: Part): Promise<void> {
    const what = part.kind === "bars" ? { bars: [part.from, part.to] } : part.kind === "stem" ? { stem: part.stem } : {};
    await this.room.command("restore", { seq, ...what });
  }

  // -- the way there -------------------------------------------------------------------------------

  private ofRoom(list: string): string {
    return `rooms/${encodeURIComponent(this.room.piece)}/${list}`;
  }

  /** A piece's history is the same under each of its nouns. */
  private ofPiece(path: string): string {
    return `projects/${encodeURIComponent(this.room.piece)}/${path}`;
  }

  private async get<T>(path: string, query: Readonly<Record<string, string | number | null>> = {}): Promise<T> {
    const given = Object.entries(query).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]]));
    const asked = new URLSearchParams(given).toString();
    try {
      const answer = await ask(this.access, "GET", asked === "" ? path : `${path}?${asked}`);
      return (await answer.json()) as T;
    } catch (error) {
      throw error instanceof RestError ? error : new RoomError("unreachable", "The server does not answer.", "It is tried again when the room is back.");
    }
  }

  /** Who is here has their own colour; who is not, one by their name. */
  private readonly colorOf = (name: string): string =>
    this.room.participants.find(({ person }) => person.name === name)?.person.color ?? personColor(name);

  private async learnAway(news: News): Promise<void> {
    const since = Number(news["fromSeq"]);
    const found = await this.get<rest.Away>(this.ofRoom("away"), { since }).catch(() => null);
    if (found === null || found.edits + found.messages + found.comments === 0) return;
    const { edits, messages, comments, people, revisions } = found;
    this.away = { edits, messages, comments, people, revisions: revisions.map((one) => revisionOf(one, this.colorOf)) };
    this.changed();
  }
}
