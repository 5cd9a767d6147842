/** The pointer on the tracks: select, move, resize, copy, and the frame that selects many. */

import { h, on } from "../dom.js";
import { SLACK } from "../painting.js";
import type { Item } from "./arrangement.js";
import { duplicateItems, heldEdge, heldShift, moveItems, resizeItem } from "./edits.js";
import type { Moving } from "./field_canvas.js";
import { doDeed, seekTo, selectedItems, type SongScene } from "./song_scene.js";
import { toggleSelected } from "./timeline_keys.js";
import type { TimelineView } from "./timeline_view.js";
import { zoneAt, type Zone } from "./viewport.js";

interface Press {
  readonly pointer: number;
  readonly x: number;
  readonly y: number;
  readonly item: Item | null;
  readonly zone: Zone;
  readonly tick: number;
  readonly track: number;
  /** What moves, and whether as copies. */
  readonly items: readonly Item[];
  readonly copies: boolean;
  /** Nothing happens before the hand has gone a little way. */
  isDrag: boolean;
  moved: readonly Moving[];
}

/** Two presses on one item within so many milliseconds open it. */
const TWICE = 420;

interface Click {
  readonly key: string;
  readonly at: number;
}

/** Listens on the tracks until the scene ends. */
export function listenToTracks(scene: SongScene, view: TimelineView, element: HTMLElement): void {
  let press: Press | null = null;
  // A captured pointer's double click has no target of its own.
  let last: Click = { key: "", at: -Infinity };
  const frame = h("div", { class: "cm-marquee" });
  frame.hidden = true;
  element.append(frame);
  on(element, "pointerdown", (event) => {
    if (event.button !== 0 || press !== null || isHead(event.target)) return;
    press = begin(scene, view, event);
    // A finger on an item that is not selected scrolls; a tap selects it, and then it can be moved.
    if (press.item === null || isHeld(scene, press.item, event)) element.setPointerCapture(event.pointerId);
  }, scene.signal);
  on(element, "pointermove", (event) => {
    if (press?.pointer === event.pointerId) move(scene, view, press, event, frame, element);
  }, scene.signal);
  const finish = (event: PointerEvent): void => {
    if (press?.pointer !== event.pointerId) return;
    const ended = press;
    press = null;
    frame.hidden = true;
    view.lift([], false);
    if (event.type !== "pointerup") return;
    end(scene, view, ended, event);
    if (ended.isDrag || ended.item === null) return;
    const now = { key: ended.item.key, at: event.timeStamp };
    const isTwice = now.key === last.key && now.at - last.at < TWICE;
    last = isTwice ? { key: "", at: -Infinity } : now;
    const { item } = ended;
    // A panel that opened within the press would be closed by its end.
    if (isTwice) setTimeout(() => view.open(item, view.elementOf(now.key) ?? element));
  };
  on(element, "pointerup", finish, scene.signal);
  on(element, "pointercancel", finish, scene.signal);
  on(element, "keydown", (event) => {
    if (event.key !== "Escape" || press === null) return;
    press = null;
    frame.hidden = true;
    view.lift([], false);
    event.preventDefault();
  }, scene.signal);
}

function isHead(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".cm-track-head") !== null;
}

function itemUnder(scene: SongScene, target: EventTarget | null): Item | null {
  const key = target instanceof Element ? target.closest<HTMLElement>(".cm-item")?.dataset["key"] : undefined;
  return key === undefined ? null : (scene.arrangement.items.get(key) ?? null);
}

function isHeld(scene: SongScene, item: Item, event: PointerEvent): boolean {
  return event.pointerType !== "touch" || scene.choices.selection.has(item.key);
}

function begin(scene: SongScene, view: TimelineView, event: PointerEvent): Press {
  const item = itemUnder(scene, event.target);
  const touch = event.pointerType === "touch";
  const copies = event.ctrlKey || event.metaKey;
  const zone = item === null ? "body" : zoneOf(event, touch);
  const wasSelected = item !== null && scene.choices.selection.has(item.key);
  if (item !== null && !wasSelected && !event.shiftKey && !touch) scene.choose({ selection: new Set([item.key]) });
  return {
    pointer: event.pointerId, x: event.clientX, y: event.clientY, item, zone, copies,
    tick: view.tickAt(event.clientX), track: view.trackAt(event.clientY) ?? 0,
    items: item === null ? [] : wasSelected ? selectedItems(scene) : [item],
    isDrag: false, moved: [],
  };
}

/** Edges are of items that are wide enough; a finger has them only on a selected item. */
function zoneOf(event: PointerEvent, touch: boolean): Zone {
  const box = (event.target as Element).closest(".cm-item")?.getBoundingClientRect();
  return box === undefined ? "body" : zoneAt(event.clientX - box.left, box.width, touch);
}

function move(scene: SongScene, view: TimelineView, press: Press, event: PointerEvent, frame: HTMLElement, element: HTMLElement): void {
  if (!press.isDrag && Math.hypot(event.clientX - press.x, event.clientY - press.y) <= SLACK) return;
  const first = !press.isDrag;
  press.isDrag = true;
  if (press.item === null) return stretchFrame(scene, press, event, frame, element);
  if (!scene.store.editable || !isHeld(scene, press.item, event)) return;
  if (first) element.setPointerCapture(event.pointerId);
  press.moved = press.zone === "body" || press.copies ? moving(scene, view, press, event) : resizing(scene, view, press, event);
  view.lift(press.moved, press.copies);
}

function moving(scene: SongScene, view: TimelineView, press: Press, event: PointerEvent): readonly Moving[] {
  const grabbed = press.item;
  if (grabbed === null) return [];
  const way = view.tickAt(event.clientX) - press.tick;
  const ticks = view.snap(grabbed.start + way, event.altKey) - grabbed.start;
  const tracks = (view.trackAt(event.clientY) ?? press.track) - press.track;
  const held = heldShift(scene.arrangement, press.items, ticks, tracks);
  return press.items.map((item) => ({ item, start: item.start + held.ticks, length: item.length, track: item.track + held.tracks }));
}

function resizing(scene: SongScene, view: TimelineView, press: Press, event: PointerEvent): readonly Moving[] {
  const { item, zone } = press;
  if (item === null) return [];
  const edge = zone === "start" ? item.start : item.start + item.length;
  const wanted = view.snap(edge + view.tickAt(event.clientX) - press.tick, event.altKey);
  const tick = heldEdge(scene.arrangement, item, zone, wanted, Math.min(item.length, view.unit(item.start)));
  return [zone === "start"
    ? { item, start: tick, length: item.start + item.length - tick, track: item.track }
    : { item, start: item.start, length: tick - item.start, track: item.track }];
}

function stretchFrame(scene: SongScene, press: Press, event: PointerEvent, frame: HTMLElement, element: HTMLElement): void {
  if (event.pointerType === "touch") return;
  const home = element.getBoundingClientRect();
  const [left, right] = [Math.min(press.x, event.clientX), Math.max(press.x, event.clientX)];
  const [top, bottom] = [Math.min(press.y, event.clientY), Math.max(press.y, event.clientY)];
  frame.hidden = false;
  frame.style.transform = `translate(${left - home.left}px, ${top - home.top}px)`;
  frame.style.width = `${right - left}px`;
  frame.style.height = `${bottom - top}px`;
  const touched = [...element.querySelectorAll<HTMLElement>(".cm-item")].filter((item) => {
    const box = item.getBoundingClientRect();
    return box.left < right && box.right > left && box.top < bottom && box.bottom > top;
  });
  scene.choose({ selection: new Set(touched.map((item) => item.dataset["key"] ?? "")) });
}

function end(scene: SongScene, view: TimelineView, press: Press, event: PointerEvent): void {
  if (!press.isDrag) return click(scene, view, press, event);
  const [first] = press.moved;
  if (press.item === null) return scene.announce(`${scene.choices.selection.size} selected`);
  if (first === undefined) return;
  if (press.zone !== "body" && !press.copies) {
    const tick = press.zone === "start" ? first.start : first.start + first.length;
    const edge = press.zone === "start" ? press.item.start : press.item.start + press.item.length;
    if (tick !== edge) doDeed(scene, resizeItem(scene.arrangement, press.item, press.zone, tick));
    return;
  }
  const ticks = first.start - first.item.start;
  const tracks = first.track - first.item.track;
  if (ticks === 0 && tracks === 0) return;
  const deed = press.copies ? duplicateItems : moveItems;
  doDeed(scene, deed(scene.arrangement, press.items, ticks, tracks));
  view.focus([...scene.choices.selection][0]);
}

/** A press that became no drag: it selects, or moves the cursor. */
function click(scene: SongScene, view: TimelineView, press: Press, event: PointerEvent): void {
  if (press.item !== null) {
    if (event.shiftKey) toggleSelected(scene, press.item.key);
    else scene.choose({ selection: new Set([press.item.key]) });
    view.focus(press.item.key);
    return;
  }
  scene.choose({ selection: new Set() });
  seekTo(scene, view.snap(view.tickAt(event.clientX), event.altKey));
}
