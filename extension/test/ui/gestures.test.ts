import assert from "node:assert/strict";
import { test } from "node:test";

import { accentOf, contrast } from "../../src/ui/accent.js";
import { previewOf } from "../../src/ui/chord_preview.js";
import { moveChord, moveEnd, spanAt, spansOf, spread } from "../../src/ui/chord_spans.js";
import { envelopePath } from "../../src/ui/envelope_curve.js";
import { meterScale } from "../../src/ui/meter.js";
import { beginStroke, decideStroke, spotsBetween } from "../../src/ui/painting.js";
import { positionOf, valueAt } from "../../src/ui/slider.js";
import { dragged, faceOf, nudged, velocityOf } from "../../src/ui/velocity.js";
import { EMPTY, revisionOf } from "./memory_store.js";

test("an empty cell begins to paint, a filled one waits for the direction", () => {
  assert.deepEqual({ kind: "paint", velocity: 100 }, beginStroke(false, false, 100));
  assert.equal("undecided", beginStroke(true, false, 100).kind);
  assert.equal("velocity", decideStroke(true, { up: 12, across: 2, leftTheCell: false }, 100).kind);
  assert.equal("erase", decideStroke(true, { up: 1, across: 20, leftTheCell: true }, 100).kind);
  assert.equal("undecided", decideStroke(true, { up: 2, across: 2, leftTheCell: false }, 100).kind);
});

test("a finger on an empty cell waits: it may scroll the page, or paint the next cell", () => {
  assert.equal("undecided", beginStroke(false, true, 100).kind);
  assert.equal("undecided", decideStroke(false, { up: 40, across: 0, leftTheCell: true }, 100).kind);
  assert.equal("paint", decideStroke(false, { up: 0, across: 40, leftTheCell: true }, 100).kind);
});

test("a chord is previewed by one step that nothing mutes", () => {
  const muted = { ...EMPTY, chords: new Map([[0, "ii"]]), settings: new Map([["synth-pad.amp.mute", true]]) };
  const { loop } = previewOf(revisionOf(muted), 0);
  assert.deepEqual(["synth-pad/0"], [...loop.steps.keys()]);
  assert.equal("ii", loop.chords.get(0));
  assert.equal(false, loop.settings.has("synth-pad.amp.mute"));
});

function cells(from: number, to: number): readonly number[] {
  return spotsBetween({ row: "kick", cell: from }, { row: "kick", cell: to }).map((spot) => spot.cell);
}

test("a fast stroke leaves no gaps in its row, forward and back", () => {
  assert.deepEqual([3, 4, 5], cells(2, 5));
  assert.deepEqual([4, 3], cells(5, 3));
  assert.deepEqual([], cells(5, 5));
  assert.deepEqual([{ row: "hat", cell: 9 }], spotsBetween({ row: "kick", cell: 2 }, { row: "hat", cell: 9 }));
});

test("velocities made by hand read back exactly from their two decimals", () => {
  for (let face = 1; face <= 100; face += 1) {
    assert.equal(face / 100, faceOf(velocityOf(face / 100)));
  }
});

test("a drag of 60 pixels halves a full step; nothing goes silent or past the top", () => {
  assert.equal(velocityOf(0.5), dragged(127, -60));
  assert.equal(velocityOf(0.01), dragged(50, -500));
  assert.equal(127, dragged(50, 500));
  assert.equal(velocityOf(0.85), nudged(velocityOf(0.8), 1));
  assert.equal(velocityOf(0.75), nudged(velocityOf(0.79), -1));
});

const chords = new Map([[0, "I"], [16, "V"], [32, "vi"], [48, "IV"], [80, "ii"]]);
const loop = { ...EMPTY, bars: 4, chords };

test("a chord lasts to the next one; what lies past the end is not shown", () => {
  const spans = spansOf(loop);
  assert.deepEqual([[0, 16], [16, 32], [32, 48], [48, 64]], spans.map((span) => [span.cell, span.end]));
  assert.equal("V", spanAt(spans, 31)?.symbol);
});

test("a moved chord leaves its cell", () => {
  assert.deepEqual([[16, null], [20, "V"]], moveChord(spansOf(loop), 16, 20));
  assert.deepEqual([], moveChord(spansOf(loop), 16, 16));
});

test("a chord's end moves the next chord, passes over it, or ends the harmony", () => {
  const spans = spansOf(loop);
  assert.deepEqual([[16, null], [12, "V"]], moveEnd(spans, 0, 12, 64));
  assert.deepEqual([[16, null], [20, "V"]], moveEnd(spans, 0, 20, 64));
  assert.deepEqual([[16, null]], moveEnd(spans, 0, 32, 64));
  assert.deepEqual([[60, "N.C."]], moveEnd(spans, 48, 60, 64));
  assert.deepEqual([], moveEnd(spans, 48, 64, 64));
});

test("a progression shares the loop evenly", () => {
  assert.deepEqual([[0, "I"], [16, "V"], [32, "vi"], [48, "IV"]], spread(["I", "V", "vi", "IV"], 64));
});

test("positions of a slider and their values are inverses, on both scales", () => {
  const plans = [
    { low: -1, high: 1, step: 0.01 },
    { low: 20, high: 20000, step: 1, logarithmic: true },
    { low: 0, high: 10, step: 0.01, logarithmic: true },
  ];
  for (const plan of plans) {
    assert.equal(plan.low, valueAt(plan, 0));
    assert.equal(plan.high, valueAt(plan, 1));
    for (let at = 0; at <= 1; at += 0.05) {
      assert.ok(Math.abs(positionOf(plan, valueAt(plan, at)) - at) < 0.01, `${plan.high} at ${at}`);
    }
  }
});

test("the meter is empty at −48 dB and full at 0 dB", () => {
  assert.equal(0, meterScale(0));
  assert.equal(0, meterScale(0.0001));
  assert.equal(1, meterScale(1));
  assert.ok(Math.abs(meterScale(10 ** (-24 / 20)) - 0.5) < 1e-9);
});

test("an envelope's drawing ends on its floor and stays in its frame", () => {
  for (const [attack, decay, sustain, release] of [[0, 0, 0, 0], [10, 10, 1, 20], [0.005, 0.1, 0.7, 0.2]] as const) {
    const numbers = envelopePath(attack, decay, sustain, release).match(/-?[\d.]+/g)?.map(Number) ?? [];
    assert.ok(numbers.length > 10);
    assert.ok(numbers.every((number) => number >= 0 && number <= 120));
    assert.equal(32, numbers.at(-1));
  }
});

test("what stands on a loop's colour can be read, whatever the colour", () => {
  for (const color of ["#5b8def", "#ffe680", "#000000", "#ffffff", "#7f7f7f", "#e0492f"]) {
    assert.ok(contrast(accentOf(color).color, accentOf(color).ink) >= 3, color);
  }
  assert.equal("#5b8def", accentOf("red; background: url(x)").color);
});
