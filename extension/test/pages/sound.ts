/** What the browser tests of sound do in a page: buttons to click, and functions to call. */

import { renderOffline } from "../../src/audio/offline.js";
import { ENGINE, page } from "../../src/audio/page.js";
import { scoreImage } from "../../src/core/image.js";
import type { Playable, PlayOptions } from "../../src/core/player.js";
import { songImage } from "../../src/core/song_image.js";
import { readRevision, type RevisionJson } from "../loop_json.js";
import { readSong, type SongJson } from "../song_json.js";

const { player, output } = page();

/** What the tap has given since the last start. */
const recording = { left: [] as Float32Array[], right: [] as Float32Array[], frames: 0 };
let marks: number[] = [];

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function base64Of(parts: readonly Float32Array[]): string {
  const bytes = parts.flatMap((part) => [...new Uint8Array(part.buffer)]);
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.slice(at, at + 4096));
  }
  return btoa(text);
}

async function sha256(parts: readonly ArrayBufferView[]): Promise<string> {
  const bytes = await new Blob(parts as unknown as BlobPart[]).arrayBuffer();
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Pages of recordings that the test has given, by blob. */
const recordings = new Map<string, readonly Float32Array[]>();

function samplesOf(base64: string): Float32Array {
  return new Float32Array(bytesOf(base64).slice().buffer);
}

function playable(id: string, json: RevisionJson | SongJson): Playable {
  if ("loop" in json) return { id, revision: readRevision(json) };
  const audio = async (blob: string, page: number): Promise<Float32Array> => {
    const found = recordings.get(blob)?.[page];
    if (found === undefined) throw new Error(`there is no page ${page} of ${blob}`);
    return found;
  };
  return { id, revision: { song: readSong(json) }, audio };
}

const api = {
  image: (json: RevisionJson) => sha256([scoreImage(readRevision(json)).image]),
  songImage: (json: SongJson) => sha256([songImage(readSong(json)).image]),
  offline: async (image: string, frames: number, looping: boolean, blobs: string[] = []) => {
    const audio = blobs.map((blob) => recordings.get(blob) ?? []);
    return sha256(await renderOffline(ENGINE, { image: bytesOf(image), frames, looping, audio }));
  },
  give: (blob: string, pages: string[]) => void recordings.set(blob, pages.map(samplesOf)),
  play: (id: string, json: RevisionJson | SongJson, options: PlayOptions = {}) =>
    player.play(playable(id, json), options),
  update: (id: string, json: RevisionJson | SongJson) => player.update(playable(id, json)),
  setOptions: (options: PlayOptions) => player.setOptions(options),
  context: () => output.context?.state,
  audition: (json: RevisionJson, row: string, cell: number) =>
    player.audition(playable("audition", json), row, cell),
  stop: () => player.stop(),
  state: (id: string) => player.stateOf(id),
  reason: () => player.reason,
  meters(id: string) {
    const meters = player.meters(id);
    return meters && { tick: meters.tick, pass: meters.pass, peaks: Object.fromEntries(meters.peaks) };
  },
  attach(id: string): () => void {
    const view = new AbortController();
    player.attach(id, view.signal);
    return () => view.abort();
  },
  record(): void {
    output.tap((message) => {
      if (message.kind !== "tap") return void marks.push(message.frame);
      if (message.frame === 0) api.forget();
      recording.left.push(message.left);
      recording.right.push(message.right);
      recording.frames = message.frame + message.left.length;
    }, new AbortController().signal);
  },
  forget(): void {
    recording.left = [];
    recording.right = [];
    recording.frames = 0;
    marks = [];
  },
  recorded: () => recording.frames,
  marks: () => marks,
  samples: () => [base64Of(recording.left), base64Of(recording.right)],
};

/** A button that plays a loop, and one that opens the sound, for real clicks. */
function button(name: string, act: () => unknown): void {
  const made = document.createElement("button");
  made.id = name;
  made.textContent = name;
  made.addEventListener("click", () => void act());
  document.body.append(made);
}

button("unlock", () => player.unlock());

/** With `#<file>` the page plays that loop by itself, and says on the console how it goes. */
async function playAlone(file: string): Promise<void> {
  player.subscribe(() => {
    // oxlint-disable-next-line no-console -- the test reads it without touching the page
    console.log(`${player.stateOf("alone")} ${player.reason}`);
  }, new AbortController().signal);
  const response = await fetch(file);
  await api.play("alone", (await response.json()) as RevisionJson);
}

if (location.hash !== "") void playAlone(location.hash.slice(1));

declare global {
  var sound: typeof api;
}
globalThis.sound = api;
