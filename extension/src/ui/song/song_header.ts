/** The song's header: play, where it stands, its fields, and how it is played. */

import type { Meters } from "../../core/player.js";
import { h, on, setAttribute, setText } from "../dom.js";
import { glyph, type ControlName } from "../glyphs.js";
import type { Help } from "../help.js";
import { createMeter, createVolume } from "../meter.js";
import { createHistory, createPlayButton, createSoundOpener } from "../transport.js";
import { toggleRegion } from "./ruler.js";
import { createSongKey, createSongMeter, createSongName, createSongTempo } from "./song_fields.js";
import { positionOf, seekTo, tellPlayer, toggleSong, type SongPart, type SongScene } from "./song_scene.js";
import { clockText, placeText, sayPlace } from "./words.js";

export interface SongHeader extends SongPart {
  show(meters: Meters | null): void;
}

export function createSongHeader(scene: SongScene, help: Help): SongHeader {
  const meter = createMeter();
  const place = createPlace(scene);
  const name = createSongName(scene);
  const fields = [createSongTempo(scene), createSongMeter(scene), createSongKey(scene)];
  const history = createHistory(scene);
  const start = quiet("start", "To the beginning (Home)", () => seekTo(scene, 0), scene.signal);
  const element = h("header", { class: "cm-header cm-song-header" },
    h("div", { class: "cm-transport" }, createPlayButton(scene, () => toggleSong(scene)), start, place.element),
    createModes(scene),
    h("div", { class: "cm-title" }, name.element, h("div", { class: "cm-listening" }, createSoundOpener(scene), meter.element, createVolume(scene))),
    h("div", { class: "cm-fields" }, ...fields.map((each) => each.element)),
    h("div", { class: "cm-buttons" }, history.element, help.button));
  scene.onChoice(() => place.show(positionOf(scene)));
  return {
    element,
    update(revision): void {
      for (const part of [name, ...fields, history]) part.update(revision);
      place.show(positionOf(scene));
    },
    show(meters: Meters | null): void {
      place.show(meters?.tick ?? scene.choices.cursor, meters);
      if (meters === null) meter.rest();
      else meter.show(meters.peaks.get("master") ?? 0);
    },
  };
}

interface Place {
  readonly element: HTMLElement;
  show(tick: number, meters?: Meters | null): void;
}

/** Bar and beat, minutes and seconds; before the first bar the beats of the count-in. */
function createPlace(scene: SongScene): Place {
  const bars = h("span", { class: "cm-place-bars" });
  const time = h("span", { class: "cm-place-time" });
  const element = h("div", { class: "cm-place", role: "group", "aria-label": "Position" }, bars, time);
  return {
    element,
    show(tick: number): void {
      const { meter, tempo } = scene.arrangement;
      const held = Math.max(0, tick);
      setText(bars, tick < 0 ? "count-in" : placeText(meter, Math.floor(held / 240) * 240).split(".").slice(0, 2).join("."));
      setText(time, clockText(tempo, held));
      setAttribute(element, "title", sayPlace(meter, Math.round(held)));
    },
  };
}

/** Repeat, metronome and count-in. */
function createModes(scene: SongScene): HTMLElement {
  const repeat = toggle("repeat", "Repeat the marked stretch (L)", () => toggleRegion(scene), scene.signal);
  const clicks = toggle("metronome", "Metronome (C)", () => toggleMetronome(scene), scene.signal);
  const count = h("button", { class: "cm-quiet cm-toggle cm-count", type: "button" });
  on(count, "click", () => {
    const bars = (scene.choices.countIn + 1) % 3;
    scene.choose({ countIn: bars });
    scene.announce(sayCount(bars));
  }, scene.signal);
  const show = (): void => {
    const { loops, metronome, countIn } = scene.choices;
    setAttribute(repeat, "aria-pressed", String(loops));
    setAttribute(clicks, "aria-pressed", String(metronome));
    setAttribute(count, "aria-label", `${sayCount(countIn)}, press to change`);
    setAttribute(count, "title", "Bars of clicks before it begins: 0, 1 or 2");
    setAttribute(count, "data-on", countIn > 0);
    setText(count, `in ${countIn}`);
  };
  scene.onChoice(show);
  show();
  return h("div", { class: "cm-modes", role: "group", "aria-label": "How it is played" }, repeat, clicks, count);
}

const sayCount = (bars: number): string => (bars === 0 ? "No count-in" : `Count-in ${bars} ${bars === 1 ? "bar" : "bars"}`);

export function toggleMetronome(scene: SongScene): void {
  scene.choose({ metronome: !scene.choices.metronome });
  tellPlayer(scene);
  scene.announce(scene.choices.metronome ? "Metronome on" : "Metronome off");
}

/** A quiet button with a picture. */
export function quiet(picture: ControlName, label: string, act: () => void, signal: AbortSignal): HTMLButtonElement {
  const button = h("button", { class: "cm-quiet", type: "button", "aria-label": label.replace(/ \(.*\)$/, ""), title: label }, glyph(picture));
  on(button, "click", act, signal);
  return button;
}

/** A button that stays pressed. */
export function toggle(picture: ControlName, label: string, act: () => void, signal: AbortSignal): HTMLButtonElement {
  const button = quiet(picture, label, act, signal);
  button.classList.add("cm-toggle");
  setAttribute(button, "aria-pressed", "false");
  return button;
}
