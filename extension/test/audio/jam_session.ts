/** A jam of pages that are unlike each other, and what is asserted of it. */

import assert from "node:assert/strict";

import type { Playable } from "../../src/core/player.js";
import type { Loop, Step } from "../../src/gen/models.js";
import { lag, loudest } from "./bench.js";
import { JamPage, type Traits } from "./jam.js";
import { Room, World } from "./jam_room.js";

const step = (velocity: number, probability = 1): Step => {
  return { velocity, pitch: null, duration: null, probability, offset: 0 };
};

/** A loop of sharp sounds, different on each beat. */
export function beat(changes: Partial<Loop> = {}): Playable {
  const loop: Loop = {
    id: "one", name: "One", bars: 1, steps_per_bar: 16, key: "C major", tempo: 120, meter: null,
    color: "#000000", source: null, chords: new Map(), settings: new Map(),
    steps: new Map([
      ["drum-kick/0", step(127)], ["drum-snare/4", step(100)], ["drum-kick/8", step(90)], ["drum-snare/12", step(127)],
      ["drum-hihat/2", step(60)], ["drum-hihat/6", step(110)], ["drum-hihat/10", step(40)], ["drum-hihat/14", step(90)],
    ]),
    ...changes,
  };
  return { id: "doc/one", revision: { loop, context: { tempo: 120, meter: "4/4" } } };
}

export const UNLIKE: readonly Traits[] = [
  { skew: 1000, latency: 20 },
  { skew: 77_777, latency: 85, way: () => 9 },
  { skew: 31.4, latency: 7, way: () => 4 },
];

/** Pages in one room that have joined, some time after they were opened. */
export async function jam(traits: readonly Traits[], playable = beat()) {
  const world = new World();
  const room = new Room(world, playable);
  const pages: JamPage[] = [];
  for (const one of traits) {
    pages.push(new JamPage(room, one));
    await world.run(133);
  }
  await Promise.all(pages.map((page) => page.transport.join()));
  await world.run(3000);
  return { world, room, pages };
}

export function assertTogether(pages: readonly JamPage[], from: number, seconds: number, most: number): void {
  const [one, ...others] = pages.map((page) => page.sample(from, seconds * 48_000));
  assert.ok(one && loudest(one) > 0.05, "something sounds");
  for (const other of others) {
    for (let at = 0; at + 24_000 <= one.length; at += 36_000) {
      const apart = lag(one.slice(at, at + 24_000), other.slice(at, at + 24_000), 120);
      assert.ok(Math.abs(apart) <= most, `${apart} frames apart at ${at / 48_000} s`);
    }
  }
}

export function assertAlike(pages: readonly JamPage[], seconds: number): void {
  const [one, ...others] = pages.map((page) => {
    const start = page.sent.findLast((message) => message.kind === "start");
    assert.ok(start?.kind === "start" && start.entry);
    const made = page.left.flatMap((block) => [...block]);
    return made.slice(start.entry.context, start.entry.context + seconds * 48_000);
  });
  assert.ok(one && loudest(one) > 0.05);
  for (const other of others) {
    const differs = one.findIndex((sample, at) => sample !== other[at]);
    assert.equal(-1, differs, `differs from ${differs / 48_000} s on`);
  }
}
