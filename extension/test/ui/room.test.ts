import assert from "node:assert/strict";
import { test } from "node:test";

import { conflictIn, lineIn } from "../../src/rooms/shapes.js";
import { inOrderOfPlace } from "../../src/ui/room/comment_shelf.js";
import { valueWords, writeStored } from "../../src/ui/room/stored.js";
import { onePerPerson } from "../../src/ui/room/strip.js";
import { ago, alignmentRows, initials, milliseconds, roleWord, sayPerson, stateSentences, stateWord } from "../../src/ui/room/words.js";
import { ADA, BEN, EVE, LivelyRoom } from "./lively_room.js";
import { MemoryRoomApi } from "./memory_room_api.js";
import { MemorySongStore } from "./memory_song_store.js";
import { RICH_SONG } from "./rich_song.js";

test("people are called by their initials, whatever alphabet they write", () => {
  assert.deepEqual(["AL", "A", "ÉÜ", "?", "大", "JB"], ["Ada Lovelace", "ada", "élan über", "  ", "大野", "jo.van.berg"].map(initials));
});

test("a person is said with role, deed and way; who came by a link is a guest", () => {
  assert.equal("Ada Lovelace (you), owner, editing", sayPerson(ADA));
  assert.equal("Ben Okri, contributor, editing, from Python", sayPerson({ ...BEN, via: "kernel" }));
  assert.equal("Guest", roleWord(EVE));
});

test("one person with several pages is one sign, oneself first, and edits if one of them does", () => {
  const again = { ...BEN, session: 9, activity: "idle" as const };
  const shown = onePerPerson([again, BEN, ADA]);
  assert.deepEqual([["ada", "editing"], ["ben", "editing"]], shown.map((who) => [who.person.id, who.activity]));
});

test("every state has a word and says what to do; the room's own reason comes first", () => {
  const room = new LivelyRoom();
  for (const state of ["joining", "live", "slow", "offline", "read-only", "refused", "closed"] as const) {
    room.become(state);
    const [sentence, cure] = stateSentences(room);
    assert.notEqual("", stateWord(state));
    assert.match(sentence, /\.$/);
    assert.equal(["joining", "live"].includes(state), cure === "");
  }
  room.become("refused", "You may not delete stems.");
  assert.equal("You may not delete stems.", stateSentences(room)[0]);
});

test("figures are numbers with their unit and sign", () => {
  assert.deepEqual(["38 ms", "1.2 ms", "\u22124 ms", "\u22121843 ms", "0 ms"], [38.4, 1.2, -4, -1843.2, 0].map(milliseconds));
  const rows = new Map(alignmentRows({ isReady: true, offset: -3, error: 0.6, roundTrip: 1.2, latency: 0, drift: null }));
  assert.deepEqual(["\u22123 ms \u00b1 0.6 ms", "\u2013", "\u2013"], [rows.get("Room's clock"), rows.get("To your ear"), rows.get("Off by")]);
});

test("times gone by are said shortly", () => {
  const now = Date.UTC(2026, 0, 1, 12);
  const said = [5, 90, 7200, 200_000].map((seconds) => ago(new Date(now - seconds * 1000).toISOString(), now));
  assert.deepEqual(["now", "1 min ago", "2 h ago", "2 d ago"], said);
  assert.equal("", ago("no time", now));
});

test("comments stand in the order of the song, those on nothing first, those on what is gone last", async () => {
  const api = new MemoryRoomApi(new LivelyRoom(), () => ({ song: RICH_SONG }));
  await api.comment("all of it", { kind: "song" });
  const ids = inOrderOfPlace(await api.comments()).map(({ id }) => id);
  assert.deepEqual(["c5", "c1", "c2", "c3", "c4"], ids);
});

test("[WIRE-18] keeping a value writes it where the news say, whatever kind of field that is", () => {
  const store = new MemorySongStore(RICH_SONG);
  const write = (path: readonly string[], key: string, value: unknown): void => writeStored(store.gesture().edit, path, key, value);
  write(["tempo"], "0", 97);
  write(["song"], "key", "D major");
  write(["stems", "bass"], "name", "Low");
  write(["stems", "bass", "settings"], "amp.level", 0.5);
  write(["stems", "vox", "sends"], "room", null);
  write(["segments", "s4"], "fadeIn", 250);
  write(["segments", "s3", "notes"], "n0", [0, 480, 40, 90]);
  write(["loops", "beat", "chords"], "8", "F");
  write(["loops", "beat", "steps"], "drum-kick/3", [90, null, null, 0.5]);
  write(["loops", "beat"], "stepsPerBar", 12);
  const { song } = store.revision;
  assert.deepEqual({ bpm: 97, ramp: false }, song.tempos.get(0));
  assert.equal("D major", song.key);
  assert.equal("Low", song.stems.get("bass")?.name);
  assert.equal(0.5, song.stems.get("bass")?.settings.get("amp.level"));
  assert.equal(false, song.stems.get("vox")?.sends.has("room"));
  assert.equal(250, song.segments.get("s4")?.fade_in);
  assert.equal(40, song.segments.get("s3")?.notes.get("n0")?.pitch);
  const beat = song.loops.get("beat");
  assert.deepEqual(["F", 0.5, 12], [beat?.chords.get(8), beat?.steps.get("drum-kick/3")?.probability, beat?.steps_per_bar]);
});

test("values are said in a few words", () => {
  const said = [
    valueWords({ path: ["tempo"], key: "0" }, [97, "ramp"]), valueWords({ path: ["song"], key: "name" }, "x".repeat(40)),
    valueWords({ path: ["stems", "a", "settings"], key: "amp.mute" }, true), valueWords({ path: ["song"], key: "key" }, null),
  ];
  assert.deepEqual(["97 BPM", `${"x".repeat(23)}\u2026`, "on", "nothing"], said);
});

test("[WIRE-17] [WIRE-18] news are read as the wire says them", () => {
  const by = { id: "b", name: "Ben", color: "#123456", kind: "user" };
  const news = { kind: "conflict", id: "x", path: ["tempo"], key: "0", words: "tempo", mine: { value: 97 }, theirs: {}, stands: "mine", by, settled: false };
  const found = conflictIn(news);
  assert.deepEqual([97, null, "mine", false, "Ben"], [found?.mine, found?.theirs, found?.stands, found?.isSettled, found?.other.name]);
  assert.equal(null, conflictIn({ kind: "chat" }));
  const line = { id: "l", number: 1, author: by, at: "2026-11-21T08:00:00.000Z", text: "hi", position: { tick: 960 } };
  assert.equal(960, lineIn(line).tick);
});
