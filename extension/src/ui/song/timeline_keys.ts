/** The keys of the timeline: a cursor over heads and items, and what it does there. */

import { takesLetters } from "../keyboard.js";
import type { Arrangement, Item } from "./arrangement.js";
import { duplicateItems, extent, heldEdge, heldShift, moveItems, removeItems, resizeItem, splitItem } from "./edits.js";
import { doDeed, positionOf, selectedItems, type SongScene } from "./song_scene.js";
import type { TimelineView } from "./timeline_view.js";
import { toggleSetting } from "./track_head.js";
import type { Cursor, Tracks } from "./tracks.js";

/** Where a key moves the cursor, or null. */
export function cursorAfter(arrangement: Arrangement, cursor: Cursor, key: string, heads: number): Cursor | null {
  const { tracks } = arrangement;
  const items = tracks[cursor.track]?.items ?? [];
  const at = cursor.item === null ? cursor.head - heads : items.findIndex((item) => item.key === cursor.item);
  switch (key) {
    case "ArrowLeft":
      return placeAt(cursor.track, at - 1, items, heads);
    case "ArrowRight":
      return placeAt(cursor.track, at + 1, items, heads);
    case "Home":
      return placeAt(cursor.track, at > 0 ? 0 : -heads, items, heads);
    case "End":
      return placeAt(cursor.track, items.length - 1, items, heads);
    case "ArrowUp":
      return inTrack(arrangement, cursor, cursor.track - 1);
    case "ArrowDown":
      return inTrack(arrangement, cursor, cursor.track + 1);
    default:
      return null;
  }
}

function placeAt(track: number, at: number, items: readonly Item[], heads: number): Cursor {
  const held = Math.max(-heads, Math.min(items.length - 1, at));
  return held < 0 ? { track, item: null, head: held + heads } : { track, item: items[held]?.key ?? null, head: 0 };
}

/** The item of a track that lies nearest in time; its head where it has none. */
function inTrack(arrangement: Arrangement, cursor: Cursor, track: number): Cursor | null {
  const to = arrangement.tracks[track];
  if (to === undefined) return cursor;
  const from = cursor.item === null ? null : (arrangement.items.get(cursor.item) ?? null);
  if (from === null) return { track, item: null, head: cursor.head };
  const near = to.items.toSorted((a, b) => Math.abs(a.start - from.start) - Math.abs(b.start - from.start))[0];
  return { track, item: near?.key ?? null, head: 0 };
}

/** What a key does where the cursor stands; true if it was used. */
export function timelineKey(scene: SongScene, tracks: Tracks, view: TimelineView, event: KeyboardEvent): boolean {
  if (event.altKey) return false;
  const { item } = tracks;
  if (item === null) return headKey(scene, tracks, view, event);
  const chosen = chosenWith(scene, item);
  if (event.ctrlKey || event.metaKey) return chordKey(scene, view, item, event);
  if (event.shiftKey && event.key.startsWith("Arrow")) return shift(scene, view, chosen, item, event.key);
  return itemKey(scene, view, chosen, item, event) || go(scene, tracks, view, event.key);
}

/** The selection where the item belongs to it, else the item alone. */
export function chosenWith(scene: SongScene, item: Item): readonly Item[] {
  return scene.choices.selection.has(item.key) ? selectedItems(scene) : [item];
}

function headKey(scene: SongScene, tracks: Tracks, view: TimelineView, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return false;
  const track = scene.arrangement.tracks[tracks.cursor.track];
  const key = event.key.toLowerCase();
  if (track?.stem != null && (key === "m" || key === "s")) {
    toggleSetting(scene, { kind: "stem", id: track.stem.id }, track.name, key === "m" ? "amp.mute" : "amp.solo");
    return true;
  }
  return go(scene, tracks, view, event.key);
}

function go(scene: SongScene, tracks: Tracks, view: TimelineView, key: string): boolean {
  const heads = tracks.headButtons(tracks.cursor.track).length;
  const next = cursorAfter(scene.arrangement, tracks.cursor, key, heads);
  if (next === null) return false;
  tracks.moveTo(next);
  const { item } = tracks;
  if (item !== null) view.reveal(item.start);
  return true;
}

function itemKey(scene: SongScene, view: TimelineView, chosen: readonly Item[], item: Item, event: KeyboardEvent): boolean {
  const { arrangement } = scene;
  const anchor = event.target as HTMLElement;
  switch (event.key.length === 1 ? event.key.toLowerCase() : event.key) {
    case "Enter":
      view.open(item, anchor);
      return true;
    case "Delete":
    case "Backspace":
      doDeed(scene, removeItems(arrangement, chosen));
      return true;
    case "d":
      doDeed(scene, duplicateItems(arrangement, chosen, extent(chosen), 0));
      view.focus([...scene.choices.selection][0]);
      return true;
    case "s":
      splitAtPosition(scene, chosen);
      return true;
    case "x":
      toggleSelected(scene, item.key);
      return true;
    case " ":
      return false;
    default:
      return false;
  }
}

/** Cuts items where the song stands, and says so where none can be cut. */
export function splitAtPosition(scene: SongScene, chosen: readonly Item[]): void {
  const deeds = chosen.flatMap((item) => splitItem(scene.arrangement, item, positionOf(scene)) ?? []);
  const [deed] = deeds;
  if (deed === undefined) {
    scene.announce("The playhead is not within it. Put it where the cut shall be; a block is cut between two turns of its loop.");
    return;
  }
  doDeed(scene, {
    code: deeds.map((each) => each.code).join("; "),
    said: deed.said,
    apply: (edit) => deeds.flatMap((each) => each.apply(edit)),
  });
}

export function toggleSelected(scene: SongScene, key: string): void {
  const selection = new Set(scene.choices.selection);
  if (!selection.delete(key)) selection.add(key);
  scene.choose({ selection });
  scene.announce(`${selection.size} selected`);
}

function shift(scene: SongScene, view: TimelineView, chosen: readonly Item[], item: Item, key: string): boolean {
  const unit = view.unit(item.start);
  const ticks = key === "ArrowRight" ? unit : key === "ArrowLeft" ? -unit : 0;
  const tracks = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
  const held = heldShift(scene.arrangement, chosen, ticks, tracks);
  if (held.ticks === 0 && held.tracks === 0) scene.announce("It goes no further");
  else doDeed(scene, moveItems(scene.arrangement, chosen, held.ticks, held.tracks));
  view.focus(item.key);
  return true;
}

function chordKey(scene: SongScene, view: TimelineView, item: Item, event: KeyboardEvent): boolean {
  const { arrangement } = scene;
  if (event.key.toLowerCase() === "a" && !event.shiftKey) {
    scene.choose({ selection: new Set(arrangement.items.keys()) });
    scene.announce(`${arrangement.items.size} selected`);
    return true;
  }
  const unit = view.unit(item.start + item.length);
  const by = event.key === "ArrowRight" ? unit : event.key === "ArrowLeft" ? -unit : 0;
  if (by === 0) return false;
  const end = heldEdge(arrangement, item, "end", item.start + item.length + by, unit);
  if (end === item.start + item.length) scene.announce("It goes no further");
  else doDeed(scene, resizeItem(arrangement, item, "end", end));
  return true;
}

/** Keys of the whole view that act on the timeline; true if used. */
export function viewKey(scene: SongScene, view: TimelineView, event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || takesLetters(event.target)) return false;
  switch (event.key) {
    case "+":
    case "=":
      view.zoomBy(1.5);
      return true;
    case "-":
      view.zoomBy(1 / 1.5);
      return true;
    case "0":
      view.zoomOut();
      return true;
    case "Escape":
      scene.choose({ selection: new Set() });
      return true;
    default:
      return false;
  }
}
