/** What every part of a room's interface is given. */

import { MeterMap } from "../../core/tempo_map.js";
import type { Playable, Player } from "../../core/player.js";
import { RoomError, type Room } from "../../core/room.js";
import type { RoomApi } from "../../core/room_api.js";
import type { SongStore } from "../../core/song_store.js";
import type { Song } from "../../gen/models.js";
import { h, on, setText } from "../dom.js";
import { glyph, type ControlName } from "../glyphs.js";
import { spotOf, type Spot } from "./spot.js";

/** A room as views are given it. */
export interface RoomSeat {
  readonly room: Room;
  readonly api: RoomApi;
  /** Shows the whole room, with chat and history; null where there is no place for it. */
  readonly openRoom?: (() => void) | null;
  /** The whole song, also for views that show a loop of it. */
  readonly song?: SongStore;
}

/** The music of the room, where a view has it. */
export interface RoomMusic {
  readonly store: SongStore;
  readonly player: Player;
  readonly playable: () => Playable;
}

export interface RoomScene extends RoomSeat {
  readonly root: HTMLElement;
  readonly music: RoomMusic | null;
  readonly spot: Spot;
  readonly signal: AbortSignal;
  announce(text: string): void;
}

export function createRoomScene(given: Omit<RoomScene, "spot">): RoomScene {
  return { ...given, spot: spotOf(given.room) };
}

/** The song as it is now; null where no view has it. */
export function songOf(scene: RoomScene): Song | null {
  return scene.music?.store.revision.song ?? null;
}

const maps = new WeakMap<ReadonlyMap<number, string>, MeterMap>();
const COMMON = new Map([[0, "4/4"]]);

/** Bars and ticks of each other. */
export function metersOf(scene: RoomScene): MeterMap {
  const meters = songOf(scene)?.meters ?? COMMON;
  const known = maps.get(meters) ?? new MeterMap(meters);
  maps.set(meters, known);
  return known;
}

/** The bar of a tick, counted from 1. */
export function barOf(scene: RoomScene, tick: number): number {
  return metersOf(scene).barAt(Math.max(0, tick)).bar;
}

/** Shows a place in the views, and moves what leads or stands there. */
export function goTo(scene: RoomScene, tick: number): void {
  scene.spot.go(tick);
  const { transport } = scene.room;
  if (transport.isLeader && transport.state.playing) transport.seek(tick);
  scene.announce(`Bar ${barOf(scene, tick)}`);
}

/** A button with words. */
export function wordButton(
  words: string, act: (button: HTMLButtonElement) => unknown, signal: AbortSignal, className = "cm-word",
): HTMLButtonElement {
  const button = h("button", { class: className, type: "button" }, words);
  on(button, "click", () => void act(button), signal);
  return button;
}

/** A button with a picture; `label` names it. */
export function pictureButton(
  picture: ControlName, label: string, act: (button: HTMLButtonElement) => unknown, signal: AbortSignal,
): HTMLButtonElement {
  const button = h("button", { class: "cm-quiet", type: "button", "aria-label": label, title: label }, glyph(picture));
  on(button, "click", () => void act(button), signal);
  return button;
}

/** A link to a bar, which goes there. */
export function barLink(scene: RoomScene, tick: number): HTMLButtonElement {
  const bar = barOf(scene, tick);
  const button = wordButton(`bar ${bar}`, () => goTo(scene, tick), scene.signal, "cm-bar-link");
  button.title = `Go to bar ${bar}`;
  return button;
}

/** A place where a part says what went wrong, and how to mend it. */
export interface Problem {
  readonly element: HTMLElement;
  /** Waits for a deed; false where it failed, which is then said. */
  watch(deed: Promise<unknown>): Promise<boolean>;
  clear(): void;
}

export function createProblem(): Problem {
  const element = h("p", { class: "cm-problem", role: "alert" });
  element.hidden = true;
  const clear = (): void => {
    element.hidden = true;
    setText(element, "");
  };
  return {
    element,
    clear,
    async watch(deed: Promise<unknown>): Promise<boolean> {
      try {
        await deed;
        clear();
        return true;
      } catch (error) {
        element.hidden = false;
        setText(element, reasonOf(error));
        return false;
      }
    },
  };
}

/** Why something could not be done, and what helps. */
export function reasonOf(error: unknown): string {
  if (error instanceof RoomError) return [error.message, error.cure].filter((text) => text !== "").join(" ");
  return error instanceof Error ? error.message : String(error);
}
