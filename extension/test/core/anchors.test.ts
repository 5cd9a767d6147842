import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { placeOf } from "../../src/core/anchors.js";
import type { Anchor } from "../../src/gen/rest.js";
import { readSong, type SongJson } from "../song_json.js";

interface Fixtures {
  readonly anchors: readonly Anchor[];
  readonly songs: readonly {
    readonly song: SongJson;
    readonly places: readonly (readonly [number | null, boolean])[];
  }[];
}

const fixtures = JSON.parse(readFileSync("../tests/parity/anchors.json", "utf8")) as Fixtures;

test("comments stand where Python finds them, also after the song has changed", () => {
  for (const [number, { song, places }] of fixtures.songs.entries()) {
    const read = readSong(song);
    const found = fixtures.anchors.map((anchor) => placeOf(read, anchor));
    const expected = places.map(([tick, isGone]) => ({ tick, isGone }));
    assert.deepEqual(expected, found, `song ${number}`);
  }
});
