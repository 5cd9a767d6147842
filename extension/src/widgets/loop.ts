/** One Loop widget: its replica, its traits, and the views that show it. */

import type { Playable } from "../core/player.js";
import { ReplicaLoopStore } from "../crdt/store.js";
import { mountLoop } from "../ui/loop_view.js";
import { link } from "./link.js";
import { LiveConnection, type View } from "./live.js";
import { documentOf, type Held, type Model } from "./model.js";
import { replicaOf } from "./replicas.js";
import { seating } from "./room_seat.js";
import { RoomTie } from "./room_tie.js";
import { bindTraits, LOOP_BINDINGS } from "./traits.js";

/** Follows the model from document to document, as its loop moves into a song. */
export class LoopConnection extends LiveConnection {
  private attached: Attached;

  constructor(
    private readonly model: Model,
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
    const { store, playable, tie, signal } = this.attached;
    const until = AbortSignal.any([view.signal, signal]);
    this.player.attach(playable().id, until);
    mountLoop(view.el, store, this.player, playable, {
      signal: until, room: seating(tie, until),
    });
  }

  /** The loop is in another document now: the views go there with it. */
  private follow(): void {
    if (documentOf(this.model) === this.attached.documentId) return;
    this.attached.end();
    this.attached = new Attached(this.model, [], this.signal, this.said);
    for (const view of this.views) this.mount(view);
  }
}

/** A model's ties to the document it shows now. */
class Attached {
  readonly store: ReplicaLoopStore;
  readonly documentId: string;
  readonly tie: RoomTie;
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly id: string;

  constructor(
    model: Model, held: readonly Held[], signal: AbortSignal, said: (code: string) => void,
  ) {
    this.signal = AbortSignal.any([signal, this.controller.signal]);
    this.documentId = documentOf(model);
    const loopId = model.get("_loop_id");
    this.id = `${this.documentId}/${loopId}`;
    const replica = replicaOf(this.documentId, this.signal);
    this.tie = new RoomTie(model, replica, this.signal);
    link(model, replica, this.tie, held, this.signal);
    this.store = new ReplicaLoopStore(replica, loopId, said);
    bindTraits(model, this.store, LOOP_BINDINGS, this.signal);
  }

  readonly playable = (): Playable => ({ id: this.id, revision: this.store.revision });

  end(): void {
    this.controller.abort();
  }
}
