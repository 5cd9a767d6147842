import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { compareTexts, keyBetween, keysAfter } from "../../src/core/order.js";
import { MeterMap, TempoMap } from "../../src/core/tempo_map.js";

type Rows<T> = readonly T[];

interface Fixtures {
  readonly tempoMaps: Rows<{
    readonly tempos: Readonly<Record<string, [number, boolean]>>;
    readonly seconds: Rows<[number, number]>;
    readonly tempo: Rows<[number, number]>;
    readonly ticks: Rows<[number, number]>;
  }>;
  readonly meterMaps: Rows<{
    readonly meters: Readonly<Record<string, string>>;
    readonly bars: Rows<[number, number, number]>;
    readonly ticks: Rows<[number, number, number]>;
    readonly starts: Rows<number>;
  }>;
  readonly keys: Rows<[string | null, string | null, string]>;
  readonly texts: Rows<string>;
}

const fixtures = JSON.parse(readFileSync("../tests/parity/times.json", "utf8")) as Fixtures;

function byTick<T>(record: Readonly<Record<string, T>>): Map<number, T> {
  return new Map(Object.entries(record).map(([tick, value]) => [Number(tick), value]));
}

test("ticks and seconds are those of Python, in steady tempos and in ramps", () => {
  for (const fixture of fixtures.tempoMaps) {
    const tempos = [...byTick(fixture.tempos)].map(
      ([tick, [bpm, ramp]]) => [tick, { bpm, ramp }] as const,
    );
    const map = new TempoMap(new Map(tempos));
    for (const [tick, seconds] of fixture.seconds) {
      assert.ok(Math.abs(seconds - map.secondsAt(tick)) < 1e-9, `${tick}: ${seconds}`);
      assert.ok(Math.abs(tick - map.exactTickAt(seconds)) < 1e-6, `back to ${tick}`);
    }
    for (const [tick, bpm] of fixture.tempo) {
      assert.ok(Math.abs(bpm - map.tempoAt(tick)) < 1e-9, `${tick}: ${bpm}`);
    }
    for (const [seconds, tick] of fixture.ticks) assert.equal(tick, map.tickAt(seconds));
  }
});

test("bars and beats are those of Python", () => {
  for (const fixture of fixtures.meterMaps) {
    const map = new MeterMap(byTick(fixture.meters));
    for (const [tick, bar, ticks] of fixture.bars) assert.deepEqual({ bar, ticks }, map.barAt(tick));
    for (const [bar, beat, tick] of fixture.ticks) assert.equal(tick, map.tickOf(bar, beat));
    assert.deepEqual(fixture.starts, map.barStarts(30_000));
  }
});

test("what no map has is refused", () => {
  assert.throws(() => new TempoMap(new Map([[1, { bpm: 120, ramp: false }]])), RangeError);
  assert.throws(() => new MeterMap(new Map([[0, "4:4"]])), RangeError);
  assert.throws(() => new MeterMap(new Map([[0, "4/4"]])).tickOf(1, 5), RangeError);
  assert.throws(() => new MeterMap(new Map([[0, "4/4"]])).tickOf(0), RangeError);
});

test("keys between others are Python's own", () => {
  for (const [low, high, between] of fixtures.keys) assert.equal(between, keyBetween(low, high));
  assert.throws(() => keyBetween("B", "B"), RangeError);
});

test("keys after a key rise, and texts sort as Python sorts them", () => {
  const keys = keysAfter("z", 200);
  assert.deepEqual(keys, [...keys].sort(compareTexts));
  assert.equal(200, new Set(keys).size);
  assert.deepEqual(fixtures.texts, [...fixtures.texts].reverse().sort(compareTexts));
});
