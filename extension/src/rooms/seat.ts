/** A page's seat in a room: the line, the replica, who is there, and what is said. */

import type {
  Cursor, Draft, LinkFigures, LinkState, News, Participant, Room, RoomTopic, Via, WaitingLine,
} from "../core/room.js";
import { RoomError } from "../core/room.js";
import { KIND } from "../core/room_link.js";
import type { SharedTransport } from "../core/shared_transport.js";
import type { TransportSeat } from "../audio/together/conductor.js";
import { ROLES, type Action, type Role } from "../gen/policy.js";
import { Drafts } from "../crdt/drafts.js";
import type { KeptDraft } from "../crdt/local_copy.js";
import { Presence } from "../crdt/presence.js";
import type { Replica } from "../crdt/replica.js";
import { WebSocketLine, type LineSurroundings } from "../crdt/room_line.js";
import { RoomReplica } from "../crdt/room_replica.js";
import { readJson } from "../crdt/wire.js";
import { Commands } from "./commands.js";
import type { Keeping } from "./keeping.js";
import { Playables } from "./playables.js";
import { transportSeatOf } from "./transport_seat.js";

/** Edits that wait longer than this make a line a slow one. */
const SLOW_MS = 2_000;
const FIGURES_MS = 1_000;

export interface SeatOptions {
  readonly piece: string;
  readonly via: Via;
  readonly replica: Replica;
  readonly around: LineSurroundings & {
    newId(): number;
    /** Milliseconds since 1970. */
    date(): number;
  };
  /** What this browser keeps. */
  readonly keeping: Keeping;
  /** Whether the kernel reaches the room through this page alone. */
  readonly bridges?: boolean;
  readonly transport: (seat: TransportSeat, signal: AbortSignal) => SharedTransport;
  readonly fork: (draft: KeptDraft) => Promise<string>;
}

export class Seat implements Room {
  readonly piece: string;
  readonly transport: SharedTransport;
  /** What of the piece can be played. */
  readonly playables: Playables;
  role: Role | null = null;
  may: ReadonlySet<Action> = new Set();
  readonly #line: WebSocketLine;
  readonly #replica: RoomReplica;
  readonly #presence: Presence;
  readonly #commands: Commands;
  readonly #drafts: Drafts;
  readonly #topics = new EventTarget();
  readonly #heard = new Set<(news: News) => void>();
  #knowsRights = false;
  #wasIn = false;
  #wasAway = false;
  #refused: KeptDraft | null = null;
  #slowOff: () => void = () => {};
  #said = "";

  constructor(private readonly options: SeatOptions, signal: AbortSignal) {
    const { piece, around, replica, keeping } = options;
    this.piece = piece;
    this.playables = new Playables(replica);
    this.#drafts = new Drafts(() => around.date(), () => this.#tell("drafts"));
    this.#line = new WebSocketLine(around, () => this.#hello(), signal);
    const line = this.#line;
    line.on(KIND.hello, (body) => this.#greeted(readJson(body)), signal);
    this.#replica = new RoomReplica({
      line, replica, around, signal, drafts: this.#drafts, bridges: options.bridges ?? false,
      changed: () => this.#changed(), refused: (draft) => this.#setRefused(draft),
      keeps: (copy, { commands }) => this.#commands.keepIn(copy, commands),
    });
    this.#presence = new Presence(line, around, options.via, (topic) => this.#tell(topic), signal);
    this.#commands = new Commands(line, {
      date: () => around.date(), isAway: () => this.#isAway, changed: () => this.#tell("waiting"),
    }, signal);
    this.transport = options.transport(transportSeatOf(this, { line, stamps: this.#replica }), signal);
    replica.sendTo(() => this.#presence.edited(), signal);
    line.on(KIND.kept, () => this.#setRefused(null), signal);
    line.on(KIND.news, (body) => this.#told(readJson(body) as News), signal);
    line.subscribe((isOpen) => this.#lineChanged(isOpen), signal);
    keeping.begin(this.#replica, signal);
    signal.addEventListener("abort", () => {
      replica.editable = true;
      replica.opensLocks = true;
      this.#slowOff();
    });
  }

  /** What the page shows of the piece. */
  get replica(): Replica {
    return this.options.replica;
  }

  get name(): string {
    return this.replica.isEmpty ? "" : this.replica.reader.song().name;
  }

  get state(): LinkState {
    if (this.#line.phase === "outside") return "closed";
    if (this.#isRefused) return "refused";
    if (this.#line.isOpen && this.#replica.isInStep) {
      if (!this.#mayEdit) return "read-only";
      return this.#waited >= SLOW_MS ? "slow" : "live";
    }
    return this.#wasIn || this.#wasAway ? "offline" : "joining";
  }

  get reason(): string {
    return this.#isRefused ? (this.#refused?.reason ?? "") : this.#line.reason;
  }

  /** Without the room, that it is away comes first. */
  get #isRefused(): boolean {
    return this.#refused !== null && (this.#line.isOpen || this.#replica.isLoading);
  }

  /** Whether this page was ever in step with the room. */
  get wasIn(): boolean {
    return this.#wasIn;
  }

  get me(): Participant | null {
    return this.#presence.me;
  }

  get participants(): readonly Participant[] {
    return this.#presence.participants;
  }

  get figures(): LinkFigures {
    return { ...this.#line.figures, unsaved: this.#replica.unsaved };
  }

  get drafts(): readonly Draft[] {
    return this.#drafts.all;
  }

  get waiting(): readonly WaitingLine[] {
    return this.#commands.lines;
  }

  get seq(): number {
    return this.#replica.seq;
  }

  subscribe(topic: RoomTopic, changed: () => void, signal: AbortSignal): void {
    this.#topics.addEventListener(topic, changed, { signal });
    if (topic === "figures") this.#measure(signal);
  }

  onNews(heard: (news: News) => void, signal: AbortSignal): void {
    this.#heard.add(heard);
    signal.addEventListener("abort", () => this.#heard.delete(heard));
  }

  setPlace(place: string): void {
    this.#presence.setPlace(place);
  }

  point(cursor: Cursor | null): void {
    this.#presence.point(cursor);
  }

  setActivity(activity: Participant["activity"]): void {
    this.#presence.setActivity(activity);
  }

  async command<T>(name: string, body: object): Promise<{ readonly seq: number; readonly value: T }> {
    if (this.#line.phase === "outside") throw new RoomError("closed", "The room is closed to you.", "");
    const { seq, value } = await this.#commands.do(name, body);
    return { seq, value: value as T };
  }

  async forkDraft(id: string): Promise<string> {
    const draft = this.#drafts.find(id);
    if (draft === null) throw new RoomError("not-found", "There is no such draft any more.", "");
    const piece = await this.options.fork(draft);
    if (this.#refused?.id === id) this.#setRefused(null);
    return piece;
  }

  dropDraft(id: string): void {
    if (this.#refused?.id === id) this.#setRefused(null);
    void this.#drafts.drop(id, this.#replica.copy);
  }

  dropWaiting(id: string): void {
    this.#commands.drop(id);
  }

  retry(): void {
    this.#line.retry();
  }

  /** Writes down at once what was done last: the page is about to go. */
  flush(): void {
    this.#replica.flush();
  }

  // -- the line ------------------------------------------------------------------------------------

  #hello(): object {
    const { epoch, seq } = this.#replica;
    const seen = seq > 0 ? { seen: seq } : {};
    return { protocol: 1, via: this.options.via, epoch, ...seen };
  }

  #greeted({ role, may, person }: Readonly<Record<string, unknown>>): void {
    this.#setRights(role, may);
    const { id } = (person ?? {}) as { id?: unknown };
    if (typeof id === "string") this.options.keeping.seated(id);
  }

  #lineChanged(isOpen: boolean): void {
    if (!isOpen && this.#line.phase === "away") this.#wasAway = true;
    if (this.#line.phase === "outside") this.#commands.giveUp(this.#line.reason || "The room is closed.");
    this.#changed();
  }

  #told(news: News): void {
    if (news.kind === "standing") this.#setRights(news["role"], news["may"]);
    this.#heard.forEach((heard) => heard(news));
  }

  #setRights(role: unknown, may: unknown): void {
    this.role = ROLES.find((one) => one === role) ?? null;
    this.may = new Set(Array.isArray(may) ? (may as Action[]) : []);
    this.#knowsRights = true;
    this.#presence?.setRole(this.role);
    this.#tell("rights");
    this.#changed();
  }

  // -- what views are told -------------------------------------------------------------------------

  get #mayEdit(): boolean {
    return !this.#knowsRights || this.may.has("music.edit");
  }

  get #isAway(): boolean {
    return ["joining", "offline", "closed"].includes(this.state);
  }

  /** For how long the oldest edit has been on its way. */
  get #waited(): number {
    const since = this.#replica.waitsSince;
    return since === null ? 0 : this.options.around.now() - since;
  }

  #changed(): void {
    const replica = this.#replica as RoomReplica | undefined;
    // The parts tell of themselves already while they are made.
    if (replica === undefined) return;
    if (replica.isInStep) this.#wasIn = true;
    const isShut = this.#wasIn && this.#line.phase === "outside";
    this.options.replica.editable = this.#mayEdit && !replica.isLoading && !isShut;
    this.options.replica.opensLocks = !this.#knowsRights || this.may.has("music.lock");
    this.#slowOff();
    if (replica.waitsSince !== null && this.#waited < SLOW_MS) {
      this.#slowOff = this.options.around.later(() => this.#changed(), SLOW_MS - this.#waited);
    }
    this.#tell("figures");
    const says = `${this.state} ${this.reason}`;
    if (says === this.#said) return;
    this.#said = says;
    if (this.#isAway) this.#commands?.wait();
    this.#tell("state");
  }

  /** That an edit was refused stands until its draft is taken care of, or another edit is kept. */
  #setRefused(draft: KeptDraft | null): void {
    this.#refused = draft;
    this.#changed();
  }

  #tell(topic: RoomTopic): void {
    this.#topics.dispatchEvent(new Event(topic));
  }

  /** Rates change also when nothing happens. */
  #measure(signal: AbortSignal): void {
    if (signal.aborted) return;
    const off = this.options.around.later(() => {
      this.#tell("figures");
      this.#measure(signal);
    }, FIGURES_MS);
    signal.addEventListener("abort", off, { once: true });
  }
}
