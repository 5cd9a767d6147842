/** A fixed song with something of everything: what the pages and tests of the view show. */

import type { Block, Loop, Note, Segment, Song, Stem } from "../../src/gen/models.js";
import { EMPTY_SONG } from "./memory_song_store.js";
import { loopWith } from "./memory_store.js";

export const BAR = 3840;

const LOOPS: readonly Loop[] = [
  { ...loopWith({ "drum-kick": "X...x...X...x..x", "drum-snare": "....X.......X...", "drum-hihat": "x.x.x.x.x.x.x.xo" }), id: "beat", name: "Beat", color: "#f2994a" },
  { ...loopWith({ "synth-pad": `x${".".repeat(15)}x${".".repeat(15)}x${".".repeat(15)}x${".".repeat(15)}`, "synth-arp": "x.x.x.x.x.x.x.x.".repeat(4), "bass-sub": "x.......x.x.....".repeat(4) }, { bars: 4, chords: new Map([[0, "vi"], [16, "IV"], [32, "I"], [48, "V"]]) }), id: "verse", name: "Verse", color: "#5b8def" },
  { ...loopWith({ "synth-lead": "x..x..x.x..x.x..".repeat(4), "synth-pluck": "..x...x...x...x.".repeat(4), "drum-clap": "....x.......x...".repeat(4) }, { bars: 4 }), id: "chorus", name: "Chorus", color: "#9b51e0" },
  { ...loopWith({ "fx-riser": "x...............................", "drum-tom": "........................x.x.xxxx" }, { bars: 2 }), id: "fill", name: "Fill", color: "#27ae60" },
];

const block = (id: string, loop: string, bar: number, bars: number, lane: number): Block =>
  ({ id, loop, start: (bar - 1) * BAR, length: bars * BAR, lane });

const BLOCKS: readonly Block[] = [
  block("b1", "beat", 5, 12, 0), block("b2", "verse", 1, 8, 1), block("b3", "chorus", 9, 8, 1),
  block("b4", "fill", 17, 2, 0), block("b5", "verse", 19, 4, 1),
];

const NO_MAPS = { settings: new Map(), sends: new Map(), lanes: new Map() };

const stem = (id: string, name: string, order: string, color: string, more: Partial<Stem> = {}): Stem =>
  ({ id, name, color, order, channel: null, frozen: null, ...NO_MAPS, ...more });

const STEMS: readonly Stem[] = [
  stem("keys", "Keys", "A", "#2d9cdb", { settings: new Map<string, number | string>([["sample.sound", "synth-pad"], ["amp.level", 0.7], ["pan.pan", -0.3], ["chorus.mix", 0.4], ["reverb.mix", 0.2]]), sends: new Map([["room", 0.4]]) }),
  stem("bass", "Bass", "B", "#bb6bd9", { settings: new Map<string, number | string>([["sample.sound", "bass-sub"], ["comp.ratio", 4], ["eq.low", 1]]) }),
  stem("vox", "Lead vocal", "C", "#eb5757", { settings: new Map<string, number | string | boolean>([["pan.pan", 0.1], ["comp.ratio", 3], ["delay.mix", 0.2], ["delay.bypass", true]]), sends: new Map([["room", 0.6], ["echo", 0.25]]) }),
  stem("perc", "Percussion", "D", "#56b6a9", { settings: new Map<string, number | string | boolean>([["sample.sound", "drum-shaker"], ["amp.mute", true]]) }),
];

const PLAIN = { name: "", offset: 0, gain: 0, fade_in: 0, fade_out: 0, fade_in_curve: "linear", fade_out_curve: "linear", loop: null, blob: null, frames: 0, notes: new Map() };

/** Notes that rise and fall, `count` of them, over so many bars. */
export function notesOver(count: number, bars: number, low = 48): ReadonlyMap<string, Note> {
  const step = (bars * BAR) / count;
  return new Map(Array.from({ length: count }, (_, at) => [`n${at}`, {
    start: Math.round(at * step), duration: Math.round(step * 0.85), velocity: 60 + ((at * 17) % 60),
    pitch: low + Math.round(8 + 8 * Math.sin(at * 0.7) + 4 * Math.sin(at * 0.23)),
  }]));
}

const segment = (id: string, owner: string, kind: string, bar: number, bars: number, more: Partial<Segment> = {}): Segment =>
  ({ ...PLAIN, id, stem: owner, kind, start: (bar - 1) * BAR, length: bars * BAR, ...more });

const SEGMENTS: readonly Segment[] = [
  segment("s1", "keys", "midi", 1, 8, { name: "Chords", notes: notesOver(64, 8, 55) }),
  segment("s2", "keys", "midi", 9, 8, { name: "Chords up", notes: notesOver(96, 8, 60) }),
  segment("s3", "bass", "midi", 5, 12, { name: "Walking", notes: notesOver(96, 12, 36) }),
  segment("s4", "vox", "audio", 5, 4, { name: "Take 3", blob: "a".repeat(64), frames: 48000 * 9, fade_in: 400, fade_out: 900, fade_out_curve: "s-curve" }),
  segment("s5", "vox", "audio", 11, 6, { name: "Take 7", blob: "b".repeat(64), frames: 48000 * 14, fade_in: 60, fade_out: 2500, fade_out_curve: "equal-power" }),
  segment("s6", "perc", "loop", 9, 8, { loop: "fill" }),
];

const byId = <T extends { readonly id: string }>(entities: readonly T[]): ReadonlyMap<string, T> => new Map(entities.map((each) => [each.id, each]));

export const RICH_SONG: Song = {
  ...EMPTY_SONG,
  name: "Evening train",
  key: "A minor",
  tempos: new Map([[0, { bpm: 104, ramp: false }], [16 * BAR, { bpm: 104, ramp: true }], [18 * BAR, { bpm: 84, ramp: false }]]),
  meters: new Map([[0, "4/4"]]),
  loops: byId(LOOPS),
  pads: new Map([[0, "beat"], [1, "verse"], [2, "chorus"], [3, "fill"]]),
  blocks: byId(BLOCKS),
  stems: byId(STEMS),
  returns: byId([
    { id: "room", name: "Room", color: "#8f9bb3", order: "A", settings: new Map([["reverb.mix", 1]]), lanes: new Map() },
    { id: "echo", name: "Echo", color: "#f2c94c", order: "B", settings: new Map([["delay.mix", 1]]), lanes: new Map() },
  ]),
  segments: byId(SEGMENTS),
  sections: byId([
    { id: "x1", name: "Intro", start: 0, length: 4 * BAR, color: "#56b6a9" },
    { id: "x2", name: "Verse", start: 4 * BAR, length: 4 * BAR, color: "#5b8def" },
    { id: "x3", name: "Chorus", start: 8 * BAR, length: 8 * BAR, color: "#9b51e0" },
    { id: "x4", name: "Outro", start: 18 * BAR, length: 4 * BAR, color: "#f2c94c" },
  ]),
  markers: byId([{ id: "m1", name: "drop", tick: 8 * BAR }]),
};

/** A song with thousands of notes, to measure drawing by. */
export function heavySong(notes: number): Song {
  const stems = Array.from({ length: 8 }, (_, at) => stem(`h${at}`, `Stem ${at + 1}`, String.fromCodePoint(65 + at), STEMS[at % 4]?.color ?? ""));
  const segments = stems.map(({ id }) => segment(`g${id}`, id, "midi", 1, 64, { notes: notesOver(notes / 8, 64) }));
  return { ...RICH_SONG, name: "Heavy", stems: byId(stems), segments: byId(segments) };
}
