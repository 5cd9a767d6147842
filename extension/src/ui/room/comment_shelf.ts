/** The comments of a room, loaded once and kept true for all who show them. */

import { placeOf } from "../../core/anchors.js";
import type { Comment } from "../../core/room_api.js";
import type { Room } from "../../core/room.js";
import { keepLoaded, afterPause } from "./live_list.js";
import type { Song } from "../../gen/models.js";
import { songOf, type RoomScene } from "./room_scene.js";

export interface CommentShelf {
  readonly comments: readonly Comment[];
  /** Why there are none; null where they could be had. */
  readonly failure: unknown;
  readonly isLoaded: boolean;
  subscribe(changed: () => void, signal: AbortSignal): void;
  load(): Promise<void>;
}

const shelves = new WeakMap<Room, Shelf>();

/** The shelf of a room; the views of one page share it. */
export function commentsOf(scene: RoomScene): CommentShelf {
  const known = shelves.get(scene.room) ?? new Shelf(scene);
  shelves.set(scene.room, known);
  known.use(scene);
  return known;
}

class Shelf implements CommentShelf {
  comments: readonly Comment[] = [];
  failure: unknown = null;
  isLoaded = false;
  private readonly listeners = new Set<() => void>();
  private readonly scenes = new Set<RoomScene>();
  private asked = 0;

  constructor(private readonly first: RoomScene) {}

  /** Loads as long as any view of the room lives. */
  use(scene: RoomScene): void {
    if (this.scenes.has(scene)) return;
    this.scenes.add(scene);
    scene.signal.addEventListener("abort", () => this.scenes.delete(scene));
    const again = afterPause(() => void this.loadBy(scene), 2000, scene.signal);
    const follow = afterPause(() => {
      if (this.replace(scene)) again();
    }, 60, scene.signal);
    scene.music?.store.subscribe(follow, scene.signal);
    keepLoaded(scene, ["comment"], () => void this.loadBy(scene));
  }

  subscribe(changed: () => void, signal: AbortSignal): void {
    this.listeners.add(changed);
    signal.addEventListener("abort", () => this.listeners.delete(changed));
  }

  async load(): Promise<void> {
    this.asked += 1;
    const mine = this.asked;
    try {
      const comments = await this.first.api.comments();
      if (mine !== this.asked) return;
      this.comments = inOrderOfPlace(comments);
      this.failure = null;
    } catch (error) {
      this.failure = error;
    }
    this.isLoaded = true;
    for (const listener of this.listeners) listener();
  }

  /** What a comment is on moves, and goes, with edits: true where any did; words come by loading. */
  private replace(scene: RoomScene): boolean {
    const song = songOf(scene);
    if (song === null) return false;
    const placed = this.comments.map((comment) => placedIn(song, comment));
    if (placed.every((comment, at) => comment === this.comments[at])) return false;
    this.comments = inOrderOfPlace(placed);
    for (const listener of this.listeners) listener();
    return true;
  }

  /** One of the views loads for all. */
  private async loadBy(scene: RoomScene): Promise<void> {
    const [first] = this.scenes;
    if (first === scene) await this.load();
  }
}

/** The comment where it stands in the song as it is now; the same one where it has not moved. */
function placedIn(song: Song, comment: Comment): Comment {
  if (comment.anchor === null) return comment;
  const { tick, isGone } = placeOf(song, comment.anchor);
  if (tick === comment.place.tick && isGone === comment.place.isGone) return comment;
  const words = comment.place.kind === "bar" && !isGone ? "" : comment.place.words;
  return { ...comment, place: { ...comment.place, tick, isGone, words } };
}

function rank({ place }: Comment): number {
  return place.isGone ? Infinity : (place.tick ?? -1);
}

/** By where they stand; what is gone comes last. */
export function inOrderOfPlace(comments: readonly Comment[]): readonly Comment[] {
  return comments.toSorted((a, b) => (rank(a) === rank(b) ? a.number - b.number : rank(a) - rank(b)));
}
