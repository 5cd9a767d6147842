/** The keys of the whole song, and the list that "?" shows. */

import type { Help, KeyList } from "../help.js";
import { guardKeys, isControl, takesLetters } from "../keyboard.js";
import { historyKey } from "../transport.js";
import { toggleMetronome } from "./song_header.js";
import { sayRegion, toggleRegion } from "./ruler.js";
import { positionOf, seekTo, toggleSong, type SongScene } from "./song_scene.js";
import { viewKey } from "./timeline_keys.js";
import type { TimelineView } from "./timeline_view.js";
import { sayPlace } from "./words.js";

export const SONG_KEYS: KeyList = [
  ["Space or P", "play and stop"],
  ["\u2190 \u2192 \u2191 \u2193", "from item to item, and over the heads"],
  ["Shift+arrows", "move what is selected"],
  ["Ctrl+\u2190 \u2192", "shorter, longer"],
  ["Enter", "open: the loop, or name, gain and fades"],
  ["D, S, Delete", "duplicate, split at the playhead, delete"],
  ["X, Ctrl+A, Escape", "add to the selection, all, none"],
  ["L, [ and ]", "repeat; its beginning and end at the playhead"],
  [", and .", "playhead a bar back, a bar on; Home to the beginning"],
  ["C, F", "metronome, follow the playhead"],
  ["+ \u2212 0, Ctrl+wheel", "zoom in, out, the whole song"],
  ["Drag with Alt, with Ctrl", "without the grid, as a copy"],
  ["M, S on a head", "mute, hear alone"],
  ["Shift+\u2190 \u2192 on a strip's name", "move the stem"],
  ["E on a pad", "name, colour, edit, duplicate"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
];

export function listenToSongKeys(scene: SongScene, view: TimelineView, help: Help): void {
  guardKeys(scene, (event) => {
    if (historyKey(scene, event) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (songKey(scene, event) || viewKey(scene, view, event)) event.preventDefault();
    else if (event.key === "?") {
      help.open();
      event.preventDefault();
    }
  }, ["a", "arrowleft", "arrowright"]);
}

function songKey(scene: SongScene, event: KeyboardEvent): boolean {
  const { key } = event;
  if (key === " ") {
    if (isControl(event.target)) return false;
    void toggleSong(scene);
    return true;
  }
  if (takesLetters(event.target)) return false;
  const act = KEYS[key.toLowerCase()];
  act?.(scene);
  return act !== undefined;
}

const KEYS: Readonly<Record<string, (scene: SongScene) => void>> = {
  "p": (scene) => void toggleSong(scene),
  "l": toggleRegion,
  "c": toggleMetronome,
  "f": (scene) => scene.choose({ follows: !scene.choices.follows }),
  "home": (scene) => go(scene, 0),
  ",": (scene) => goByBar(scene, -1),
  ".": (scene) => goByBar(scene, 1),
  "[": (scene) => setEdge(scene, "start"),
  "]": (scene) => setEdge(scene, "end"),
};

function go(scene: SongScene, tick: number): void {
  seekTo(scene, tick);
  scene.announce(sayPlace(scene.arrangement.meter, scene.choices.cursor));
}

function goByBar(scene: SongScene, way: number): void {
  const { meter } = scene.arrangement;
  const { bar, ticks } = meter.barAt(Math.max(0, positionOf(scene)));
  go(scene, meter.tickOf(Math.max(1, way < 0 && ticks > 0 ? bar : bar + way)));
}

/** Puts the beginning or end of the repeat at the playhead. */
function setEdge(scene: SongScene, edge: "start" | "end"): void {
  const at = Math.round(positionOf(scene));
  const [start, end] = scene.choices.region ?? [0, scene.arrangement.end];
  const bar = scene.arrangement.meter.meterAt(at).ticksPerBar;
  const region = edge === "start" ? [at, end > at ? end : at + bar] as const : [start < at ? start : Math.max(0, at - bar), at] as const;
  if (region[1] <= region[0]) return;
  scene.choose({ region, loops: true });
  sayRegion(scene);
}
