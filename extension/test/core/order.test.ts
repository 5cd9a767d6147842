import assert from "node:assert/strict";
import { test } from "node:test";

import { inOrder, ordersWith } from "../../src/core/order.js";

interface Thing { readonly id: string; readonly order: string }

function moved(things: readonly Thing[], id: string, place: number): readonly Thing[] {
  const others = inOrder(things.filter((thing) => thing.id !== id));
  const orders = ordersWith(others, id, place);
  return things.map((thing) => ({ ...thing, order: orders.get(thing.id) ?? thing.order }));
}

function ids(things: readonly Thing[]): string {
  return inOrder(things).map(({ id }) => id).join("");
}

test("a thing stands where it was put, also between two of one order", () => {
  const things = [{ id: "a", order: "A" }, { id: "b", order: "B" }, { id: "c", order: "B" }, { id: "d", order: "V" }];
  assert.equal("dabc", ids(moved(things, "d", 0)));
  assert.equal("adbc", ids(moved(things, "d", 1)));
  assert.equal("abdc", ids(moved(things, "d", 2)));
  assert.equal("bcda", ids(moved(things, "a", 3)));
});

test("keys stay short however often things are moved", () => {
  let things: readonly Thing[] = [..."abc"].map((id) => ({ id, order: id }));
  for (let turn = 0; turn < 2000; turn += 1) {
    things = moved(things, "abc"[turn % 2] ?? "a", 1);
    assert.ok(things.every(({ order }) => order.length <= 64));
  }
  assert.equal(3, new Set(things.map(({ order }) => order)).size);
});
