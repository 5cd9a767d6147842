import assert from "node:assert/strict";
import { test } from "node:test";

import { AudioPages } from "../../src/widgets/audio_pages.js";
import type { Message, SongModel } from "../../src/widgets/model.js";

type Heard = (message: Message, buffers: DataView[]) => void;

/** A comm whose kernel is the test. */
function comm(isOpen = true) {
  const sent: Message[] = [];
  const listeners = new Set<Heard>();
  const model = {
    send(message: Message): void {
      if (!isOpen) throw new Error("Cannot send");
      sent.push(message);
    },
    on: (_: string, heard: Heard) => void listeners.add(heard),
    off: (_: string, heard: Heard) => void listeners.delete(heard),
  };
  const answer = (message: Message, bytes?: ArrayBuffer): void => {
    for (const heard of listeners) heard(message, bytes === undefined ? [] : [new DataView(bytes)]);
  };
  const view = new AbortController();
  const pages = new AudioPages(model as unknown as SongModel, () => 10_000_000, view.signal);
  return { sent, answer, pages, view, listeners };
}

test("a page is asked for by blob and number, and once", async () => {
  const { sent, answer, pages } = comm();
  const [first, second] = [pages.page("abc", 2), pages.page("abc", 2)];
  assert.deepEqual([{ page: ["abc", 2], id: 1 }], sent);
  answer({ page: 1 }, new Float32Array([0.5, -1]).buffer);
  assert.deepEqual([[0.5, -1], [0.5, -1]], [[...(await first)], [...(await second)]]);
});

test("answers find what they answer, in whatever order they come", async () => {
  const { answer, pages } = comm();
  const [first, second] = [pages.page("abc", 0), pages.page("abc", 1)];
  answer({ page: 2 }, new Float32Array([2]).buffer);
  answer({ page: 1 }, new Float32Array([1]).buffer);
  assert.deepEqual([1, 2], [(await first)[0], (await second)[0]]);
});

test("what the kernel has not is refused with its words, and can be asked for again", async () => {
  const { sent, answer, pages } = comm();
  const refused = pages.page("abc", 0);
  answer({ page: 1, error: "this recording is not here" });
  await assert.rejects(refused, /this recording is not here/);
  const again = pages.page("abc", 0);
  assert.equal(2, sent.length);
  answer({ page: 2 }, new Float32Array([1]).buffer);
  assert.equal(1, (await again)[0]);
});

test("behind the end of a recording nothing is asked for", async () => {
  const { sent, pages } = comm();
  assert.equal(0, (await pages.page("abc", 153)).length);
  assert.deepEqual([], sent);
  void pages.page("abc", 152);
  assert.equal(1, sent.length);
});

test("only so many pages are kept: those that were used last", async () => {
  const { sent, answer, pages } = comm();
  for (let number = 0; number < 65; number += 1) {
    void pages.page("abc", number);
    answer({ page: number + 1 }, new Float32Array([number]).buffer);
    if (number === 60) void pages.page("abc", 0);
  }
  await pages.page("abc", 0);
  assert.equal(65, sent.length);
  void pages.page("abc", 1);
  assert.equal(66, sent.length);
});

test("an outline comes as the lowest and highest of each stretch", async () => {
  const { sent, answer, pages } = comm();
  const asked = pages.peaks("abc");
  assert.deepEqual([{ peaks: ["abc", 10_000_000], id: 1 }], sent);
  answer({ peaks: 1 }, new Int8Array([-127, 0, -64, 127]).buffer);
  const { framesPerPeak, low, high } = await asked;
  assert.deepEqual([256, [-1, Math.fround(-64 / 127)], [0, 1]], [framesPerPeak, [...low], [...high]]);
});

test("what is still awaited when the view closes is refused", async () => {
  const { pages, view, listeners } = comm();
  const awaited = pages.page("abc", 0);
  view.abort();
  await assert.rejects(awaited, /closed/);
  assert.equal(0, listeners.size);
});
