import assert from "node:assert/strict";
import { test } from "node:test";

import { RoomError } from "../../src/core/room.js";
import { KIND } from "../../src/core/room_link.js";
import { NoTicket } from "../../src/crdt/room_line.js";
import { bench, both } from "./bench.js";
import { Page } from "./world.js";

test("closes are answered as the table says", async () => {
  const ends = { 1000: "closed", 4404: "closed", 1012: "live", 4408: "live", 4429: "live", 4500: "live", 4401: "live" };
  for (const [code, state] of Object.entries(ends)) {
    const { world, room, one } = await both();
    room.closeAll(Number(code), "said why");
    await world.run(6);
    assert.notEqual("live", one.seat.state, code);
    await world.run(30_000);
    assert.equal(state, one.seat.state, code);
    assert.equal(state === "live", one.store.editable, code);
    one.seat.retry();
    await world.run(100);
    assert.equal("live", one.seat.state, code);
    one.close();
  }
});

test("who sent too much waits longer than who was cut [WIRE, Closing]", async () => {
  const back: number[] = [];
  for (const code of [1012, 4429]) {
    const { world, room, one } = await both();
    const begin = world.now;
    one.seat.subscribe("state", () => one.seat.state === "live" && back.push(world.now - begin), one.signal);
    room.closeAll(code);
    await world.run(30_000);
  }
  assert.ok((back[0] ?? 0) < 500 && (back[1] ?? 0) > 3000, String(back));
});

test("a server that starts anew is found soon, for a minute; one that keeps nothing is not pressed", async () => {
  const { world, room, ada } = bench();
  let error: Error | null = null;
  const page = new Page(world, room, ada, { noTicket: () => error, random: () => 0.99 });
  await world.run(500);
  room.closeAll(1012);
  error = new Error("the server is away");
  await world.run(20_000);
  error = null;
  await world.run(2500);
  assert.equal("live", page.seat.state);
  let comes = 0;
  page.seat.subscribe("state", () => (comes += page.seat.state === "live" ? 1 : 0), page.signal);
  for (let second = 0; second < 60; second += 1) {
    room.closeAll(4500, "the disk is full");
    await world.run(1000);
  }
  assert.ok(comes > 3 && comes < 15, String(comes));
});

test("without a right to it there is no room, and the page stays as it is", async () => {
  const { world, room, ada } = bench();
  let error: Error | null = new NoTicket("There is no such room.", true);
  const page = new Page(world, room, ada, { noTicket: () => error });
  await world.run(60_000);
  assert.deepEqual(["closed", "There is no such room.", true], [page.seat.state, page.seat.reason, page.store.editable]);
  error = null;
  page.seat.retry();
  await world.run(100);
  assert.equal("live", page.seat.state);
});

test("a line that falls silent is noticed, and so is a network that goes and comes", async () => {
  const { world, room, one, ada } = await both();
  const session = [...room.sessions].find(({ person }) => person === "ada");
  assert.ok(session);
  room.sessions.delete(session);
  await world.run(30_000);
  assert.equal("live", one.seat.state);
  assert.ok([...room.sessions].some(({ person }) => person === "ada"));
  ada.setOnline(false);
  room.cut("ada");
  await world.run(60_000);
  assert.equal("offline", one.seat.state);
  ada.setOnline(true);
  await world.run(50);
  assert.equal("live", one.seat.state);
});

test("a command is done once however often the line is cut, and answered [WIRE-16]", async () => {
  const { world, room, one } = await both();
  room.keeps = false;
  const answer = one.seat.command<{ text: string }>("chat.send", { text: "hello" });
  await world.run(50);
  room.cut();
  room.keeps = true;
  await world.run(1000);
  assert.deepEqual({ seq: room.seq, value: { text: "hello" } }, await answer);
  assert.deepEqual(["ada: hello"], room.done);
  const refused = one.seat.command("forbidden", {});
  await Promise.all([world.run(100), assert.rejects(refused, (error: RoomError) => error.code === "forbidden")]);
  const late = one.seat.command("chat.send", {});
  room.closeAll(4404, "gone");
  await Promise.all([world.run(100), assert.rejects(late, RoomError)]);
  await assert.rejects(one.seat.command("chat.send", {}), RoomError);
});

test("news are heard by who listens, until they stop", async () => {
  const { world, room, one } = await both();
  const heard: string[] = [];
  const until = new AbortController();
  one.seat.onNews(({ kind }) => heard.push(kind), until.signal);
  room.tell(KIND.news, { kind: "chat" });
  await world.run(20);
  until.abort();
  room.tell(KIND.news, { kind: "members" });
  await world.run(20);
  assert.deepEqual(["chat"], heard);
});

test("who is there is seen, with where they are, where they point and what they do [WIRE-9] [WIRE-11]", async () => {
  const { world, room, one, other } = await both();
  assert.deepEqual(["ada", "ben"], one.seat.participants.map(({ person }) => person.name));
  assert.deepEqual([true, false], one.seat.participants.map(({ isMe }) => isMe));
  other.seat.setPlace("roll:s1");
  for (let tick = 0; tick < 50; tick += 1) {
    other.seat.point({ kind: "roll", a: 60, b: tick });
    await world.run(10);
  }
  await world.run(200);
  const ben = one.seat.participants.find(({ isMe }) => !isMe);
  assert.deepEqual(["roll:s1", "idle", { kind: "roll", a: 60, b: 49 }], [ben?.place, ben?.activity, ben?.cursor]);
  other.mark("verse");
  await world.run(200);
  assert.equal("editing", one.seat.participants[1]?.activity);
  await world.run(6000);
  assert.equal("idle", one.seat.participants[1]?.activity);
  room.cut("ada");
  await world.run(10);
  assert.deepEqual(["ada"], one.seat.participants.map(({ person }) => person.name));
});

test("every batch of edits is told with its stamp, one's own and others' [WIRE-6]", async () => {
  const { world, one, other } = await both();
  const begin = world.now;
  one.mark("mine");
  await world.run(60);
  other.mark("theirs");
  await world.run(60);
  const expected = [[begin + 5, 2], [begin + 65, 3]];
  assert.deepEqual([expected, expected], [one.stamps, other.stamps]);
});

test("what the link carries is measured: bytes both ways, there and back", async () => {
  const { world, one } = await both();
  const { sent, received, roundTrip } = one.seat.figures;
  assert.ok(sent > 0 && received > sent, `${sent} ${received}`);
  assert.equal(10, roundTrip);
  const until = new AbortController();
  let told = 0;
  one.seat.subscribe("figures", () => (told += 1), until.signal);
  await world.run(3500);
  assert.ok(told >= 3, String(told));
  await world.run(60_000);
  assert.ok(one.seat.figures.sent < sent);
});

test("two lines of one page never meet: leaving ends everything", async () => {
  const { world, room, one } = await both();
  one.close();
  one.mark("after");
  room.cut();
  await world.run(60_000);
  assert.deepEqual(["ben"], [...room.sessions].map(({ person }) => person));
  assert.deepEqual([], room.markers);
});
