/** What is heard here alone: mute, solo and volume "only for me"; the song stays as it is. */

import { rowNames } from "../../core/rows.js";
import { inOrder } from "../../core/order.js";
import { h, on, setAttribute, setText } from "../dom.js";
import { wordButton, songOf, type RoomScene } from "./room_scene.js";

interface Strip {
  readonly id: string;
  readonly name: string;
  readonly color: string;
}

export function createMix(scene: RoomScene): { readonly element: HTMLElement } {
  const { transport } = scene.room;
  const list = h("ul", { class: "cm-list cm-mix" });
  const reset = wordButton("As the song says", () => clear(scene), scene.signal);
  const none = h("p", { class: "cm-soft" }, "Nothing to mix yet.");
  const element = h("section", { class: "cm-mix-box", "aria-label": "Only for me" },
    h("div", { class: "cm-section-head" }, h("h4", {}, "Only for me"), reset),
    h("p", { class: "cm-soft" }, "Nobody else hears these."), none, list);
  const lines = new Map<string, { readonly element: HTMLElement; update(strip: Strip): void }>();
  const show = (): void => {
    const strips = stripsOf(scene);
    for (const [id, line] of lines) {
      if (strips.some((strip) => strip.id === id)) continue;
      line.element.remove();
      lines.delete(id);
    }
    for (const [at, strip] of strips.entries()) {
      const line = lines.get(strip.id) ?? drawStrip(scene, strip.id);
      lines.set(strip.id, line);
      line.update(strip);
      if (list.children[at] !== line.element) list.insertBefore(line.element, list.children[at] ?? null);
    }
    none.hidden = strips.length > 0;
    reset.hidden = transport.mix.isEmpty;
  };
  transport.subscribe(show, scene.signal);
  scene.music?.store.subscribe(show, scene.signal);
  show();
  return { element };
}

/** Stems, loops of the timeline, and returns, as the player's meters name them. */
function stripsOf(scene: RoomScene): readonly Strip[] {
  const song = songOf(scene);
  if (song === null) return [];
  const placed = new Set([...song.blocks.values()].map((block) => block.loop));
  const loops = [...song.loops.values()].filter((loop) => placed.has(loop.id));
  const only = song.kind === "loop" ? [...song.loops.values()][0] : undefined;
  return [
    ...inOrder(song.stems.values()).map(({ id, name, color }) => ({ id: `stem:${id}`, name, color })),
    ...loops.map(({ id, name, color }) => ({ id: `loop:${id}`, name, color })),
    ...inOrder(song.returns.values()).map(({ id, name, color }) => ({ id: `return:${id}`, name, color })),
    ...(only === undefined ? [] : rowNames(only).map((name) => ({ id: `loop:${only.id}/${name}`, name, color: only.color }))),
  ];
}

function drawStrip(scene: RoomScene, id: string): { readonly element: HTMLElement; update(strip: Strip): void } {
  const { transport } = scene.room;
  const name = h("span", { class: "cm-mix-name" });
  const mute = h("button", { class: "cm-mute", type: "button" }, "M");
  const solo = h("button", { class: "cm-solo", type: "button" }, "S");
  const volume = h("input", { class: "cm-slider", type: "range", min: 0, max: 1, step: 0.01 });
  const value = h("output", { class: "cm-output" });
  on(mute, "click", () => transport.setMuted(id, !transport.mix.muted.has(id)), scene.signal);
  on(solo, "click", () => transport.setSoloed(id, !transport.mix.soloed.has(id)), scene.signal);
  on(volume, "input", () => transport.setVolume(id, Number(volume.value)), scene.signal);
  on(volume, "dblclick", () => transport.setVolume(id, null), scene.signal);
  const element = h("li", { class: "cm-mix-strip" }, name, mute, solo, volume, value);
  return {
    element,
    update(strip: Strip): void {
      const { muted, soloed, volumes } = transport.mix;
      const level = volumes.get(id);
      setText(name, strip.name);
      setAttribute(name, "title", strip.name);
      element.style.setProperty("--cm-tone", strip.color);
      for (const [button, word, isOn] of [[mute, "Mute", muted.has(id)], [solo, "Solo", soloed.has(id)]] as const) {
        setAttribute(button, "aria-pressed", String(isOn));
        setAttribute(button, "aria-label", `${word} ${strip.name}, only for me`);
        setAttribute(button, "title", `${word} ${strip.name}, only for me`);
      }
      if (volume.value !== String(level ?? 1)) volume.value = String(level ?? 1);
      volume.style.setProperty("--cm-at", `${(level ?? 1) * 100}%`);
      setAttribute(volume, "aria-label", `Volume of ${strip.name}, only for me`);
      setAttribute(volume, "aria-valuetext", level === undefined ? "as the song says" : `${Math.round(level * 100)} percent`);
      setText(value, `${Math.round((level ?? 1) * 100)}`);
    },
  };
}

function clear(scene: RoomScene): void {
  const { transport } = scene.room;
  const { muted, soloed, volumes, effects } = transport.mix;
  for (const strip of muted) transport.setMuted(strip, false);
  for (const strip of soloed) transport.setSoloed(strip, false);
  for (const strip of volumes.keys()) transport.setVolume(strip, null);
  for (const [strip, settings] of effects) {
    for (const setting of settings.keys()) transport.setEffect(strip, setting, null);
  }
  scene.announce("You hear what the song says");
}
