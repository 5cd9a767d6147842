/** What every part of the loop's view is given: the loop, the player, and how to speak. */

import type { Gesture, LoopEdit, LoopRevision, LoopStore } from "../core/loop_store.js";
import type { Playable, Player } from "../core/player.js";

export interface Scene {
  readonly root: HTMLElement;
  readonly store: LoopStore;
  readonly player: Player;
  readonly playable: () => Playable;
  readonly signal: AbortSignal;
  /** Tells a screen reader, politely. */
  announce(text: string): void;
  /** Shows the line of Python of the gesture that just ended. */
  showCode(code: string): void;
}

/** A part of the view: its element, and what it does with a newer revision. */
export interface Part {
  readonly element: HTMLElement;
  update(revision: LoopRevision): void;
}

/** Begins a gesture whose line of Python is shown when it ends. */
export function beginGesture(scene: Scene): Gesture {
  const gesture = scene.store.gesture();
  return {
    edit: gesture.edit,
    end(code: string): void {
      gesture.end(code);
      if (code !== "") scene.showCode(code);
    },
  };
}

/** One gesture that is done at once, said aloud; nothing where the loop cannot be edited. */
export function perform(
  scene: Scene,
  code: string,
  said: string,
  change: (edit: LoopEdit) => void,
): void {
  if (!scene.store.editable) {
    scene.announce("This is a saved view. Run the cell to change the loop.");
    return;
  }
  const gesture = beginGesture(scene);
  change(gesture.edit);
  gesture.end(code);
  if (said !== "") scene.announce(said);
}

export function isPlaying(scene: Scene): boolean {
  return scene.player.stateOf(scene.playable().id) === "playing";
}

/** Starts or stops the loop; opens the browser's sound where that was still to be done. */
export async function togglePlay(scene: Scene): Promise<void> {
  const playable = scene.playable();
  const state = scene.player.stateOf(playable.id);
  if (state === "playing" || state === "starting") {
    scene.player.stop();
    scene.announce("Stopped");
    return;
  }
  if (state === "locked") await scene.player.unlock();
  await scene.player.play(scene.playable());
  const now = scene.player.stateOf(playable.id);
  scene.announce(now === "failed" ? scene.player.reason : "Playing");
}

/** Lets a step be heard at once, unless the loop is playing and will sound it anyway. */
export function audition(scene: Scene, row: string, cell: number): void {
  if (!isPlaying(scene)) scene.player.audition(scene.playable(), row, cell);
}
