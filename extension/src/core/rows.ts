/** The rows of a loop: which there are, what sounds on them, and their order [DOC-4]. */

import { MASTER } from "../gen/limits.js";
import type { Loop } from "../gen/models.js";
import { SOUNDS, type Sound } from "../gen/sounds.js";

const BY_NAME: ReadonlyMap<string, Sound> = new Map([
  ...SOUNDS.flatMap((sound) => sound.aliases.map((alias) => [alias, sound] as const)),
  ...SOUNDS.map((sound) => [sound.id, sound] as const),
]);

/** The sound whose id or alias is the word. */
export function soundNamed(word: string): Sound | null {
  return BY_NAME.get(word) ?? null;
}

/** What sounds on a row: its own setting, or else what its name means; null where neither does. */
export function soundOfRow(loop: Loop, row: string): Sound | null {
  return soundNamed(String(loop.settings.get(`${row}.sample.sound`) ?? row));
}

/** The names of the rows that steps or settings of the loop use, in their order. */
export function rowNames(loop: Loop): readonly string[] {
  const names = new Set<string>();
  for (const key of loop.steps.keys()) names.add(key.slice(0, key.indexOf("/")));
  for (const key of loop.settings.keys()) names.add(key.slice(0, key.indexOf(".")));
  names.delete(MASTER);
  return [...names].toSorted((a, b) => place(loop, a) - place(loop, b) || (a < b ? -1 : 1));
}

function place(loop: Loop, row: string): number {
  const sound = soundOfRow(loop, row);
  return sound === null ? SOUNDS.length : SOUNDS.indexOf(sound);
}
