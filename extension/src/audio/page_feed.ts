/** On the page: fetches the pages of audio that the engine asks for. */

import type { Playable } from "../core/player.js";
import type { PageName, ToEngine } from "./messages.js";

/**
 * Pages that are fetched ahead of what is asked for, into the keeping of whoever fetches them: a
 * kernel that is busy for a few seconds is not heard.
 */
const AHEAD = 6;

/** Frames after which recordings that came too late have come in time again: three seconds. */
const RECOVERED = 3 * 48_000;

/** Whether recordings come too late, by the frames that were silent for want of them. */
export class Lateness {
  isLate = false;
  #missed = 0;
  #since = 0;

  /** Takes what a report says; true where `isLate` has changed. */
  changes(frame: number, missed: number): boolean {
    const before = this.isLate;
    if (missed > this.#missed) this.#since = frame;
    this.isLate = missed > this.#missed || (before && frame - this.#since < RECOVERED);
    this.#missed = missed;
    return before !== this.isLate;
  }
}

/** Answers one run's requests. */
export interface Feed {
  readonly run: number;
  /** The blobs of the image, by the number that the engine knows them by. */
  readonly blobs: readonly string[];
  readonly audio: Playable["audio"];
  send(message: ToEngine): void;
  /** Told where a page cannot be had. */
  failed(reason: string): void;
}

/** Fetches pages side by side, and sends each as it comes. */
export async function feedPages(feed: Feed, pages: readonly PageName[]): Promise<void> {
  await Promise.all(pages.map((name) => feedPage(feed, name)));
}

async function feedPage(feed: Feed, [audio, page]: PageName): Promise<void> {
  const samples = await fetchPage(feed, audio, page);
  feed.send({ kind: "page", run: feed.run, audio, page, samples });
  if (samples !== null) fetchAhead(feed, audio, page);
}

function fetchAhead({ blobs, audio: fetch }: Feed, audio: number, page: number): void {
  const blob = blobs[audio];
  if (blob === undefined) return;
  for (let ahead = 1; ahead <= AHEAD; ahead += 1) {
    fetch?.(blob, page + ahead).catch(() => undefined);
  }
}

async function fetchPage(feed: Feed, audio: number, page: number): Promise<Float32Array | null> {
  const blob = feed.blobs[audio];
  try {
    if (blob === undefined || feed.audio === undefined) throw new Error("nobody here has it");
    return await feed.audio(blob, page);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    feed.failed(`A recording of this song cannot be played: ${why}`);
    return null;
  }
}
