/** The head of a track: its name, mute, solo and level of what it gives. */

import { lockOfStem } from "../../core/locks.js";
import { soundNamed } from "../../core/rows.js";
import type { Meters } from "../../core/player.js";
import { h, on, setAttribute, setText } from "../dom.js";
import { glyph, soundGlyph } from "../glyphs.js";
import { meterScale } from "../meter.js";
import { perform } from "../scene.js";
import type { Track } from "./arrangement.js";
import { isClosed, sayLocked } from "./locks.js";
import { settingLineOf, settingOf, writeSetting, type Target } from "./mixing.js";
import type { SongScene } from "./song_scene.js";

export interface TrackHead {
  readonly element: HTMLElement;
  /** Name, mute and solo, as far as there are such: the cursor visits them. */
  readonly buttons: readonly HTMLElement[];
  update(track: Track): void;
  show(meters: Meters | null): void;
}

/** Turns mute or solo of a strip on or off, as one gesture. */
export function toggleSetting(scene: SongScene, target: Target, name: string, key: "amp.mute" | "amp.solo"): void {
  const { song } = scene.store.revision;
  const next = settingOf(song, target, key) !== true;
  const word = key === "amp.mute" ? "muted" : "alone";
  perform(scene, settingLineOf(song, target, key, next), `${name} ${next ? word : `no longer ${word}`}`,
    (edit) => writeSetting(edit, target, key, next ? true : null));
}

export function createTrackHead(scene: SongScene, track: Track, open: (anchor: HTMLElement) => void): TrackHead {
  return track.stem === null ? laneHead(track) : stemHead(scene, track, open);
}

function laneHead(track: Track): TrackHead {
  const label = h("span", { class: "cm-track-name", tabindex: -1 }, glyph("stack"), h("span", {}, track.name));
  const element = h("div", { class: "cm-track-head", role: "rowheader" }, label);
  return { element, buttons: [label], update: () => undefined, show: () => undefined };
}

function stemHead(scene: SongScene, first: Track, open: (anchor: HTMLElement) => void): TrackHead {
  const picture = h("span", { class: "cm-picture" });
  const label = h("span", { class: "cm-row-name" });
  const name = button("cm-open", picture, label);
  const mute = button("cm-mute", "M");
  const solo = button("cm-solo", "S");
  const level = h("span", { class: "cm-track-level" });
  const sign = h("span", { class: "cm-lock-sign", hidden: true }, glyph("lock"));
  const element = h("div", { class: "cm-track-head", role: "rowheader" }, name, sign, mute, solo,
    h("span", { class: "cm-track-meter", "aria-hidden": "true" }, level));
  let track = first;
  let shown = 0;
  const target = (): Target => ({ kind: "stem", id: track.stem?.id ?? "" });
  on(name, "click", () => open(name), scene.signal);
  on(mute, "click", () => toggleSetting(scene, target(), track.name, "amp.mute"), scene.signal);
  on(solo, "click", () => toggleSetting(scene, target(), track.name, "amp.solo"), scene.signal);
  return {
    element,
    buttons: [name, mute, solo],
    update(next: Track): void {
      track = next;
      const { song } = scene.store.revision;
      const sound = soundNamed(String(settingOf(song, target(), "sample.sound")));
      if (picture.dataset["sound"] !== (sound?.id ?? "")) picture.replaceChildren(sound === null ? glyph("wave") : soundGlyph(sound));
      picture.dataset["sound"] = sound?.id ?? "";
      setText(label, next.name);
      element.style.setProperty("--cm-tone", next.stem?.color ?? "");
      const lock = lockOfStem(song, track.stem?.id ?? "");
      sign.hidden = lock === null;
      setAttribute(sign, "title", lock === null ? null : sayLocked(scene, lock));
      for (const each of [mute, solo]) each.disabled = isClosed(scene, lock);
      setAttribute(name, "aria-label", `${next.name}${lock === null ? "" : ", locked"}, stem settings`);
      setAttribute(name, "title", sound === null ? next.name : `${next.name}: ${sound.name}`);
      for (const [each, key, word] of [[mute, "amp.mute", "Mute"], [solo, "amp.solo", "Solo"]] as const) {
        setAttribute(each, "aria-pressed", String(settingOf(song, target(), key) === true));
        setAttribute(each, "aria-label", `${word} ${next.name}`);
        setAttribute(each, "title", `${word} ${next.name}`);
      }
    },
    show(meters: Meters | null): void {
      const peak = meterScale(meters?.peaks.get(`stem:${track.stem?.id ?? ""}`) ?? 0);
      const next = meters === null ? 0 : Math.max(peak, shown * 0.9);
      if (next !== shown) level.style.transform = `scaleX(${next.toFixed(3)})`;
      shown = next;
    },
  };
}

function button(className: string, ...children: readonly (Node | string)[]): HTMLButtonElement {
  return h("button", { class: className, type: "button", tabindex: -1, "aria-haspopup": className === "cm-open" ? "dialog" : null }, ...children);
}
