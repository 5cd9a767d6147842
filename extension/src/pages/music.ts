/** The music of a page: read from one update of its document, once. */

import * as Y from "yjs";

import type { Song } from "../gen/models.js";
import { SongReader } from "../crdt/read.js";

/** A document that cannot be had: the words tell what to do. */
export class MusicError extends Error {}

/** The song of a document that is given as one update. */
export function readMusic(update: Uint8Array): Song {
  const doc = new Y.Doc();
  const reader = new SongReader(doc);
  Y.applyUpdate(doc, update);
  return reader.song();
}

/** The document behind an address. */
export async function fetchMusic(address: string): Promise<Song> {
  const answer = await fetch(address).catch(() => null);
  if (answer === null) throw new MusicError("The server cannot be reached. Reload the page to try again.");
  if (!answer.ok) throw new MusicError("This music cannot be opened any more: its link has ended.");
  return readMusic(new Uint8Array(await answer.arrayBuffer()));
}

/** The loop that a document of one loop holds. */
export function onlyLoop(song: Song): string {
  const [first] = song.loops.keys();
  const id = song.loops.has(song.id) ? song.id : first;
  if (id === undefined) throw new MusicError("This loop is empty: there is nothing to hear yet.");
  return id;
}
