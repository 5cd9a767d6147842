/** The song's view on a bare page, with a song in memory and a player that plays in silence. */

import type { Meters, Playable, PlayOptions } from "../../src/core/player.js";
import { mountSong } from "../../src/ui/song/song_view.js";
import { EMPTY_SONG, MemorySongStore } from "../ui/memory_song_store.js";
import { NotingPlayer } from "../ui/memory_store.js";
import { BAR, RICH_SONG, heavySong } from "../ui/rich_song.js";

/** Keeps time and shows levels, without any sound. */
class SilentPlayer extends NotingPlayer {
  private began = 0;
  private from = 0;
  private region: readonly [number, number] | null = null;
  private current = "";

  override async play(playable: Playable, options: PlayOptions = {}): Promise<void> {
    this.current = playable.id;
    this.began = performance.now();
    this.from = options.from ?? 0;
    this.region = options.region ?? null;
    await super.play(playable, options);
  }

  override seek(tick: number): void {
    super.seek(tick);
    this.began = performance.now();
    this.from = tick;
  }

  override stateOf(id?: string): ReturnType<NotingPlayer["stateOf"]> {
    return this.state !== "playing" || id === this.current ? this.state : "idle";
  }

  override meters(): Meters | null {
    if (this.state !== "playing") return null;
    const passed = this.from + ((performance.now() - this.began) / 60000) * 104 * 960;
    const tick = this.region === null ? passed : this.region[0] + ((passed - this.region[0]) % (this.region[1] - this.region[0]));
    const peak = (speed: number): number => 0.55 * Math.abs(Math.sin(performance.now() / speed)) + 0.05;
    const strips = ["master", "stem:keys", "stem:bass", "stem:vox", "return:room", "return:echo", "loop:beat", "loop:verse", "loop:chorus", "loop:fill"];
    return { tick: Math.min(tick, 22 * BAR), pass: 0, peaks: new Map(strips.map((name, at) => [name, peak(300 + at * 70)])) };
  }
}

/** A wave to draw: bursts that grow and fade. */
async function peaks(blob: string): ReturnType<NonNullable<Parameters<typeof mountSong>[4]["peaks"]>> {
  const phase = blob.charCodeAt(0);
  const high = Float32Array.from({ length: 4000 }, (_, at) => (0.15 + 0.75 * Math.abs(Math.sin(at / 60 + phase) * Math.sin(at / 340))) * (0.6 + 0.4 * Math.abs(Math.sin(at * 1.7))));
  return { framesPerPeak: 256, low: high.map((value) => -value * 0.9), high };
}

const { search } = location;
const song = search.includes("heavy") ? heavySong(12_000) : search.includes("empty") ? EMPTY_SONG : RICH_SONG;
const store = new MemorySongStore(song, !search.includes("saved"));
const player = new SilentPlayer();
const ending = new AbortController();
const playable = { id: "song", get revision() { return store.revision; } };
const place = document.body.appendChild(document.createElement("div"));
mountSong(place, store, player, () => playable, { signal: ending.signal, peaks, compact: search.includes("compact") });
Object.assign(globalThis, { store, player, ending });
