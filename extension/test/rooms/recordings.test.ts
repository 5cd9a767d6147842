import assert from "node:assert/strict";
import { test } from "node:test";

import { decoded, Recordings } from "../../src/rooms/recordings.js";

const PAGE = 65_536;

/** A canonical WAV file whose samples are the numbers given, frame by frame. */
function wav(channels: number, samples: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(44 + 3 * samples.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(22, channels, true);
  view.setUint32(40, 3 * samples.length, true);
  samples.forEach((sample, at) => {
    view.setUint16(44 + 3 * at, sample & 0xffff, true);
    view.setInt8(46 + 3 * at, sample >> 16);
  });
  return bytes;
}

/** A server of one file, which notes what it was asked. */
function serving(file: Uint8Array, knowsRanges = true) {
  const asked: string[] = [];
  const get = async (_address: unknown, options?: RequestInit): Promise<Response> => {
    const range = new Headers(options?.headers).get("Range") ?? "";
    asked.push(range);
    const [first = 0, last = 0] = range.replace("bytes=", "").split("-").map(Number);
    const body = knowsRanges ? file.slice(first, last + 1) : file.slice();
    return new Response(body, { status: knowsRanges ? 206 : 200 });
  };
  return { asked, recordings: new Recordings("/blobs/", "/outlines/", get as typeof fetch) };
}

test("24 bits become floats exactly, one channel on both sides", () => {
  const samples = [0, 1, -1, 8_388_607, -8_388_608];
  const page = decoded(new DataView(wav(1, samples).buffer, 44), 1);
  const expected = samples.map((sample) => Math.fround(sample / 8_388_608));
  assert.deepEqual(expected, Array.from(page.subarray(0, 5)));
  assert.deepEqual(expected, Array.from(page.subarray(PAGE, PAGE + 5)));
});

test("two channels come apart: left, then right", () => {
  const page = decoded(new DataView(wav(2, [4_194_304, -4_194_304, 0, 2_097_152]).buffer, 44), 2);
  assert.deepEqual([0.5, 0], Array.from(page.subarray(0, 2)));
  assert.deepEqual([-0.5, 0.25], Array.from(page.subarray(PAGE, PAGE + 2)));
});

test("only the stretch that is needed is asked for, and once", async () => {
  const { asked, recordings } = serving(wav(1, Array.from({ length: PAGE + 10 }, (_, at) => at)));
  const [page, again] = await Promise.all([recordings.page("abc", 1), recordings.page("abc", 1)]);
  assert.deepEqual(["bytes=0-43", `bytes=${44 + 3 * PAGE}-${44 + 3 * PAGE + 29}`], asked);
  assert.equal(PAGE / 8_388_608, page[0]);
  assert.equal(page, again);
});

test("behind the end there is nothing to ask for", async () => {
  const { asked, recordings } = serving(wav(2, [1, 2]));
  assert.equal(0, (await recordings.page("abc", 7)).length);
  assert.deepEqual(["bytes=0-43"], asked);
});

test("a server that knows no ranges is understood too", async () => {
  const { recordings } = serving(wav(1, [4_194_304, -4_194_304]), false);
  assert.deepEqual([0.5, -0.5], Array.from((await recordings.page("abc", 0)).subarray(0, 2)));
});

test("what failed is asked for again", async () => {
  let isUp = false;
  const file = wav(1, [4_194_304]);
  const get = async (_: unknown, options?: RequestInit): Promise<Response> => {
    if (!isUp) return new Response(null, { status: 503 });
    const range = new Headers(options?.headers).get("Range") ?? "";
    const [first = 0, last = 0] = range.replace("bytes=", "").split("-").map(Number);
    return new Response(file.slice(first, last + 1), { status: 206 });
  };
  const recordings = new Recordings("/blobs/", "/outlines/", get as typeof fetch);
  await assert.rejects(recordings.page("abc", 0));
  isUp = true;
  assert.equal(0.5, (await recordings.page("abc", 0))[0]);
});
