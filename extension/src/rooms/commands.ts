/** Commands of a page: each is done once, however often it has to be sent. */

import { RoomError } from "../core/room.js";
import { KIND, type RoomLine } from "../core/room_link.js";
import { newId } from "../crdt/song_edit.js";
import { jsonBody, readJson } from "../crdt/wire.js";

interface Waiting {
  readonly body: Uint8Array;
  resolve(answer: Answer): void;
  reject(error: RoomError): void;
}

interface Answer {
  readonly seq: number;
  readonly value: unknown;
}

export class Commands {
  readonly #waiting = new Map<string, Waiting>();

  constructor(private readonly line: RoomLine, signal: AbortSignal) {
    line.on(KIND.command, (body) => this.#answered(readJson(body)), signal);
    line.subscribe((isOpen) => {
      if (isOpen) for (const { body } of this.#waiting.values()) line.send(KIND.command, body);
    }, signal);
    signal.addEventListener("abort", () => this.giveUp("You have left the room."));
  }

  do(name: string, body: object): Promise<Answer> {
    const id = newId();
    return new Promise((resolve, reject) => {
      const waiting = { body: jsonBody({ id, name, body }), resolve, reject };
      this.#waiting.set(id, waiting);
      this.line.send(KIND.command, waiting.body);
    });
  }

  /** There will be no answer any more. */
  giveUp(reason: string): void {
    for (const { reject } of this.#waiting.values()) reject(new RoomError("closed", reason, ""));
    this.#waiting.clear();
  }

  #answered({ id, seq, value, error }: Readonly<Record<string, unknown>>): void {
    const waiting = this.#waiting.get(String(id));
    this.#waiting.delete(String(id));
    if (typeof error !== "object" || error === null) {
      return waiting?.resolve({ seq: typeof seq === "number" ? seq : 0, value });
    }
    const { code = "", message = "", cure = "" } = error as Record<string, unknown>;
    waiting?.reject(new RoomError(String(code), String(message), String(cure ?? "")));
  }
}
