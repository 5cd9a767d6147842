/** One Song widget: its replica, its traits, its recordings, and the views that show it. */

import type { Playable } from "../core/player.js";
import { ReplicaSongStore } from "../crdt/song_store.js";
import type { TakeSample } from "../ui/song/sample_drop.js";
import { mountSong } from "../ui/song/song_view.js";
import { AudioPages } from "./audio_pages.js";
import { link } from "./link.js";
import { LiveConnection, type View } from "./live.js";
import { documentOf, type Held, type SongModel } from "./model.js";
import { replicaOf } from "./replicas.js";
import { seating } from "./room_seat.js";
import { RoomTie } from "./room_tie.js";
import { sampleTaking } from "./sample_taking.js";
import { bindTraits, songBindings } from "./traits.js";

/** Follows the model from document to document, as its song gets one that a server keeps. */
export class SongConnection extends LiveConnection {
  private attached: Attached;

  constructor(
    private readonly model: SongModel,
    held: readonly Held[],
    signal: AbortSignal,
  ) {
    super(model, signal);
    this.attached = new Attached(model, held, signal, this.said);
    const moved = (): void => this.follow();
    model.on("change:_document_id", moved);
    signal.addEventListener("abort", () => model.off("change:_document_id", moved));
    this.bindPlaying();
  }

  protected override playable(): Playable {
    return this.attached.playable();
  }

  protected override mount(view: View): void {
    const { store, playable, audio, take, tie, signal } = this.attached;
    const until = AbortSignal.any([view.signal, signal]);
    this.player.attach(playable().id, until);
    mountSong(view.el, store, this.player, playable, {
      signal: until, peaks: audio.peaks, takeSample: take, room: seating(tie, until),
    });
  }

  /** The song is another document now: the views go on with that. */
  private follow(): void {
    if (documentOf(this.model) === this.attached.id) return;
    this.attached.end();
    this.attached = new Attached(this.model, [], this.signal, this.said);
    for (const view of this.views) this.mount(view);
  }
}

/** A model's ties to the document it shows now. */
class Attached {
  readonly store: ReplicaSongStore;
  readonly audio: AudioPages;
  readonly take: TakeSample;
  readonly tie: RoomTie;
  readonly signal: AbortSignal;
  readonly id: string;
  private readonly controller = new AbortController();

  constructor(
    model: SongModel, held: readonly Held[], until: AbortSignal, said: (code: string) => void,
  ) {
    const signal = AbortSignal.any([until, this.controller.signal]);
    this.signal = signal;
    this.id = documentOf(model);
    const replica = replicaOf(this.id, signal);
    const tie = new RoomTie(model, replica, signal);
    this.tie = tie;
    link(model, replica, tie, held, signal);
    this.store = new ReplicaSongStore(replica, said);
    this.take = sampleTaking(model, signal);
    this.audio = new AudioPages(model, (blob) => this.framesOf(blob), signal);
    const offer = (): void => tie.seat?.playables.useAudio(this.page, signal);
    tie.subscribe(offer, signal);
    offer();
    const ramps = (): boolean => this.store.revision.song.tempos.get(0)?.ramp ?? false;
    bindTraits(model, this.store, songBindings(ramps), signal);
  }

  readonly playable = (): Playable => {
    return { id: this.id, revision: this.store.revision, audio: this.page };
  };

  /** A page of a recording; from the room's server where it has it, as the kernel may be busy. */
  private readonly page = (blob: string, page: number): Promise<Float32Array> => {
    const served = this.tie.carries ? this.tie.recordings?.page(blob, page) : undefined;
    return served?.catch(() => this.audio.page(blob, page)) ?? this.audio.page(blob, page);
  };

  end(): void {
    this.controller.abort();
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
