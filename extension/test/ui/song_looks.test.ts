import assert from "node:assert/strict";
import { test } from "node:test";

import { MeterMap, TempoMap } from "../../src/core/tempo_map.js";
import { contrast } from "../../src/ui/accent.js";
import { arrangementOf } from "../../src/ui/song/arrangement.js";
import { arcPath } from "../../src/ui/song/dial.js";
import { isDark, itemInks } from "../../src/ui/song/inks.js";
import { COLORS, extremes, fadeGain, firstNoteAt, freshColor, loopMarks, noteField } from "../../src/ui/song/miniature.js";
import { chainOf, faderLevel, faderPlace, movedChain, parameterOf, parametersOf, sayValue, settingLineOf, settingOf, stripName, usedEffects, STRIP_EFFECTS } from "../../src/ui/song/mixing.js";
import { targetsOf } from "../../src/ui/song/mixer.js";
import { freePad } from "../../src/ui/song/pad_panel.js";
import { addSection, moveSign, removeSign, resizeSection, signsOf } from "../../src/ui/song/signs_model.js";
import { panOf } from "../../src/ui/song/strip.js";
import { clampZoom, gridLines, snap, snapDown, zoneAt, zoomAbout, zoomToFit } from "../../src/ui/song/viewport.js";
import { clockText, decibelText, placeText, saySpan } from "../../src/ui/song/words.js";
import { BAR, RICH_SONG, heavySong, notesOver } from "./rich_song.js";

const FOUR = new MeterMap(new Map([[0, "4/4"]]));
/** Two bars of 4/4, then 3/4. */
const MIXED = new MeterMap(new Map([[0, "4/4"], [2 * BAR, "3/4"]]));

test("places snap to the grid of their own meter, never before the beginning", () => {
  assert.equal(BAR, snap(FOUR, BAR + 400, "bar", 0.01));
  assert.equal(960, snap(FOUR, 1000, "beat", 0.01));
  assert.equal(2 * BAR + 2880, snap(MIXED, 2 * BAR + 2500, "bar", 0.01));
  assert.equal(1234, snap(FOUR, 1234.4, "off", 0.01));
  assert.equal(0, snap(FOUR, -500, "bar", 0.01));
  assert.equal(0, snapDown(FOUR, BAR - 1, "bar", 0.01));
});

test("the automatic grid is as fine as can be seen", () => {
  assert.equal(240, snap(FOUR, 200, "auto", 0.2));
  assert.equal(0, snap(FOUR, 900, "auto", 0.005));
});

test("zoom keeps what is under the hand, and the song in view", () => {
  const { zoom, scroll } = zoomAbout({ zoom: 0.01, scroll: 100 }, 0.02, 50);
  assert.equal((100 + 50) / 0.01, (scroll + 50) / zoom);
  assert.equal(0.05, zoomToFit(20_000, 1000));
  assert.equal(0.05, clampZoom(0.0001, 20_000, 1000));
  assert.equal(0.25, clampZoom(9, 20_000, 1000));
});

test("lines stand at bars and beats; numbers only where they fit", () => {
  const close = gridLines(MIXED, 0, 2 * BAR + 2880, 0.1);
  assert.deepEqual([1, 2, 3, 4], close.flatMap((line) => line.label ?? []));
  assert.deepEqual([0, BAR, 2 * BAR, 2 * BAR + 2880], close.filter((line) => line.weight === "bar").map((line) => line.tick));
  const far = gridLines(FOUR, 0, 400 * BAR, 0.0005);
  assert.ok(far.length < 60);
  assert.equal(1, far[0]?.label);
});

test("the edges of a narrow item leave a middle to grab", () => {
  assert.deepEqual(["start", "body", "end"], [2, 20, 39].map((x) => zoneAt(x, 40, false)));
  assert.equal("body", zoneAt(10, 20, false));
  assert.equal("start", zoneAt(20, 200, true));
});

test("places and levels are written as musicians write them", () => {
  assert.equal("3.2", placeText(FOUR, 2 * BAR + 960));
  assert.equal("bars 3 to 4", saySpan(FOUR, 2 * BAR, 2 * BAR));
  assert.equal("bar 1, beat 2 to bar 2", saySpan(FOUR, 960, 2880));
  assert.equal("0:02.0", clockText(new TempoMap(new Map([[0, { bpm: 120, ramp: false }]])), BAR));
  assert.deepEqual(["\u2212\u221e dB", "\u22126.0 dB", "0.0 dB"], [0, 0.501, 1].map(decibelText));
});

test("a fader's place and level are each other's inverse, at every thousandth", () => {
  for (let level = 0; level <= 1000; level += 1) assert.equal(level / 1000, faderLevel(faderPlace(level / 1000)));
});

test("a pan that is nearly in the middle is in the middle", () => {
  assert.deepEqual([0, 0, 1, -1], [0.5, 0.51, 1, 0].map(panOf));
});

test("text on every colour can be read, and sections have the same", () => {
  for (const color of COLORS) {
    for (const dark of [false, true]) {
      const { title, text } = itemInks(color, dark);
      assert.ok(contrast(title, text) >= 4.5, `${text} on ${title}`);
    }
  }
  assert.deepEqual([true, false], [isDark("rgb(23, 24, 28)"), isDark("rgb(255, 255, 255)")]);
});

test("new things take the colour that is used least", () => {
  assert.equal(COLORS[1], freshColor([COLORS[0] ?? ""]));
  assert.equal(COLORS[0], freshColor([...COLORS]));
});

test("a loop's marks lie within its field, one for each step", () => {
  const loop = RICH_SONG.loops.get("beat");
  assert.ok(loop);
  const marks = loopMarks(loop);
  assert.equal(loop.steps.size, marks.length);
  assert.ok(marks.every(({ x, y, width, height }) => x >= 0 && x + width <= 1.0001 && y >= 0 && y + height <= 1.0001));
  assert.equal(marks, loopMarks(loop));
});

test("notes are found from the first that may still sound", () => {
  const field = noteField(notesOver(1000, 10));
  const at = firstNoteAt(field, 5 * BAR);
  assert.ok((field.starts[at] ?? 0) >= 5 * BAR - field.longest);
  assert.ok((field.starts[at - 1] ?? 0) < 5 * BAR - field.longest);
  assert.ok([...field.heights].every((height) => height >= 0 && height <= 1));
});

test("a wave's extremes are those of the stretch, and silence outside", () => {
  const peaks = { framesPerPeak: 10, low: [-1, -2, -3], high: [1, 2, 3] };
  assert.deepEqual([-2, 2], extremes(peaks, 0, 20));
  assert.deepEqual([-3, 3], extremes(peaks, 25, 26));
  assert.deepEqual([0, 0], extremes(peaks, 500, 600));
});

test("fades begin in silence and end in full, by each curve", () => {
  for (const curve of ["linear", "equal-power", "s-curve"]) {
    assert.equal(0, fadeGain(curve, 0));
    assert.equal(1, Math.round(fadeGain(curve, 1) * 1e9) / 1e9);
  }
  assert.ok(Math.abs(fadeGain("equal-power", 0.5) ** 2 - 0.5) < 1e-9);
});

test("strips stand as the engine names them: stems, loops of the timeline, returns, master", () => {
  assert.deepEqual(
    ["stem:keys", "stem:bass", "stem:vox", "stem:perc", "loop:beat", "loop:verse", "loop:chorus", "loop:fill", "return:room", "return:echo", "master"],
    targetsOf(RICH_SONG).map(stripName),
  );
});

test("used effects are in the order of the chain, and moving one says the new order", () => {
  const keys = { kind: "stem", id: "keys" } as const;
  assert.deepEqual(["chorus", "reverb"], usedEffects(RICH_SONG, keys).map(({ id }) => id));
  assert.deepEqual(["reverb", "chorus"], movedChain(RICH_SONG, keys, "reverb", -1));
  assert.equal(null, movedChain(RICH_SONG, keys, "reverb", 1));
  assert.equal(10, new Set(chainOf(RICH_SONG, keys)).size);
  assert.deepEqual(["limiter"], usedEffects(RICH_SONG, { kind: "master" }).map(({ id }) => id));
});

test("every effect has parameters, and begins with something that is heard", () => {
  for (const effect of STRIP_EFFECTS) {
    assert.ok(parametersOf(effect).length > 0, effect.id);
    for (const [key, value] of Object.entries(effect.start)) {
      const parameter = parameterOf(key);
      assert.ok(parameter, key);
      assert.notEqual(parameter.default, value);
    }
  }
});

test("settings are said with their unit and as Python's own names", () => {
  const freq = parameterOf("filter.freq");
  const attack = parameterOf("comp.attack");
  assert.ok(freq && attack);
  assert.deepEqual(["1.20 kHz", "10 ms"], [sayValue(freq, 1200), sayValue(attack, 0.01)]);
  const bass = { kind: "stem", id: "bass" } as const;
  assert.equal('song.stems["Bass"].volume = 0.6', settingLineOf(RICH_SONG, bass, "amp.level", 0.6));
  assert.equal('song.stems["Bass"].effects["reverb"].mix = 0.3', settingLineOf(RICH_SONG, bass, "reverb.mix", 0.3));
  assert.equal('song.stems["Bass"].settings["band.bypass"] = True', settingLineOf(RICH_SONG, bass, "band.bypass", true));
  assert.equal('song.pads[0].set("master.amp.level", 0.5)', settingLineOf(RICH_SONG, { kind: "loop", id: "beat" }, "amp.level", 0.5));
  assert.equal("song.master.volume = 0.9", settingLineOf(RICH_SONG, { kind: "master" }, "amp.level", 0.9));
  assert.equal(0.8, settingOf(RICH_SONG, { kind: "return", id: "room" }, "amp.level"));
});

test("signs are said with their place, and a ramp with where it goes", () => {
  const signs = signsOf(arrangementOf(RICH_SONG));
  const labels = signs.map((sign) => sign.label);
  assert.ok(labels.includes("bar 1, tempo 104, meter 4/4"));
  assert.ok(labels.includes("bar 17, tempo 104, moving to 84"));
  assert.ok(labels.includes("Section Verse, bars 5 to 8"));
  assert.ok(labels.includes("Marker drop, bar 9"));
});

test("sections and tempos move, stretch and go by one line each", () => {
  const arrangement = arrangementOf(RICH_SONG);
  const sign = (key: string): ReturnType<typeof signsOf>[number] => {
    const found = signsOf(arrangement).find((each) => each.key === key);
    if (found === undefined) throw new Error(key);
    return found;
  };
  assert.equal('song.sections["Outro"].move(bar=21)', moveSign(arrangement, sign("sections/x4"), 20 * BAR).code);
  assert.equal('song.sections["Outro"].bars = 3', resizeSection(arrangement, sign("sections/x4"), 18 * BAR, 3 * BAR).code);
  assert.equal("song.tempos.remove(bar=19); song.tempos.set(bar=20, tempo=84)", moveSign(arrangement, sign(`time/${18 * BAR}`), 19 * BAR).code);
  assert.equal('song.markers["drop"].delete()', removeSign(arrangement, sign("markers/m1"))?.code);
  assert.equal(null, removeSign(arrangement, sign("time/0")));
  assert.match(addSection(arrangement, 16 * BAR, 2 * BAR).code, /^song\.sections\.add\("Bridge", bar=17, bars=2, color="#[0-9a-f]{6}"\)$/);
});

test("the first free pad is found, and none where all are taken", () => {
  assert.equal(4, freePad(RICH_SONG.pads));
  assert.equal(null, freePad(new Map(Array.from({ length: 16 }, (_, pad) => [pad, "beat"]))));
});

test("a knob's arc is large only past half a turn", () => {
  assert.match(arcPath(0, 1), / 1 1 /);
  assert.match(arcPath(0.5, 0.6), / 0 1 /);
});

test("thousands of notes are arranged at once", () => {
  const song = heavySong(12_000);
  const began = performance.now();
  const { items } = arrangementOf(song);
  for (const { segment } of items.values()) if (segment !== null) noteField(segment.notes);
  assert.ok(performance.now() - began < 500);
});
