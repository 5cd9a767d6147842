/** A widget that shows part of a document: its views, and its trait `playing`. */

import { page } from "../audio/page.js";
import type { Playable, Player } from "../core/player.js";
import { tell, type Connection, type LiveModel } from "./model.js";

/** What a view tells the page around it once it has drawn: `cellissimo:ready`. */
const READY = "cellissimo:ready";

export interface View {
  readonly el: HTMLElement;
  readonly signal: AbortSignal;
}

/** Counts views for the kernel, and keeps `playing` and the player alike. */
export abstract class LiveConnection implements Connection {
  protected readonly views = new Set<View>();
  protected readonly player: Player = page().player;

  constructor(
    private readonly live: LiveModel,
    protected readonly signal: AbortSignal,
  ) {}

  /** What plays: its present revision. */
  protected abstract playable(): Playable;

  /** Shows what there is in a new view. */
  protected abstract mount(view: View): void;

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

  /** Plays when the trait says so, and says it when it plays. */
  protected bindPlaying(): void {
    const { live } = this;
    const wanted = (): void => {
      const playing = this.isPlaying();
      if (live.get("playing") === playing) return;
      if (playing) this.player.stop();
      else void this.player.play(this.playable());
    };
    const happened = (): void => {
      if (live.get("playing") === this.isPlaying() || this.isStarting()) return;
      live.set("playing", this.isPlaying());
      live.save_changes();
    };
    live.on("change:playing", wanted);
    this.signal.addEventListener("abort", () => live.off("change:playing", wanted));
    this.player.subscribe(happened, this.signal);
    if (live.get("playing")) wanted();
  }

  /** Tells the line of Python that does what a gesture did; of traits only the last would come. */
  protected readonly said = (line: string): void => {
    if (line !== "") tell(() => this.live.send({ kind: "gesture", line }));
  };

  private tellViews(): void {
    tell(() => this.live.send({ kind: "views", count: this.views.size }));
  }

  private isPlaying(): boolean {
    return this.player.stateOf(this.playable().id) === "playing";
  }

  private isStarting(): boolean {
    const state = this.player.stateOf(this.playable().id);
    return state === "starting" || state === "locked";
  }
}
