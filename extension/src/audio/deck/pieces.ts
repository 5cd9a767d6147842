/** The pieces of a recording, fetched once, some of them ahead of the need. */

/** What a browser has to know before any piece. */
export interface Head {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** For example `audio/mp4; codecs="flac"`. */
  readonly codec: string;
  readonly pieceSeconds: number;
}

/** Where pieces come from: the kernel, in time the server. */
export interface PieceSource {
  head(): Promise<Head>;
  piece(number: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Pieces that are kept, the farthest from the place of playing first to go: half an hour. */
const KEPT = 330;

/** Keeps what was fetched, so that going back is at once, and works while the kernel is busy. */
export class Pieces {
  readonly #source: PieceSource;
  readonly #kept = new Map<number, Uint8Array<ArrayBuffer>>();
  readonly #coming = new Map<number, Promise<Uint8Array<ArrayBuffer>>>();

  constructor(source: PieceSource, readonly count: number) {
    this.#source = source;
  }

  get(number: number): Promise<Uint8Array<ArrayBuffer>> {
    const kept = this.#kept.get(number);
    if (kept !== undefined) return Promise.resolve(kept);
    const coming = this.#coming.get(number) ?? this.#fetch(number);
    this.#coming.set(number, coming);
    return coming;
  }

  /** Fetches the next piece that is missing from `number` on, if nothing is on its way. */
  async fetchAhead(number: number): Promise<boolean> {
    if (this.#coming.size > 0) return false;
    const last = Math.min(this.count, number + KEPT - 1);
    for (let next = Math.max(0, number); next < last; next += 1) {
      if (this.#kept.has(next)) continue;
      await this.get(next);
      return true;
    }
    return false;
  }

  async #fetch(number: number): Promise<Uint8Array<ArrayBuffer>> {
    try {
      const bytes = await this.#source.piece(number);
      this.#kept.set(number, bytes);
      if (this.#kept.size > KEPT) this.#dropFarthest(number);
      return bytes;
    } finally {
      this.#coming.delete(number);
    }
  }

  #dropFarthest(from: number): void {
    const farthest = [...this.#kept.keys()].reduce((one, other) =>
      Math.abs(other - from) > Math.abs(one - from) ? other : one);
    this.#kept.delete(farthest);
  }
}
