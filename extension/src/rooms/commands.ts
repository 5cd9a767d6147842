/** Commands of a page: each is done once, however often it has to be sent. */

import { RoomError, type WaitingLine } from "../core/room.js";
import { KIND, type RoomLine } from "../core/room_link.js";
import { NO_COPY, type KeptCommand, type LocalCopy } from "../crdt/local_copy.js";
import { newId } from "../crdt/song_edit.js";
import { jsonBody, readJson } from "../crdt/wire.js";

/** What is said in the chat outlives the page where it has to wait. */
const SAY = "chat.send";

interface Waiting {
  readonly command: KeptCommand;
  /** Whether the room was away meanwhile: then whoever gave it does not wait for the answer. */
  hasWaited: boolean;
  /** Whether it lies in this browser. */
  isKept: boolean;
  /** Why it was not taken; null while it waits. */
  refusal: string | null;
  resolve(answer: Answer): void;
  reject(error: RoomError): void;
}

interface Answer {
  readonly seq: number;
  readonly value: unknown;
}

const nobody = (): void => {};

export class Commands {
  #waiting = new Map<string, Waiting>();
  #copy: LocalCopy = NO_COPY;
  #lastAt = 0;

  constructor(
    private readonly line: RoomLine,
    private readonly around: {
      /** Milliseconds since 1970. */
      date(): number;
      /** Whether the room cannot be reached. */
      isAway(): boolean;
      changed(): void;
    },
    signal: AbortSignal,
  ) {
    line.on(KIND.command, (body) => this.#answered(readJson(body)), signal);
    line.subscribe((isOpen) => {
      if (isOpen) for (const one of this.#waiting.values()) this.#send(one);
    }, signal);
    signal.addEventListener("abort", () => this.giveUp("You have left the room."));
  }

  /** What was said while the room was away, and has not been heard. */
  get lines(): readonly WaitingLine[] {
    return [...this.#waiting.values()].filter(isLine).map(lineOf);
  }

  /** The room is away: what is on its way has to wait. */
  wait(): void {
    for (const waiting of this.#waiting.values()) waiting.hasWaited = true;
  }

  do(name: string, body: object): Promise<Answer> {
    // Two of one millisecond stay in their order.
    this.#lastAt = Math.max(this.around.date(), this.#lastAt + 1);
    const command = { id: newId(), name, body, at: this.#lastAt };
    return new Promise((resolve, reject) => {
      const waiting = { command, hasWaited: this.around.isAway(), isKept: false, refusal: null, resolve, reject };
      this.#waiting.set(command.id, waiting);
      this.#keep(waiting);
      this.#send(waiting);
      this.around.changed();
    });
  }

  /** Keeps in this copy from now on what has to wait, and sends what waits there; none is somebody else's. */
  keepIn(copy: LocalCopy, kept: readonly KeptCommand[]): void {
    if (copy === NO_COPY) {
      this.giveUp("Somebody else is here now.");
      this.#waiting.clear();
    }
    this.#copy = copy;
    for (const waiting of this.#waiting.values()) this.#keep(waiting);
    const earlier = kept.filter(({ id }) => !this.#waiting.has(id))
      .map((command) => ({ command, hasWaited: true, isKept: true, refusal: null, resolve: nobody, reject: nobody }));
    this.#waiting = new Map([...earlier.map((one) => [one.command.id, one] as const), ...this.#waiting]);
    if (this.line.isOpen) for (const one of earlier) this.#send(one);
    this.around.changed();
  }

  /** Forgets a line that is not to be said any more. */
  drop(id: string): void {
    this.#waiting.delete(id);
    void this.#copy.dropCommand(id);
    this.around.changed();
  }

  /** There will be no answer any more; lines that waited stay to be seen, and what is kept for another page. */
  giveUp(reason: string): void {
    for (const [id, waiting] of this.#waiting) {
      waiting.reject(new RoomError("closed", reason, ""));
      if (isLine(waiting)) waiting.refusal ??= reason;
      else this.#waiting.delete(id);
    }
    this.around.changed();
  }

  #keep(waiting: Waiting): void {
    if (waiting.command.name !== SAY || waiting.refusal !== null) return;
    void this.#copy.keepCommand(waiting.command).then((isKept) => {
      waiting.isKept = isKept;
      this.around.changed();
    });
  }

  #send({ command: { id, name, body }, refusal }: Waiting): void {
    if (refusal === null) this.line.send(KIND.command, jsonBody({ id, name, body }));
  }

  #answered({ id, seq, value, error }: Readonly<Record<string, unknown>>): void {
    const waiting = this.#waiting.get(String(id));
    if (waiting === undefined) return;
    if (waiting.command.name === SAY) void this.#copy.dropCommand(waiting.command.id);
    this.#waiting.delete(String(id));
    if (typeof error !== "object" || error === null) waiting.resolve({ seq: typeof seq === "number" ? seq : 0, value });
    else this.#refuse(waiting, error as Record<string, unknown>);
    this.around.changed();
  }

  /** Whoever gave it is told; of what had to wait it is shown beside it. */
  #refuse(waiting: Waiting, { code = "", message = "", cure }: Readonly<Record<string, unknown>>): void {
    const error = new RoomError(String(code), String(message), String(cure ?? ""));
    waiting.reject(error);
    if (!isLine(waiting)) return;
    waiting.refusal = [error.message, error.cure].filter((text) => text !== "").join(" ");
    this.#waiting.set(waiting.command.id, waiting);
  }
}

function isLine({ command, hasWaited }: Waiting): boolean {
  return command.name === SAY && hasWaited;
}

function lineOf({ command: { id, body }, isKept, refusal }: Waiting): WaitingLine {
  const { text = "", position } = body as { text?: string; position?: { tick?: number } };
  return { id, text, tick: position?.tick ?? null, isKept, refusal };
}
