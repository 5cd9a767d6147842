/** Whether a line is still there: it is asked now and then, and has to answer. */

/** How often a line is asked, and how long it may be silent then. */
const PROBE_MS = 10_000;
const PATIENCE_MS = 8_000;

/** A page hears nothing of a large song until it is here whole, so patience doubles each time. */
const MOST_PATIENCE_MS = 600_000;

/** How long where the browser says that there is no network. */
const DOUBT_MS = 2_000;

/** The numbers of these questions; the shared clock counts its own from 1 on. */
const FIRST_PROBE = 2 ** 30;

export interface WatchSurroundings {
  later(callback: () => void, wait: number): () => void;
  now(): number;
}

export class LineWatch {
  /** When the last frame came in. */
  lastHeard = 0;
  /** Milliseconds there and back; null before the first answer. */
  roundTrip: number | null = null;
  #probe = FIRST_PROBE;
  #askedAt = 0;
  #isAnswered = true;
  #hasSpoken = false;
  #patience = PATIENCE_MS;
  #callOff: () => void = () => {};

  constructor(
    private readonly around: WatchSurroundings,
    /** Puts a question of that number onto the line. */
    private readonly put: (probe: number) => void,
    private readonly lost: () => void,
  ) {}

  /** A line that is being opened has to say something soon. */
  begin(): void {
    this.#hasSpoken = false;
    this.#wait(this.#patience);
  }

  end(): void {
    this.#callOff();
  }

  heard(at: number): void {
    this.lastHeard = at;
    this.#isAnswered = this.#hasSpoken = true;
  }

  timed(probe: number, at: number): void {
    if (probe !== this.#probe) return;
    this.roundTrip = at - this.#askedAt;
    this.#patience = PATIENCE_MS;
  }

  ask(): void {
    this.#wait(this.#patience);
    this.#probe += 1;
    this.put(this.#probe);
  }

  /** The browser has no network; a line on the same machine may live on all the same. */
  doubt(): void {
    this.ask();
    this.#wait(DOUBT_MS);
  }

  #wait(patience: number): void {
    this.#isAnswered = false;
    this.#askedAt = this.around.now();
    this.#later(patience, () => {
      if (this.#isAnswered) return this.#later(Math.max(0, PROBE_MS - patience), () => this.ask());
      if (this.#hasSpoken) this.#patience = Math.min(2 * this.#patience, MOST_PATIENCE_MS);
      this.lost();
    });
  }

  #later(wait: number, then: () => void): void {
    this.#callOff();
    this.#callOff = this.around.later(then, wait);
  }
}
