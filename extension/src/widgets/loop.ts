/** One Loop widget: its replica, its traits, and the views that show it. */

import { page } from "../audio/page.js";
import type { Playable, Player } from "../core/player.js";
import { ReplicaLoopStore } from "../crdt/store.js";
import { mountLoop } from "../ui/loop_view.js";
import { link } from "./link.js";
import { tell, type Connection, type Held, type Model } from "./model.js";
import { replicaOf } from "./replicas.js";
import { bindTraits } from "./traits.js";

/** What a view tells the page around it once it has drawn: `cellissimo:ready`. */
const READY = "cellissimo:ready";

/** Follows the model from document to document, as its loop moves into a song. */
export class LoopConnection implements Connection {
  private attached: Attached;
  private readonly views = new Set<View>();
  private readonly player: Player = page().player;

  constructor(
    private readonly model: Model,
    held: readonly Held[],
    private readonly signal: AbortSignal,
  ) {
    this.attached = new Attached(model, held, signal);
    const moved = (): void => this.follow();
    model.on("change:_document_id", moved);
    signal.addEventListener("abort", () => model.off("change:_document_id", moved));
    this.bindPlaying();
  }

  render(el: HTMLElement, signal: AbortSignal): void {
    const view = { el, signal };
    this.views.add(view);
    this.tellViews();
    signal.addEventListener("abort", () => {
      this.views.delete(view);
      this.tellViews();
    });
    this.mount(view);
    // The mark is for whoever holds the element only after the event.
    el.dataset["cellissimoReady"] = "";
    el.dispatchEvent(new CustomEvent(READY, { bubbles: true, composed: true }));
  }

  private mount(view: View): void {
    const { store, playable, signal } = this.attached;
    const until = AbortSignal.any([view.signal, signal]);
    this.player.attach(playable().id, until);
    mountLoop(view.el, store, this.player, playable, { signal: until });
  }

  /** The loop is in another document now: the views go there with it. */
  private follow(): void {
    this.attached.end();
    this.attached = new Attached(this.model, [], this.signal);
    for (const view of this.views) this.mount(view);
  }

  private tellViews(): void {
    tell(() => this.model.send({ kind: "views", count: this.views.size }));
  }

  private bindPlaying(): void {
    const wanted = (): void => {
      const playing = this.isPlaying();
      if (this.model.get("playing") === playing) return;
      if (playing) this.player.stop();
      else void this.player.play(this.attached.playable());
    };
    const happened = (): void => {
      if (this.model.get("playing") === this.isPlaying() || this.isStarting()) return;
      this.model.set("playing", this.isPlaying());
      this.model.save_changes();
    };
    this.model.on("change:playing", wanted);
    this.signal.addEventListener("abort", () => this.model.off("change:playing", wanted));
    this.player.subscribe(happened, this.signal);
    if (this.model.get("playing")) wanted();
  }

  private isPlaying(): boolean {
    return this.player.stateOf(this.attached.playable().id) === "playing";
  }

  private isStarting(): boolean {
    const state = this.player.stateOf(this.attached.playable().id);
    return state === "starting" || state === "locked";
  }
}

interface View {
  readonly el: HTMLElement;
  readonly signal: AbortSignal;
}

/** A model's ties to the document it shows now. */
class Attached {
  readonly store: ReplicaLoopStore;
  readonly signal: AbortSignal;
  private readonly controller = new AbortController();
  private readonly id: string;

  constructor(model: Model, held: readonly Held[], signal: AbortSignal) {
    this.signal = AbortSignal.any([signal, this.controller.signal]);
    const documentId = model.get("_document_id");
    const loopId = model.get("_loop_id");
    this.id = `${documentId}/${loopId}`;
    const replica = replicaOf(documentId, this.signal);
    link(model, replica, held, this.signal);
    this.store = new ReplicaLoopStore(replica, loopId, (code) => {
      if (code === "") return;
      model.set("gesture", code);
      model.save_changes();
    });
    bindTraits(model, this.store, this.signal);
  }

  readonly playable = (): Playable => ({ id: this.id, revision: this.store.revision });

  end(): void {
    this.controller.abort();
  }
}
