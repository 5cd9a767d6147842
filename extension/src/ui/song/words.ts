/** How places, lengths and levels of a song are written and said. Pure. */

import type { MeterMap, TempoMap } from "../../core/tempo_map.js";
import type { Arrangement, Item } from "./arrangement.js";

/** "5.1" or "5.3.240": bar, beat, and ticks past the beat where there are any. */
export function placeText(meter: MeterMap, tick: number): string {
  const { bar, beat, ticks } = placeOf(meter, tick);
  const rest = Math.round(ticks);
  return rest === 0 ? `${bar}.${beat}` : `${bar}.${beat}.${rest}`;
}

/** Bar and beat of a tick, counted from 1, and the ticks past the beat. */
export function placeOf(meter: MeterMap, tick: number): { bar: number; beat: number; ticks: number } {
  const { bar, ticks } = meter.barAt(tick);
  const { ticksPerBeat } = meter.meterAt(tick);
  const beat = Math.floor(ticks / ticksPerBeat);
  return { bar, beat: beat + 1, ticks: ticks - beat * ticksPerBeat };
}

/** "bar 5", "bar 5, beat 3", "bar 5, beat 3, tick 240" */
export function sayPlace(meter: MeterMap, tick: number): string {
  const { bar, beat, ticks } = placeOf(meter, tick);
  const rest = Math.round(ticks);
  if (rest !== 0) return `bar ${bar}, beat ${beat}, tick ${rest}`;
  return beat === 1 ? `bar ${bar}` : `bar ${bar}, beat ${beat}`;
}

/** "bars 1 to 4", "bar 3", or its places where it is no whole bars. */
export function saySpan(meter: MeterMap, start: number, length: number): string {
  const first = meter.barAt(start);
  const after = meter.barAt(start + length);
  if (first.ticks !== 0 || after.ticks !== 0) {
    return `${sayPlace(meter, start)} to ${sayPlace(meter, start + length)}`;
  }
  const last = after.bar - 1;
  return last === first.bar ? `bar ${first.bar}` : `bars ${first.bar} to ${last}`;
}

/** "Verse, bars 1 to 4, lane 1" */
export function sayItem(arrangement: Arrangement, item: Item): string {
  const place = saySpan(arrangement.meter, item.start, item.length);
  const track = arrangement.tracks[item.track];
  const where = track?.kind === "lane" ? `lane ${track.lane + 1}` : `stem ${track?.name ?? ""}`;
  const kind = item.segment === null ? "" : `, ${KINDS[item.segment.kind] ?? item.segment.kind}`;
  return `${item.name}${kind}, ${place}, ${where}`;
}

const KINDS: Readonly<Record<string, string>> = {
  midi: "notes", audio: "audio", loop: "loop", pattern: "pattern",
};

/** "1:04.5": minutes, seconds and tenths. */
export function clockText(tempo: TempoMap, tick: number): string {
  const tenths = Math.floor(tempo.secondsAt(tick) * 10 + 1e-6);
  const seconds = Math.floor(tenths / 10);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}.${tenths % 10}`;
}

/** "−6.0 dB", "−∞ dB" for a linear level. */
export function decibelText(level: number): string {
  if (level <= 0.0001) return "\u2212\u221e dB";
  const db = 20 * Math.log10(level);
  const text = Math.abs(db).toFixed(1);
  return `${db < -0.05 ? "\u2212" : db > 0.05 ? "+" : ""}${text} dB`;
}

/** "centre", "30 left" for a pan from −1 to 1. */
export function panText(pan: number): string {
  if (Math.abs(pan) < 0.005) return "centre";
  return `${Math.round(Math.abs(pan) * 100)} ${pan < 0 ? "left" : "right"}`;
}

/** "C", "L30", "R30": the pan in a strip's width. */
export function shortPan(pan: number): string {
  if (Math.abs(pan) < 0.005) return "C";
  return `${pan < 0 ? "L" : "R"}${Math.round(Math.abs(pan) * 100)}`;
}

/** What to do with a song in which nothing stands yet. */
export function emptyHint(isEditable: boolean, hasPads: boolean): string {
  if (!isEditable) return "Nothing stands here yet.";
  return hasPads
    ? "Drag a pad onto the lane, or add a stem."
    : "Put a loop on a pad, song.pads[0] = loop, then drag it onto the lane; or add a stem.";
}
