/** Two people set one field at nearly one time: who set what, and which of the two it is to be. */

import type { Room } from "../../core/room.js";
import type { Conflict } from "../../core/room_api.js";
import { h } from "../dom.js";
import { drawAvatar } from "./avatar.js";
import { wordButton, type RoomScene } from "./room_scene.js";
import { valueWords, writeStored } from "./stored.js";

/** Unanswered, what the document says stands after so long. */
const PATIENCE = 60_000;

interface Notice {
  readonly conflict: Conflict;
  readonly end: ReturnType<typeof setTimeout>;
}

/** A view's place for notices. */
interface Place {
  readonly scene: RoomScene;
  readonly element: HTMLElement;
  isSeen: boolean;
}

const boards = new WeakMap<Room, Board>();

export function createConflicts(scene: RoomScene): { readonly element: HTMLElement } {
  const element = h("div", { class: "cm-conflicts", role: "region", "aria-label": "Set by two people", "aria-live": "polite" });
  const board = boards.get(scene.room) ?? new Board(scene.room);
  boards.set(scene.room, board);
  board.add({ scene, element, isSeen: false });
  return { element };
}

/** The notices of a room on this page: each stands once, in a view that is seen; else in its panel. */
class Board {
  private readonly places: Place[] = [];
  private readonly notices = new Map<string, Notice>();
  /** What was answered: it is not asked again as long as the document says so. */
  private readonly answers = new Map<string, "mine" | "theirs">();
  private shown: Place | null = null;

  constructor(room: Room) {
    room.onNews((news) => {
      const conflict = news.kind === "conflict" ? this.places[0]?.scene.api.conflictOf(news) : null;
      if (conflict) this.told(conflict);
    }, new AbortController().signal);
  }

  add(place: Place): void {
    const { root, signal } = place.scene;
    this.places.push(place);
    const eye = new IntersectionObserver((entries) => {
      place.isSeen = entries.at(-1)?.isIntersecting ?? false;
      this.move();
    });
    eye.observe(root);
    signal.addEventListener("abort", () => {
      eye.disconnect();
      this.places.splice(this.places.indexOf(place), 1);
      this.move();
    });
    this.move();
  }

  private told(conflict: Conflict): void {
    this.drop(conflict.id);
    if (conflict.isSettled || this.answers.get(conflict.id) === conflict.stands) return;
    this.notices.set(conflict.id, { conflict, end: setTimeout(() => this.drop(conflict.id), PATIENCE) });
    this.shown?.element.append(this.draw(this.shown, conflict));
  }

  private drop(id: string): void {
    clearTimeout(this.notices.get(id)?.end);
    this.notices.delete(id);
    this.shown?.element.querySelector(`[data-id="${CSS.escape(id)}"]`)?.remove();
  }

  /** Shows all of them where they are seen now. */
  private move(): void {
    const inPlace = this.places.toSorted((a, b) => Number(isPanel(a)) - Number(isPanel(b)));
    const wanted = inPlace.find(({ isSeen }) => isSeen) ?? inPlace[0] ?? null;
    if (wanted === this.shown) return;
    this.shown?.element.replaceChildren();
    this.shown = wanted;
    wanted?.element.replaceChildren(...[...this.notices.values()].map(({ conflict }) => this.draw(wanted, conflict)));
  }

  private draw({ scene }: Place, conflict: Conflict): HTMLElement {
    return drawNotice(scene, conflict, (which) => {
      this.drop(conflict.id);
      this.answers.set(conflict.id, which);
      if (conflict.stands !== which) write(scene, conflict, conflict[which]);
      scene.announce(`${conflict.words}: ${valueWords(conflict, conflict[which])}`);
    });
  }
}

function isPanel({ scene }: Place): boolean {
  return scene.root.classList.contains("cm-room");
}

/** Makes the document say a value, as one gesture. */
function write(scene: RoomScene, { path, key }: Conflict, value: unknown): void {
  const store = scene.music?.store ?? scene.song;
  if (!store?.editable) return;
  const gesture = store.gesture();
  writeStored(gesture.edit, path, key, value);
  gesture.end("");
}

function drawNotice(scene: RoomScene, conflict: Conflict, settle: (which: "mine" | "theirs") => void): HTMLElement {
  const button = (which: "mine" | "theirs"): HTMLButtonElement =>
    wordButton(`Keep ${which}: ${valueWords(conflict, conflict[which])}`, () => settle(which), scene.signal);
  const stands = valueWords(conflict, conflict[conflict.stands]);
  return h("div", { class: "cm-notice", role: "group", "data-id": conflict.id, "aria-label": conflict.words },
    drawAvatar(conflict.other),
    h("p", {}, h("strong", {}, conflict.other.name), " and you both set the ", h("strong", {}, conflict.words), `; now it says ${stands}.`),
    h("div", { class: "cm-actions" }, button("mine"), button("theirs")));
}
