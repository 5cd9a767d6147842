/** Hearing what the song was: one revision, two in turn (A and B), or the whole history. */

import type { Meters } from "../../core/player.js";
import type { SongRevision } from "../../core/song_store.js";
import { h, setText } from "../dom.js";
import { arrangementOf } from "../song/arrangement.js";
import type { PastPlace } from "./history.js";
import { barOf, createProblem, metersOf, songOf, wordButton, type RoomScene } from "./room_scene.js";

/** Bars that each revision sounds for when the history is played. */
const BARS_EACH = 2;
const LOOK_MS = 60;
const MOST_KEPT = 8;

export interface Hearing {
  readonly element: HTMLElement;
  /** Plays a revision from where the views stand, or stops it. */
  toggle(place: PastPlace): Promise<void>;
  /** Plays a revision at the place where another plays now. */
  swap(place: PastPlace): Promise<void>;
  stop(): void;
  isPlaying(place: PastPlace): boolean;
  onChange(changed: () => void): void;
  /** The revisions that there are, newest first. */
  offer(places: readonly PastPlace[]): void;
}

export function createHearing(scene: RoomScene): Hearing {
  return new Listening(scene);
}

class Listening implements Hearing {
  readonly element: HTMLElement;
  /** The id under which something is heard from here; null where nothing is. */
  private playing: string | null = null;
  private readonly problem = createProblem();
  private readonly words = h("p", { role: "status" });
  private readonly through: HTMLButtonElement;
  private readonly stopper: HTMLButtonElement;
  private readonly songs = new Map<number, Promise<SongRevision>>();
  private readonly listeners = new Set<() => void>();
  private readonly attached = new Set<string>();
  private places: readonly PastPlace[] = [];
  /** One is going, and another is coming. */
  private isChanging = false;
  private walk: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly scene: RoomScene) {
    this.through = wordButton("Play the history", () => this.playThrough(), scene.signal);
    this.stopper = wordButton("Stop", () => this.stop(), scene.signal);
    this.element = h("div", { class: "cm-hearing" }, h("div", { class: "cm-actions" }, this.through, this.stopper), this.words, this.problem.element);
    this.through.hidden = true;
    scene.music?.player.subscribe(() => this.look(), scene.signal);
    scene.signal.addEventListener("abort", () => this.stop());
    this.show("");
  }

  async toggle(place: PastPlace): Promise<void> {
    if (this.isPlaying(place)) return this.stop();
    this.stop();
    await this.play(place, this.scene.spot.tick, null);
  }

  async swap(place: PastPlace): Promise<void> {
    const at = this.meters()?.tick ?? this.scene.spot.tick;
    await this.play(place, at, null);
  }

  stop(): void {
    clearInterval(this.walk);
    this.walk = undefined;
    if (this.playing === null) return;
    const id = this.playing;
    this.become(null, "");
    if (this.scene.music?.player.stateOf(id) === "playing") this.scene.music.player.stop();
  }

  isPlaying(place: PastPlace): boolean {
    return this.playing !== null && this.playing === this.idOf(place);
  }

  onChange(changed: () => void): void {
    this.listeners.add(changed);
  }

  offer(places: readonly PastPlace[]): void {
    this.places = places;
    this.through.hidden = this.scene.music === null || places.length < 2;
  }

  private idOf({ seq }: PastPlace): string {
    return seq === null ? (this.scene.music?.playable().id ?? "") : `${this.scene.room.piece}@${seq}`;
  }

  private meters(): Meters | null {
    const { music } = this.scene;
    return music === null ? null : music.player.meters(this.playing ?? music.playable().id);
  }

  /** True once it sounds. */
  private async play(place: PastPlace, from: number, region: readonly [number, number] | null): Promise<boolean> {
    const { music } = this.scene;
    if (music === null) return false;
    return this.problem.watch((async () => {
      const { player, playable } = music;
      const now = playable();
      const revision = place.seq === null ? now.revision : await this.songAt(place.seq);
      const id = this.idOf(place);
      if (!this.attached.has(id)) player.attach(id, this.scene.signal);
      this.attached.add(id);
      if (player.stateOf(id) === "locked") await player.unlock();
      const past = { id, revision, ...(now.audio === undefined ? {} : { audio: now.audio }) };
      this.isChanging = true;
      await player.play(past, { from: Math.max(0, Math.round(from)), region }).finally(() => {
        this.isChanging = false;
      });
      this.become(id, `You hear: ${place.words}`);
    })());
  }

  private songAt(seq: number): Promise<SongRevision> {
    const known = this.songs.get(seq) ?? this.scene.api.songAt(seq);
    this.songs.delete(seq);
    this.songs.set(seq, known);
    known.catch(() => this.songs.delete(seq));
    const [oldest] = this.songs.keys();
    if (this.songs.size > MOST_KEPT && oldest !== undefined) this.songs.delete(oldest);
    return known;
  }

  /** Every revision from the oldest one on, two bars each; the music goes on where it was. */
  private async playThrough(): Promise<void> {
    this.stop();
    const order = this.places.toReversed();
    const step = metersOf(this.scene).meterAt(0).ticksPerBar * BARS_EACH;
    const begin = this.scene.spot.tick;
    let at = -1;
    let from = begin - step;
    let isBusy = false;
    const next = async (): Promise<void> => {
      at += 1;
      const place = order[at];
      if (place === undefined) return this.stop();
      from = from + step < this.lastTick() ? from + step : begin;
      isBusy = true;
      const hasBegun = await this.play(place, from, [from, from + step]);
      isBusy = false;
      if (!hasBegun) return this.stop();
      this.show(`${at + 1} of ${order.length}, bar ${barOf(this.scene, from)}: ${place.words}`);
    };
    this.walk = setInterval(() => {
      if (!isBusy && (this.meters()?.pass ?? 0) > 0) void next();
    }, LOOK_MS);
    await next();
  }

  /** Where the song ends now. */
  private lastTick(): number {
    const song = songOf(this.scene);
    return song === null ? 0 : arrangementOf(song).end;
  }

  /** What has come to its end, or was stopped elsewhere, is no longer heard. */
  private look(): void {
    if (this.isChanging || this.playing === null || this.scene.music === null) return;
    const state = this.scene.music.player.stateOf(this.playing);
    if (state === "idle" || state === "failed") {
      if (state === "failed") void this.problem.watch(Promise.reject(new Error(this.scene.music.player.reason)));
      clearInterval(this.walk);
      this.become(null, "");
    }
  }

  private become(id: string | null, words: string): void {
    this.playing = id;
    this.show(words);
    for (const listener of this.listeners) listener();
  }

  private show(words: string): void {
    setText(this.words, words);
    this.words.hidden = words === "";
    this.stopper.hidden = this.playing === null;
  }
}
