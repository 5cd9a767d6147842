/** The player as people see and use it. One call builds it all. */

import type { Deck } from "../../core/deck.js";
import { accentOf } from "../accent.js";
import { createAnnouncer } from "../announce.js";
import { h, on, setAttribute, setText } from "../dom.js";
import { glyph } from "../glyphs.js";
import { createHelp } from "../help.js";
import {
  createClock, createPlay, createRegionTools, createSpeed, createVersions, createVolume, createZoom,
} from "./controls.js";
import { listenToPlayerKeys, PLAYER_KEYS } from "./player_keys.js";
import type { PlayerPart, PlayerScene } from "./player_scene.js";
import { createStage } from "./stage.js";
import { adoptPlayerStyle } from "./style.js";

/** The look of a narrow view begins here: pixels. */
const NARROW = 560;
/** Two versions need more room beside the title. */
const NARROW_FOR_TWO = 700;
const MEDIUM = 820;

/** Builds the player's view inside `el` and keeps it true to the deck until the signal ends. */
export function mountPlayer(el: HTMLElement, deck: Deck, signal: AbortSignal): void {
  const root = h("section", { class: "cm-player", "aria-label": `Player ${deck.title}` });
  const announcer = createAnnouncer();
  const scene: PlayerScene = { root, deck, signal, announce: announcer.say };
  el.append(root);
  adoptPlayerStyle(root);
  if (!root.isConnected) requestAnimationFrame(() => adoptPlayerStyle(root));
  const update = build(scene, announcer.element);
  update();
  deck.subscribe(update, signal);
  signal.addEventListener("abort", () => root.remove());
}

/** One colour for each version, as in the saved picture: a glance says which is heard. */
const COLOURS = ["#5b8def", "#17a67c"] as const;

function paint({ root, deck }: PlayerScene): void {
  const accent = accentOf(COLOURS[deck.versions.indexOf(deck.settings.version)] ?? COLOURS[0]);
  root.style.setProperty("--cm-accent", accent.color);
  root.style.setProperty("--cm-button", accent.button);
  root.style.setProperty("--cm-on-accent", accent.ink);
}

/** Builds every part; gives what brings them up to date. */
function build(scene: PlayerScene, announcer: HTMLElement): () => void {
  const { root, deck, signal } = scene;
  const help = createHelp(scene, PLAYER_KEYS);
  const zoom: PlayerPart = createZoom(scene, () => stage);
  const stage = createStage(scene, () => zoom.update());
  const clock = createClock(scene);
  const [play, versions, speed] = [createPlay(scene), createVersions(scene), createSpeed(scene)];
  const [volume, region] = [createVolume(scene), createRegionTools(scene)];
  const [opener, failure] = [createOpener(scene), createFailure(scene)];
  const title = h("div", { class: "cm-title" },
    h("div", { class: "cm-player-name", title: deck.title }, deck.title),
    h("div", { class: "cm-listening" }, opener.element, clock.element));
  root.append(
    h("header", { class: "cm-header" }, play.element, title,
      h("div", { class: "cm-fields" }, versions.element, speed.element, volume.element),
      h("div", { class: "cm-buttons" }, help.button)),
    failure.element, stage.element,
    h("footer", { class: "cm-foot" }, region.element, zoom.element), help.element, announcer,
  );
  listenToPlayerKeys(scene, stage, () => help.open());
  watchSize(root, deck.versions.length > 1 ? NARROW_FOR_TWO : NARROW, signal);
  watchColours(scene, () => stage.redraw());
  const draw = drawWhilePlaying(scene, () => {
    stage.tick();
    clock.tick();
  });
  const parts = [play, versions, speed, volume, region, opener, failure, stage, zoom, clock];
  return () => {
    paint(scene);
    for (const part of parts) part.update();
    draw();
  };
}

/** Calls `tick` once a frame while the deck plays and can be seen; gives what looks again. */
function drawWhilePlaying({ root, deck, signal }: PlayerScene, tick: () => void): () => void {
  let frame = 0;
  let isSeen = true;
  const step = (): void => {
    tick();
    frame = requestAnimationFrame(step);
  };
  const look = (): void => {
    cancelAnimationFrame(frame);
    if (deck.state === "playing" && isSeen && !signal.aborted) frame = requestAnimationFrame(step);
  };
  const eye = new IntersectionObserver((entries) => {
    isSeen = entries.at(-1)?.isIntersecting ?? true;
    look();
  });
  eye.observe(root);
  signal.addEventListener("abort", () => {
    eye.disconnect();
    cancelAnimationFrame(frame);
  });
  return look;
}

function watchSize(root: HTMLElement, narrow: number, signal: AbortSignal): void {
  const size = new ResizeObserver(() => {
    const width = root.clientWidth;
    if (width === 0) return;
    setAttribute(root, "data-narrow", width < narrow);
    setAttribute(root, "data-medium", width < MEDIUM);
  });
  size.observe(root);
  signal.addEventListener("abort", () => size.disconnect());
}

/** A canvas does not follow the page from light to dark by itself. */
function watchColours({ root, signal }: PlayerScene, changed: () => void): void {
  const { body } = root.ownerDocument;
  const theme = new MutationObserver(() => setTimeout(changed, 50));
  theme.observe(body, { attributes: true, attributeFilter: ["data-jp-theme-name", "data-jp-theme-light", "class"] });
  globalThis.matchMedia?.("(prefers-color-scheme: dark)").addEventListener("change", changed, { signal });
  signal.addEventListener("abort", () => theme.disconnect());
}

/** The button that opens the sound of a browser that waits for a click. */
function createOpener({ deck, signal }: PlayerScene): PlayerPart {
  const element = h("button", { class: "cm-sound-open", type: "button" }, glyph("silent"), "Enable sound");
  on(element, "click", () => void deck.play(), signal);
  return { element, update: () => void (element.hidden = deck.state !== "locked") };
}

/** Why there is no sound, and what cures it. */
function createFailure({ deck }: PlayerScene): PlayerPart {
  const reason = h("span");
  const element = h("p", { class: "cm-sound-failed", role: "alert" }, glyph("warning"), reason);
  return {
    element,
    update(): void {
      element.hidden = deck.state !== "failed";
      setText(reason, deck.state === "failed" ? deck.reason : "");
    },
  };
}
