/** What this browser keeps of a room's piece, and for whom. */

import type { BrowserCopies } from "../crdt/offline.js";
import type { RoomReplica } from "../crdt/room_replica.js";

/** Gives a seat the copy of whoever sits there: what somebody else has left is theirs. */
export class Keeping {
  #replica: RoomReplica | null = null;
  #person: string | null = null;

  constructor(
    /** Null where nothing is kept. */
    private readonly copies: Promise<BrowserCopies | null>,
    private readonly base: string,
    private readonly piece: string,
  ) {}

  /** Goes on with what whoever was here last has left, before the room is reached. */
  begin(replica: RoomReplica, signal: AbortSignal): void {
    this.#replica = replica;
    void this.#remember(signal);
  }

  /** The room has said who sits here. */
  seated(person: string): void {
    if (person === this.#person) return;
    if (this.#person !== null) this.#replica?.startOver();
    this.#person = person;
    void this.#use(person);
  }

  async #remember(signal: AbortSignal): Promise<void> {
    const copies = await this.copies;
    const person = await copies?.whoWasHere(this.base);
    if (person === null || person === undefined || this.#person !== null || signal.aborted) return;
    this.#person = person;
    await this.#use(person);
  }

  async #use(person: string): Promise<void> {
    const { base, piece } = this;
    const copies = await this.copies;
    if (copies === null || person !== this.#person) return;
    await this.#replica?.useCopy(copies.copy({ base, person, piece }));
    await copies.noteWhoIsHere(base, person);
  }
}
