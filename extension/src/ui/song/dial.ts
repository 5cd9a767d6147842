/** Faders and knobs: a slider that is dragged up and down, of any look. */

import type { SongEdit } from "../../core/song_store.js";
import type { Song } from "../../gen/models.js";
import { h, on, setAttribute, svg } from "../dom.js";
import { beginGesture, type GestureOf } from "../scene.js";
import { keyedPosition } from "../slider.js";
import type { SongScene } from "./song_scene.js";

export interface DialPlan {
  /** For screen readers: "Bass volume". */
  readonly label: string;
  /** Pixels from one end to the other. */
  readonly travel: number;
  /** Where it goes on a double click, 0 … 1. */
  readonly rest: number;
  /** 0 … 1 */
  place(song: Song): number;
  write(edit: SongEdit, place: number): void;
  code(place: number): string;
  say(place: number): string;
}

export interface Dial {
  readonly element: HTMLElement;
  update(song: Song): void;
}

const held = (place: number): number => Math.max(0, Math.min(1, place));

/** The shared manner: `draw` shows a place 0 … 1 on the element. */
function createDial(scene: SongScene, plan: DialPlan, element: HTMLElement, draw: (place: number) => void): Dial {
  const { signal } = scene;
  for (const [name, value] of Object.entries({ role: "slider", tabindex: 0, "aria-label": plan.label, "aria-valuemin": 0, "aria-valuemax": 100 })) setAttribute(element, name, value);
  let gesture: GestureOf<SongEdit> | null = null;
  let press: { readonly pointer: number; readonly y: number; readonly from: number } | null = null;
  let now = 0;
  const show = (place: number): void => {
    now = place;
    setAttribute(element, "aria-valuenow", Math.round(place * 100));
    setAttribute(element, "aria-valuetext", plan.say(place));
    setAttribute(element, "title", `${plan.label}: ${plan.say(place)}`);
    draw(place);
  };
  const write = (place: number): void => {
    if (!scene.store.editable) return;
    gesture ??= beginGesture(scene);
    plan.write(gesture.edit, place);
    show(place);
  };
  const finish = (): void => {
    gesture?.end(plan.code(now));
    gesture = null;
  };
  on(element, "pointerdown", (event) => {
    if (event.button !== 0 || press !== null) return;
    press = { pointer: event.pointerId, y: event.clientY, from: now };
    element.setPointerCapture(event.pointerId);
    element.focus({ preventScroll: true });
    event.preventDefault();
  }, signal);
  on(element, "pointermove", (event) => {
    if (press?.pointer !== event.pointerId) return;
    const fine = event.shiftKey ? 0.2 : 1;
    const place = held(press.from + ((press.y - event.clientY) / plan.travel) * fine);
    if (place !== now) write(place);
  }, signal);
  const end = (event: PointerEvent): void => {
    if (press?.pointer !== event.pointerId) return;
    press = null;
    finish();
  };
  on(element, "pointerup", end, signal);
  on(element, "pointercancel", end, signal);
  on(element, "dblclick", () => {
    write(plan.rest);
    finish();
  }, signal);
  on(element, "keydown", (event) => {
    const place = event.ctrlKey || event.metaKey || event.altKey ? null : keyedPosition(event.key, now);
    if (place === null) return;
    event.preventDefault();
    event.stopPropagation();
    write(place);
    finish();
  }, signal);
  return {
    element,
    update(song: Song): void {
      if (press === null) show(plan.place(song));
      setAttribute(element, "aria-disabled", scene.store.editable ? null : "true");
    },
  };
}

/** A fader: a cap in a groove. */
export function createFader(scene: SongScene, plan: DialPlan): Dial {
  const cap = h("span", { class: "cm-fader-cap" });
  const fill = h("span", { class: "cm-fader-fill" });
  const element = h("div", { class: "cm-fader", "aria-orientation": "vertical" }, h("span", { class: "cm-fader-groove" }, fill), cap);
  return createDial(scene, plan, element, (place) => {
    cap.style.bottom = `calc(${(place * 100).toFixed(2)}% - ${(place * 22).toFixed(2)}px)`;
    fill.style.height = `${(place * 100).toFixed(2)}%`;
  });
}

const RADIUS = 9;
const SWEEP = 270;

/** A knob: an arc from its origin to where it stands. */
export function createKnob(scene: SongScene, plan: DialPlan & { readonly origin: number }): Dial {
  const arc = svg("path", { class: "cm-knob-arc" });
  const hand = svg("line", { class: "cm-knob-hand", x1: 0, y1: -3.5, x2: 0, y2: -7.5 });
  const picture = svg("svg", { viewBox: "-12 -12 24 24", "aria-hidden": "true" },
    svg("path", { class: "cm-knob-track", d: arcPath(0, 1) }), arc, svg("circle", { class: "cm-knob-body", r: 6.4 }), hand);
  const element = h("div", { class: "cm-dial" });
  element.append(picture);
  return createDial(scene, plan, element, (place) => {
    setAttribute(arc, "d", arcPath(Math.min(plan.origin, place), Math.max(plan.origin, place)));
    setAttribute(hand, "transform", `rotate(${(place - 0.5) * SWEEP})`);
  });
}

/** The path of an arc between two places 0 … 1 of the knob's sweep. */
export function arcPath(from: number, to: number): string {
  const point = (place: number): string => {
    const angle = ((place - 0.5) * SWEEP * Math.PI) / 180;
    return `${(RADIUS * Math.sin(angle)).toFixed(2)} ${(-RADIUS * Math.cos(angle)).toFixed(2)}`;
  };
  const large = (to - from) * SWEEP > 180 ? 1 : 0;
  return `M${point(from)}A${RADIUS} ${RADIUS} 0 ${large} 1 ${point(to)}`;
}
