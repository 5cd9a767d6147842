/** The tracks as a grid of elements over the canvas: each item can be focused, named and grabbed. */

import type { Meters } from "../../core/player.js";
import type { SongRevision } from "../../core/song_store.js";
import { h, on, setAttribute } from "../dom.js";
import type { Arrangement, Item, Track } from "./arrangement.js";
import type { SongPart, SongScene } from "./song_scene.js";
import { createTrackHead, type TrackHead } from "./track_head.js";
import { sayItem } from "./words.js";

/** Where the keyboard stands: an item, or a button of a track's head. */
export interface Cursor {
  readonly track: number;
  readonly item: string | null;
  readonly head: number;
}

export interface Tracks extends SongPart {
  readonly cursor: Cursor;
  /** The item on which the keyboard stands. */
  readonly item: Item | null;
  moveTo(cursor: Cursor): void;
  elementOf(key: string): HTMLElement | undefined;
  /** Lays the items anew along a field of so many ticks. */
  layOut(total: number): void;
  /** How many buttons the head of a track has. */
  headButtons(track: number): readonly HTMLElement[];
  show(meters: Meters | null): void;
}

interface Line {
  readonly key: string;
  readonly element: HTMLElement;
  readonly cells: HTMLElement;
  readonly head: TrackHead;
}

export function createTracks(scene: SongScene, openStem: (id: string, anchor: HTMLElement) => void): Tracks {
  return new Rows(scene, openStem);
}

class Rows implements Tracks {
  readonly element = h("div", { class: "cm-tracks", role: "grid", "aria-label": "Timeline", "aria-multiselectable": "true" });
  cursor: Cursor = { track: 0, item: null, head: 0 };
  private readonly lines = new Map<string, Line>();
  private readonly elements = new Map<string, HTMLElement>();
  private order: readonly string[] = [];
  private total = 1;
  /** What the items stand for: the same objects, the same items. */
  private sources: readonly unknown[] = [];
  private focusable: HTMLElement | null = null;

  constructor(private readonly scene: SongScene, private readonly openStem: (id: string, anchor: HTMLElement) => void) {
    on(this.element, "focusin", (event) => this.adopt(event.target), scene.signal);
    scene.onChoice(() => this.markSelection());
  }

  get item(): Item | null {
    return this.cursor.item === null ? null : (this.scene.arrangement.items.get(this.cursor.item) ?? null);
  }

  update(_revision: SongRevision): void {
    const { arrangement } = this.scene;
    const hadFocus = this.element.contains(this.element.ownerDocument.activeElement);
    const standing = this.standing();
    this.arrange(arrangement.tracks);
    const { blocks, segments, loops, meters } = arrangement.song;
    const sources = [blocks, segments, loops, meters, arrangement.tracks.map((track) => `${track.key} ${track.name}`).join()];
    if (sources.some((source, at) => source !== this.sources[at])) {
      this.sources = sources;
      this.placeItems(arrangement);
      this.markSelection();
    }
    this.recover(standing);
    this.park(hadFocus && !this.element.contains(this.element.ownerDocument.activeElement));
  }

  layOut(total: number): void {
    if (total === this.total) return;
    this.total = total;
    for (const item of this.scene.arrangement.items.values()) this.place(item);
  }

  elementOf(key: string): HTMLElement | undefined {
    return this.elements.get(key);
  }

  headButtons(track: number): readonly HTMLElement[] {
    return this.lines.get(this.order[track] ?? "")?.head.buttons ?? [];
  }

  moveTo(cursor: Cursor): void {
    this.cursor = cursor;
    this.park(true);
  }

  show(meters: Meters | null): void {
    for (const line of this.lines.values()) line.head.show(meters);
  }

  /** Keeps the rows in order, building and dropping only what came and went. */
  private arrange(tracks: readonly Track[]): void {
    const keys = tracks.map((track) => track.key);
    for (const [key, line] of this.lines) {
      if (keys.includes(key)) continue;
      line.element.remove();
      this.lines.delete(key);
    }
    for (const track of tracks) this.ensure(track).head.update(track);
    if (keys.join() !== this.order.join()) {
      this.element.append(...keys.flatMap((key) => this.lines.get(key)?.element ?? []));
    }
    this.order = keys;
    setAttribute(this.element, "aria-rowcount", keys.length);
  }

  private ensure(track: Track): Line {
    const known = this.lines.get(track.key);
    if (known !== undefined) {
      setAttribute(known.element, "aria-label", track.name);
      return known;
    }
    const head = createTrackHead(this.scene, track, (anchor) => this.openStem(track.stem?.id ?? "", anchor));
    const cells = h("div", { class: "cm-track-cells", role: "presentation" });
    const element = h("div", { class: "cm-track", role: "row", "aria-label": track.name, "data-track": track.key, "data-kind": track.kind }, head.element, cells);
    const line = { key: track.key, element, cells, head };
    this.lines.set(track.key, line);
    return line;
  }

  private placeItems(arrangement: Arrangement): void {
    for (const [key, element] of this.elements) {
      if (arrangement.items.has(key)) continue;
      element.remove();
      this.elements.delete(key);
    }
    for (const item of arrangement.items.values()) {
      const element = this.elements.get(item.key) ?? this.create(item);
      const home = this.lines.get(arrangement.tracks[item.track]?.key ?? "")?.cells;
      if (home !== undefined && element.parentElement !== home) {
        // A focused element that changes its parent loses the focus: `update` gives it back.
        home.append(element);
      }
      setAttribute(element, "aria-label", sayItem(arrangement, item));
      this.place(item);
    }
  }

  private create(item: Item): HTMLElement {
    const element = h("div", { class: "cm-item", role: "gridcell", tabindex: -1, "data-key": item.key },
      h("span", { class: "cm-item-edge" }), h("span", { class: "cm-item-edge cm-item-end" }));
    this.elements.set(item.key, element);
    return element;
  }

  private place(item: Item): void {
    const { style } = this.elements.get(item.key) ?? {};
    if (style === undefined) return;
    style.left = `${((item.start / this.total) * 100).toFixed(6)}%`;
    style.width = `${((item.length / this.total) * 100).toFixed(6)}%`;
  }

  private markSelection(): void {
    const { selection } = this.scene.choices;
    for (const [key, element] of this.elements) setAttribute(element, "aria-selected", String(selection.has(key)));
  }

  private standing(): string | undefined {
    return this.order[this.cursor.track];
  }

  /** After a change the cursor stays where it was, or goes to the nearest place. */
  private recover(standing: string | undefined): void {
    const item = this.item;
    if (item !== null) {
      this.cursor = { ...this.cursor, track: item.track };
      return;
    }
    const track = standing === undefined ? -1 : this.order.indexOf(standing);
    const place = Math.max(0, track < 0 ? Math.min(this.cursor.track, this.order.length - 1) : track);
    const first = this.scene.arrangement.tracks[place]?.items[0];
    this.cursor = { track: place, item: this.cursor.item === null ? null : (first?.key ?? null), head: this.cursor.head };
  }

  /** Makes the cursor's element the one that Tab reaches. */
  private park(focus: boolean): void {
    const element = this.elementAt(this.cursor);
    if (element === null) return;
    if (this.focusable !== element) this.focusable?.setAttribute("tabindex", "-1");
    this.focusable = element;
    setAttribute(element, "tabindex", 0);
    if (focus) element.focus({ preventScroll: true });
  }

  private elementAt(cursor: Cursor): HTMLElement | null {
    if (cursor.item !== null) return this.elements.get(cursor.item) ?? null;
    const buttons = this.headButtons(cursor.track);
    return buttons[Math.min(cursor.head, buttons.length - 1)] ?? null;
  }

  /** The cursor follows focus that came by a click or a screen reader. */
  private adopt(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement)) return;
    const key = target.dataset["key"];
    const track = this.order.indexOf(target.closest<HTMLElement>("[data-track]")?.dataset["track"] ?? "");
    if (track < 0) return;
    const head = this.headButtons(track).indexOf(target);
    if (key !== undefined) this.cursor = { track, item: key, head: 0 };
    else if (head >= 0) this.cursor = { track, item: null, head };
    else return;
    this.park(false);
  }
}
