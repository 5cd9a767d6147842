/** Who is in a room and where they point, as the awareness protocol and CURSOR frames say it. */

import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

import type { Cursor, Participant, RoomPerson, Via } from "../core/room.js";
import { KIND, type RoomLine } from "../core/room_link.js";
import { ROLES, type Role } from "../gen/policy.js";
import { bytesBody, cursorBody, readBytes, readCursors, readJson } from "./wire.js";

/** One's own state is said again this often, so that plain clients of the protocol keep it. */
const RENEW_MS = 15_000;

/** Ten a second: what is said more often is passed over, but for the last. */
const PACE_MS = 100;

/** After so long without an edit one is no longer editing. */
const EDITING_MS = 5_000;

const VIAS: readonly string[] = ["page", "jam", "kernel"];

type Said = Readonly<Record<string, unknown>>;

export interface PresenceSurroundings {
  later(callback: () => void, wait: number): () => void;
  /** A number that nobody else has: up to 2³² − 1. */
  newId(): number;
}

interface State {
  readonly clock: number;
  readonly said: Said;
}

export class Presence {
  /** Nobody before the room has answered. */
  me: Participant | null = null;
  readonly #states = new Map<number, State>();
  readonly #cursors = new Map<number, Cursor>();
  readonly #place: Paced;
  readonly #pointer: Paced;
  #client = 0;
  #clock = 0;
  #said = { place: "", activity: "idle" as Participant["activity"] };
  #isEditing = false;
  #cursor: Cursor | null = null;
  #all: readonly Participant[] | null = null;
  #renewOff: () => void = () => {};
  #editingOff: () => void = () => {};

  constructor(
    private readonly line: RoomLine,
    private readonly around: PresenceSurroundings,
    private readonly via: Via,
    private readonly changed: (topic: "people" | "cursors") => void,
    signal: AbortSignal,
  ) {
    this.#place = new Paced(around, () => this.#tell());
    this.#pointer = new Paced(around, () => void line.send(KIND.cursor, cursorBody(this.#cursor)));
    line.on(KIND.hello, (body) => this.#greeted(readJson(body)), signal);
    line.on(KIND.presence, (body) => this.#heard(readBytes(body)), signal);
    line.on(KIND.cursor, (body) => this.#pointed(body), signal);
    line.subscribe((isOpen) => (isOpen ? this.#begin() : this.#end()), signal);
    signal.addEventListener("abort", () => this.#end());
  }

  /** Everybody, and oneself, in the order in which they came. */
  get participants(): readonly Participant[] {
    return (this.#all ??= this.#list());
  }

  setPlace(place: string): void {
    if (place === this.#said.place) return;
    this.#said = { ...this.#said, place };
    this.#sayMine();
  }

  setActivity(activity: Participant["activity"]): void {
    if (activity === this.#said.activity) return;
    this.#said = { ...this.#said, activity };
    this.#sayMine();
  }

  /** One has edited: that is what one does, for a while. */
  edited(): void {
    this.#editingOff();
    this.#editingOff = this.around.later(() => this.#setEditing(false), EDITING_MS);
    this.#setEditing(true);
  }

  point(cursor: Cursor | null): void {
    const [old, now] = [this.#cursor, cursor];
    if (old?.kind === now?.kind && old?.a === now?.a && old?.b === now?.b) return;
    this.#cursor = cursor;
    this.#pointer.ask();
  }

  setRole(role: Role | null): void {
    if (this.me === null) return;
    this.me = { ...this.me, role };
    this.#told("people");
  }

  #setEditing(isEditing: boolean): void {
    if (this.#isEditing === isEditing) return;
    this.#isEditing = isEditing;
    this.#sayMine();
  }

  #sayMine(): void {
    this.#place.ask();
    this.#told("people");
  }

  #activity(): Participant["activity"] {
    return this.#isEditing ? "editing" : this.#said.activity;
  }

  // -- the line ------------------------------------------------------------------------------------

  #greeted({ session, person, role }: Said): void {
    const said = { session, role, ...personSaid(person), via: this.via };
    this.me = { ...participantOf({ user: said }, new Map()), isMe: true };
    this.#all = null;
  }

  /** A line speaks for one client alone: another line, another id. */
  #begin(): void {
    this.#client = this.around.newId();
    this.#clock = 0;
    this.#tell();
    if (this.#cursor !== null) this.#pointer.ask();
    this.#told("people");
  }

  #end(): void {
    this.#renewOff();
    this.#states.clear();
    this.#cursors.clear();
    this.#told("people");
  }

  #tell(): void {
    this.#renewOff();
    this.#clock += 1;
    const encoder = encoding.createEncoder();
    for (const number of [1, this.#client, this.#clock]) encoding.writeVarUint(encoder, number);
    encoding.writeVarString(encoder, JSON.stringify({ ...this.#said, activity: this.#activity() }));
    if (!this.line.send(KIND.presence, bytesBody(encoding.toUint8Array(encoder)))) return;
    this.#renewOff = this.around.later(() => this.#tell(), RENEW_MS);
  }

  #heard(update: Uint8Array): void {
    const decoder = decoding.createDecoder(update);
    for (let left = decoding.readVarUint(decoder); left > 0; left -= 1) {
      const [client, clock] = [decoding.readVarUint(decoder), decoding.readVarUint(decoder)];
      this.#take(client, clock, JSON.parse(decoding.readVarString(decoder)) as Said | null);
    }
    this.#told("people");
  }

  #take(client: number, clock: number, said: Said | null): void {
    const known = this.#states.get(client);
    if (known !== undefined && (clock < known.clock || (clock === known.clock && said !== null))) return;
    if (said === null) this.#states.delete(client);
    else this.#states.set(client, { clock, said });
  }

  #pointed(body: Uint8Array): void {
    for (const [session, cursor] of readCursors(body)) {
      if (cursor === null) this.#cursors.delete(session);
      else this.#cursors.set(session, cursor);
    }
    this.#told("cursors");
  }

  #told(topic: "people" | "cursors"): void {
    this.#all = null;
    this.changed(topic);
  }

  #list(): readonly Participant[] {
    const mine = this.me?.session;
    const found = [...this.#states.values()]
      .map(({ said }) => participantOf(said, this.#cursors))
      .filter(({ session }) => session !== mine);
    if (this.me !== null) {
      found.push({ ...this.me, ...this.#said, activity: this.#activity(), cursor: this.#cursor });
    }
    return found.sort((one, other) => one.session - other.session);
  }
}

/** Does something at once, and again at most ten times a second. */
class Paced {
  #isPaced = false;
  #isAsked = false;

  constructor(
    private readonly around: Pick<PresenceSurroundings, "later">,
    private readonly act: () => void,
  ) {}

  ask(): void {
    if (this.#isPaced) {
      this.#isAsked = true;
      return;
    }
    this.#isPaced = true;
    this.around.later(() => {
      this.#isPaced = false;
      if (!this.#isAsked) return;
      this.#isAsked = false;
      this.ask();
    }, PACE_MS);
    this.act();
  }
}

/** What a state says of somebody; a plain client of the protocol may leave out anything. */
function participantOf(said: Said, cursors: ReadonlyMap<number, Cursor>): Participant {
  const user = (said["user"] ?? {}) as Said;
  const { session, role, via } = user;
  const activity = said["activity"];
  const number = typeof session === "number" ? session : 0;
  return {
    session: number,
    isMe: false,
    person: personSaid(user),
    role: ROLES.find((one) => one === role) ?? null,
    via: VIAS.includes(String(via)) ? (via as Via) : "other",
    activity: activity === "editing" || activity === "listening" ? activity : "idle",
    place: textOf(said["place"]),
    cursor: cursors.get(number) ?? null,
  };
}

function personSaid(said: unknown): RoomPerson {
  const { id, name, color, kind } = (said ?? {}) as Said;
  return {
    id: textOf(id), name: textOf(name), color: textOf(color), kind: kind === "guest" ? "guest" : "user",
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
