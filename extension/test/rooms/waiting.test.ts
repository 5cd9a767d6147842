import assert from "node:assert/strict";
import { test } from "node:test";

import { RoomLists } from "../../src/rooms/lists.js";
import { MemoryRoom } from "./memory_room.js";
import { Browser, Page, World } from "./world.js";

/** Ada is in the room; then it cannot be reached. */
async function bench() {
  const world = new World();
  const room = new MemoryRoom(world);
  const ada = new Browser("ada");
  const first = new Page(world, room, ada);
  await world.run(500);
  room.isUp = false;
  room.cut();
  await world.run(50);
  return { world, room, ada, first };
}

/** Says something as the chat does. */
function say(page: Page, text: string, tick: number | null = null): { outcome: string } {
  const { seat, signal } = page;
  const told = { outcome: "waits" };
  new RoomLists(seat, { base: "http://server/" }, signal).say(text, tick).then(
    () => (told.outcome = "said"), (error: Error) => (told.outcome = error.message));
  return told;
}

test("a line that waits outlives its page, and is said once when the room is back [WIRE-16]", async () => {
  const { world, room, ada, first } = await bench();
  say(first, "one", 3840);
  say(first, "two");
  await world.run(100);
  first.close();
  const page = new Page(world, room, ada);
  await world.run(500);
  say(page, "three");
  await world.run(100);
  assert.deepEqual(["one", "two", "three"], page.seat.waiting.map(({ text }) => text));
  assert.deepEqual([3840, null, null], page.seat.waiting.map(({ tick }) => tick));
  assert.ok(page.seat.waiting.every(({ isKept, refusal }) => isKept && refusal === null));
  room.keeps = false;
  room.isUp = true;
  await world.run(20_000);
  page.close();
  room.keeps = true;
  const third = new Page(world, room, ada);
  await world.run(20_000);
  assert.deepEqual([["ada: one", "ada: two", "ada: three"], []], [room.done, third.seat.waiting]);
  third.close();
  const fourth = new Page(world, room, ada);
  await world.run(500);
  assert.deepEqual([[], 3], [fourth.seat.waiting, room.done.length]);
});

test("a line that is said while the room is there is shown by the room alone", async () => {
  const world = new World();
  const room = new MemoryRoom(world);
  const page = new Page(world, room, new Browser("ada"));
  await world.run(500);
  const told = say(page, "hello");
  assert.deepEqual([], page.seat.waiting);
  await world.run(100);
  assert.deepEqual(["said", [], ["ada: hello"]], [told.outcome, page.seat.waiting, room.done]);
});

test("a line that was refused after its wait says why, and goes when it is dropped", async () => {
  const { world, room, ada, first } = await bench();
  say(first, "forbidden");
  await world.run(100);
  first.close();
  room.isUp = true;
  const page = new Page(world, room, ada);
  await world.run(20_000);
  const [line] = page.seat.waiting;
  assert.equal("not yours ask", line?.refusal);
  page.seat.dropWaiting(line?.id ?? "");
  assert.deepEqual([], page.seat.waiting);
  page.close();
  const other = new Page(world, room, ada);
  await world.run(20_000);
  assert.deepEqual([[], 1], [other.seat.waiting, room.done.length]);
});

test("what somebody else wanted to say in this browser is never said in one's own name", async () => {
  const { world, room, ada, first } = await bench();
  say(first, "of ada");
  await world.run(100);
  first.close();
  room.isUp = true;
  const guest = new Page(world, room, ada, { person: "ben" });
  await world.run(20_000);
  assert.deepEqual([[], []], [room.done, guest.seat.waiting]);
  guest.close();
  const back = new Page(world, room, ada);
  await world.run(20_000);
  assert.deepEqual([["ada: of ada"], []], [room.done, back.seat.waiting]);
});

test("where nothing is kept a line waits as long as its page", async () => {
  const world = new World();
  const room = new MemoryRoom(world);
  const page = new Page(world, room, new Browser("ada"), { keeps: false });
  await world.run(500);
  room.isUp = false;
  room.cut();
  await world.run(50);
  const told = say(page, "hello");
  await world.run(50);
  assert.deepEqual([false], page.seat.waiting.map(({ isKept }) => isKept));
  room.isUp = true;
  await world.run(20_000);
  assert.deepEqual(["said", [], ["ada: hello"]], [told.outcome, page.seat.waiting, room.done]);
});
