import assert from "node:assert/strict";
import { test } from "node:test";

import {
  chordLine, loopFieldLine, patternLine, rowFieldLine, setStepLine, settingLine, strokeLine,
} from "../../src/ui/code_lines.js";
import { loopWith, stepWith } from "./memory_store.js";

test("a step is one call that says what differs from a plain step", () => {
  assert.equal('loop["drum-kick"].set(4, velocity=0.79)', setStepLine("drum-kick", 4, stepWith(100)));
  assert.equal(
    'loop["lead"].set(0, velocity=1, note=60.5, duration=960, probability=0.5, offset=-20)',
    setStepLine("lead", 0, stepWith(127, { pitch: 60.5, duration: 960, probability: 0.5, offset: -20 })),
  );
});

test("fields and settings are written as Python writes them", () => {
  assert.equal('loop["kick"].mute = True', rowFieldLine("kick", "mute", true));
  assert.equal("loop.tempo = 96", loopFieldLine("tempo", 96));
  assert.equal("loop.tempo = None", loopFieldLine("tempo", null));
  assert.equal('loop.name = "say \\"hi\\" \\\\ bye"', loopFieldLine("name", 'say "hi" \\ bye'));
  assert.equal('loop.set("kick.filter.freq", 800)', settingLine("kick.filter.freq", 800));
});

test("a chord is set by its cell and removed by del", () => {
  assert.equal('loop.chords[16] = "Am7"', chordLine(16, "Am7"));
  assert.equal("del loop.chords[16]", chordLine(16, null));
});

test("a pattern is as short as its repetition allows, in whole bars", () => {
  const bar = "x...x...x...x...";
  const twice = loopWith({ kick: bar + bar + bar + bar }, { bars: 4 });
  assert.equal(`loop["kick"] = "${bar}"`, patternLine(twice, "kick"));
  const uneven = loopWith({ kick: `${bar}${bar}${bar}X...............` }, { bars: 4 });
  assert.equal(`loop["kick"] = "${bar}${bar}${bar}X..............."`, patternLine(uneven, "kick"));
});

test("a stroke over several cells is the row's pattern where letters can say it", () => {
  const loop = loopWith({ kick: "xx.............." });
  const plain = strokeLine(loop, [["kick", 0, stepWith(100)], ["kick", 1, stepWith(100)]]);
  assert.equal('loop["kick"] = "xx.............."', plain);
  const steps = new Map([...loop.steps, ["kick/5", stepWith(77)] as const]);
  const called = strokeLine({ ...loop, steps }, [["kick", 0, stepWith(100)], ["kick", 1, null]]);
  assert.equal('loop["kick"].set(0, velocity=0.79); loop["kick"].remove(1)', called);
});

test("a stroke that changed nothing has no line", () => {
  assert.equal("", strokeLine(loopWith({}), []));
});
