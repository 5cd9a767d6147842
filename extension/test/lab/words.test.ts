import assert from "node:assert/strict";
import { test } from "node:test";

import {
  ago,
  fileName,
  initial,
  inkOn,
  lengthWords,
  musicWords,
  pythonComment,
  pythonText,
  sentences,
  sizeWords,
} from "../../src/lab/words.js";
import { freeName, pathIn } from "../../src/lab/new_song.js";

const NOW = Date.parse("2026-11-21T12:00:00Z");

test("times are said as people say them, to both sides of now", () => {
  const said = (time: string): string => ago(time, NOW);
  assert.equal(said("2026-11-21T11:59:30Z"), "just now");
  assert.equal(said("2026-11-21T11:00:00Z"), "1 hour ago");
  assert.equal(said("2026-11-19T11:00:00.500Z"), "2 days ago");
  assert.equal(said("2025-11-01T00:00:00Z"), "1 year ago");
  assert.equal(said("2026-12-21T12:00:00Z"), "in 1 month");
  assert.equal(said("no time"), "");
});

test("sizes are in steps of 1000, as the limits are", () => {
  assert.equal(sizeWords(0), "0 bytes");
  assert.equal(sizeWords(999), "999 bytes");
  assert.equal(sizeWords(1500), "1.5 KB");
  assert.equal(sizeWords(100_000_000), "100 MB");
});

test("lengths are seconds while they are short", () => {
  assert.equal(lengthWords(0.42), "0.4 s");
  assert.equal(lengthWords(65.9), "1:05");
});

test("what went wrong and its cure are sentences of their own", () => {
  assert.equal(sentences("it holds nothing", "Send another."), "it holds nothing. Send another.");
  assert.equal(sentences("Is it there?", ""), "Is it there?");
});

test("a card says its music", () => {
  assert.equal(musicWords({ tempo: 92.53, key: "C major", bars: 1 }), "92.5 BPM · C major · 1 bar");
  assert.equal(musicWords({ tempo: 120, key: "", bars: 0 }), "120 BPM · empty");
});

test("the letter on a card is a whole one, in ink that can be read", () => {
  assert.equal(initial("  élan"), "É");
  assert.equal(initial("🎻 strings"), "🎻");
  assert.equal(initial(" "), "♪");
  assert.equal(inkOn("#000000"), "#fff");
  assert.equal(inkOn("#f2c14e"), "#000");
});

test("a name never becomes code: it stays inside the text, or on the comment's line", () => {
  const hostile = 'a"); import os #\n\u2028b\\';
  assert.equal(pythonText(hostile), String.raw`"a\"); import os #\n\U00002028b\\"`);
  assert.equal(pythonText("🎻"), '"🎻"');
  assert.equal(pythonComment("a\nimport os\r\u2028b\0"), "# a import os b");
});

test("a project's notebook has a name that every file system takes, and that is free", () => {
  assert.equal(fileName("../../etc/passwd"), "etc passwd");
  assert.equal(fileName("CON: <a>|b?"), "CON a b");
  assert.equal(fileName("\n"), "Song");
  assert.equal([...fileName("🎻".repeat(99))].length, 60);
  const taken = new Set(["Evening.ipynb", "Evening 2.ipynb"]);
  assert.equal(freeName("Evening", taken), "Evening 3.ipynb");
  assert.equal(pathIn("Drive:", "a.ipynb"), "Drive:a.ipynb");
  assert.equal(pathIn("music", "a.ipynb"), "music/a.ipynb");
});
