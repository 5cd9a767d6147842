import assert from "node:assert/strict";
import { test } from "node:test";

import { loudest } from "./bench.js";
import { JamPage } from "./jam.js";
import { assertAlike, assertTogether, beat, jam, UNLIKE } from "./jam_session.js";

test("[WIRE-14] nobody begins by themselves; who joined hears what the leader plays, sample by sample", async () => {
  const { world, room, pages } = await jam(UNLIKE);
  const away = new JamPage(room);
  await world.run(500);
  assert.ok(pages.every((page) => page.transport.alignment.isReady));
  assert.deepEqual([true, false], pages.slice(0, 2).map((page) => page.transport.isLeader));
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(4500);
  assertAlike(pages, 4);
  assertTogether(pages, world.now - 4000, 3.5, 1);
  assert.deepEqual([false, []], [away.transport.isFollowing, away.sent]);
  assert.ok(pages.every((page) => Math.abs(page.transport.alignment.drift ?? 9) < 0.1));
});

test("[WIRE-14] whoever leaves while their sound is being opened does not begin after all", async () => {
  const { world, room, pages } = await jam(UNLIKE.slice(0, 1));
  const hasty = new JamPage(room);
  await world.run(500);
  pages[0]?.transport.play({ of: "loop:one" });
  const joining = hasty.transport.join();
  hasty.transport.leave();
  await joining;
  await world.run(3000);
  assert.deepEqual([false, false], [hasty.transport.isFollowing, hasty.player.isAsked]);
});

test("[WIRE-15] a leader whom the room cannot hear stops their own sound all the same", async () => {
  const { world, pages } = await jam(UNLIKE.slice(0, 2));
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(1000);
  pages[0]?.cut();
  pages[0]?.player.stop();
  await world.run(1000);
  assert.deepEqual([false, true], pages.map((page) => page.player.isAsked));
});

test("[WIRE-21] an edit, one's own too, and a change of tempo are heard by all from the same frame on", async () => {
  const { world, pages } = await jam(UNLIKE);
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(1700);
  pages[1]?.edit(beat({ settings: new Map([["drum-kick.amp.level", 0.2]]) }));
  await world.run(700);
  pages[2]?.edit(beat({ tempo: 143.3 }));
  await world.run(300);
  pages[0]?.edit(beat({ tempo: 97 }));
  await world.run(3000);
  assertAlike(pages, 5);
  assertTogether(pages, world.now - 5000, 4.5, 1);
  const changes = pages.map((page) => page.sent.flatMap((m) => (m.kind === "change" ? [m.at] : [])));
  assert.deepEqual([changes[0], changes[0]], changes.slice(1));
  assert.equal(3, changes[0]?.length);
});

test("[WIRE-21] who comes late falls in where the others are, after a change of tempo too", async () => {
  const { world, room, pages } = await jam(UNLIKE.slice(0, 2));
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(2100);
  pages[1]?.edit(beat({ tempo: 170 }));
  await world.run(1900);
  const late = new JamPage(room, { skew: 5, latency: 44 });
  await world.run(100);
  await late.transport.join();
  await world.run(6000);
  assertTogether([...pages, late], world.now - 3000, 3, 2);
  late.edit(beat({ tempo: 88 }));
  await world.run(4000);
  assertTogether([...pages, late], world.now - 3000, 3, 2);
  const jumps = [...pages, late].map(({ sent }) => sent.filter(({ kind }) => kind === "start").length);
  assert.deepEqual([1, 1, 1], jumps);
});

test("[WIRE-15] when the leader's tab is closed, what plays plays on without a gap", async () => {
  const { world, room, pages } = await jam(UNLIKE);
  const [leader, heir, other] = pages;
  assert.ok(leader && heir && other);
  leader.transport.play({ of: "loop:one" });
  await world.run(2000);
  room.leave(leader);
  await world.run(500);
  assert.deepEqual([true, false], [heir.transport.isLeader, other.transport.isLeader]);
  heir.edit(beat({ tempo: 133 }));
  await world.run(3000);
  assertAlike([heir, other], 4);
  assert.equal(1, other.sent.filter(({ kind }) => kind === "start").length);
  heir.transport.stop();
  await world.run(2000);
  assert.deepEqual([false, false], [room.state["playing"], other.player.isAsked]);
  assert.ok(other.transport.isFollowing);
});

test("sound cards that run apart by 200 millionths stay within a millisecond", async () => {
  const blur = 1.5;
  const { world, pages } = await jam([
    { skew: 3, card: 100, blur }, { skew: 400, card: -100, blur, latency: 60 }, { skew: 7, blur },
  ]);
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(16_000);
  assertTogether(pages, world.now - 13_000, 12, 48);
  const slid = pages.map(({ sent }) => sent.some(({ kind }) => kind === "slide"));
  assert.deepEqual([true, true], slid.slice(0, 2));
  const starts = pages.map(({ sent }) => sent.filter(({ kind }) => kind === "start").length);
  assert.deepEqual([1, 1, 1], starts);
});

test("a network of 15 ± 8 milliseconds, one way slower than the other now and then, is no harm", async () => {
  const way = (chance: number): number => 3.5 + chance * 8 + (chance > 0.93 ? 60 : 0);
  const { world, pages } = await jam([{ skew: 3, way }, { skew: 400, way, latency: 60, blur: 1 }]);
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(9000);
  assertTogether(pages, world.now - 6000, 5, 96);
});

test("a sound card that stood still jumps to where the others are", async () => {
  const { world, pages } = await jam(UNLIKE);
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(3000);
  pages[2]?.stall(180);
  await world.run(5000);
  assertTogether(pages.slice(0, 2), world.now - 2000, 2, 1);
  assertTogether([pages[0], pages[2]].flatMap((page) => page ?? []), world.now - 2000, 2, 4);
  const starts = pages[2]?.sent.filter(({ kind }) => kind === "start").length;
  assert.equal(2, starts);
});

test("a jump of the leader is heard by all at once, and a region goes round for all", async () => {
  const { world, pages } = await jam(UNLIKE);
  pages[0]?.transport.play({ of: "loop:one", region: [960, 2880] });
  await world.run(1500);
  pages[0]?.transport.seek(1200);
  await world.run(3500);
  assertAlike(pages, 3);
  assertTogether(pages, world.now - 3000, 2.5, 1);
});

test("one's own mix is heard by oneself alone", async () => {
  const { world, pages } = await jam(UNLIKE.slice(0, 2));
  const [one, other] = pages;
  assert.ok(one && other);
  one.transport.play({ of: "loop:one" });
  await world.run(2000);
  other.transport.setMuted("loop:one", true);
  await world.run(2000);
  assert.ok(loudest(one.sample(world.now - 1000, 40_000)) > 0.05);
  assert.equal(0, Math.round(1e4 * loudest(other.sample(world.now - 1000, 40_000))));
  other.transport.setMuted("loop:one", false);
  await world.run(2000);
  assert.ok(other.transport.mix.isEmpty);
  assertTogether(pages, world.now - 1000, 1, 1);
});

test("who does not lead and stops leaves, and all others play on; what is stopped here is not there", async () => {
  const { world, pages } = await jam(UNLIKE.slice(0, 2));
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(1000);
  pages[1]?.player.seek(0);
  pages[1]?.player.stop();
  await world.run(1000);
  assert.deepEqual([true, false], pages.map((page) => page.transport.isFollowing));
  assert.deepEqual([true, false], pages.map((page) => page.player.isAsked));
  await pages[1]?.transport.join();
  await world.run(5000);
  assertTogether(pages, world.now - 2000, 2, 2);
});

test("a recording that is played on the leader's page leaves the others their music", async () => {
  const { world, room, pages } = await jam(UNLIKE.slice(0, 2));
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(1000);
  pages[0]?.player.giveWay();
  await world.run(1000);
  assert.deepEqual([false, true], pages.map((page) => page.transport.isFollowing));
  assert.deepEqual([false, true], pages.map((page) => page.player.isAsked));
  assert.equal(true, room.state["playing"]);
});

test("a page whose sound was taken away for a while falls in again", async () => {
  const { world, pages } = await jam(UNLIKE.slice(0, 2));
  pages[1]?.pause(true);
  await world.run(300);
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(1500);
  assert.equal(false, pages[1]?.player.isAsked);
  pages[1]?.pause(false);
  await world.run(6000);
  assertTogether(pages, world.now - 2000, 2, 2);
});

test("who was there and joins soon after changes of tempo hears them as the others do", async () => {
  for (const wait of [90, 1333]) {
    const { world, room, pages } = await jam(UNLIKE.slice(0, 2));
    const late = new JamPage(room, { skew: 5, latency: 44 });
    pages[0]?.transport.play({ of: "loop:one" });
    await world.run(2100);
    pages[1]?.edit(beat({ tempo: 170 }));
    await world.run(333);
    pages[0]?.edit(beat({ tempo: 91 }));
    await world.run(wait);
    await late.transport.join();
    await world.run(5000);
    assertTogether([...pages, late], world.now - 2500, 2, 2);
  }
});

test("when the server is started anew, what plays plays on, and the room is told of it", async () => {
  const { world, room, pages } = await jam(UNLIKE);
  pages[0]?.transport.play({ of: "loop:one" });
  await world.run(2000);
  pages[1]?.edit(beat({ tempo: 133 }));
  await world.run(2000);
  room.restart();
  await world.run(1500);
  assert.equal(true, room.state["playing"]);
  const late = new JamPage(room, { skew: 3 });
  await world.run(100);
  await late.transport.join();
  await world.run(5500);
  assertTogether([...pages, late], world.now - 2500, 2, 4);
  const starts = pages.map(({ sent }) => sent.filter(({ kind }) => kind === "start").length);
  assert.deepEqual([1, 1, 1], starts);
});

test("[WIRE-13] where a kernel leads, one of the pages tells where a new tempo began", async () => {
  const { world, room, pages } = await jam(UNLIKE.slice(0, 2));
  room.playByKernel("loop:one");
  await world.run(2000);
  pages[1]?.edit(beat({ tempo: 151 }));
  await world.run(3000);
  assert.equal(2, room.state["number"], "the start, and one mark");
  const late = new JamPage(room, { skew: 3 });
  await world.run(100);
  await late.transport.join();
  await world.run(5000);
  assertTogether([...pages, late], world.now - 2500, 2, 2);
});
