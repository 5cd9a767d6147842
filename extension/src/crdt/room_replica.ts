/** A page's replica in a room: what it sends is numbered, acknowledged and never lost. */

import { KIND, type RoomLine, type Stamps } from "../core/room_link.js";
import { isReadable, type Drafts } from "./drafts.js";
import { NO_COPY, NOTHING_KEPT, type KeptDraft, type KeptPiece, type LocalCopy } from "./local_copy.js";
import { KEPT_HERE, KERNEL, ROOM, type Replica, type Source } from "./replica.js";
import { LOADED_ANEW, OTHER_FOUNDING, whyNotTaken } from "./not_taken.js";
import { merged, Outgoing } from "./outgoing.js";
import type { WebSocketLine } from "./room_line.js";
import {
  ANSWER, editBody, readChanges, readJson, readKept, readRefused, readSync, STATE, syncBody,
  UPDATE, type Refused,
} from "./wire.js";

/** A replica that has seen nothing. */
const NOTHING: Uint8Array = new Uint8Array([0]);

/** Nothing to tell. */
const EMPTY: Uint8Array = new Uint8Array([0, 0]);

/** While somebody drags, a change goes out this often at most. */
const PACE_MS = 50;

/** So long after a change the document is kept in this browser. */
const SETTLE_MS = 2_000;

export interface ReplicaSurroundings {
  later(callback: () => void, wait: number): () => void;
  now(): number;
}

export interface Seated {
  readonly line: RoomLine & Pick<WebSocketLine, "onClose" | "renew">;
  readonly replica: Replica;
  readonly drafts: Drafts;
  readonly around: ReplicaSurroundings;
  /** Whether the kernel reaches the room through this page alone. */
  readonly bridges: boolean;
  /** Told when something of what can be read here has changed. */
  readonly changed: () => void;
  /** Told when something was not taken, and lies in a draft. */
  readonly refused: (draft: KeptDraft) => void;
  /** Told which copy keeps what is done here from now on, and what lies there. */
  readonly keeps: (copy: LocalCopy, kept: KeptPiece) => void;
  readonly signal: AbortSignal;
}

export class RoomReplica implements Stamps {
  /** The document's revision as of the last frame. */
  seq = 0;
  /** Whether the room's document is here as it was when the line opened, and all since. */
  isInStep = false;
  readonly #outgoing: Outgoing;
  /** The room's revision at the last greeting. */
  #greetedAt = 0;
  readonly #stamped = new Set<(stamp: number, seq: number) => void>();
  #copy: LocalCopy = NO_COPY;
  #keptEpoch = "";
  #serverState = NOTHING;
  #refused: Refused | null = null;
  /** What came while the document is loaded anew; null while it is not. */
  #anew: Uint8Array[] | null = null;
  #draft: KeptDraft | null = null;
  #settleOff: (() => void) | null = null;

  constructor(private readonly seated: Seated) {
    const { line, replica, around, signal, bridges } = seated;
    this.#outgoing = new Outgoing(around, PACE_MS, (edit) => {
      return line.send(KIND.edit, editBody(edit.number, edit.update));
    }, () => seated.changed(), () => replica.epoch);
    const sources: Source[] = bridges ? [KERNEL] : [];
    replica.sendTo((update) => this.#edited(update), signal, sources);
    replica.observe(() => this.#settleSoon(), signal);
    line.on(KIND.hello, (body) => this.#greeted(readJson(body)), signal);
    line.on(KIND.sync, (body) => this.#synced(body), signal);
    line.on(KIND.changes, (body) => this.#changed(body), signal);
    line.on(KIND.kept, (body) => this.#kept(body), signal);
    line.on(KIND.refused, (body) => (this.#refused = readRefused(body)), signal);
    line.subscribe((isOpen) => (isOpen ? this.#opened() : this.#cut()), signal);
    line.onClose((code, reason) => this.#closed(code, reason), signal);
    signal.addEventListener("abort", () => this.#settleOff?.());
  }

  /** The document's founding, as to be said at the door. */
  get epoch(): string {
    if (this.#anew !== null) return "";
    return this.seated.replica.isEmpty ? this.#keptEpoch : this.seated.replica.epoch;
  }

  get unsaved(): number {
    return this.#outgoing.count;
  }

  /** When the edit was made that has waited longest; null where none waits. */
  get waitsSince(): number | null {
    return this.#outgoing.since;
  }

  get isWaiting(): boolean {
    return this.#outgoing.count > 0;
  }

  /** Whether the document is being loaded anew: nothing may be edited until it is there. */
  get isLoading(): boolean {
    return this.#anew !== null;
  }

  get copy(): LocalCopy {
    return this.#copy;
  }

  onStamp(heard: (stamp: number, seq: number) => void, signal: AbortSignal): void {
    this.#stamped.add(heard);
    signal.addEventListener("abort", () => this.#stamped.delete(heard));
  }

  /** Keeps what is done here in a copy from now on, and goes on with what lies there. */
  async useCopy(copy: LocalCopy): Promise<void> {
    const { replica, drafts, signal } = this.seated;
    this.#copy = copy;
    const kept = await copy.load();
    if (signal.aborted || this.#copy !== copy) return;
    drafts.load(kept.drafts);
    this.seated.keeps(copy, kept);
    this.#outgoing.keepIn(copy);
    const parts = [...(kept.document === null ? [] : [kept]), ...kept.edits];
    const epoch = replica.isEmpty ? (parts[0]?.epoch ?? "") : replica.epoch;
    const updates = [...(kept.document === null ? [] : [kept.document]), ...kept.edits.map(({ update }) => update)];
    const isOurs = parts.every((one) => one.epoch === epoch);
    if (!isOurs || !isReadable(updates)) return this.#leaveOut(kept);
    this.#keptEpoch = epoch;
    this.seq = Math.max(this.seq, kept.seq);
    for (const update of updates) replica.apply(update, KEPT_HERE);
    this.#outgoing.load(kept.edits);
  }

  /** Forgets what is here, and takes the room's document; what somebody else left stays theirs. */
  startOver(): void {
    this.#outgoing.clear();
    this.#copy = NO_COPY;
    this.#outgoing.keepIn(NO_COPY);
    this.seated.keeps(NO_COPY, NOTHING_KEPT);
    this.#loadAnew();
    this.seated.line.renew();
  }

  /** Writes down at once what was done last: the page is about to go. */
  flush(): void {
    this.#outgoing.flush();
  }

  // -- what this page does -------------------------------------------------------------------------

  #edited(update: Uint8Array): void {
    if (this.#anew === null) this.#outgoing.add(update);
    else this.#setAsideLate(update);
  }

  /** A gesture went on while its document was taken away: it is in the draft, at once. */
  #setAsideLate(update: Uint8Array): void {
    const { drafts, replica } = this.seated;
    const document = replica.missing();
    const draft = this.#draft ?? drafts.make(LOADED_ANEW.reason, LOADED_ANEW.cure, EMPTY, document);
    this.#draft = { ...draft, document, update: merged([draft.update, update]) };
    void this.#copy.putDraft(this.#draft);
  }

  // -- the line ------------------------------------------------------------------------------------

  #greeted({ epoch, seq }: Readonly<Record<string, unknown>>): void {
    const { replica } = this.seated;
    this.#greetedAt = typeof seq === "number" ? seq : 0;
    if (this.#anew !== null || replica.isEmpty || typeof epoch !== "string") return;
    if (epoch !== replica.epoch) this.#notTaken(4409, "");
  }

  #opened(): void {
    const { line, replica } = this.seated;
    this.isInStep = false;
    const isAnew = this.#anew !== null;
    line.send(KIND.sync, syncBody(STATE, isAnew ? NOTHING : replica.state));
    if (isAnew) return;
    if (this.seated.bridges && !replica.isEmpty) this.#outgoing.include(replica.missing(this.#serverState));
    this.#outgoing.open(this.#serverState);
  }

  #cut(): void {
    this.isInStep = false;
    this.#outgoing.cut();
    if (this.#anew !== null) this.#anew = [];
  }

  #closed(code: number, reason: string): void {
    this.#notTaken(code, reason);
    this.#refused = null;
  }

  #synced(body: Uint8Array): void {
    const { step, content } = readSync(body);
    if (step === STATE) this.#serverState = content;
    if (step === UPDATE) this.#takeIn([content]);
    if (step !== ANSWER) return;
    if (this.#anew === null) this.#takeIn([content]);
    else this.#begin(content, this.#anew);
    this.isInStep = true;
    // The answer holds all that there was when the room greeted.
    this.seq = Math.max(this.seq, this.#greetedAt);
    this.#settleSoon();
    this.seated.changed();
  }

  #changed(body: Uint8Array): void {
    const { seq, stamp, updates } = readChanges(body);
    this.#takeIn(updates);
    this.#stamp(seq, stamp);
  }

  #kept(body: Uint8Array): void {
    const { number, seq, stamp } = readKept(body);
    this.#outgoing.kept(number);
    this.#stamp(seq, stamp);
    this.#settleSoon();
    this.seated.changed();
  }

  #stamp(seq: number, stamp: number): void {
    this.seq = Math.max(this.seq, seq);
    this.#stamped.forEach((heard) => heard(stamp, seq));
  }

  #takeIn(updates: readonly Uint8Array[]): void {
    if (this.#anew !== null) return void this.#anew.push(...updates);
    const { replica } = this.seated;
    replica.doc.transact(() => updates.forEach((update) => replica.apply(update, ROOM)), ROOM);
  }

  // -- what was not taken --------------------------------------------------------------------------

  #notTaken(code: number, said: string): void {
    const why = whyNotTaken(code, said, this.#refused);
    if (why === null) return;
    const { drafts, replica } = this.seated;
    const { updates, keys } = this.#outgoing.takeFrom(this.#refused?.number ?? 0);
    if (updates.length > 0) {
      this.#draft = drafts.make(why.reason, why.cure, merged(updates), replica.missing());
    }
    void this.#copy.setAside(updates.length > 0 ? this.#draft : null, keys);
    this.#loadAnew();
    if (updates.length > 0 && this.#draft !== null) this.seated.refused(this.#draft);
    this.seated.changed();
  }

  /** What was kept here is of another founding, or cannot be read: it never goes in unseen. */
  #leaveOut({ document, edits }: KeptPiece): void {
    const readable = edits.map(({ update }) => update).filter((update) => isReadable([update]));
    const update = merged(readable);
    const whole = document !== null && isReadable([document, ...readable]) ? merged([document, ...readable]) : update;
    const { reason, cure } = OTHER_FOUNDING;
    const draft = readable.length === 0 ? null : this.seated.drafts.make(reason, cure, update, whole);
    void this.#copy.setAside(draft, edits.map(({ key }) => key));
  }

  #loadAnew(): void {
    this.#anew = [];
    this.isInStep = false;
  }

  /** The room's document is there: it takes the place of the one that was refused. */
  #begin(answer: Uint8Array, since: readonly Uint8Array[]): void {
    const { replica, drafts } = this.seated;
    this.#anew = null;
    // What waits by now was kept here by an earlier page of the same person.
    replica.become([answer, ...since, ...this.#outgoing.updates], ROOM);
    this.#outgoing.open(this.#serverState);
    if (this.#draft === null) return;
    const complete = drafts.complete(this.#draft, replica);
    this.#draft = null;
    void this.#copy.putDraft(complete);
    this.seated.refused(complete);
  }

  // -- the copy in this browser --------------------------------------------------------------------

  /** However much goes on, the copy is never older than this. */
  #settleSoon(): void {
    if (!this.isInStep || this.#settleOff !== null) return;
    this.#settleOff = this.seated.around.later(() => {
      this.#settleOff = null;
      void this.#settle();
    }, SETTLE_MS);
  }

  async #settle(): Promise<void> {
    const { replica } = this.seated;
    if (!this.isInStep || this.#anew !== null || replica.isEmpty) return;
    await this.#copy.settle(replica.missing(), replica.epoch, this.seq, this.#outgoing.takeKept());
  }
}
