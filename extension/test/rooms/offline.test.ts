import assert from "node:assert/strict";
import { test } from "node:test";

import { IDBFactory } from "fake-indexeddb";

import { BrowserCopies } from "../../src/crdt/offline.js";
import { keepsSongs, setKeepsSongs } from "../../src/core/kept_here.js";
import { MemoryRoom } from "./memory_room.js";
import { Browser, Page, World } from "./world.js";

/** Ada has been in the room once, and has left nothing behind that waits. */
async function bench() {
  const world = new World();
  const room = new MemoryRoom(world);
  const [ada, ben] = [new Browser("ada"), new Browser("ben")];
  const first = new Page(world, room, ada);
  await world.run(200);
  first.mark("verse");
  await world.run(5000);
  return { world, room, ada, ben, first };
}

test("a song that was open here is there without the room, and merges when the room is back", async () => {
  const { world, room, ada, ben, first } = await bench();
  first.close();
  room.isUp = false;
  const page = new Page(world, room, ada);
  await world.run(1000);
  assert.deepEqual([["verse"], "offline", true], [page.markers, page.seat.state, page.store.editable]);
  page.mark("offline");
  await world.run(1000);
  room.isUp = true;
  const other = new Page(world, room, ben);
  await world.run(200);
  other.mark("online");
  await world.run(30_000);
  const all = ["offline", "online", "verse"];
  assert.deepEqual([all, all, all, "live"], [page.markers, other.markers, room.markers, page.seat.state]);
});

test("an edit is kept here before it is sent: a page that crashes at once loses nothing", async () => {
  const { world, room, ada, first } = await bench();
  room.isUp = false;
  room.cut();
  first.mark("crashed");
  await world.run(1);
  first.close();
  const page = new Page(world, room, ada);
  await world.run(1000);
  assert.deepEqual([["crashed", "verse"], 1], [page.markers, page.seat.figures.unsaved]);
  room.isUp = true;
  await world.run(30_000);
  assert.deepEqual([["crashed", "verse"], 0], [room.markers, page.seat.figures.unsaved]);
  page.close();
  room.isUp = false;
  const third = new Page(world, room, ada);
  await world.run(1000);
  assert.deepEqual([["crashed", "verse"], 0], [third.markers, third.seat.figures.unsaved]);
});

test("what is done last is written when the page goes, without waiting for its turn", async () => {
  const { world, room, ada, first } = await bench();
  room.isUp = false;
  room.cut();
  for (let at = 0; at < 5; at += 1) first.mark(`m${at}`);
  first.seat.flush();
  await world.run(1);
  first.close();
  const page = new Page(world, room, ada);
  await world.run(500);
  assert.deepEqual(["m0", "m1", "m2", "m3", "m4", "verse"], page.markers);
});

test("drafts outlive the page, and go when they are dropped", async () => {
  const { world, room, ada, first } = await bench();
  room.gate = () => ({ code: 4403, error: { code: "forbidden", message: "no", cure: "ask" } });
  first.mark("refused");
  await world.run(100);
  room.gate = () => null;
  await world.run(3000);
  first.close();
  const page = new Page(world, room, ada);
  await world.run(3000);
  const [draft] = page.seat.drafts;
  assert.deepEqual(["no", "ask", "the new marker refused"], [draft?.reason, draft?.cure, draft?.words]);
  assert.deepEqual([["verse"], "live", 0], [page.markers, page.seat.state, page.seat.figures.unsaved]);
  page.seat.dropDraft(draft?.id ?? "");
  await world.run(100);
  page.close();
  const third = new Page(world, room, ada);
  await world.run(1000);
  assert.deepEqual([], third.seat.drafts);
});

test("a page that goes while a refusal is on its way keeps the draft, and none of it in the song", async () => {
  const { world, room, ada, first } = await bench();
  room.gate = () => ({ code: 4403, error: { code: "forbidden", message: "no", cure: "ask" } });
  first.mark("refused");
  await world.run(20);
  room.isUp = false;
  await world.run(20);
  first.close();
  const page = new Page(world, room, ada);
  await world.run(500);
  assert.deepEqual([[], 1], [page.markers, page.seat.drafts.length]);
  room.gate = () => null;
  room.isUp = true;
  await world.run(30_000);
  assert.deepEqual([["verse"], ["verse"], "live"], [page.markers, room.markers, page.seat.state]);
});

test("what another person has left in this browser stays theirs, and is sent when they are back", async () => {
  const { world, room, ada, first } = await bench();
  room.isUp = false;
  room.cut();
  first.mark("of ada");
  await world.run(100);
  first.close();
  room.isUp = true;
  const guest = new Page(world, room, ada, { person: "ben" });
  await world.run(3000);
  assert.deepEqual([["verse"], ["verse"], "live"], [guest.markers, room.markers, guest.seat.state]);
  guest.mark("of ben");
  await world.run(5000);
  guest.close();
  const back = new Page(world, room, ada);
  await world.run(5000);
  assert.deepEqual(["of ada", "of ben", "verse"], room.markers);
  assert.deepEqual(room.markers, back.markers);
});

test("what was kept of another founding is a draft, and is never merged", async () => {
  const { world, room, ada, first } = await bench();
  room.isUp = false;
  room.cut();
  first.mark("waiting");
  await world.run(100);
  first.close();
  room.foundAnew("second");
  room.isUp = true;
  const page = new Page(world, room, ada);
  await world.run(5000);
  assert.deepEqual([[], [], "second", 0], [room.markers, page.markers, page.replica.epoch, page.seat.figures.unsaved]);
  assert.equal(1, page.seat.drafts.length);
  assert.match(page.seat.drafts[0]?.words ?? "", /waiting/);
});

test("what was kept and cannot be read stops nobody: what can be read of it is a draft", async () => {
  const { world, room, ada, first } = await bench();
  first.close();
  room.isUp = false;
  const copies = await BrowserCopies.open(ada.factory, () => world.now);
  assert.ok(copies);
  const copy = copies.copy({ base: "http://server/", person: "ada", piece: room.piece });
  await copy.keepEdit(new Uint8Array([7, 255, 255, 3, 9]), "first");
  room.isUp = true;
  const page = new Page(world, room, ada);
  await world.run(3000);
  assert.deepEqual([["verse"], "live", 0], [page.markers, page.seat.state, page.seat.figures.unsaved]);
  assert.deepEqual([], (await copy.load()).edits);
});

test("on a computer of several people nothing is kept", async () => {
  const { world, room, ben } = await bench();
  const page = new Page(world, room, ben, { keeps: false });
  await world.run(200);
  page.mark("unkept");
  await world.run(5000);
  assert.equal(true, room.markers.includes("unkept"));
  const copies = await BrowserCopies.open(ben.factory, () => world.now);
  assert.equal(null, await copies?.whoWasHere("http://server/"));
});

test("the choice to keep nothing stands in the settings of the browser", () => {
  const settings = new Map<string, string>();
  const storage = {
    getItem: (key: string) => settings.get(key) ?? null,
    setItem: (key: string, value: string) => void settings.set(key, value),
  };
  assert.equal(true, keepsSongs(storage));
  setKeepsSongs(storage, false);
  assert.equal(false, keepsSongs(storage));
  setKeepsSongs(storage, true);
  assert.equal(true, keepsSongs(storage));
});

test("of many pieces those that were used longest ago go, unless something waits in them", async () => {
  let now = 0;
  const copies = await BrowserCopies.open(new IDBFactory(), () => (now += 1));
  assert.ok(copies);
  const copyOf = (piece: number) => copies.copy({ base: "b", person: "ada", piece: `p${piece}` });
  await copyOf(0).keepEdit(new Uint8Array([1]), "e");
  for (let piece = 0; piece < 45; piece += 1) await copyOf(piece).settle(new Uint8Array([piece]), "e", 1, []);
  const kept = await Promise.all([0, 1, 2, 44].map(async (piece) => (await copyOf(piece).load()).document !== null));
  assert.deepEqual([true, false, false, true], kept);
});

test("a document that is too large is not kept, and its edits are", async () => {
  const copies = await BrowserCopies.open(new IDBFactory(), () => 1);
  const copy = copies?.copy({ base: "b", person: "ada", piece: "p" });
  const key = await copy?.keepEdit(new Uint8Array([1]), "e");
  await copy?.settle(new Uint8Array(20_000_001), "e", 1, []);
  const kept = await copy?.load();
  assert.deepEqual([null, [key]], [kept?.document, kept?.edits.map((edit) => edit.key)]);
});

test("when somebody wants nothing kept, what was kept goes, and the page works on", async () => {
  const { world, room, ada, first } = await bench();
  const gone = ada.factory.deleteDatabase("cellissimo");
  await new Promise((done) => (gone.onsuccess = done));
  first.mark("after");
  await world.run(5000);
  assert.deepEqual([["after", "verse"], "live", 0], [room.markers, first.seat.state, first.seat.figures.unsaved]);
});

test("a browser without a database of its own keeps nothing, and works", async () => {
  const broken = { open: () => { throw new Error("forbidden"); } } as unknown as IDBFactory;
  assert.equal(null, await BrowserCopies.open(broken, () => 1));
});
