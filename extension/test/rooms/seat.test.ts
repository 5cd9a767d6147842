import assert from "node:assert/strict";
import { test } from "node:test";

import { KIND } from "../../src/core/room_link.js";
import { Replica } from "../../src/crdt/replica.js";
import { bench, both } from "./bench.js";
import { Browser, Page } from "./world.js";

test("what one page does is in the room, and in the other page [WIRE-5] [WIRE-6]", async () => {
  const { world, room, one, other } = await both();
  assert.deepEqual(["live", "live"], [one.seat.state, other.seat.state]);
  one.mark("verse");
  assert.equal(1, one.seat.figures.unsaved);
  await world.run(100);
  assert.deepEqual([["verse"], ["verse"]], [room.markers, other.markers]);
  assert.deepEqual([0, room.seq, room.seq], [one.seat.figures.unsaved, one.seat.seq, other.seat.seq]);
});

test("the first edit of a drag goes at once, what follows at most every 50 ms", async () => {
  const { world, room, one } = await both();
  for (let step = 0; step < 40; step += 1) {
    one.setTempo(100 + step);
    await world.run(5);
  }
  await world.run(200);
  assert.equal(139, one.tempo);
  assert.deepEqual(["1:1", "1:2", "1:3", "1:4", "1:5"], room.numbers.slice(0, 5));
  assert.ok(room.numbers.length <= 6, String(room.numbers));
});

test("rights come with the room, change while one is there, and close the store", async () => {
  const { world, room, one } = await both();
  assert.deepEqual([true, "contributor", true], [one.store.editable, one.seat.role, one.seat.may.has("music.edit")]);
  const seen: boolean[] = [];
  one.store.subscribe(() => seen.push(one.store.editable), one.signal);
  const before = one.store.revision;
  room.tell(KIND.news, { kind: "standing", role: "viewer", may: ["piece.read"] });
  await world.run(20);
  assert.deepEqual(["read-only", false, [false]], [one.seat.state, one.store.editable, seen]);
  assert.notEqual(before, one.store.revision);
});

test("edits that wait for two seconds make the line a slow one", async () => {
  const { world, room, one } = await both();
  const states: string[] = [];
  one.seat.subscribe("state", () => states.push(one.seat.state), one.signal);
  room.keeps = false;
  one.mark("verse");
  await world.run(1900);
  assert.equal("live", one.seat.state);
  await world.run(200);
  assert.deepEqual(["slow", ["slow"]], [one.seat.state, states]);
});

test("a line that is cut comes back with longer and longer pauses, and sends what waited once", async () => {
  const { world, room, one, other } = await both();
  room.isUp = false;
  room.cut("ada");
  await world.run(10);
  assert.equal("offline", one.seat.state);
  one.mark("bridge");
  other.mark("verse");
  await world.run(20_000);
  assert.deepEqual(["offline", 1], [one.seat.state, one.seat.figures.unsaved]);
  room.isUp = true;
  await world.run(30_000);
  assert.deepEqual([["bridge", "verse"], "live", 0], [other.markers, one.seat.state, one.seat.figures.unsaved]);
  assert.deepEqual(one.markers, room.markers);
  assert.equal(2, room.edits);
});

test("an edit whose acknowledgement was lost is not made twice", async () => {
  const { world, room, one } = await both();
  room.keeps = false;
  one.mark("verse");
  await world.run(100);
  room.keeps = true;
  room.cut("ada");
  await world.run(1000);
  assert.deepEqual([["verse"], 0, 1], [room.markers, one.seat.figures.unsaved, room.edits]);
});

test("undo reaches across a line that was cut", async () => {
  const { world, room, one, other } = await both();
  one.mark("verse");
  await world.run(100);
  room.cut();
  await world.run(1000);
  other.mark("theirs");
  await world.run(100);
  one.store.undo();
  await world.run(100);
  assert.deepEqual([["theirs"], ["theirs"]], [room.markers, other.markers]);
});

test("a refused edit becomes a draft, and the page shows the room's document [WIRE-7]", async () => {
  const { world, room, one } = await both();
  one.setTempo(90);
  await world.run(100);
  room.gate = (person) => person === "ada"
    ? { code: 4403, error: { code: "forbidden", message: "Bar 5 is locked.", cure: "Ask the owner." } } : null;
  one.setTempo(150);
  await world.run(8);
  room.gate = () => null;
  await world.run(1000);
  assert.deepEqual([90, "refused", "Bar 5 is locked."], [one.tempo, one.seat.state, one.seat.reason]);
  const [draft] = one.seat.drafts;
  assert.deepEqual(["Bar 5 is locked.", "Ask the owner.", "the tempo 90 \u2192 150"], [draft?.reason, draft?.cure, draft?.words]);
  assert.deepEqual([true, 0], [one.store.editable, one.seat.figures.unsaved]);
  room.cut();
  await world.run(6);
  assert.equal("offline", one.seat.state);
  await world.run(1000);
  assert.equal("refused", one.seat.state);
  one.setTempo(91);
  await world.run(100);
  assert.deepEqual(["live", 91, 1], [one.seat.state, one.tempo, one.seat.drafts.length]);
  assert.equal("fork-1", await one.seat.forkDraft(draft?.id ?? ""));
  assert.deepEqual(["the tempo 90 \u2192 150"], one.forked);
  one.seat.dropDraft(draft?.id ?? "");
  assert.deepEqual([], one.seat.drafts);
});

test("views and stores live on when another document takes the place of the first", async () => {
  const { world, room, one } = await both();
  const told: number[] = [];
  one.store.subscribe(({ song }) => told.push(song.tempos.get(0)?.bpm ?? 0), one.signal);
  const gesture = one.store.gesture();
  room.gate = () => ({ code: 4403, error: { code: "forbidden", message: "no", cure: "" } });
  gesture.edit.setTempo(0, { bpm: 150, ramp: false });
  await world.run(100);
  room.gate = () => null;
  await world.run(1000);
  assert.equal(120, told.at(-1));
  gesture.edit.setTempo(0, { bpm: 77, ramp: false });
  gesture.end("");
  await world.run(100);
  assert.deepEqual([77, false], [told.at(-1), one.store.canUndo && room.markers.length > 0]);
  assert.equal(77, room.doc.getMap("tempo").get("0"));
});

test("what was done after a refused edit is in the draft too, and what came before is kept", async () => {
  const { world, room, one } = await both();
  one.mark("kept");
  await world.run(60);
  room.gate = () => ({ code: 4403, error: { code: "forbidden", message: "no", cure: "" } });
  one.mark("refused");
  await world.run(2);
  one.mark("after");
  await world.run(60);
  room.gate = () => null;
  await world.run(1000);
  assert.deepEqual([["kept"], ["kept"]], [room.markers, one.markers]);
  assert.equal("the new marker refused, the new marker after", [...one.seat.drafts].map(({ words }) => words).join());
});

test("another founding is never merged: the page takes it, and keeps what waited as a draft [WIRE-4]", async () => {
  const { world, room, one } = await both();
  one.mark("verse");
  await world.run(100);
  room.isUp = false;
  room.cut();
  one.mark("waiting");
  await world.run(100);
  room.foundAnew("second");
  room.isUp = true;
  await world.run(3000);
  assert.deepEqual([[], [], "second"], [room.markers, one.markers, one.replica.epoch]);
  const [draft] = one.seat.drafts;
  assert.match(draft?.words ?? "", /marker waiting/);
  assert.equal("refused", one.seat.state);
});

test("a page whose document came from a kernel with another founding takes the room's", async () => {
  const { world, room, ada } = bench();
  const replica = new Replica();
  replica.doc.getMap("meta").set("epoch", "of somebody else");
  replica.doc.getMap("song").set("name", "Another");
  const page = new Page(world, room, ada, { replica });
  await world.run(2000);
  assert.deepEqual(["first", "Together", "live"], [replica.epoch, replica.reader.song().name, page.seat.state]);
  assert.deepEqual([], page.seat.drafts);
});

test("a kernel that is no peer reaches the room through its page, also with what it did before", async () => {
  const { world, room, ada } = bench();
  const kernel = new Replica();
  await new Promise((done) => setImmediate(done));
  const first = new Page(world, room, new Browser("ben"));
  await world.run(100);
  kernel.apply(first.replica.missing());
  kernel.doc.getMap("song").set("name", "From the kernel");
  const page = new Page(world, room, ada, { bridges: true });
  page.replica.apply(kernel.missing());
  await world.run(200);
  assert.equal("From the kernel", room.doc.getMap("song").get("name"));
  const before = kernel.state;
  kernel.doc.getMap("tempo").set("0", 99);
  page.replica.apply(kernel.missing(before));
  await world.run(200);
  assert.deepEqual([99, 99], [room.doc.getMap("tempo").get("0"), first.tempo]);
});
