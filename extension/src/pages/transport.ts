/** The page's player: play and pause, how far it is, and how loud it is for this listener. */

import type { Meters, SoundState } from "../core/player.js";
import { h, on, setAttribute, setText } from "../ui/dom.js";
import { glyph, setGlyph, type ControlName } from "../ui/glyphs.js";
import { isControl, takesLetters } from "../ui/keyboard.js";
import { createMeter, createVolume } from "../ui/meter.js";
import { createSoundFailure, createSoundOpener } from "../ui/transport.js";
import type { Listening } from "./listening.js";

export interface Transport {
  readonly element: HTMLElement;
  readonly failure: HTMLElement;
  /** Shows where it stands, from now on once a frame while it plays. */
  follow(moved: (meters: Meters | null) => void): void;
}

const FACES: Readonly<Record<SoundState, readonly [ControlName, string]>> = {
  idle: ["play", "Play"],
  starting: ["wait", "Starting, press to stop"],
  locked: ["play", "Play"],
  playing: ["pause", "Pause"],
  failed: ["play", "Try to play"],
};

/** "1:04" */
export function clockOf(seconds: number): string {
  const whole = Math.floor(Math.max(0, seconds) + 1e-6);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

export function createTransport(music: Listening): Transport {
  const progress = createProgress(music);
  const level = createMeter();
  const element = h("div", { class: "cmp-transport" },
    createPlay(music),
    progress.element,
    h("div", { class: "cmp-levels" }, createSoundOpener(music), level.element, createVolume(music)));
  listenToKeys(music);
  music.onSeek(() => progress.show(music.cursor));
  return {
    element,
    failure: createSoundFailure(music),
    follow(moved): void {
      follow(music, (meters) => {
        progress.show(meters?.tick ?? music.cursor);
        if (meters === null) level.rest();
        else level.show(meters.peaks.get("master") ?? 0);
        moved(meters);
      });
    },
  };
}

function createPlay(music: Listening): HTMLElement {
  const button = h("button", { class: "cm-play cmp-play", type: "button", "data-cmp": "play" }, glyph("play"));
  const show = (): void => {
    const state = music.player.stateOf(music.playable().id);
    const [picture, label] = FACES[state];
    setGlyph(button, picture);
    setAttribute(button, "aria-label", label);
    setAttribute(button, "title", `${label} (P or Space)`);
    setAttribute(music.root, "data-state", state);
  };
  on(button, "click", () => void music.toggle(), music.signal);
  music.player.subscribe(show, music.signal);
  show();
  return button;
}

interface Progress {
  readonly element: HTMLElement;
  show(tick: number): void;
}

/** A slider over the whole; it goes on by itself except while a hand holds it. */
function createProgress(music: Listening): Progress {
  const whole = music.tempo.secondsAt(music.length);
  const slider = h("input", { type: "range", class: "cm-slider cmp-progress", min: 0, max: whole, step: "any", value: 0, "aria-label": "Position", "data-cmp": "progress" });
  const now = h("span", { class: "cmp-clock" }, clockOf(0));
  const end = h("span", { class: "cmp-clock" }, clockOf(Math.round(whole)));
  let isHeld = false;
  const say = (seconds: number): void => {
    slider.style.setProperty("--cm-at", `${(seconds / whole) * 100}%`);
    setText(now, clockOf(seconds));
    setAttribute(slider, "aria-valuetext", `${clockOf(seconds)} of ${clockOf(Math.round(whole))}`);
  };
  const go = (): void => music.seek(music.tempo.tickAt(Number(slider.value)));
  on(slider, "input", () => {
    isHeld = true;
    say(Number(slider.value));
  }, music.signal);
  on(slider, "change", () => {
    isHeld = false;
    go();
  }, music.signal);
  on(slider, "keydown", (event) => {
    const tick = keyedTick(music, event.key);
    if (tick === null) return;
    event.preventDefault();
    music.seek(tick);
  }, music.signal);
  const show = (tick: number): void => {
    if (isHeld) return;
    const seconds = music.tempo.secondsAt(Math.max(0, tick));
    slider.value = String(seconds);
    say(seconds);
  };
  return { element: h("div", { class: "cmp-times" }, now, slider, end), show };
}

/** Where a key on the slider goes; null for other keys. */
export function keyedTick(music: Listening, key: string): number | null {
  const at = music.player.meters(music.playable().id)?.tick ?? music.cursor;
  const ways: Readonly<Record<string, number>> = {
    ArrowRight: at + music.stride, ArrowUp: at + music.stride,
    ArrowLeft: at - music.stride, ArrowDown: at - music.stride,
    PageUp: at + 4 * music.stride, PageDown: at - 4 * music.stride, Home: 0, End: music.length - 1,
  };
  const wanted = ways[key];
  return wanted === undefined ? null : Math.max(0, Math.min(music.length - 1, wanted));
}

/** P, K and Space play and pause wherever no control takes them. */
function listenToKeys(music: Listening): void {
  on(document.body, "keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const plays = key === " " ? !isControl(event.target) : key === "p" || key === "k";
    if (!plays || (key !== " " && takesLetters(event.target) && !isSlider(event.target))) return;
    event.preventDefault();
    void music.toggle();
  }, music.signal);
}

function isSlider(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === "range";
}

/** Calls back once a frame while it plays, and once with null when it rests. */
function follow(music: Listening, draw: (meters: Meters | null) => void): void {
  let frame = 0;
  const step = (): void => {
    frame = requestAnimationFrame(step);
    const meters = music.player.meters(music.playable().id);
    if (meters !== null) draw(meters);
  };
  const watch = (): void => {
    cancelAnimationFrame(frame);
    if (music.signal.aborted) return;
    if (music.player.stateOf(music.playable().id) === "playing") step();
    else draw(null);
  };
  music.player.subscribe(watch, music.signal);
  music.signal.addEventListener("abort", () => cancelAnimationFrame(frame));
  watch();
}
