/** The fields of a stem, a return or a loop: name, colour, sound, its place, and its end. */

import { lockOfStem } from "../../core/locks.js";
import { inOrder, keyBetween, ordersWith } from "../../core/order.js";
import { NAME_LENGTH } from "../../gen/limits.js";
import type { Song } from "../../gen/models.js";
import { SOUNDS, type Sound } from "../../gen/sounds.js";
import { python } from "../code_lines.js";
import { perform } from "../scene.js";
import { fillWithSounds } from "../sound_picker.js";
import { h } from "../dom.js";
import { actionButton, choiceField, colorField, textField } from "./form.js";
import type { Inspector } from "./inspector.js";
import { isClosed, lockButtons, sayLocked } from "./locks.js";
import { freshColor } from "./miniature.js";
import { settingLineOf, settingOf, type Target } from "./mixing.js";
import { channelRef, loopRef, stemRef } from "./song_lines.js";
import type { SongScene } from "./song_scene.js";
import { ownerOf } from "./strip.js";

/** Opens the panel of a strip's owner. */
export function openOwner(scene: SongScene, inspector: Inspector, target: Target, anchor: HTMLElement): void {
  const { song } = scene.store.revision;
  const owner = ownerOf(song, target);
  if (!scene.store.editable) return scene.announce(owner.name);
  const lock = target.kind === "stem" ? lockOfStem(song, target.id) : null;
  if (lock !== null && isClosed(scene, lock)) return scene.announce(sayLocked(scene, lock));
  inspector.open(anchor, `${KINDS[target.kind]} ${owner.name}`, (signal, close) => {
    const name = textField("Name", owner.name, NAME_LENGTH, signal, (text) => {
      perform(scene, `${referenceOf(scene, target)}.name = ${python(text)}`, `Name ${text}`, (edit) => {
        if (target.kind === "stem") edit.set("stems", target.id, { name: text });
        else if (target.kind === "return") edit.set("returns", target.id, { name: text });
        else if (target.kind === "loop") edit.loop(target.id).setField("name", text);
      });
    });
    name.querySelector("input")?.setAttribute("data-first", "");
    const color = colorField(owner.color, signal, (chosen) => {
      perform(scene, `${referenceOf(scene, target)}.color = ${python(chosen)}`, "Colour changed", (edit) => {
        if (target.kind === "stem") edit.set("stems", target.id, { color: chosen });
        else if (target.kind === "return") edit.set("returns", target.id, { color: chosen });
        else if (target.kind === "loop") edit.loop(target.id).setField("color", chosen);
      });
    });
    const more = target.kind === "stem" ? stemFields(scene, target.id, signal, close) : [];
    const locks = target.kind === "stem" ? lockButtons(scene, "stem", target.id, signal, close) : [];
    const remove = target.kind === "loop" ? [] : [actionButton("trash", "Delete", signal, () => {
      close();
      removeOwner(scene, target);
    })];
    return { fields: [name, color, ...more, ...locks, ...remove] };
  });
}

const KINDS: Readonly<Record<Target["kind"], string>> = { stem: "Stem", return: "Return", loop: "Loop", master: "Master" };

function referenceOf(scene: SongScene, target: Target): string {
  const { song } = scene.store.revision;
  if (target.kind !== "loop") return channelRef(song, target);
  const loop = song.loops.get(target.id);
  return loop === undefined ? "loop" : loopRef(song, loop);
}

function stemFields(scene: SongScene, id: string, signal: AbortSignal, close: () => void): readonly HTMLElement[] {
  const { song } = scene.store.revision;
  const target: Target = { kind: "stem", id };
  const sounds = [["", "None: audio"] as const, ...SOUNDS.map((sound) => [sound.id, sound.name] as const)];
  const sound = choiceField("Sound", String(settingOf(song, target, "sample.sound")), sounds, signal, (value) => {
    const next = value === "" ? null : value;
    perform(scene, settingLineOf(scene.store.revision.song, target, "sample.sound", next), `Sound ${next ?? "none"}`,
      (edit) => edit.setSetting(target, "sample.sound", next));
  });
  const up = actionButton("left", "Earlier", signal, () => { close(); moveStem(scene, id, -1); });
  const down = actionButton("right", "Later", signal, () => { close(); moveStem(scene, id, 1); });
  return [sound, h("div", { class: "cm-panel-field" }, h("span", { class: "cm-field-name" }, "Place"), up, down)];
}

/** Moves a stem by places among the others. */
export function moveStem(scene: SongScene, id: string, by: number): void {
  const { song } = scene.store.revision;
  const stems = inOrder(song.stems.values());
  const from = stems.findIndex((stem) => stem.id === id);
  const to = Math.max(0, Math.min(stems.length - 1, from + by));
  const others = stems.filter((stem) => stem.id !== id);
  if (from < 0 || to === from) return scene.announce("It goes no further");
  const before = others[to];
  const word = before === undefined ? "" : `before=${stemRef(song, before.id)}`;
  perform(scene, `${stemRef(song, id)}.move(${word})`, `${stems[from]?.name ?? ""}, place ${to + 1}`,
    (edit) => {
      for (const [stem, order] of ordersWith(others, id, to)) edit.set("stems", stem, { order });
    });
}

function removeOwner(scene: SongScene, target: Target): void {
  if (target.kind === "master" || target.kind === "loop") return;
  const { name } = ownerOf(scene.store.revision.song, target);
  perform(scene, `${referenceOf(scene, target)}.delete()`, `${name} deleted. Undo brings it back.`,
    (edit) => edit.remove(target.kind === "stem" ? "stems" : "returns", target.id));
}

/** Offers the sounds, and adds a stem that plays the chosen one. */
export function openAddStem(scene: SongScene, inspector: Inspector, anchor: HTMLElement): void {
  if (!scene.store.editable) return;
  inspector.open(anchor, "Add a stem", (signal, close) => {
    const sounds = h("div", { class: "cm-sound-picker cm-stem-sounds" });
    fillWithSounds(sounds, (sound) => {
      close();
      addStem(scene, sound);
    }, signal);
    const audio = actionButton("wave", "For audio, without a sound", signal, () => {
      close();
      addStem(scene, null);
    });
    return { fields: [audio, sounds] };
  });
}

function freeName(song: Song, wanted: string): string {
  const names = new Set([...song.stems.values(), ...song.returns.values()].map(({ name }) => name));
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? wanted : `${wanted} ${count}`;
    if (!names.has(name)) return name;
  }
}

function addStem(scene: SongScene, sound: Sound | null): void {
  const { song } = scene.store.revision;
  const stems = inOrder(song.stems.values());
  const name = freeName(song, sound?.name ?? "Audio");
  const color = freshColor(stems.map((stem) => stem.color));
  const settings = new Map(sound === null ? [] : [["sample.sound", sound.id]]);
  const code = `song.stems.add(${python(name)}${sound === null ? "" : `, sound=${python(sound.id)}`}, color=${python(color)})`;
  perform(scene, code, `Stem ${name} added`, (edit) => {
    const order = keyBetween(stems.at(-1)?.order ?? null, null);
    edit.add("stems", { name, color, order, channel: null, frozen: null, settings, sends: new Map(), lanes: new Map() });
  });
}

/** Adds a return with a room on it. */
export function addReturn(scene: SongScene): void {
  const { song } = scene.store.revision;
  const returns = inOrder(song.returns.values());
  const name = freeName(song, "Room");
  const color = freshColor([...song.stems.values(), ...returns].map((each) => each.color));
  perform(scene, `song.returns.add(${python(name)}, color=${python(color)}, **{"reverb.mix": 1})`, `Return ${name} added`, (edit) => {
    const order = keyBetween(returns.at(-1)?.order ?? null, null);
    edit.add("returns", { name, color, order, settings: new Map([["reverb.mix", 1]]), lanes: new Map() });
  });
}
