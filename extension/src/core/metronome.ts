/** Clicks: an overlay on the score image of what plays, and the bars that are counted in. */

import { KIND_INSTRUMENT, KIND_MASTER } from "../gen/image.js";
import type { Value } from "../gen/models.js";
import { modulo } from "./pitch.js";
import { soundNamed } from "./rows.js";
import { Score, type ScoreImage } from "./score.js";
import type { MeterMap, TempoMap } from "./tempo_map.js";

/** The name of the strip that clicks. */
export const METRONOME = "metronome";

const SOUND = soundNamed("drum-rim");
const PITCH = Number(SOUND?.patch["play.pitch"] ?? 72);
const BEAT = { pitch: PITCH, velocity: 75 };
const ACCENT = { pitch: PITCH + 7, velocity: 110 };
const CLICK_TICKS = 60;

/** Clicks and their places in what plays. */
interface Click {
  readonly tick: number;
  readonly isBar: boolean;
}

/** Adds clicks to an image that is being written: the rest of it stays as it was. */
export function addMetronome(score: Score, meters: MeterMap): void {
  addClicks(score, beats(meters, score.length));
}

/** The image of `bars` bars of clicks, in the tempo and meter of the tick they lead to. */
export function countInImage(
  tempo: TempoMap, meters: MeterMap, to: number, bars: number,
): ScoreImage {
  const { ticksPerBar, ticksPerBeat } = meters.meterAt(to);
  const score = new Score(Math.max(1, Math.round(bars * ticksPerBar)));
  score.addStrip("", KIND_MASTER, -1, new Map(), {});
  score.add("tempos", 0, tempo.tempoAt(to), 0);
  score.add("meters", 0, ticksPerBar, ticksPerBeat);
  const clicks: Click[] = [];
  // Counted from the bar of `to`, also where it leads into the middle of one.
  const first = meters.barAt(to).ticks - score.length;
  for (let tick = modulo(-first, ticksPerBeat); tick < score.length; tick += ticksPerBeat) {
    clicks.push({ tick, isBar: modulo(first + tick, ticksPerBar) === 0 });
  }
  addClicks(score, clicks);
  return score.image();
}

/** The beats below `end`. */
function beats(meters: MeterMap, end: number): readonly Click[] {
  const starts = meters.barStarts(end);
  return starts.flatMap((start, bar) => {
    const next = starts[bar + 1] ?? end;
    const { ticksPerBeat } = meters.meterAt(start);
    const count = Math.ceil((next - start) / ticksPerBeat);
    return Array.from({ length: count }, (_, beat) => {
      return { tick: start + beat * ticksPerBeat, isBar: beat === 0 };
    });
  });
}

function addClicks(score: Score, clicks: readonly Click[]): void {
  const settings = new Map<string, Value>([
    // A groove of its own that moves nothing, so that it follows no other.
    ["groove.type", "swing"],
    ["groove.amount", 0],
    ["amp.level", 0.3],
    ["amp.solo", score.hasSolo],
  ]);
  const strip = score.addStrip(METRONOME, KIND_INSTRUMENT, 0, settings, SOUND?.patch ?? {});
  if (strip === null) return;
  const span = score.add("spans", 0, score.length, 0, 0, 0, 0, 0);
  for (const { tick, isBar } of clicks) {
    const { pitch, velocity } = isBar ? ACCENT : BEAT;
    score.add("notes", strip, span, tick, CLICK_TICKS, pitch, velocity);
  }
}
