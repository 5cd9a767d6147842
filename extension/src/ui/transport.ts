/** Play and stop, the state of the sound, undo and redo, level and volume. */

import type { SoundState } from "../core/player.js";
import { h, on, setAttribute, setText } from "./dom.js";
import { glyph, setGlyph, type ControlName } from "./glyphs.js";
import { togglePlay, type Part, type Sounding } from "./scene.js";

/** A document whose steps can be taken back. */
export interface Historic {
  readonly store: { undo(): void; redo(): void; readonly canUndo: boolean; readonly canRedo: boolean };
  readonly signal: AbortSignal;
  announce(text: string): void;
}

const PLAY_FACES: Readonly<Record<SoundState, readonly [ControlName, string]>> = {
  idle: ["play", "Play"],
  starting: ["wait", "Starting, press to stop"],
  locked: ["play", "Play"],
  playing: ["stop", "Stop"],
  failed: ["play", "Try to play"],
};

/** The round button that starts and stops. */
export function createPlayButton(scene: Sounding, toggle = (): unknown => togglePlay(scene)): HTMLElement {
  const button = h("button", { class: "cm-play", type: "button" }, glyph("play"));
  const show = (): void => {
    const state = scene.player.stateOf(scene.playable().id);
    const [picture, label] = PLAY_FACES[state];
    setGlyph(button, picture);
    setAttribute(button, "aria-label", label);
    setAttribute(button, "title", `${label} (P)`);
    setAttribute(scene.root, "data-state", state);
  };
  on(button, "click", () => void toggle(), scene.signal);
  scene.player.subscribe(show, scene.signal);
  show();
  return button;
}

/** The button that opens the sound of a browser that waits for a click. */
export function createSoundOpener(scene: Sounding): HTMLElement {
  const open = h(
    "button", { class: "cm-sound-open", type: "button" }, glyph("silent"), "Enable sound",
  );
  const show = (): void => {
    open.hidden = scene.player.stateOf(scene.playable().id) !== "locked";
  };
  on(open, "click", () => void scene.player.unlock(), scene.signal);
  scene.player.subscribe(show, scene.signal);
  show();
  return open;
}

/** Why no sound is possible here, and what cures it. */
export function createSoundFailure(scene: Sounding): HTMLElement {
  const reason = h("span");
  const failed = h("p", { class: "cm-sound-failed", role: "alert" }, glyph("warning"), reason);
  const show = (): void => {
    const isFailed = scene.player.stateOf(scene.playable().id) === "failed";
    failed.hidden = !isFailed;
    setText(reason, isFailed ? scene.player.reason : "");
  };
  scene.player.subscribe(show, scene.signal);
  show();
  return failed;
}

/** Undo and redo. */
export function createHistory(scene: Historic): Part<unknown> {
  const undo = historyButton("undo", "Undo (Ctrl+Z)", () => scene.store.undo(), scene);
  const redo = historyButton("redo", "Redo (Ctrl+Shift+Z)", () => scene.store.redo(), scene);
  return {
    element: h("div", { class: "cm-history" }, undo, redo),
    update(): void {
      setAttribute(undo, "aria-disabled", String(!scene.store.canUndo));
      setAttribute(redo, "aria-disabled", String(!scene.store.canRedo));
    },
  };
}

function historyButton(
  name: "undo" | "redo", label: string, act: () => void, scene: Historic,
): HTMLElement {
  const button = h(
    "button", { class: "cm-quiet", type: "button", "aria-label": label, title: label }, glyph(name),
  );
  on(button, "click", () => stepHistory(scene, name, act), scene.signal);
  return button;
}

function stepHistory(scene: Historic, name: "undo" | "redo", act: () => void): void {
  const can = name === "undo" ? scene.store.canUndo : scene.store.canRedo;
  if (can) act();
  const done = name === "undo" ? "Undone" : "Done again";
  scene.announce(can ? done : `Nothing to ${name}`);
}

/** Ctrl or Cmd with Z, with Shift for the way back; true if the key was one of these. */
export function historyKey(scene: Historic, event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return false;
  const key = event.key.toLowerCase();
  if (key !== "z" && key !== "y") return false;
  const isRedo = key === "y" || event.shiftKey;
  if (isRedo) stepHistory(scene, "redo", () => scene.store.redo());
  else stepHistory(scene, "undo", () => scene.store.undo());
  event.preventDefault();
  return true;
}
