/** One Player widget: its deck, which gets its sound over the comm, its traits and its views. */

import { MediaDeck, type DeckSurroundings, type Sleeve } from "../audio/deck/deck.js";
import type { Head, PieceSource } from "../audio/deck/pieces.js";
import { page } from "../audio/page.js";
import type { DeckSettings, Mark } from "../core/deck.js";
import { Outline } from "../core/outline.js";
import { mountPlayer } from "../ui/player/player_view.js";
import { bytesOf, tell, type Connection, type Model, type WidgetTraits } from "./model.js";

/** What a view tells the page around it once it has drawn: `cellissimo:ready`. */
const READY = "cellissimo:ready";
/** How long it plays on without a view: a cell that runs again makes a new one meanwhile. */
const GRACE_MS = 1000;
/** Milliseconds between two positions that the kernel is told of while it plays. */
const TELL_MS = 250;
/** A linked slider gives back what it was told, rounded to its step: no wish to go there. */
const NEAR_S = 0.06;

export interface PlayerTraits extends WidgetTraits, DeckSettings {
  title: string;
  duration: number;
  position: number;
  playing: boolean;
  versions: string[];
  gains: number[];
  markers: Mark[];
  bars: number[];
  /** The outlines of all versions, one behind the other, of as many columns each. */
  _outline: DataView;
}

/** What goes over the comm: the page asks, the kernel answers with bytes. */
export type PlayerMessage =
  | { kind: "open" | "peaks" | "bundle" }
  | { kind: "views"; count: number }
  | { kind: "piece"; number: number }
  | { kind: "head"; codec: string; frames: number; rate: number }
  | { kind: "peaks"; bucket: number };

export type PlayerModel = Model<PlayerTraits, PlayerMessage>;

const SETTINGS = ["speed", "volume", "muted", "repeat", "region", "version"] as const;
const RATE = 48_000;

/** Shows one model in as many views as there are. */
export class PlayerConnection implements Connection {
  private readonly deck: MediaDeck;
  private readonly source: CommSource;
  private views = 0;
  private isFollowing = false;
  private told = 0;

  constructor(private readonly model: PlayerModel, private readonly signal: AbortSignal) {
    this.source = new CommSource(model, (bucket, outlines) => this.refine(bucket, outlines), signal);
    const settings = Object.fromEntries(SETTINGS.map((name) => [name, model.get(name)]));
    const start = { settings: settings as unknown as DeckSettings, position: model.get("position") };
    this.deck = new MediaDeck(sleeveOf(model), this.source, SURROUNDINGS, start, signal);
    this.setOutlines(model.get("_outline"));
    this.bind();
    if (model.get("playing")) void this.deck.play();
  }

  render(el: HTMLElement, signal: AbortSignal): void {
    if (this.views === 0) this.source.ask();
    this.count(1);
    signal.addEventListener("abort", () => this.count(-1));
    mountPlayer(el, this.deck, AbortSignal.any([signal, this.signal]));
    void this.deck.open().catch(() => undefined);
    el.dataset["cellissimoReady"] = "";
    el.dispatchEvent(new CustomEvent(READY, { bubbles: true, composed: true }));
  }

  private count(by: number): void {
    this.views += by;
    tell(() => this.model.send({ kind: "views", count: this.views }));
    if (this.views > 0) return;
    setTimeout(() => {
      if (this.views === 0) this.deck.pause();
    }, GRACE_MS);
  }

  private setOutlines(view: DataView): void {
    const bytes = bytesOf(view);
    const each = Math.floor(bytes.length / Math.max(this.deck.versions.length, 1));
    this.deck.versions.forEach((version, at) => {
      const pairs = new Int8Array(bytes.slice(at * each, (at + 1) * each).buffer);
      this.deck.setOutline(version, new Outline(pairs, (this.deck.duration * RATE) / (each / 2)));
    });
  }

  private refine(bucket: number, outlines: readonly Int8Array[]): void {
    this.deck.versions.forEach((version, at) => {
      const pairs = outlines[at];
      if (pairs !== undefined) this.deck.setOutline(version, new Outline(pairs, bucket));
    });
  }

  private bind(): void {
    for (const name of SETTINGS) {
      this.follow(name, () => this.deck.change({ [name]: this.model.get(name) }));
    }
    this.follow("position", () => {
      const position = this.model.get("position");
      if (Math.abs(position - this.told) > NEAR_S) this.deck.seek(position);
    });
    this.follow("playing", () => {
      if (this.model.get("playing")) void this.deck.play();
      else this.deck.pause();
    });
    this.deck.subscribe(() => this.tellAll(), this.signal);
    keepAwake(this.deck, this.signal);
    const clock = setInterval(() => {
      if (this.deck.state === "playing") this.tellAll();
    }, TELL_MS);
    this.signal.addEventListener("abort", () => clearInterval(clock));
  }

  /** Does `act` when Python or a link, and not this page's own hand, has set the trait. */
  private follow(name: keyof PlayerTraits, act: () => void): void {
    const heard = (): void => {
      if (this.isFollowing) return;
      this.isFollowing = true;
      act();
      this.isFollowing = false;
      this.tellAll();
    };
    this.model.on(`change:${name}`, heard);
    this.signal.addEventListener("abort", () => this.model.off(`change:${name}`, heard));
  }

  /** Makes the traits say what the deck does. */
  private tellAll(): void {
    if (this.isFollowing || this.signal.aborted) return;
    this.isFollowing = true;
    const { settings, state, position } = this.deck;
    let isNew = false;
    const set = <K extends keyof PlayerTraits>(name: K, value: PlayerTraits[K]): void => {
      if (isSame(this.model.get(name), value)) return;
      this.model.set(name, value);
      isNew = true;
    };
    for (const name of SETTINGS) set(name, settings[name]);
    // What waits, for its sound or for a click, is to play: Python's wish is not taken back.
    set("playing", state === "playing" || state === "waiting" || state === "locked");
    if (Math.abs(this.told - position) > 1e-3) set("position", (this.told = position));
    if (isNew) tell(() => this.model.save_changes());
    this.isFollowing = false;
  }
}

/** The page's context does not go to sleep while the deck may sound through it. */
function keepAwake(deck: MediaDeck, signal: AbortSignal): void {
  let release: (() => void) | null = null;
  const follow = (): void => {
    const isPlaying = deck.state === "playing" && !signal.aborted;
    if (isPlaying) return void (release ??= page().output.keepAwake());
    release?.();
    release = null;
  };
  deck.subscribe(follow, signal);
  signal.addEventListener("abort", follow);
}

/** The page's context, which the engine shares. */
const SURROUNDINGS: DeckSurroundings = {
  context: async () => ((await page().output.resume()) ? page().output.context : null),
  keepAwake: () => page().output.keepAwake(),
};

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

function sleeveOf(model: PlayerModel): Sleeve {
  return {
    title: model.get("title"),
    duration: model.get("duration"),
    versions: model.get("versions"),
    gains: model.get("gains"),
    marks: model.get("markers"),
    bars: model.get("bars"),
    rate: RATE,
  };
}

/** Asks the kernel for what the deck needs; answers are told apart by their number. */
class CommSource implements PieceSource {
  private readonly waiting = new Map<number, (bytes: Uint8Array<ArrayBuffer>) => void>();
  private headCame: (head: Head) => void = () => undefined;

  constructor(
    private readonly model: PlayerModel,
    private readonly peaksCame: (bucket: number, outlines: readonly Int8Array[]) => void,
    signal: AbortSignal,
  ) {
    const heard = (message: PlayerMessage, buffers: DataView[]): void => this.heard(message, buffers);
    model.on("msg:custom", heard);
    signal.addEventListener("abort", () => model.off("msg:custom", heard));
  }

  /** Asks for the fine outlines. */
  ask(): void {
    tell(() => this.model.send({ kind: "peaks" }));
  }

  head(): Promise<Head> {
    return new Promise((resolve) => {
      this.headCame = resolve;
      tell(() => this.model.send({ kind: "open" }));
    });
  }

  piece(number: number): Promise<Uint8Array<ArrayBuffer>> {
    return new Promise((resolve) => {
      this.waiting.set(number, resolve);
      tell(() => this.model.send({ kind: "piece", number }));
    });
  }

  private heard(message: PlayerMessage, buffers: DataView[]): void {
    const all = buffers.map((buffer) => bytesOf(buffer).slice());
    const [bytes] = all;
    if (bytes === undefined) return;
    if (message.kind === "piece") {
      this.waiting.get(message.number)?.(bytes);
      this.waiting.delete(message.number);
    } else if (message.kind === "head") {
      this.headCame({ bytes, codec: message.codec, pieceSeconds: message.frames / message.rate });
    } else if (message.kind === "peaks" && "bucket" in message) {
      this.peaksCame(message.bucket, all.map((one) => new Int8Array(one.buffer)));
    }
  }
}
