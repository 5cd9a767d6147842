import assert from "node:assert/strict";
import { test } from "node:test";
import { Pieces } from "../../src/audio/deck/pieces.js";

function source() {
  const asked: number[] = [];
  return {
    asked,
    head: () => Promise.reject(new Error("not asked for")),
    piece: (number: number) => {
      asked.push(number);
      return Promise.resolve(new Uint8Array([number % 256]));
    },
  };
}

test("a piece is fetched once, however often it is asked for", async () => {
  const from = source();
  const pieces = new Pieces(from, 10);
  const [one, other] = await Promise.all([pieces.get(3), pieces.get(3)]);
  assert.equal(one, other);
  assert.equal((await pieces.get(3))[0], 3);
  assert.deepEqual(from.asked, [3]);
});

test("what is ahead is fetched one at a time, to the end", async () => {
  const from = source();
  const pieces = new Pieces(from, 5);
  await pieces.get(3);
  while (await pieces.fetchAhead(2));
  assert.deepEqual(from.asked, [3, 2, 4]);
});

test("the farthest piece goes when there are too many", async () => {
  const from = source();
  const pieces = new Pieces(from, 1000);
  for (let number = 0; number < 331; number += 1) await pieces.get(number);
  await pieces.get(330);
  await pieces.get(0);
  assert.deepEqual(from.asked.slice(-2), [330, 0]);
});

test("a fetch that failed is tried again", async () => {
  let fails = true;
  const pieces = new Pieces({
    head: () => Promise.reject(new Error("no head")),
    piece: () => (fails ? Promise.reject(new Error("gone")) : Promise.resolve(new Uint8Array([7]))),
  }, 3);
  await assert.rejects(pieces.get(1), /gone/);
  fails = false;
  assert.equal((await pieces.get(1))[0], 7);
});
