/** What can be heard: mute, and the solo of others. Pure. */

import { MASTER } from "../../gen/limits.js";
import type { Song } from "../../gen/models.js";
import { hasSolo, type Item } from "./arrangement.js";

const solos = new WeakMap<Song, boolean>();

function anySolo(song: Song): boolean {
  const known = solos.get(song) ?? hasSolo(song);
  solos.set(song, known);
  return known;
}

/** Whether settings let a strip be heard beside the others: mute wins over solo. */
function isQuiet(song: Song, value: (key: string) => unknown): boolean {
  return value("amp.mute") === true || (anySolo(song) && value("amp.solo") !== true);
}

/** Whether a stem is silent now. */
export function isQuietStem(song: Song, stem: string): boolean {
  return isQuiet(song, (key) => song.stems.get(stem)?.settings.get(key));
}

/** Whether a loop of the timeline is silent now. */
export function isQuietLoop(song: Song, loop: string): boolean {
  return isQuiet(song, (key) => song.loops.get(loop)?.settings.get(`${MASTER}.${key}`));
}

/** Whether what an item plays is silent now. */
export function isQuietItem(song: Song, item: Item): boolean {
  return item.segment === null ? isQuietLoop(song, item.block?.loop ?? "") : isQuietStem(song, item.segment.stem);
}
