/** What of a room's piece can be played, by the names that the transport gives it. */

import type { LoopStore } from "../core/loop_store.js";
import type { Playable } from "../core/player.js";
import { ReplicaSongStore } from "../crdt/song_store.js";
import type { Replica } from "../crdt/replica.js";

type Audio = NonNullable<Playable["audio"]>;

const LOOP = "loop:";

export class Playables {
  readonly #store: ReplicaSongStore;
  readonly #audio = new Set<Audio>();

  constructor(private readonly replica: Replica) {
    this.#store = new ReplicaSongStore(replica, () => {});
  }

  /** Recordings are fetched so, for as long as the signal lasts. */
  useAudio(audio: Audio, signal: AbortSignal): void {
    this.#audio.add(audio);
    signal.addEventListener("abort", () => this.#audio.delete(audio));
  }

  /** "song" or "loop:<id>", as views play it; null where it is not there. */
  of(name: string): Playable | null {
    if (this.replica.isEmpty) return null;
    const { song } = this.#store.revision;
    if (!name.startsWith(LOOP)) return this.#withAudio({ id: song.id, revision: this.#store.revision });
    const id = name.slice(LOOP.length);
    if (!song.loops.has(id)) return null;
    const loop: LoopStore = this.#store.loop(id);
    return { id: `${song.id}/${id}`, revision: loop.revision };
  }

  /** Whether a playable is of this piece. */
  owns(id: string): boolean {
    const song = this.replica.reader.song().id;
    return id === song || id.startsWith(`${song}/`);
  }

  #withAudio(song: Playable): Playable {
    const [audio] = this.#audio;
    return audio === undefined ? song : { ...song, audio };
  }
}
