/** A room in memory, as WIRE.md says it: what a page meets there, without a server. */

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import * as Y from "yjs";

import { KIND, type Kind } from "../../src/core/room_link.js";
import type { Socket, SocketHeard } from "../../src/crdt/room_line.js";
import { ANSWER, bytesBody, frame, jsonBody, parted, readJson, readSync, STATE, syncBody } from "../../src/crdt/wire.js";
import type { World } from "./world.js";

/** Milliseconds from a page to the room. */
const WAY_MS = 5;

interface Refusal {
  readonly code: number;
  readonly error: object;
}

const MAY = ["piece.read", "comment.add", "music.edit", "stem.add", "stem.delete"];

/** One open line, as the room sees it. */
class Session {
  speaks = false;
  presence: Uint8Array | null = null;
  isOpen = true;

  constructor(
    readonly number: number,
    readonly person: string,
    private readonly world: World,
    private readonly heard: SocketHeard,
  ) {}

  send(kind: Kind, body: Uint8Array): void {
    const bytes = frame(kind, body);
    this.world.later(() => this.isOpen && this.heard.received(bytes), WAY_MS);
  }

  close(code: number, reason = ""): void {
    this.world.later(() => {
      if (!this.isOpen) return;
      this.isOpen = false;
      this.heard.closed(code, reason);
    }, WAY_MS);
  }

  /** The line breaks: what is on its way is lost. */
  cut(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.world.later(() => this.heard.closed(1006, ""), 1);
  }
}

export class MemoryRoom {
  readonly piece = "piece-1";
  readonly sessions = new Set<Session>();
  doc: Y.Doc;
  seq = 1;
  isUp = true;
  /** Whether KEPT is said; a slow disk says it later, or not at all. */
  keeps = true;
  may: (person: string) => readonly string[] = () => MAY;
  role = "contributor";
  /** What the gate says of an update. */
  gate: (person: string, update: Uint8Array) => Refusal | null = () => null;
  /** The numbers of EDITs as they came in, by session. */
  readonly numbers: string[] = [];
  /** How often a command was done. */
  readonly done: string[] = [];
  edits = 0;
  readonly #authors = new Map<number, string>();
  readonly #answers = new Map<string, object>();
  #count = 0;

  constructor(readonly world: World, epoch = "first") {
    this.doc = founded(epoch);
  }

  /** Another history of the same piece. */
  foundAnew(epoch: string): void {
    this.doc = founded(epoch);
    this.#authors.clear();
  }

  get markers(): readonly string[] {
    return [...this.doc.getMap<Y.Map<unknown>>("markers").values()].map((one) => String(one.get("name"))).toSorted();
  }

  /** `url` is the person, who the ticket is for. */
  dial(world: World, url: string, heard: SocketHeard): Socket {
    const session = new Session((this.#count += 1), url, world, heard);
    if (!this.isUp) {
      world.later(() => heard.closed(1006, ""), WAY_MS);
      return { send: () => {}, close: () => {} };
    }
    this.sessions.add(session);
    world.later(() => {
      if (!session.isOpen) return;
      heard.opened();
      session.send(KIND.sync, syncBody(STATE, Y.encodeStateVector(this.doc)));
      for (const { presence } of this.sessions) if (presence !== null) session.send(KIND.presence, bytesBody(presence));
    }, WAY_MS);
    const leave = (): void => {
      session.isOpen = false;
      this.sessions.delete(session);
    };
    const send = (bytes: Uint8Array): void => {
      world.later(() => {
        if (session.isOpen && this.sessions.has(session)) this.#receive(session, bytes);
      }, WAY_MS);
    };
    return { send, close: leave };
  }

  /** Cuts the lines of a person, or all. */
  cut(person?: string): void {
    for (const session of this.sessions) {
      if (person !== undefined && session.person !== person) continue;
      this.sessions.delete(session);
      session.cut();
    }
  }

  closeAll(code: number, reason = ""): void {
    for (const session of this.sessions) {
      this.sessions.delete(session);
      session.close(code, reason);
    }
  }

  tell(kind: Kind, said: object): void {
    for (const session of this.sessions) session.send(kind, jsonBody(said));
  }

  // -- frames --------------------------------------------------------------------------------------

  #receive(session: Session, bytes: Uint8Array): void {
    const { kind, body } = parted(bytes);
    if (kind === KIND.hello) this.#greet(session, readJson(body));
    if (kind === KIND.sync) this.#sync(session, body);
    if (kind === KIND.edit) this.#edit(session, body);
    if (kind === KIND.clock) this.#clock(session, body);
    if (kind === KIND.command) this.#command(session, readJson(body));
    if (kind === KIND.presence) this.#presence(session, body);
    if (kind === KIND.cursor) this.#cursor(session, body);
  }

  #greet(session: Session, { epoch }: Readonly<Record<string, unknown>>): void {
    const mine = String(this.doc.getMap("meta").get("epoch"));
    if (epoch !== "" && epoch !== mine) return session.close(4409, "another history");
    session.speaks = true;
    const { number, person } = session;
    session.send(KIND.hello, jsonBody({
      protocol: 1, session: number, epoch: mine, seq: this.seq, time: this.world.now,
      person: { id: person, name: person, color: "#0e7490", kind: "user" },
      role: this.role, may: this.may(person), transport: {},
    }));
  }

  #sync(session: Session, body: Uint8Array): void {
    const { step, content } = readSync(body);
    if (step !== STATE) throw new Error("pages send numbered edits alone");
    session.send(KIND.sync, syncBody(ANSWER, Y.encodeStateAsUpdate(this.doc, content)));
  }

  #edit(session: Session, body: Uint8Array): void {
    const from = decoding.createDecoder(body);
    const [number, update] = [decoding.readVarUint(from), decoding.readVarUint8Array(from)];
    this.numbers.push(`${session.number}:${number}`);
    const refusal = this.gate(session.person, update) ?? this.#check(session.person, update);
    if (refusal !== null) {
      session.send(KIND.refused, both((to) => {
        encoding.writeVarUint(to, number);
        encoding.writeVarString(to, JSON.stringify(refusal.error));
      }));
      this.sessions.delete(session);
      return session.close(refusal.code, "refused");
    }
    this.edits += 1;
    Y.applyUpdate(this.doc, update);
    this.seq += 1;
    const stamp = this.world.now;
    if (this.keeps) session.send(KIND.kept, keptBody(number, this.seq, stamp));
    for (const other of this.sessions) {
      if (other !== session && other.speaks) other.send(KIND.changes, changesBody(this.seq, stamp, update));
    }
  }

  /** No gaps, and nobody writes as somebody else. */
  #check(person: string, update: Uint8Array): Refusal | null {
    const twin = new Y.Doc();
    Y.applyUpdate(twin, Y.encodeStateAsUpdate(this.doc));
    Y.applyUpdate(twin, update);
    const { structs } = Y.decodeUpdate(update);
    for (const { id } of structs) {
      const author = this.#authors.get(id.client) ?? person;
      if (author !== person) return { code: 4409, error: { code: "foreign", message: "somebody else's", cure: "" } };
      this.#authors.set(id.client, person);
    }
    const { pendingStructs, pendingDs } = twin.store;
    if (pendingStructs === null && pendingDs === null) return null;
    return { code: 4409, error: { code: "gap", message: "operations are missing", cure: "Load anew." } };
  }

  #clock(session: Session, body: Uint8Array): void {
    session.send(KIND.clock, both((to) => {
      encoding.writeUint8Array(to, body);
      encoding.writeFloat64(to, this.world.now);
    }));
  }

  #command(session: Session, { id, name, body }: Readonly<Record<string, unknown>>): void {
    const known = this.#answers.get(String(id));
    const done = name === "chat.send" ? `${session.person}: ${(body as { text: string }).text}` : String(name);
    if (known === undefined) this.done.push(done);
    const refused = { id, seq: this.seq, error: { code: "forbidden", message: "not yours", cure: "ask" } };
    const { text } = (body ?? {}) as { text?: string };
    const answer = known ?? (name === "forbidden" || text === "forbidden" ? refused : { id, seq: this.seq, value: body });
    this.#answers.set(String(id), answer);
    if (this.keeps) session.send(KIND.command, jsonBody(answer));
  }

  /** Says who speaks, as the room does. */
  #presence(session: Session, body: Uint8Array): void {
    const from = decoding.createDecoder(decoding.readVarUint8Array(decoding.createDecoder(body)));
    const [, client, clock] = [decoding.readVarUint(from), decoding.readVarUint(from), decoding.readVarUint(from)];
    const said = JSON.parse(decoding.readVarString(from)) as object;
    const { person, number } = session;
    const user = { id: person, name: person, color: "#0e7490", kind: "user", role: this.role, session: number, via: "page" };
    session.presence = both((to) => {
      for (const one of [1, client, clock]) encoding.writeVarUint(to, one);
      encoding.writeVarString(to, JSON.stringify({ ...said, user }));
    });
    for (const other of this.sessions) if (other !== session) other.send(KIND.presence, bytesBody(session.presence));
  }

  #cursor(session: Session, body: Uint8Array): void {
    for (const other of this.sessions) {
      if (other !== session) other.send(KIND.cursor, both((to) => {
        for (const one of [1, session.number]) encoding.writeVarUint(to, one);
        encoding.writeUint8Array(to, body);
      }));
    }
  }
}

function founded(epoch: string): Y.Doc {
  const doc = new Y.Doc();
  doc.transact(() => {
    for (const [key, value] of Object.entries({ id: "song-1", kind: "song", schema: 1, epoch })) {
      doc.getMap("meta").set(key, value);
    }
    doc.getMap("song").set("name", "Together");
    doc.getMap("tempo").set("0", 120);
  });
  return doc;
}

export function keptBody(number: number, seq: number, stamp: number): Uint8Array {
  return both((to) => {
    for (const one of [number, seq]) encoding.writeVarUint(to, one);
    encoding.writeFloat64(to, stamp);
  });
}

export function changesBody(seq: number, stamp: number, ...updates: Uint8Array[]): Uint8Array {
  return both((to) => {
    encoding.writeVarUint(to, seq);
    encoding.writeFloat64(to, stamp);
    encoding.writeVarUint(to, updates.length);
    for (const update of updates) encoding.writeVarUint8Array(to, update);
  });
}

function both(write: (to: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder();
  write(encoder);
  return encoding.toUint8Array(encoder);
}
