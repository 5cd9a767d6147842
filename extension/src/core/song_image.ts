/** The score image of a song, word for word equal to Python's `cellissimo.engine.song_image`. */

import { KIND_GROUP, KIND_INSTRUMENT, KIND_MASTER, KIND_RETURN } from "../gen/image.js";
import { FADE_CURVES, FROZEN_GAIN, LAST_TICK, MASTER, PADS } from "../gen/limits.js";
import type { Block, Loop, Segment, Song, Stem } from "../gen/models.js";
import { EFFECTS } from "../gen/parameters.js";
import { addLoop, addRows, settingsOf, type Strips } from "./image.js";
import { compareTexts, inOrder } from "./order.js";
import { modulo } from "./pitch.js";
import { soundNamed } from "./rows.js";
import { fnv, indexIn, Score, sortedByText, type Overlay, type ScoreImage } from "./score.js";
import { MeterMap, parseMeter, type Meter } from "./tempo_map.js";

/** The settings of a strip that act behind its effects: freezing leaves them free. */
const FADER: ReadonlySet<string> = new Set([
  "amp.level", "amp.gain", "sample.gain", "amp.mute", "amp.solo", "pan.pan",
]);

const FNV_STARTS = [0x811c9dc5, 0x01000193] as const;

/** The image of a whole song, from its first tick to its end. */
export function songImage(song: Song): ScoreImage {
  return songScore(song).image();
}

/** What the image of a song is made from; `audio` are blobs that keep the number they had. */
export function songScore(song: Song, audio: readonly string[] = [], overlay?: Overlay): Score {
  const score = new Score(songLength(song), song.seed, audio, overlay);
  const master = score.addStrip("", KIND_MASTER, -1, song.master, {}) ?? 0;
  score.addLanes(master, song.lanes);
  addTime(score, song);
  const returns = addReturns(score, song);
  for (const stem of inOrder(song.stems.values())) addStem(score, song, stem, returns);
  addTimeline(score, song);
  return score;
}

/** Ticks from the start of a song to its end, at least one bar [DOC-28]. */
export function songLength(song: Song): number {
  let end = parseMeter(song.meters.get(0) ?? "4/4").ticksPerBar;
  for (const block of song.blocks.values()) end = Math.max(end, endOf(block));
  for (const segment of song.segments.values()) end = Math.max(end, endOf(segment));
  return end;
}

/** The segments of a stem, from first to last. */
export function segmentsOf(song: Song, stemId: string): readonly Segment[] {
  const found = [...song.segments.values()].filter((segment) => segment.stem === stemId);
  return found.sort((a, b) => a.start - b.start || compareTexts(a.id, b.id));
}

/** The ids of the loops: those on pads by pad, then the others by name. */
export function loopsInOrder(song: Song): readonly string[] {
  const first = new Map<string, number>();
  for (const [pad, loop] of [...song.pads].sort(([a], [b]) => a - b)) {
    if (!first.has(loop)) first.set(loop, pad);
  }
  const pad = (loop: Loop): number => first.get(loop.id) ?? PADS;
  return [...song.loops.values()]
    .sort((a, b) => pad(a) - pad(b) || compareTexts(a.name, b.name) || compareTexts(a.id, b.id))
    .map((loop) => loop.id);
}

/** The loop that a segment plays: its own has its id; none where it plays no loop. */
export function loopOf(segment: Segment): string {
  return segment.kind === "pattern" ? segment.id : segment.loop ?? "";
}

/** The meter of a loop's bars where it is placed at a tick [DOC-26]. */
export function barOf(loop: Loop, song: Song, tick: number): Meter {
  return loop.meter !== null ? parseMeter(loop.meter) : new MeterMap(song.meters).meterAt(tick);
}

interface Fingerprint {
  /** What it was made from. */
  readonly parts: readonly unknown[];
  readonly text: string;
}

/** A song asks for the same ones at each of its edits. */
const fingerprints = new WeakMap<Stem, Fingerprint>();

/**
 * What a stem sounds like before its fader, in 16 hexadecimal digits: FNV-1a of the words of the
 * image of the stem alone and of the names of its blobs, begun from two numbers.
 */
export function fingerprint(song: Song, stemId: string): string {
  const stem = song.stems.get(stemId);
  if (stem === undefined) return "";
  const segments = segmentsOf(song, stemId);
  const loops = segments.map((segment) => song.loops.get(loopOf(segment)));
  const parts = [song.tempos, song.meters, song.pads, song.seed, ...segments, ...loops];
  const held = fingerprints.get(stem);
  const isHeld = held?.parts.length === parts.length;
  if (isHeld && parts.every((part, place) => part === held.parts[place])) return held.text;
  const alone = songImage(stemAlone(song, stem));
  const blobs = new TextEncoder().encode(alone.audio.join(""));
  const words = [...new Int32Array(alone.image.buffer), ...blobs];
  const text = FNV_STARTS.map((start) => hex(fnv(words, start))).join("");
  fingerprints.set(stem, { parts, text });
  return text;
}

function hex(word: number): string {
  return (word >>> 0).toString(16).padStart(8, "0");
}

/** The song with one stem and nothing else, its fader as if untouched. */
function stemAlone(song: Song, stem: Stem): Song {
  const alone: Stem = {
    ...stem,
    order: "V",
    frozen: null,
    sends: new Map(),
    settings: new Map([...stem.settings].filter(([key]) => !FADER.has(key))),
    lanes: new Map([...stem.lanes].filter(([key]) => !FADER.has(key))),
  };
  return {
    ...song,
    stems: new Map([[stem.id, alone]]),
    segments: new Map([...song.segments].filter(([, segment]) => segment.stem === stem.id)),
    blocks: new Map(),
    returns: new Map(),
    master: new Map(),
    lanes: new Map(),
  };
}

function endOf(place: Block | Segment): number {
  return place.start + place.length;
}

function addTime(score: Score, song: Song): void {
  for (const [tick, { bpm, ramp }] of [...song.tempos].sort(([a], [b]) => a - b)) {
    score.add("tempos", tick, bpm, ramp ? 1 : 0);
  }
  for (const [tick, text] of [...song.meters].sort(([a], [b]) => a - b)) {
    const meter = parseMeter(text);
    score.add("meters", tick, meter.ticksPerBar, meter.ticksPerBeat);
  }
}

function addReturns(score: Score, song: Song): Strips {
  const strips = new Map<string, number>();
  for (const bus of inOrder(song.returns.values())) {
    const strip = score.addStrip(`return:${bus.id}`, KIND_RETURN, 0, bus.settings, {});
    if (strip === null) continue;
    score.addLanes(strip, bus.lanes);
    strips.set(bus.id, strip);
  }
  return strips;
}

function addStem(score: Score, song: Song, stem: Stem, returns: Strips): void {
  const { frozen } = stem;
  const isFrozen = frozen !== null && frozen.fingerprint === fingerprint(song, stem.id);
  const settings = new Map(stem.settings);
  if (isFrozen) for (const effect of EFFECTS) settings.set(`${effect}.bypass`, true);
  const patch = soundNamed(String(stem.settings.get("sample.sound") ?? ""))?.patch ?? {};
  const name = `stem:${stem.id}`;
  const strip = score.addStrip(name, KIND_INSTRUMENT, 0, settings, patch, stem.name);
  if (strip === null) return;
  score.addLanes(strip, stem.lanes);
  for (const [to, level] of sortedByText(stem.sends)) {
    const bus = returns.get(to);
    if (bus !== undefined) score.add("sends", strip, bus, level);
  }
  if (isFrozen) {
    const span = score.add("spans", 0, LAST_TICK, FROZEN_GAIN, 0, 0, 0, 0);
    score.add("clips", strip, span, score.audioNumber(frozen.blob), 0, frozen.frames);
  } else {
    new Content(score, song, strip, `${name}/`).add(segmentsOf(song, stem.id));
  }
}

function addTimeline(score: Score, song: Song): void {
  const content = new Content(score, song, 0, "loop:");
  const blocks = [...song.blocks.values()].sort(
    (a, b) => a.start - b.start || a.lane - b.lane || compareTexts(a.id, b.id),
  );
  const used = new Set(blocks.map((block) => block.loop));
  for (const loop of loopsInOrder(song)) if (used.has(loop)) content.prepare(loop);
  for (const block of blocks) {
    const span = score.add("spans", block.start, block.length, 0, 0, 0, 0, 0);
    content.place(block.loop, block.start, span, 0);
  }
}

/** What one strip, or the timeline, plays: its loops get strips of their own below it. */
class Content {
  readonly #groups = new Map<string, { readonly bus: number; readonly strips: Strips }>();
  /** The loop records that are there, by length of bar and loop. */
  readonly #written = new Map<string, number>();

  constructor(
    private readonly score: Score,
    private readonly song: Song,
    private readonly strip: number,
    private readonly prefix: string,
  ) {}

  add(segments: readonly Segment[]): void {
    const used = new Set(segments.map(loopOf));
    for (const loop of loopsInOrder(this.song)) if (used.has(loop)) this.prepare(loop);
    for (const segment of segments) this.#addSegment(segment);
  }

  /** Gives a loop a bus and a strip for each of its rows. */
  prepare(loopId: string): void {
    const loop = this.song.loops.get(loopId);
    if (loop === undefined) return;
    const name = `${this.prefix}${loopId}`;
    const bus = this.score.addStrip(name, KIND_GROUP, this.strip, settingsOf(loop, MASTER), {});
    if (bus === null) return;
    this.#groups.set(loopId, { bus, strips: addRows(this.score, loop, bus, `${name}/`) });
  }

  /** Plays a loop in a span that starts at a tick, from `offset` ticks of it on. */
  place(loopId: string, start: number, span: number, offset: number): void {
    const group = this.#groups.get(loopId);
    const loop = this.song.loops.get(loopId);
    if (group === undefined || loop === undefined) return;
    const meter = barOf(loop, this.song, start);
    const key = `${meter.ticksPerBar} ${loopId}`;
    const written =
      this.#written.get(key) ?? addLoop(this.score, loop, group.bus, group.strips, meter);
    this.#written.set(key, written);
    this.score.add("placements", written, span, modulo(offset, meter.ticksPerBar * loop.bars));
  }

  #addSegment(segment: Segment): void {
    const { start, length, kind, blob, offset, frames } = segment;
    const span = this.score.add(
      "spans", start, length, segment.gain, segment.fade_in, segment.fade_out,
      indexIn(FADE_CURVES, segment.fade_in_curve), indexIn(FADE_CURVES, segment.fade_out_curve),
    );
    if (kind === "midi") this.#addNotes(segment, span);
    else if (kind === "audio" && blob !== null) {
      this.score.add("clips", this.strip, span, this.score.audioNumber(blob), offset, frames);
    } else this.place(loopOf(segment), start, span, offset);
  }

  #addNotes(segment: Segment, span: number): void {
    const notes = [...segment.notes].sort(
      ([a, one], [b, other]) => one.start - other.start || compareTexts(a, b),
    );
    for (const [, { start, duration, pitch, velocity }] of notes) {
      const tick = segment.start + start - segment.offset;
      const isInside = tick >= segment.start && tick < endOf(segment);
      if (isInside) this.score.add("notes", this.strip, span, tick, duration, pitch, velocity);
    }
  }
}
