/** A strip of the mixer: effects, sends, pan, level with its meter, mute and solo, name. */

import type { Meters } from "../../core/player.js";
import { inOrder } from "../../core/order.js";
import type { Song } from "../../gen/models.js";
import { python } from "../code_lines.js";
import { h, on, setAttribute, setText } from "../dom.js";
import { createKnob, createFader, type Dial } from "./dial.js";
import { createColumnMeter } from "./column_meter.js";
import { SLACK } from "../painting.js";
import { createSlots } from "./effect_slots.js";
import type { Inspector } from "./inspector.js";
import { faderLevel, faderPlace, numberIn, settingLineOf, settingOf, sourcesOf, stripName, writeSetting, type Target } from "./mixing.js";
import { channelRef } from "./song_lines.js";
import type { SongScene } from "./song_scene.js";
import { toggleSetting } from "./track_head.js";
import { decibelText, panText, shortPan } from "./words.js";

export interface Strip {
  readonly key: string;
  readonly element: HTMLElement;
  update(song: Song): void;
  show(meters: Meters | null): void;
}

/** Who a strip is of, in words and colours. */
export interface Owner {
  readonly target: Target;
  readonly name: string;
  readonly color: string;
}

/** What is done with a strip's owner beside its sound. */
export interface Owners {
  open(target: Target, anchor: HTMLElement): void;
  /** Moves a stem by places among the stems. */
  move(stem: string, by: number): void;
}

const TRAVEL = 118;
const USUAL = 0.8;

export function createStrip(scene: SongScene, first: Owner, inspector: Inspector, owners: Owners): Strip {
  const { target } = first;
  let owner = first;
  const name = h("button", { class: "cm-strip-name", type: "button", "aria-haspopup": target.kind === "master" ? null : "dialog" });
  const slots = createSlots(scene, target, () => owner.name, inspector);
  const sends = h("div", { class: "cm-sends" });
  const pan = createPan(scene, target, () => owner.name);
  const reading = h("span", { class: "cm-strip-db" });
  const panReading = h("span", { class: "cm-strip-pan" });
  const fader = createLevel(scene, target, first.name);
  const meter = createColumnMeter();
  const switches = createSwitches(scene, target, () => owner.name);
  let knobs = new Map<string, Dial>();
  let shown: readonly unknown[] = [];
  const element = h("div", { class: "cm-strip", role: "group", "data-kind": target.kind },
    slots.element, sends, h("div", { class: "cm-strip-panning" }, pan.element, panReading),
    h("div", { class: "cm-strip-level" }, fader.element, meter.element), reading, switches.element, name);
  listenToName(scene, target, name, element, owners);
  return {
    key: stripName(target),
    element,
    update(song: Song): void {
      const sources = sourcesOf(song, target);
      if (shown.length > 0 && sources.every((source, at) => source === shown[at])) return;
      shown = sources;
      owner = ownerOf(song, target);
      setText(name, owner.name);
      setAttribute(name, "title", owner.name);
      setAttribute(element, "aria-label", `Strip of ${owner.name}`);
      element.style.setProperty("--cm-tone", owner.color);
      fader.element.setAttribute("aria-label", `${owner.name} volume`);
      pan.element.setAttribute("aria-label", `${owner.name} pan`);
      for (const part of [slots, pan, fader, switches]) part.update(song);
      setText(reading, decibelText(numberIn(song, target, "amp.level")));
      setText(panReading, shortPan(numberIn(song, target, "pan.pan")));
      if (target.kind === "stem") knobs = renewSends(scene, song, target.id, sends, knobs);
    },
    show: (meters) => meter.show(meters === null ? null : (meters.peaks.get(stripName(target)) ?? 0)),
  };
}

/** A press opens the owner's fields; a drag, or Shift with arrows, moves a stem among the others. */
function listenToName(scene: SongScene, target: Target, name: HTMLElement, strip: HTMLElement, owners: Owners): void {
  let start: number | null = null;
  let moved = false;
  on(name, "click", () => {
    if (target.kind !== "master" && !moved) owners.open(target, name);
    moved = false;
  }, scene.signal);
  if (target.kind !== "stem") return;
  on(name, "keydown", (event) => {
    if (!event.shiftKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
    owners.move(target.id, event.key === "ArrowRight" ? 1 : -1);
    name.focus();
  }, scene.signal);
  on(name, "pointerdown", (event) => {
    if (event.button !== 0 || !scene.store.editable) return;
    [start, moved] = [event.clientX, false];
    name.setPointerCapture(event.pointerId);
  }, scene.signal);
  on(name, "pointermove", (event) => {
    if (start === null || (!moved && Math.abs(event.clientX - start) <= SLACK)) return;
    moved = true;
    strip.style.transform = `translateX(${event.clientX - start}px)`;
    setAttribute(strip, "data-lifted", true);
  }, scene.signal);
  const end = (event: PointerEvent): void => {
    const by = start === null || !moved ? 0 : Math.round((event.clientX - start) / Math.max(1, strip.offsetWidth));
    strip.style.removeProperty("transform");
    setAttribute(strip, "data-lifted", false);
    start = null;
    if (by !== 0 && event.type === "pointerup") owners.move(target.id, by);
  };
  on(name, "pointerup", end, scene.signal);
  on(name, "pointercancel", end, scene.signal);
}

/** Name and colour of a strip's owner as the song says. */
export function ownerOf(song: Song, target: Target): Owner {
  if (target.kind === "master") return { target, name: "Master", color: "#8f9bb3" };
  const found = target.kind === "stem" ? song.stems.get(target.id) : target.kind === "return" ? song.returns.get(target.id) : song.loops.get(target.id);
  return { target, name: found?.name ?? "", color: found?.color ?? "#8f9bb3" };
}

function createLevel(scene: SongScene, target: Target, name: string): Dial {
  return createFader(scene, {
    label: `${name} volume`, travel: TRAVEL, rest: faderPlace(USUAL),
    place: (song) => faderPlace(numberIn(song, target, "amp.level")),
    write: (edit, place) => writeSetting(edit, target, "amp.level", faderLevel(place)),
    code: (place) => settingLineOf(scene.store.revision.song, target, "amp.level", faderLevel(place)),
    say: (place) => decibelText(faderLevel(place)),
  });
}

/** A pan that is nearly in the middle is in the middle. */
export function panOf(place: number): number {
  const pan = Math.round((place * 2 - 1) * 100) / 100;
  return Math.abs(pan) < 0.03 ? 0 : pan;
}

function createPan(scene: SongScene, target: Target, name: () => string): Dial {
  return createKnob(scene, {
    label: `${name()} pan`, travel: 140, rest: 0.5, origin: 0.5,
    place: (song) => (numberIn(song, target, "pan.pan") + 1) / 2,
    write: (edit, place) => writeSetting(edit, target, "pan.pan", panOf(place)),
    code: (place) => settingLineOf(scene.store.revision.song, target, "pan.pan", panOf(place)),
    say: (place) => panText(panOf(place)),
  });
}

function createSwitches(scene: SongScene, target: Target, name: () => string): { readonly element: HTMLElement; update(song: Song): void } {
  const mute = h("button", { class: "cm-mute", type: "button" }, "M");
  const solo = h("button", { class: "cm-solo", type: "button" }, "S");
  const hasSolo = target.kind === "stem" || target.kind === "loop";
  on(mute, "click", () => toggleSetting(scene, target, name(), "amp.mute"), scene.signal);
  on(solo, "click", () => toggleSetting(scene, target, name(), "amp.solo"), scene.signal);
  return {
    element: h("div", { class: "cm-strip-switches" }, mute, ...(hasSolo ? [solo] : [])),
    update(song: Song): void {
      for (const [button, key, word] of [[mute, "amp.mute", "Mute"], [solo, "amp.solo", "Solo"]] as const) {
        setAttribute(button, "aria-pressed", String(settingOf(song, target, key) === true));
        setAttribute(button, "aria-label", `${word} ${name()}`);
        setAttribute(button, "title", `${word} ${name()}`);
      }
    },
  };
}

/** A knob for each return, built anew only where the returns changed. */
function renewSends(scene: SongScene, song: Song, stem: string, place: HTMLElement, old: Map<string, Dial>): Map<string, Dial> {
  const returns = inOrder(song.returns.values());
  let knobs = old;
  if (returns.map(({ id }) => id).join() !== [...old.keys()].join()) {
    knobs = new Map(returns.map(({ id }) => [id, createSend(scene, stem, id)]));
    place.replaceChildren(...returns.map(({ id, name }) => h("div", { class: "cm-send" }, knobs.get(id)?.element ?? "", h("span", { class: "cm-send-name", "data-return": id, title: name }, name))));
  }
  for (const { id, name } of returns) {
    const label = place.querySelector(`[data-return="${CSS.escape(id)}"]`);
    if (label !== null) setText(label, name);
    knobs.get(id)?.update(song);
  }
  place.hidden = returns.length === 0;
  return knobs;
}

const level = (place: number): number => Math.round(place * 100) / 100;

function createSend(scene: SongScene, stem: string, to: string): Dial {
  const names = (): readonly [string, string] => {
    const { song } = scene.store.revision;
    return [song.stems.get(stem)?.name ?? "", song.returns.get(to)?.name ?? ""];
  };
  const [from, name] = names();
  return createKnob(scene, {
    label: `${from} to ${name}`, travel: 140, rest: 0, origin: 0,
    place: (song) => song.stems.get(stem)?.sends.get(to) ?? 0,
    write: (edit, place) => edit.setSend(stem, to, level(place)),
    code: (place) => `${channelRef(scene.store.revision.song, { kind: "stem", id: stem })}.sends[${python(names()[1])}] = ${python(level(place))}`,
    say: (place) => decibelText(level(place)),
  });
}
