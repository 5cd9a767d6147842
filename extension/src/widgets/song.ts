/** One Song widget: its replica, its traits, its recordings, and the views that show it. */

import type { Playable } from "../core/player.js";
import { ReplicaSongStore } from "../crdt/song_store.js";
import type { TakeSample } from "../ui/song/sample_drop.js";
import { mountSong } from "../ui/song/song_view.js";
import { AudioPages } from "./audio_pages.js";
import { link } from "./link.js";
import { LiveConnection, type View } from "./live.js";
import type { Held, SongModel } from "./model.js";
import { replicaOf } from "./replicas.js";
import { RoomTie } from "./room_tie.js";
import { sampleTaking } from "./sample_taking.js";
import { bindTraits, songBindings } from "./traits.js";

export class SongConnection extends LiveConnection {
  private readonly store: ReplicaSongStore;
  private readonly audio: AudioPages;
  private readonly id: string;
  private readonly take: TakeSample;

  constructor(model: SongModel, held: readonly Held[], signal: AbortSignal) {
    super(model, signal);
    this.id = model.get("_document_id");
    const replica = replicaOf(this.id, signal);
    const tie = new RoomTie(model, replica, signal);
    link(model, replica, tie, held, signal);
    this.store = new ReplicaSongStore(replica, this.said);
    this.take = sampleTaking(model, signal);
    this.audio = new AudioPages(model, (blob) => this.framesOf(blob), signal);
    const offer = (): void => tie.seat?.playables.useAudio(this.audio.page, signal);
    tie.subscribe(offer, signal);
    offer();
    const ramps = (): boolean => this.store.revision.song.tempos.get(0)?.ramp ?? false;
    bindTraits(model, this.store, songBindings(ramps), signal);
    this.bindPlaying();
  }

  protected override readonly playable = (): Playable => {
    return { id: this.id, revision: this.store.revision, audio: this.audio.page };
  };

  protected override mount(view: View): void {
    const until = AbortSignal.any([view.signal, this.signal]);
    this.player.attach(this.id, until);
    mountSong(view.el, this.store, this.player, this.playable, {
      signal: until, peaks: this.audio.peaks, takeSample: this.take,
    });
  }

  /** Frames behind which nothing of a recording is played. */
  private framesOf(blob: string): number {
    const { segments, stems } = this.store.revision.song;
    const ends = [...segments.values()].filter((segment) => segment.blob === blob)
      .map(({ offset, frames }) => offset + frames);
    const frozen = [...stems.values()].flatMap((stem) => stem.frozen ?? []);
    return Math.max(0, ...ends, ...frozen.filter((one) => one.blob === blob).map((one) => one.frames));
  }
}
