/** Gives an audio element a recording piece by piece, as it is needed: it starts with the first. */

import { Pieces, type Head, type PieceSource } from "./pieces.js";

/** Seconds of sound that the browser holds ahead of the place; less where it has little room. */
const AHEAD = { usual: 14, least: 4 } as const;
/** Seconds behind the place that stay when room is made. */
const BEHIND = 4;
/** Ends of pieces are known to within a sample or two. */
const SLACK = 0.002;

/** What an element is fed with, and where it is needed. */
export interface Fed {
  readonly audio: HTMLAudioElement;
  readonly source: PieceSource;
  readonly duration: number;
  /** Whether it is to be played; until then only its first piece is fetched. */
  isWanted(): boolean;
  /** A place that will be needed soon: the start of a region that goes round. */
  next(): number | null;
  failed(error: unknown): void;
}

/** Opens the way for the pieces; resolves when the element takes them. */
export async function openFeed(fed: Fed, signal: AbortSignal): Promise<void> {
  const head = await fed.source.head();
  if (signal.aborted) return;
  const pieces = new Pieces(fed.source, Math.ceil(fed.duration / head.pieceSeconds));
  if (typeof MediaSource !== "undefined" && MediaSource.isTypeSupported(head.codec)) {
    await new Feed(fed, head, pieces, signal).open();
  } else {
    await feedWhole(fed, head, pieces, signal);
  }
}

/** Where a browser takes no pieces, it gets the whole once all of it is there. */
async function feedWhole(fed: Fed, head: Head, pieces: Pieces, signal: AbortSignal): Promise<void> {
  const numbers = Array.from({ length: pieces.count }, (_, number) => number);
  const all = await Promise.all(numbers.map((number) => pieces.get(number)));
  if (signal.aborted) return;
  setSource(fed.audio, new Blob([head.bytes, ...all], { type: "audio/mp4" }), signal);
}

function setSource(audio: HTMLAudioElement, source: Blob | MediaSource, signal: AbortSignal): void {
  const url = URL.createObjectURL(source);
  audio.src = url;
  signal.addEventListener("abort", () => URL.revokeObjectURL(url), { once: true });
}

class Feed {
  readonly #media = new MediaSource();
  #buffer: SourceBuffer | null = null;
  #isPumping = false;
  #ahead: number = AHEAD.usual;

  constructor(
    private readonly fed: Fed,
    private readonly head: Head,
    private readonly pieces: Pieces,
    private readonly signal: AbortSignal,
  ) {}

  async open(): Promise<void> {
    const opened = new Promise((resolve) => {
      this.#media.addEventListener("sourceopen", resolve, { once: true });
    });
    setSource(this.fed.audio, this.#media, this.signal);
    await opened;
    if (this.signal.aborted) return;
    this.#buffer = this.#media.addSourceBuffer(this.head.codec);
    this.#media.duration = this.fed.duration;
    await this.#append(this.head.bytes);
    for (const need of ["timeupdate", "seeking", "play", "waiting"]) {
      this.fed.audio.addEventListener(need, () => void this.#pump(), { signal: this.signal });
    }
    void this.#pump();
  }

  /** Appends what is needed, one piece at a time, until nothing is. */
  async #pump(): Promise<void> {
    if (this.#isPumping) return;
    this.#isPumping = true;
    try {
      for (let piece = this.#needed(); piece !== null && !this.signal.aborted; piece = this.#needed()) {
        const bytes = await this.pieces.get(piece);
        if (this.signal.aborted) return;
        // A jump may have made another one urgent meanwhile.
        if (this.#needed() === piece) await this.#append(bytes);
      }
      this.#closeAtEnd();
    } catch (error) {
      if (!this.signal.aborted) this.fed.failed(error);
    } finally {
      this.#isPumping = false;
    }
    if (this.fed.isWanted()) void this.#fetchAhead();
  }

  /** Fetches on while nothing is urgent. */
  async #fetchAhead(): Promise<void> {
    const here = (): number => Math.floor(this.fed.audio.currentTime / this.head.pieceSeconds);
    while (!this.signal.aborted && !this.#isPumping && (await this.pieces.fetchAhead(here())));
  }

  /** The most urgent piece that the browser does not hold. */
  #needed(): number | null {
    return this.#wanted().find((number) => !this.#holds(number)) ?? null;
  }

  #wanted(): readonly number[] {
    const { audio, duration } = this.fed;
    if (!this.fed.isWanted()) return this.#numbers(audio.currentTime, audio.currentTime);
    const wanted = this.#numbers(audio.currentTime, Math.min(audio.currentTime + this.#ahead, duration));
    const next = this.fed.next();
    if (next === null || this.#ahead < AHEAD.usual) return wanted;
    return [...wanted, ...this.#numbers(next, Math.min(next + this.head.pieceSeconds, duration))];
  }

  #numbers(from: number, to: number): number[] {
    const { pieceSeconds } = this.head;
    const first = Math.min(Math.floor(from / pieceSeconds), this.pieces.count - 1);
    const last = Math.min(Math.floor(to / pieceSeconds), this.pieces.count - 1);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  }

  #holds(number: number): boolean {
    const held = this.#buffer?.buffered;
    if (held === undefined) return true;
    const start = number * this.head.pieceSeconds + SLACK;
    const end = Math.min((number + 1) * this.head.pieceSeconds, this.fed.duration) - SLACK;
    for (let range = 0; range < held.length; range += 1) {
      if (held.start(range) <= start && end <= held.end(range)) return true;
    }
    return false;
  }

  async #append(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    try {
      await this.#change((buffer) => buffer.appendBuffer(bytes));
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "QuotaExceededError")) throw error;
      await this.#makeRoom();
      await this.#change((buffer) => buffer.appendBuffer(bytes));
    }
  }

  /** Lets go of all but the pieces around the place. */
  async #makeRoom(): Promise<void> {
    this.#ahead = Math.max(this.#ahead / 2, AHEAD.least);
    const here = this.fed.audio.currentTime;
    if (here > BEHIND) await this.#change((buffer) => buffer.remove(0, here - BEHIND));
    const far = here + this.#ahead + this.head.pieceSeconds;
    if (far < this.fed.duration) await this.#change((buffer) => buffer.remove(far, Infinity));
  }

  #change(change: (buffer: SourceBuffer) => void): Promise<void> {
    const buffer = this.#buffer;
    if (buffer === null) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const end = new AbortController();
      const { signal } = end;
      const settle = (done: () => void): void => {
        end.abort();
        done();
      };
      buffer.addEventListener("updateend", () => settle(resolve), { signal });
      buffer.addEventListener("error", () => settle(() => reject(new Error("the sound cannot be read"))), { signal });
      try {
        change(buffer);
      } catch (error) {
        settle(() => reject(error instanceof Error ? error : new Error(String(error))));
      }
    });
  }

  /** Says that nothing follows, so that the element notices its end. */
  #closeAtEnd(): void {
    const isWhole = this.#holds(this.pieces.count - 1);
    if (isWhole && this.#media.readyState === "open" && this.#buffer?.updating === false) {
      this.#media.endOfStream();
    }
  }
}
