import assert from "node:assert/strict";
import { test } from "node:test";

import { fileName } from "../../src/pages/deeds.js";
import { RefusedEdit, StillLoop, StillSong } from "../../src/pages/still.js";
import { clockOf } from "../../src/pages/transport.js";
import { RICH_SONG } from "../ui/rich_song.js";
import { loopWith, revisionOf } from "../ui/memory_store.js";

test("what is only shown refuses every gesture and never changes", () => {
  const loop = new StillLoop(revisionOf(loopWith({ kick: "x..." })));
  assert.throws(() => loop.gesture(), RefusedEdit);
  assert.equal(false, loop.editable || loop.canUndo || loop.canRedo);
  const { revision } = loop;
  loop.undo();
  loop.redo();
  assert.equal(revision, loop.revision);
});

test("a loop of a shown song is only shown too, in its song's tempo", () => {
  const song = RICH_SONG;
  const store = new StillSong({ song });
  assert.throws(() => store.gesture(), RefusedEdit);
  const [id = ""] = song.loops.keys();
  assert.equal(song.tempos.get(0)?.bpm, store.loop(id).revision.context.tempo);
  assert.throws(() => store.loop("nobody"), /holds no loop nobody/);
});

test("times are minutes and seconds", () => {
  assert.deepEqual(["0:00", "0:59", "1:00", "61:01"], [-1, 59.999, 60, 3661].map(clockOf));
});

test("a title becomes a file name that no disk minds and that leads nowhere", () => {
  const titles = ["First light", "../../etc/passwd", "a/b\\c:d", "...", "\u202e<script>\u0000", ""];
  const expected = ["First light", "etc passwd", "a b c d", "music", "script", "music"];
  assert.deepEqual(expected, titles.map(fileName));
  assert.equal(60, fileName("x".repeat(300)).length);
});
