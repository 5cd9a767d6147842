import assert from "node:assert/strict";
import { test } from "node:test";

import {
  fitCells, geometryOf, placeOfTick, sayCell, sayLength, snapToBeat,
} from "../../src/ui/geometry.js";
import { HEAD, moveCursor } from "../../src/ui/navigation.js";
import { EMPTY, revisionOf } from "./memory_store.js";

const four = geometryOf(revisionOf({ ...EMPTY, bars: 4 }));

function beat(meter: string, steps: number): number {
  return geometryOf(revisionOf({ ...EMPTY, meter, steps_per_bar: steps })).cellsPerBeat;
}

function go(row: number, column: number, key: string): readonly number[] | null {
  const moved = moveCursor({ row, column }, key, 8, four);
  return moved === null ? null : [moved.row, moved.column];
}

test("beats follow the meter, three eighths to a beat in compound ones", () => {
  assert.equal(4, beat("4/4", 16));
  assert.equal(1, beat("4/4", 4));
  assert.equal(4, beat("3/4", 12));
  assert.equal(6, beat("6/8", 12));
  assert.equal(7, beat("5/4", 7));
});

test("a cell is said by bar, beat and step", () => {
  assert.equal("bar 1, beat 1", sayCell(four, 0));
  assert.equal("bar 2, beat 3, step 2", sayCell(four, 25));
  assert.equal("1 bar", sayLength(four, 16));
  assert.equal("2 beats", sayLength(four, 8));
  assert.equal("3 cells", sayLength(four, 3));
});

test("a tick lies on its cell and wraps at the end of the pass", () => {
  assert.equal(0, placeOfTick(four, 0));
  assert.equal(4.5, placeOfTick(four, 1080));
  assert.equal(0, placeOfTick(four, 4 * 3840));
  assert.equal(63.5, placeOfTick(four, -120));
});

test("a drop lands on the beat below it, inside the loop", () => {
  assert.equal(8, snapToBeat(four, 11.9));
  assert.equal(60, snapToBeat(four, 99));
  assert.equal(0, snapToBeat(four, -3));
});

test("a view shows whole bars while they fit, then half a bar, then a beat", () => {
  assert.equal(64, fitCells(four, 990, 12));
  assert.equal(32, fitCells(four, 600, 12));
  assert.equal(8, fitCells(four, 300, 32));
  assert.equal(4, fitCells(four, 200, 32));
});

test("cells at a width of 360 pixels are at least 32 pixels wide", () => {
  const room = 360 - 2 * 12 - 2 * 9 - 52;
  assert.ok(room / fitCells(four, room, 32) >= 32);
});

test("arrows, Home, End and the page keys reach every place and stay inside", () => {
  assert.deepEqual([0, 1], go(0, 0, "ArrowRight"));
  assert.deepEqual([0, HEAD.solo], go(0, 0, "ArrowLeft"));
  assert.deepEqual([0, HEAD.name], go(0, HEAD.name, "ArrowLeft"));
  assert.deepEqual([7, 3], go(7, 3, "ArrowDown"));
  assert.deepEqual([0, 63], go(0, 5, "End"));
  assert.deepEqual([0, 0], go(0, 5, "Home"));
  assert.deepEqual([0, HEAD.name], go(0, 0, "Home"));
  assert.deepEqual([2, 21], go(2, 5, "PageDown"));
  assert.deepEqual([2, 0], go(2, 5, "PageUp"));
  assert.equal(null, go(0, 0, "x"));
});
