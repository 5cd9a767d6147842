import assert from "node:assert/strict";
import { test } from "node:test";

import type { Song } from "../../src/gen/models.js";
import { arrangementOf, blocksOf, type Item } from "../../src/ui/song/arrangement.js";
import { isQuietItem } from "../../src/ui/song/audible.js";
import { duplicateItems, extent, heldEdge, heldShift, moveItems, placeLoop, removeItems, resizeItem, splitItem, type Deed } from "../../src/ui/song/edits.js";
import { cursorAfter } from "../../src/ui/song/timeline_keys.js";
import { sayItem } from "../../src/ui/song/words.js";
import { MemorySongStore } from "./memory_song_store.js";
import { BAR, RICH_SONG, notesOver } from "./rich_song.js";

const RICH = arrangementOf(RICH_SONG);

function item(key: string): Item {
  const found = RICH.items.get(key);
  if (found === undefined) throw new Error(`no item ${key}`);
  return found;
}

/** The song after a deed, which is one gesture. */
function after(deed: Deed): Song {
  const store = new MemorySongStore(RICH_SONG);
  const gesture = store.gesture();
  deed.apply(gesture.edit);
  gesture.end(deed.code);
  return store.revision.song;
}

test("lanes come before stems, with one lane to spare, and items know their place", () => {
  assert.deepEqual(["lane/0", "lane/1", "lane/2", "stem/keys", "stem/bass", "stem/vox", "stem/perc"], RICH.tracks.map((track) => track.key));
  assert.equal(1, item("blocks/b2").track);
  assert.equal(4 * BAR, item("blocks/b2").turn);
  assert.equal(22 * BAR, RICH.end);
});

test("an item is said with what it is and where", () => {
  assert.equal("Verse, bars 1 to 8, lane 2", sayItem(RICH, item("blocks/b2")));
  assert.equal("Take 3, audio, bars 5 to 8, stem Lead vocal", sayItem(RICH, item("segments/s4")));
});

test("a move is one line: bars, and the track first where it changes", () => {
  const one = moveItems(RICH, [item("blocks/b4")], BAR, 0);
  assert.equal("song.timeline[3].move(bar=18)", one.code);
  assert.equal(17 * BAR, after(one).blocks.get("b4")?.start);
  const half = moveItems(RICH, [item("blocks/b4")], BAR / 2, 0);
  assert.equal("song.timeline[3].move(bar=17.5)", half.code);
  const down = moveItems(RICH, [item("blocks/b4")], BAR, 2);
  assert.equal("part = song.timeline[3]; part.lane = 2; part.move(bar=18)", down.code);
  assert.equal(2, after(down).blocks.get("b4")?.lane);
  const other = moveItems(RICH, [item("segments/s1")], 0, 1);
  assert.equal('part = song.stems["Keys"].segments[0]; part.stem = song.stems["Bass"]', other.code);
  assert.equal("bass", after(other).segments.get("s1")?.stem);
});

test("several items move together, in a line that holds while their places change", () => {
  const both = [item("blocks/b2"), item("blocks/b3")];
  assert.equal(
    "for part, bar in ((song.timeline[0], 3), (song.timeline[2], 11)): part.move(bar=bar)",
    moveItems(RICH, both, 2 * BAR, 0).code,
  );
});

test("nothing goes before the beginning, and blocks do not become segments", () => {
  assert.deepEqual({ ticks: 0, tracks: 0 }, heldShift(RICH, [item("blocks/b2")], -BAR, -2));
  assert.deepEqual({ ticks: BAR, tracks: 0 }, heldShift(RICH, [item("blocks/b2")], BAR, 2));
  assert.deepEqual({ ticks: 0, tracks: 1 }, heldShift(RICH, [item("segments/s1")], 0, 1));
});

test("an end moves in bars; a beginning takes the content's offset with it", () => {
  assert.equal("song.timeline[4].bars = 2", resizeItem(RICH, item("blocks/b5"), "end", 20 * BAR).code);
  const trimmed = resizeItem(RICH, item("segments/s1"), "start", BAR);
  assert.equal(`part = song.stems["Keys"].segments[0]; part.move(bar=2); part.bars = 7; part.offset = ${BAR}`, trimmed.code);
  const { start, length, offset } = after(trimmed).segments.get("s1") ?? { start: 0, length: 0, offset: 0 };
  assert.deepEqual([BAR, 7 * BAR, BAR], [start, length, offset]);
});

test("audio ends where its frames end, and notes begin where theirs begin", () => {
  const take = item("segments/s4");
  const end = heldEdge(RICH, take, "end", 40 * BAR, 960);
  assert.equal(RICH.tempo.tickAt(RICH.tempo.secondsAt(take.start) + 9), end);
  assert.equal(8 * BAR, heldEdge(RICH, item("segments/s2"), "start", 0, 960));
  assert.equal(0, heldEdge(RICH, item("segments/s6"), "start", -50, 960));
});

test("a copy follows its original; several go on by the stretch they fill", () => {
  const one = duplicateItems(RICH, [item("blocks/b4")], 2 * BAR, 0);
  assert.equal("song.timeline[3].duplicate()", one.code);
  assert.deepEqual([16 * BAR, 18 * BAR], blocksOf(after(one)).filter((block) => block.loop === "fill").map((block) => block.start));
  assert.equal(16 * BAR, extent([item("blocks/b2"), item("blocks/b3")]));
});

test("a copy of notes has the same notes under a new segment", () => {
  const song = after(duplicateItems(RICH, [item("segments/s1")], 8 * BAR, 0));
  const copy = [...song.segments.values()].find((segment) => segment.name === "Chords" && segment.start === 8 * BAR);
  assert.equal(RICH_SONG.segments.get("s1")?.notes.size, copy?.notes.size);
});

test("a split of notes ends what sounds over the cut and begins it again", () => {
  const deed = splitItem(RICH, item("segments/s1"), 2 * BAR + 100);
  assert.ok(deed);
  const song = after(deed);
  const halves = [...song.segments.values()].filter((segment) => segment.name === "Chords").toSorted((a, b) => a.start - b.start);
  const [first, second] = halves;
  assert.deepEqual([0, 2 * BAR + 100], [first?.start, first?.length]);
  assert.equal(2 * BAR + 100, second?.offset);
  const ends = [...(first?.notes.values() ?? [])].map((note) => note.start + note.duration);
  assert.equal(2 * BAR + 100, Math.max(...ends));
  assert.equal(2 * BAR + 100, Math.min(...[...(second?.notes.values() ?? [])].map((note) => note.start)));
  const sounding = (notes: Iterable<{ duration: number }>): number => [...notes].reduce((sum, note) => sum + note.duration, 0);
  const whole = sounding(notesOver(64, 8, 55).values());
  assert.equal(whole, sounding(first?.notes.values() ?? []) + sounding(second?.notes.values() ?? []));
});

test("a block is cut between two turns of its loop, and one of a single turn is not", () => {
  const deed = splitItem(RICH, item("blocks/b2"), 3 * BAR);
  assert.equal("song.timeline[0].split(bar=5)", deed?.code);
  assert.equal(null, splitItem(RICH, item("blocks/b5"), 20 * BAR));
  assert.equal(null, splitItem(RICH, item("segments/s1"), 20 * BAR));
});

test("what is deleted goes from the last on, so that the places in the line stay true", () => {
  assert.equal(
    "song.timeline[2].delete(); song.timeline[0].delete()",
    removeItems(RICH, [item("blocks/b2"), item("blocks/b3")]).code,
  );
});

test("a loop on a lane is a block, on a stem a segment", () => {
  const loop = RICH_SONG.loops.get("beat");
  const [lane, stem] = [RICH.tracks[2], RICH.tracks[3]];
  assert.ok(loop && lane && stem);
  const block = placeLoop(RICH, loop, lane, 2 * BAR);
  assert.equal("song.timeline.add(song.pads[0], bar=3, lane=2)", block.code);
  assert.equal(BAR, [...after(block).blocks.values()].find(({ lane }) => lane === 2)?.length);
  assert.equal('song.stems["Keys"].add_loop(song.pads[0], bar=21)', placeLoop(RICH, loop, stem, 20 * BAR).code);
});

test("the cursor goes over heads and items, and up and down to what lies nearest", () => {
  const at = { track: 1, item: "blocks/b2", head: 0 };
  assert.equal("blocks/b3", cursorAfter(RICH, at, "ArrowRight", 1)?.item);
  assert.deepEqual({ track: 1, item: null, head: 0 }, cursorAfter(RICH, at, "ArrowLeft", 1));
  assert.equal("blocks/b1", cursorAfter(RICH, at, "ArrowUp", 1)?.item);
  assert.deepEqual({ track: 2, item: null, head: 0 }, cursorAfter(RICH, at, "ArrowDown", 1));
  assert.equal("segments/s3", cursorAfter(RICH, { track: 3, item: "segments/s2", head: 0 }, "ArrowDown", 3)?.item);
  assert.equal(null, cursorAfter(RICH, at, "q", 1));
});

test("[DOC-29] mute wins over solo, and solo silences blocks and stems alike", () => {
  const keys = RICH_SONG.stems.get("keys");
  assert.ok(keys);
  const solo = { ...keys, settings: new Map([["amp.solo", true]]) };
  const song = { ...RICH_SONG, stems: new Map(RICH_SONG.stems).set("keys", solo) };
  const quiet = (key: string): boolean => isQuietItem(song, item(key));
  assert.deepEqual([false, true, true], ["segments/s1", "segments/s3", "blocks/b2"].map(quiet));
  assert.equal(true, isQuietItem(RICH_SONG, item("segments/s6")));
});
