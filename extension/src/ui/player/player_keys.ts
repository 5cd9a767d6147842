/** The player's keys. */

import { guardKeys, isControl } from "../keyboard.js";
import { clearRegion, setEndHere } from "./controls.js";
import { nextPlace, nextSpeed } from "./places.js";
import { togglePlay, toggleRepeat, toggleVersion, type PlayerScene } from "./player_scene.js";
import type { Stage } from "./stage.js";
import { spoken, speedText } from "./words.js";

export const PLAYER_KEYS = [
  ["Space, K", "play, pause"],
  ["\u2190 \u2192", "5 seconds back, on"],
  [", .", "a twentieth of a second back, on"],
  ["Shift+\u2190 \u2192", "to the marker or bar before, after"],
  ["Home, End", "to the beginning, the end"],
  ["A, B", "begin, end the region here"],
  ["L, Esc", "repeat, clear the region"],
  ["V", "hear the other version"],
  ["< >", "slower, faster at the same pitch"],
  ["\u2191 \u2193, M", "louder, softer, mute"],
  ["+ \u2212 0", "zoom in, out, all"],
  ["Shift+drag", "draw a region; so does a drag on the ruler"],
  ["?", "these keys"],
] as const;

const LONG_S = 5;
const SHORT_S = 0.05;
const LOUDER = 0.05;

type Act = () => void;

export function listenToPlayerKeys(scene: PlayerScene, stage: Stage, openHelp: Act): void {
  const acts = actsOf(scene, stage, openHelp);
  guardKeys(scene, (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTaken(event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = acts.get(event.shiftKey && key.startsWith("Arrow") ? `Shift+${key}` : key);
    if (act === undefined) return;
    act();
    event.preventDefault();
  });
}

/** Whether the control that has the focus uses the key itself. */
function isTaken(event: KeyboardEvent): boolean {
  const { key, target } = event;
  if ((key === " " || key === "Enter") && isControl(target)) return true;
  const isSlider = target instanceof HTMLInputElement;
  return isSlider && (key.startsWith("Arrow") || key === "Home" || key === "End");
}

function actsOf(scene: PlayerScene, stage: Stage, openHelp: Act): ReadonlyMap<string, Act> {
  const { deck } = scene;
  const go = (seconds: number): void => {
    deck.seek(seconds);
    scene.announce(spoken(deck.position));
  };
  const louder = (by: number): void => {
    const volume = Math.min(Math.max(deck.settings.volume + by, 0), 1);
    deck.change({ volume, muted: false });
    scene.announce(`Volume ${Math.round(volume * 100)} %`);
  };
  const faster = (way: 1 | -1): void => {
    deck.change({ speed: nextSpeed(deck.settings.speed, way) });
    scene.announce(`Speed ${speedText(deck.settings.speed)}`);
  };
  const mute = (): void => {
    deck.change({ muted: !deck.settings.muted });
    scene.announce(deck.settings.muted ? "Muted" : "Not muted");
  };
  return new Map<string, Act>([
    [" ", () => togglePlay(scene)], ["k", () => togglePlay(scene)],
    ["ArrowLeft", () => go(deck.position - LONG_S)], ["ArrowRight", () => go(deck.position + LONG_S)],
    [",", () => go(deck.position - SHORT_S)], [".", () => go(deck.position + SHORT_S)],
    ["Shift+ArrowLeft", () => go(nextPlace(deck, deck.position, -1))],
    ["Shift+ArrowRight", () => go(nextPlace(deck, deck.position, 1))],
    ["Home", () => go(0)], ["End", () => go(deck.duration)],
    ["ArrowUp", () => louder(LOUDER)], ["ArrowDown", () => louder(-LOUDER)], ["m", mute],
    ["<", () => faster(-1)], [">", () => faster(1)],
    ["a", () => setEndHere(scene, 0)], ["b", () => setEndHere(scene, 1)],
    ["l", () => toggleRepeat(scene)], ["Escape", () => clearRegion(scene)],
    ["v", () => toggleVersion(scene)],
    ["+", () => stage.zoom(2)], ["=", () => stage.zoom(2)], ["-", () => stage.zoom(0.5)], ["0", () => stage.fit()],
    ["?", openHelp],
  ]);
}
