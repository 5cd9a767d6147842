/** The room in a song's view: the strip, conflicts, others' cursors, pins, and where one stands. */

import type { Cursor } from "../../core/room.js";
import { on } from "../dom.js";
import type { SongScene } from "../song/song_scene.js";
import { seekTo } from "../song/song_scene.js";
import type { TimelineView } from "../song/timeline_view.js";
import { createCommentButton } from "./comment_button.js";
import { createConflicts } from "./conflicts.js";
import { createCursors } from "./cursors.js";
import { placeWords } from "./comment_thread.js";
import { createPins } from "./pins.js";
import { createRoomScene, type RoomScene, type RoomSeat } from "./room_scene.js";
import { followPlaying } from "./seating.js";
import { createStrip } from "./strip.js";
import { followTexts } from "./text_cursors.js";

/** What of the song's view the room's parts lie over. */
export interface SongPlaces {
  readonly header: HTMLElement;
  readonly tools: HTMLElement;
  readonly timeline: TimelineView & { readonly element: HTMLElement };
}

const PLACE = "song";

export function joinSong(song: SongScene, { header, tools, timeline }: SongPlaces, seat: RoomSeat): void {
  const scene = createRoomScene({ ...seat, root: song.root, music: song, signal: song.signal, announce: song.announce });
  const strip = createStrip(scene);
  strip.append(createCommentButton(scene));
  tools.append(strip);
  header.after(createConflicts(scene).element);
  scene.room.setPlace(PLACE);
  shareSpot(song, timeline, scene);
  sharePointer(song, timeline, scene);
  const cursors = createCursors(scene, {
    host: timeline.field,
    shape: "ring",
    isHere: (place) => place === PLACE,
    boxOf: (cursor) => (cursor.kind === "timeline" ? timeline.boxOf(cursor.a, cursor.b) : null),
  });
  const pins = createPins(scene, {
    host: timeline.bars,
    pinOf(comment) {
      const { tick } = comment.place;
      if (tick === null || comment.place.kind === "song") return null;
      return { key: String(tick), left: `${(tick / timeline.total) * 100}%`, words: placeWords(scene, comment) };
    },
  });
  timeline.onLayout(() => {
    cursors.place();
    pins.update();
  });
  followTexts(scene, PLACE);
  followPlaying(song, scene);
}

/** Tells the room's other parts where this view stands, and goes where they ask. */
function shareSpot(song: SongScene, timeline: TimelineView, scene: RoomScene): void {
  const { spot } = scene;
  song.onChoice(({ cursor, selection }) => {
    const [key] = selection;
    const item = selection.size === 1 && key !== undefined ? song.arrangement.items.get(key) : undefined;
    spot.tick = cursor;
    spot.selected = item === undefined ? null
      : { target: { kind: item.kind === "blocks" ? "block" : "segment", id: item.id }, words: item.name };
    spot.moved();
  });
  spot.on("go", (tick) => {
    seekTo(song, tick);
    timeline.reveal(tick);
  }, scene.signal);
}

/** Others see where the pointer is, and what has the focus. */
function sharePointer(song: SongScene, timeline: TimelineView & { readonly element: HTMLElement }, scene: RoomScene): void {
  const { room, signal } = scene;
  const point = (cursor: Cursor): void => {
    room.setPlace(PLACE);
    room.point(cursor);
  };
  on(timeline.element, "pointermove", (event) => {
    const track = timeline.trackAt(event.clientY);
    const tick = Math.round(timeline.tickAt(event.clientX));
    if (track !== null && tick >= 0) point({ kind: "timeline", a: track, b: tick });
  }, signal, { passive: true });
  on(timeline.element, "focusin", ({ target }) => {
    const item = target instanceof HTMLElement ? song.arrangement.items.get(target.dataset["key"] ?? "") : undefined;
    if (item !== undefined) point({ kind: "timeline", a: item.track, b: item.start });
  }, signal);
  on(timeline.element, "pointerleave", () => room.point(null), signal);
}
