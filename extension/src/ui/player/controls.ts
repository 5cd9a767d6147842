/** The player's buttons: play, version, speed, volume, region, zoom. */

import { h, on, setAttribute, setText } from "../dom.js";
import { glyph, setGlyph } from "../glyphs.js";
import { barAt, markAt, nextSpeed, snapped, withEnd } from "./places.js";
import { isSounding, sayRegion, togglePlay, toggleRepeat, type PlayerPart, type PlayerScene } from "./player_scene.js";
import { clock, decibels, spoken, speedText } from "./words.js";

/** A key that sets an end jumps to a bar that has just begun or is about to: seconds. */
const KEY_REACH = 0.12;

export function createPlay(scene: PlayerScene): PlayerPart {
  const button = h("button", { class: "cm-play", type: "button" }, glyph("play"));
  on(button, "click", () => togglePlay(scene), scene.signal);
  return {
    element: button,
    update(): void {
      const { state } = scene.deck;
      setGlyph(button, state === "playing" ? "pause" : state === "waiting" ? "wait" : "play");
      const label = isSounding(scene.deck) ? "Pause" : "Play";
      setAttribute(button, "aria-label", label);
      setAttribute(button, "title", `${label} (Space)`);
      setAttribute(scene.root, "data-state", state === "waiting" ? "starting" : state);
    },
  };
}

export interface Clock extends PlayerPart {
  tick(): void;
}

/** The time now, of how much; the bar and the section. */
export function createClock({ deck }: PlayerScene): Clock {
  const now = h("span", { class: "cm-clock-now" });
  const place = h("span", { class: "cm-clock-place" });
  const element = h("div", { class: "cm-clock", "aria-hidden": "true" },
    now, h("span", { class: "cm-clock-of" }, `/ ${clock(deck.duration)}`), place);
  const tick = (): void => {
    setText(now, clock(deck.position));
    const bar = barAt(deck.bars, deck.position);
    const words = [bar === null ? "" : `bar ${bar}`, markAt(deck, deck.position), matchedBy(deck)];
    setText(place, words.filter((word) => word !== "").join(" · "));
  };
  return { element, tick, update: tick };
}

/** By how much the version that is heard was turned down to be as loud as the other. */
function matchedBy({ versions, gains, settings }: PlayerScene["deck"]): string {
  const gain = gains[versions.indexOf(settings.version)] ?? 1;
  return versions.length > 1 && gain < 0.994 ? `levels matched, ${decibels(gain)}` : "";
}

/** Which of two versions is heard: radio buttons, told how much they were turned down. */
export function createVersions(scene: PlayerScene): PlayerPart {
  const { deck, root, signal } = scene;
  const group = h("div", { class: "cm-segments", role: "radiogroup", "aria-label": "Version" });
  const inputs = deck.versions.map((version, at) => {
    const gain = deck.gains[at] ?? 1;
    const words = Math.abs(gain - 1) < 0.006 ? "" : `, ${decibels(gain)} so that both are equally loud`;
    const input = h("input", { type: "radio", class: "cm-unseen", name: nameFor(root), value: version });
    on(input, "change", () => {
      deck.change({ version });
      scene.announce(`Hearing ${version}`);
    }, signal);
    group.append(h("label", { class: "cm-segment", title: `${version}${words} (V)` }, input, h("span", {}, version)));
    return { input, version };
  });
  group.hidden = deck.versions.length < 2;
  return {
    element: group,
    update: () => inputs.forEach(({ input, version }) => (input.checked = version === deck.settings.version)),
  };
}

let radios = 0;
const names = new WeakMap<HTMLElement, string>();

/** Radio buttons of one view share a name that no other view has. */
function nameFor(root: HTMLElement): string {
  const name = names.get(root) ?? `cm-version-${(radios += 1)}`;
  names.set(root, name);
  return name;
}

export function createSpeed(scene: PlayerScene): PlayerPart {
  const { deck } = scene;
  const set = (speed: number): void => {
    deck.change({ speed });
    scene.announce(`Speed ${speedText(speed)}`);
  };
  const slower = quiet(scene, "minus", "Slower (<)", () => set(nextSpeed(deck.settings.speed, -1)));
  const faster = quiet(scene, "plus", "Faster (>)", () => set(nextSpeed(deck.settings.speed, 1)));
  const usual = h("button", { class: "cm-quiet cm-speed-now", type: "button" });
  on(usual, "click", () => set(1), scene.signal);
  return {
    element: h("div", { class: "cm-speed", role: "group", "aria-label": "Speed" }, slower, usual, faster),
    update(): void {
      const text = speedText(deck.settings.speed);
      setText(usual, text);
      setAttribute(usual, "aria-label", `Speed ${text}, back to 1×`);
      setAttribute(usual, "title", "Speed at the same pitch; a click brings 1× back");
      setAttribute(usual, "data-changed", Math.abs(deck.settings.speed - 1) > 1e-3);
    },
  };
}

export function createVolume(scene: PlayerScene): PlayerPart {
  const { deck, signal } = scene;
  const mute = quiet(scene, "speaker", "Mute (M)", () => deck.change({ muted: !deck.settings.muted }));
  const slider = h("input", {
    type: "range", class: "cm-slider cm-volume", min: 0, max: 1, step: 0.01, "aria-label": "Volume", title: "Volume (↑ ↓)",
  });
  on(slider, "input", () => deck.change({ volume: Number(slider.value), muted: false }), signal);
  return {
    element: h("div", { class: "cm-volume-box" }, mute, slider),
    update(): void {
      const { volume, muted } = deck.settings;
      const heard = muted ? 0 : volume;
      slider.value = String(heard);
      slider.style.setProperty("--cm-at", `${heard * 100}%`);
      setAttribute(slider, "aria-valuetext", `${Math.round(heard * 100)} %`);
      setGlyph(mute, heard === 0 ? "silent" : "speaker");
      setAttribute(mute, "aria-pressed", muted);
    },
  };
}

/** Sets A or B where it plays; on a bar, if one is as good as there. */
export function setEndHere(scene: PlayerScene, which: 0 | 1): void {
  const { deck } = scene;
  const here = snapped({ ...knownOf(scene), duration: deck.duration }, deck.position, KEY_REACH);
  deck.change({ region: withEnd(deck.settings.region, which, here, deck.duration), repeat: true });
  sayRegion(scene);
}

function knownOf({ deck }: PlayerScene): { marks: typeof deck.marks; bars: typeof deck.bars } {
  return { marks: deck.marks, bars: deck.bars };
}

export function clearRegion(scene: PlayerScene): void {
  if (scene.deck.settings.region === null) return;
  scene.deck.change({ region: null, repeat: false });
  sayRegion(scene);
}

/** A, B, repeat, and what stretch they are. */
export function createRegionTools(scene: PlayerScene): PlayerPart {
  const { deck } = scene;
  const a = endButton(scene, 0);
  const b = endButton(scene, 1);
  const repeat = quiet(scene, "repeat", "Repeat (L)", () => toggleRepeat(scene));
  const clear = quiet(scene, "close", "Clear the region (Esc)", () => clearRegion(scene));
  const words = h("span", { class: "cm-region-words" });
  return {
    element: h("div", { class: "cm-region-tools", role: "group", "aria-label": "Region" }, repeat, a, b, words, clear),
    update(): void {
      const { region } = deck.settings;
      setAttribute(repeat, "aria-pressed", String(deck.settings.repeat));
      clear.hidden = region === null;
      setText(words, region === null ? "" : `${clock(region[0], 2)} – ${clock(region[1], 2)}`);
      setAttribute(words, "title", region === null ? null : `${spoken(region[1] - region[0])} long`);
    },
  };
}

function endButton(scene: PlayerScene, which: 0 | 1): HTMLElement {
  const name = which === 0 ? "A" : "B";
  const label = which === 0 ? "Begin the region here (A)" : "End the region here (B)";
  const button = h("button", { class: "cm-quiet cm-end-button", type: "button", "aria-label": label, title: label }, name);
  on(button, "click", () => setEndHere(scene, which), scene.signal);
  return button;
}

/** What the zoom buttons do. */
export interface Zoomer {
  zoom(factor: number): void;
  fit(): void;
  readonly isZoomed: boolean;
}

export function createZoom(scene: PlayerScene, stage: () => Zoomer): PlayerPart {
  const out = quiet(scene, "minus", "Zoom out (−)", () => stage().zoom(0.5));
  const closer = quiet(scene, "plus", "Zoom in (+)", () => stage().zoom(2));
  const fit = h("button", { class: "cm-quiet", type: "button", title: "All of it (0)" }, "All");
  on(fit, "click", () => stage().fit(), scene.signal);
  return {
    element: h("div", { class: "cm-zoom", role: "group", "aria-label": "Zoom" }, fit, out, closer),
    update(): void {
      fit.hidden = !stage().isZoomed;
      setAttribute(out, "aria-disabled", String(!stage().isZoomed));
    },
  };
}

function quiet(
  scene: PlayerScene, name: Parameters<typeof glyph>[0], label: string, act: () => void,
): HTMLElement {
  const button = h("button", { class: "cm-quiet", type: "button", "aria-label": label, title: label }, glyph(name));
  on(button, "click", act, scene.signal);
  return button;
}
