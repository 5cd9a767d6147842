/** What every part of the loop's view is given: the loop, the player, and how to speak. */

import type { LoopRevision, LoopStore } from "../core/loop_store.js";
import type { Playable, PlayOptions, Player } from "../core/player.js";

/** What any view needs in order to sound and to speak. */
export interface Sounding {
  readonly root: HTMLElement;
  readonly player: Player;
  readonly playable: () => Playable;
  readonly signal: AbortSignal;
  /** What is said where nothing can be edited. */
  readonly refusal?: string;
  /** Tells a screen reader, politely. */
  announce(text: string): void;
}

/** What any view needs in order to change its document by gestures. */
export interface Editing<E> {
  readonly signal: AbortSignal;
  readonly store: {
    readonly editable: boolean;
    readonly closed?: string | null;
    gesture(): GestureOf<E>;
  };
  readonly refusal?: string;
  announce(text: string): void;
  /** Shows the line of Python of the gesture that just ended. */
  showCode(code: string): void;
}

/** A gesture under way. */
export interface GestureOf<E> {
  readonly edit: E;
  /** Does many edits as one change. */
  together?(change: () => void): void;
  end(code: string): void;
}

export interface Scene extends Sounding {
  readonly store: LoopStore;
  /** Shows the line of Python of the gesture that just ended. */
  showCode(code: string): void;
}

/** A part of the view: its element, and what it does with a newer revision. */
export interface Part<R = LoopRevision> {
  readonly element: HTMLElement;
  update(revision: R): void;
}

/** Begins a gesture whose line of Python is shown when it ends. */
export function beginGesture<E>(scene: Editing<E>): GestureOf<E> {
  const gesture = scene.store.gesture();
  return {
    edit: gesture.edit,
    together: (change) => (gesture.together === undefined ? change() : gesture.together(change)),
    end(code: string): void {
      gesture.end(code);
      if (code !== "") scene.showCode(code);
    },
  };
}

/** One gesture that is done at once, said aloud; nothing where nothing can be edited. */
export function perform<E>(
  scene: Editing<E>,
  code: string,
  said: string,
  change: (edit: E) => void,
): void {
  if (!scene.store.editable) {
    scene.announce(scene.store.closed ?? scene.refusal ?? "This is a saved view. Run the cell to change it.");
    return;
  }
  const gesture = beginGesture(scene);
  gesture.together?.(() => change(gesture.edit));
  gesture.end(code);
  if (said !== "") scene.announce(said);
}

export function isPlaying(scene: Sounding): boolean {
  return scene.player.stateOf(scene.playable().id) === "playing";
}

/** Starts or stops; opens the browser's sound where that was still to be done. */
export async function togglePlay(scene: Sounding, options: PlayOptions = {}): Promise<void> {
  const playable = scene.playable();
  const state = scene.player.stateOf(playable.id);
  if (state === "playing" || state === "starting") {
    scene.player.stop();
    scene.announce("Stopped");
    return;
  }
  if (state === "locked") await scene.player.unlock();
  await scene.player.play(scene.playable(), options);
  const now = scene.player.stateOf(playable.id);
  scene.announce(now === "failed" ? scene.player.reason : "Playing");
}

/** Lets a step be heard at once, unless the loop is playing and will sound it anyway. */
export function audition(scene: Scene, row: string, cell: number): void {
  if (!isPlaying(scene)) scene.player.audition(scene.playable(), row, cell);
}
