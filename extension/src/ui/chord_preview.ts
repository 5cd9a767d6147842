/** Lets a chord be heard when it is put down or changed, while the loop is silent. */

import type { LoopRevision } from "../core/loop_store.js";
import type { Value } from "../gen/models.js";
import { isPlaying, type Scene } from "./scene.js";
import { stepOf } from "./velocity.js";

/** The sound that voices whole chords; here it begins at once and stays for a half note. */
const VOICE = "synth-pad";
const HALF_NOTE = 1920;
const VELOCITY = 88;
const SETTINGS: readonly (readonly [string, Value])[] = [
  [`${VOICE}.env.attack`, 0.01],
  [`${VOICE}.env.release`, 0.5],
];

/** The loop with one step, which voices the chord of the cell and nothing else. */
export function previewOf({ loop, context }: LoopRevision, cell: number): LoopRevision {
  const step = { ...stepOf(VELOCITY), duration: HALF_NOTE };
  return {
    loop: { ...loop, steps: new Map([[`${VOICE}/${cell}`, step]]), settings: new Map(SETTINGS) },
    context,
  };
}

/** Sounds the chord of a cell, unless the loop plays and will sound it anyway. */
export function auditionChord(scene: Scene, cell: number): void {
  if (isPlaying(scene)) return;
  const { id } = scene.playable();
  scene.player.audition({ id, revision: previewOf(scene.store.revision, cell) }, VOICE, cell);
}
