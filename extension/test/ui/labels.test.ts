import assert from "node:assert/strict";
import { test } from "node:test";

import { labelOfChord, pretty } from "../../src/ui/chord_chip.js";
import { geometryOf } from "../../src/ui/geometry.js";
import { readChord, rootNames, varied, whyUnread, writeChord } from "../../src/ui/harmony.js";
import { sayValue } from "../../src/ui/row_drawer.js";
import { isAudible, rowsOf, shortName } from "../../src/ui/rows.js";
import { heldCells, labelOfCell } from "../../src/ui/step_row.js";
import { EMPTY, loopWith, revisionOf, stepWith } from "./memory_store.js";

const geometry = geometryOf(revisionOf({ ...EMPTY, bars: 4 }));

test("a cell says its row, place, state and velocity", () => {
  assert.equal("drum-kick, bar 1, beat 1, off", labelOfCell("drum-kick", geometry, 0, null));
  assert.equal("drum-kick, bar 2, beat 2, on, velocity 0.79", labelOfCell("drum-kick", geometry, 20, stepWith(100)));
  assert.equal(
    "lead, bar 1, beat 1, step 2, on, velocity 1, note 64, 50 percent of the time",
    labelOfCell("lead", geometry, 1, stepWith(127, { pitch: 64, probability: 0.5 })),
  );
});

test("a held step says how long it lasts, to the end of the loop at most", () => {
  const held = stepWith(100, { duration: 3840 });
  assert.equal("pad, bar 1, beat 1, on, velocity 0.79, lasts 16 steps", labelOfCell("pad", geometry, 0, held));
  assert.equal(15, heldCells(geometry, 0, held));
  assert.equal(3, heldCells(geometry, 60, held));
  assert.equal(0, heldCells(geometry, 0, stepWith(100, { duration: 120 })));
  assert.equal(0, heldCells(geometry, 0, stepWith(100)));
});

test("a chord says letters, numeral, function, place and length", () => {
  const span = { cell: 32, end: 48, symbol: "vi7" };
  assert.equal("chord Am7 vi7, tonic: at home, bar 3, beat 1, 1 bar", labelOfChord(span, readChord("vi7", "C major"), geometry));
  assert.equal("no chord, bar 3, beat 1, 1 bar", labelOfChord({ ...span, symbol: "N.C." }, readChord("N.C.", "C major"), geometry));
  assert.equal("chord H7, not understood, bar 3, beat 1, 1 bar", labelOfChord({ ...span, symbol: "H7" }, null, geometry));
});

test("flats and sharps are shown as musicians write them, and no letter b of a word", () => {
  assert.equal("B\u266dm7\u266d5/E\u266d", pretty("Bbm7b5/Eb"));
  assert.equal("\u266dVII", pretty("bVII"));
  assert.equal("F\u266fdim", pretty("F#dim"));
});

test("a chord that cannot be read is told with its cure", () => {
  assert.equal(null, readChord("H7", "C major"));
  assert.match(whyUnread("H7", "C major"), /Write/);
});

test("the editor's parts make the chord, spelled as the key spells", () => {
  assert.equal("Eb", rootNames("Eb major")[3]);
  assert.equal("D#", rootNames("E major")[3]);
  assert.equal("Bbm7/Db", writeChord(10, "m7", 1, "Ab major"));
  assert.equal("Am", writeChord(9, "m", 9, "C major"));
});

test("a variation keeps a numeral a numeral, and leaves no chord alone", () => {
  assert.equal("V7", varied("V", "+7", "C major"));
  assert.equal("Gsus4", varied("G", "sus", "C major"));
  assert.equal(null, varied("N.C.", "sus", "C major"));
});

function names(rows: Readonly<Record<string, string>>): readonly string[] {
  return rowsOf(loopWith(rows), new Set()).map((row) => row.name);
}

test("an empty loop offers a band; a row under another name for a sound replaces the offer", () => {
  assert.equal(8, names({}).length);
  const renamed = names({ kick: "x..............." });
  assert.ok(renamed.includes("kick") && !renamed.includes("drum-kick"));
  assert.deepEqual(renamed, [...names({ kick: "x...............", "fx-riser": "x" })].filter((name) => name !== "fx-riser"));
});

test("mute silences also a soloed row", () => {
  const settings = new Map([["a.amp.mute", true], ["a.amp.solo", true], ["b.amp.solo", true]]);
  const loop = { ...EMPTY, settings };
  assert.deepEqual([false, true, false], ["a", "b", "c"].map((row) => isAudible(loop, row, true)));
});

test("values are said with their units", () => {
  assert.deepEqual(["5 ms", "1.8 s", "800 Hz", "1.2 kHz", "0.35"], [
    sayValue(0.005, "s"), sayValue(1.8, "s"), sayValue(800, "Hz"), sayValue(1200, "Hz"), sayValue(0.35, ""),
  ]);
  assert.equal("hihat", shortName("drum-hihat"));
});
