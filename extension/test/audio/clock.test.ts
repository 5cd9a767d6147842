import assert from "node:assert/strict";
import { test } from "node:test";

import { Clock, Offset } from "../../src/audio/together/clock.js";
import { deedFrame, probeFrame, readClock, readJson, readTransport } from "../../src/audio/together/frames.js";
import { Ear, type Listened } from "../../src/audio/together/ear.js";
import type { RoomLine } from "../../src/core/room_link.js";
import type { Timer } from "../../src/audio/together/clock.js";

/** Chance that is the same each time. */
function chances(seed = 1): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Probes of a page whose clock is `skew` behind the room's, each way as long as it is told. */
function probed(offset: Offset, skew: number, ways: readonly (readonly [number, number])[], from = 0): void {
  for (const [at, [there, back]] of ways.entries()) {
    const sent = from + at * 500;
    offset.add(sent, sent + there + skew, sent + there + back);
  }
}

test("the offset is known after some probes, and the first are thrown away", () => {
  const offset = new Offset();
  probed(offset, 9000, [[300, 5], [200, 5], ...Array.from({ length: 5 }, () => [4, 4] as const)]);
  assert.equal(null, offset.known);
  probed(offset, 9000, [[4, 4]], 9000);
  assert.deepEqual({ offset: 9000, roundTrip: 8, error: 4 }, offset.known);
});

test("ways that are now and then slow one way only put it off by less than half a millisecond", () => {
  const chance = chances();
  const offset = new Offset();
  const ways = Array.from({ length: 300 }, () => {
    const spike = chance() > 0.7 ? chance() * 90 : 0;
    return [7 + chance() * 16 * chance() + spike, 7 + chance() * 16 * chance()] as const;
  });
  probed(offset, -123.4, ways);
  assert.ok(Math.abs((offset.known?.offset ?? 0) + 123.4) < 0.5, `${offset.known?.offset}`);
  assert.ok((offset.known?.error ?? 0) >= 7);
});

test("a clock that steps is noticed after three answers, and one odd answer changes nothing", () => {
  const even = Array.from({ length: 60 }, () => [5, 5] as const);
  const offset = new Offset();
  probed(offset, 100, even);
  probed(offset, 130, [[5, 5], [5, 5]], 40_000);
  probed(offset, 100, [[5, 5]], 41_000);
  assert.equal(100, offset.known?.offset);
  probed(offset, 130, [[5, 5], [5, 5], [5, 5]], 50_000);
  assert.equal(130, offset.known?.offset);
});

test("clocks that drift apart are followed", () => {
  const offset = new Offset();
  for (let at = 0; at < 600; at += 1) {
    const sent = at * 500;
    const skew = 50 + sent * 20e-6;
    offset.add(sent, sent + 3 + skew, sent + 6);
  }
  assert.ok(Math.abs((offset.known?.offset ?? 0) - 56) < 0.6, `${offset.known?.offset}`);
});

test("after a cut the clock begins anew, and what was known holds until then", () => {
  const offset = new Offset();
  const even = Array.from({ length: 10 }, () => [5, 5] as const);
  probed(offset, 100, even);
  offset.restart();
  assert.equal(100, offset.known?.offset);
  probed(offset, 7_000_000, even.slice(0, 8), 90_000);
  assert.equal(7_000_000, offset.known?.offset);
});

test("frames about time are read strictly", () => {
  const answer = Uint8Array.from([...probeFrame(300), 64, 94, 221, 47, 26, 159, 190, 119]);
  assert.deepEqual([300, 123.456], readClock(answer)?.map((one) => Math.round(one * 1000) / 1000));
  for (const bad of [[], [1], [...answer, 0], [255, 255, 255, 255, 255, 255, 255, 255]]) {
    assert.equal(null, readClock(Uint8Array.from(bad)));
  }
  const deed = deedFrame({ do: "seek", tick: 7 });
  assert.deepEqual({ do: "seek", tick: 7 }, readJson(deed));
  assert.equal(null, readJson(deed.slice(0, -1)));
  const state = { leader: 1, playing: true, of: "song", tick: 0.5, at: 3, region: [0, 9], number: 1 };
  assert.deepEqual({ ...state, rounds: 0 }, readTransport(state));
  for (const wrong of [{ tick: "0" }, { at: null }, { of: 3 }, { playing: 1 }, { region: [1] }, { leader: "x" }]) {
    assert.equal(null, readTransport({ ...state, ...wrong }));
  }
});

test("the clock probes while the line is open, closely at first, and is silent while it is cut", () => {
  let [now, isOpen] = [0, false];
  const due: { at: number; act: () => void }[] = [];
  const told: ((isOpen: boolean) => void)[] = [];
  const sent: number[] = [];
  const line: RoomLine = {
    get isOpen() {
      return isOpen;
    },
    send: () => sent.push(now) > 0,
    on: () => undefined,
    subscribe: (changed) => void told.push(changed),
  };
  const later: Timer["later"] = (act, wait, signal) => {
    due.push({ at: now + wait, act: () => signal.aborted || act() });
  };
  const pass = (milliseconds: number): void => {
    const until = now + milliseconds;
    for (let next = due.shift(); next; next = due.sort((a, b) => a.at - b.at).shift()) {
      if (next.at > until) return void due.unshift(next);
      now = next.at;
      next.act();
    }
  };
  const open = (is: boolean): void => {
    isOpen = is;
    for (const changed of told) changed(is);
  };
  const clock = new Clock(line, { now: () => now, later }, () => undefined, new AbortController().signal);
  pass(5000);
  assert.deepEqual([null, []], [clock.known, sent]);
  open(true);
  pass(3000);
  assert.ok(sent.length > 15 && sent.length < 22, `${sent.length}`);
  assert.deepEqual([25, 500], [(sent[1] ?? 0) - (sent[0] ?? 0), (sent.at(-1) ?? 0) - (sent.at(-2) ?? 0)]);
  open(false);
  const before = sent.length;
  pass(5000);
  assert.equal(before, sent.length);
});

/** A context of a made-up browser, and time that passes for it. */
function browser(stamp: Listened["getOutputTimestamp"] | null, latency = 0.05) {
  let now = 5000;
  const due: (() => void)[] = [];
  const context = {
    state: "running" as AudioContextState, sampleRate: 48_000, baseLatency: 0.01, outputLatency: latency,
    get currentTime() {
      return Math.floor(((now - 4000) * 48) / 128) * 128 / 48_000;
    },
    ...(stamp !== null && { getOutputTimestamp: stamp }),
  };
  const timer: Timer = { now: () => now, later: (callback) => void due.push(callback) };
  const pass = (milliseconds: number): void => {
    for (const until = now + milliseconds; now < until; now += 50) due.splice(0).forEach((one) => one());
  };
  return { context, timer, pass, time: () => now };
}

test("the ear believes the browser's own pairs, the middle one of many, and not the first second", () => {
  const chance = chances();
  const { context, timer, pass, time } = browser(() => {
    const wild = chance() > 0.8 ? 30 : 0;
    return { contextTime: (time() - 4000 - 80) / 1000, performanceTime: time() + chance() - 0.5 + wild };
  });
  const ear = new Ear(context, timer, new AbortController().signal);
  pass(1200);
  assert.deepEqual([false, null], [ear.isReady, ear.timeOf(0)]);
  pass(1400);
  assert.ok(ear.isReady);
  assert.ok(Math.abs((ear.timeOf(48_000) ?? 0) - 5080) < 0.5, `${ear.timeOf(48_000)}`);
  assert.ok(Math.abs((ear.frameAt(5080) ?? 0) - 48_000) < 24);
  assert.equal(50, ear.latency);
});

test("where a browser says nothing of its output, its latency is taken off", () => {
  const zeros = (): AudioTimestamp => ({ contextTime: 0, performanceTime: 0 });
  const stale = (): AudioTimestamp => ({ contextTime: 0.5, performanceTime: 100 });
  for (const stamp of [null, zeros, stale]) {
    const { context, timer, pass } = browser(stamp);
    const ear = new Ear(context, timer, new AbortController().signal);
    pass(3000);
    assert.ok(Math.abs((ear.timeOf(0) ?? 0) - 4050) < 3, `${ear.timeOf(0)}`);
  }
  const { context, timer, pass } = browser(null, 0);
  const ear = new Ear(context, timer, new AbortController().signal);
  pass(3000);
  assert.ok(Math.abs((ear.timeOf(0) ?? 0) - 4010) < 3);
});

test("after a pause the ear listens anew", () => {
  const { context, timer, pass } = browser(null);
  const ear = new Ear(context, timer, new AbortController().signal);
  pass(3000);
  context.state = "suspended";
  pass(100);
  assert.equal(false, ear.isReady);
  context.state = "running";
  pass(2600);
  assert.ok(ear.isReady);
});
