/** Where others point: rings and carets with a name, over a field; they are in nobody's way. */

import type { Cursor, Participant } from "../../core/room.js";
import { h, setAttribute } from "../dom.js";
import { paintAvatar } from "./avatar.js";
import type { RoomScene } from "./room_scene.js";

/** A box within the overlay's own element, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface CursorField {
  /** Shows them where they belong now, as after a scroll or a change of size. */
  place(): void;
}

export interface CursorPlan {
  /** What the overlay lies over. */
  readonly host: HTMLElement;
  /** Whether somebody who looks there can be shown here. */
  isHere(place: string): boolean;
  /** Null where it cannot be seen. */
  boxOf(cursor: Cursor, place: string): Box | null;
  readonly shape: "ring" | "caret";
}

/** A cursor that has rested so long shows no name any more, and goes after the second time. */
const RESTING = 3000;
const STALE = 20_000;

interface Flag {
  readonly element: HTMLElement;
  readonly name: HTMLElement;
  key: string;
  movedAt: number;
}

export function createCursors(scene: RoomScene, plan: CursorPlan): CursorField {
  const field = new Field(scene, plan);
  return field;
}

class Field implements CursorField {
  private readonly overlay = h("div", { class: "cm-cursors", "aria-hidden": "true" });
  private readonly flags = new Map<number, Flag>();
  private asked = 0;

  constructor(private readonly scene: RoomScene, private readonly plan: CursorPlan) {
    plan.host.append(this.overlay);
    const soon = (): void => {
      if (this.asked === 0) this.asked = requestAnimationFrame(() => this.show());
    };
    for (const topic of ["cursors", "people"] as const) scene.room.subscribe(topic, soon, scene.signal);
    const clock = setInterval(() => this.flags.size > 0 && soon(), RESTING / 3);
    scene.signal.addEventListener("abort", () => {
      clearInterval(clock);
      cancelAnimationFrame(this.asked);
      this.overlay.remove();
    });
    soon();
  }

  place(): void {
    this.show();
  }

  private show(): void {
    this.asked = 0;
    if (this.scene.signal.aborted) return;
    const shown = new Set<number>();
    for (const who of this.scene.room.participants) {
      if (!who.isMe && who.cursor !== null && this.plan.isHere(who.place) && this.draw(who, who.cursor)) shown.add(who.session);
    }
    for (const [session, flag] of this.flags) {
      if (shown.has(session)) continue;
      flag.element.remove();
      this.flags.delete(session);
    }
  }

  /** False where there is nothing to be seen of it. */
  private draw(who: Participant, cursor: Cursor): boolean {
    const box = this.plan.boxOf(cursor, who.place);
    if (box === null) return false;
    const key = `${who.place} ${cursor.kind} ${cursor.a} ${cursor.b}`;
    const now = performance.now();
    const flag = this.flags.get(who.session) ?? this.create(who.session);
    if (flag.key !== key) flag.movedAt = now;
    flag.key = key;
    const rested = now - flag.movedAt;
    if (rested > STALE) {
      flag.element.hidden = true;
      return true;
    }
    paint(flag, who, box);
    setAttribute(flag.element, "data-resting", rested > RESTING);
    // It stands there at once, and glides from then on.
    if (flag.element.hidden) {
      flag.element.hidden = false;
      requestAnimationFrame(() => setAttribute(flag.element, "data-glides", true));
    }
    return true;
  }

  private create(session: number): Flag {
    const name = h("span", { class: "cm-cursor-name" });
    const element = h("div", { class: "cm-cursor", "data-shape": this.plan.shape, "data-session": session }, name);
    element.hidden = true;
    this.overlay.append(element);
    const flag = { element, name, key: "", movedAt: performance.now() };
    this.flags.set(session, flag);
    return flag;
  }
}

function paint({ element, name }: Flag, who: Participant, box: Box): void {
  paintAvatar(element, who.person);
  element.replaceChildren(name);
  name.textContent = who.via === "kernel" ? `${who.person.name} (Python)` : who.person.name;
  element.style.transform = `translate(${box.left.toFixed(1)}px, ${box.top.toFixed(1)}px)`;
  element.style.width = `${box.width.toFixed(1)}px`;
  element.style.height = `${box.height.toFixed(1)}px`;
  setAttribute(element, "data-low", box.top < 18);
}

/** The box of an element within another. */
export function boxWithin(element: Element, host: Element): Box {
  const [inner, outer] = [element.getBoundingClientRect(), host.getBoundingClientRect()];
  return { left: inner.left - outer.left, top: inner.top - outer.top, width: inner.width, height: inner.height };
}
