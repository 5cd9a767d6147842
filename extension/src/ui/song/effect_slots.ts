/** The effects of a strip as slots: open, bypass, add, move by keys or by hand. */

import type { Song } from "../../gen/models.js";
import { h, on, setAttribute } from "../dom.js";
import { glyph } from "../glyphs.js";
import { SLACK } from "../painting.js";
import { perform } from "../scene.js";
import { openEffect } from "./effect_panel.js";
import { actionButton } from "./form.js";
import type { Inspector } from "./inspector.js";
import { STRIP_EFFECTS, isBypassed, movedChain, settingLineOf, usedEffects, writeSetting, type Effect, type Target } from "./mixing.js";
import { joinLines } from "../code_lines.js";
import { channelRef, orderWord } from "./song_lines.js";
import type { SongScene } from "./song_scene.js";

export interface Slots {
  readonly element: HTMLElement;
  update(song: Song): void;
}

export function createSlots(scene: SongScene, target: Target, name: () => string, inspector: Inspector): Slots {
  const list = h("div", { class: "cm-slot-list", role: "list" });
  const add = h("button", { class: "cm-slot-add", type: "button", "aria-haspopup": "dialog" }, glyph("plus"), h("span", {}, "Effect"));
  const element = h("div", { class: "cm-slots" }, list, add);
  on(add, "click", () => openMenu(scene, target, name(), inspector, add, () => renewed(element)), scene.signal);
  let shown = "";
  return {
    element,
    update(song: Song): void {
      const used = usedEffects(song, target);
      setAttribute(add, "aria-label", `Add an effect to ${name()}`);
      add.hidden = !scene.store.editable || used.length >= STRIP_EFFECTS.length;
      const key = used.map((each) => each.id).join();
      if (key !== shown) {
        const focused = (list.ownerDocument.activeElement as HTMLElement | null)?.dataset["effect"];
        list.replaceChildren(...used.map((each) => createSlot(scene, target, name, each, inspector)));
        if (focused !== undefined) list.querySelector<HTMLElement>(`[data-effect="${focused}"]`)?.focus();
      }
      shown = key;
      used.forEach((each, place) => showSlot(list.children[place], song, target, each, name()));
    },
  };
}

function renewed(element: HTMLElement): HTMLElement {
  return element.querySelector<HTMLElement>(".cm-slot-item:last-child .cm-slot-open") ?? element;
}

function showSlot(slot: Element | undefined, song: Song, target: Target, found: Effect, name: string): void {
  if (slot === undefined) return;
  const off = isBypassed(song, target, found);
  setAttribute(slot, "data-off", off);
  const power = slot.querySelector(".cm-slot-power");
  if (power === null) return;
  setAttribute(power, "aria-pressed", String(!off));
  setAttribute(power, "aria-label", `${found.name} of ${name} on`);
  setAttribute(power, "title", off ? "Bypassed" : "On: press to bypass");
}

function createSlot(scene: SongScene, target: Target, name: () => string, found: Effect, inspector: Inspector): HTMLElement {
  const open = h("button", { class: "cm-slot-open", type: "button", "data-effect": found.id, "aria-haspopup": "dialog", "aria-label": `${found.name} of ${name()}`, title: found.chained ? `${found.name}: drag or Shift+\u2191 \u2193 to move` : found.name }, found.name);
  const power = h("button", { class: "cm-slot-power", type: "button" }, glyph("power"));
  power.hidden = !found.chained;
  const item = h("div", { class: "cm-slot-item", role: "listitem" }, power, open);
  on(power, "click", () => {
    const { song } = scene.store.revision;
    const off = !isBypassed(song, target, found);
    perform(scene, settingLineOf(song, target, `${found.id}.bypass`, off), `${found.name} ${off ? "bypassed" : "on"}`,
      (edit) => writeSetting(edit, target, `${found.id}.bypass`, off ? true : null));
  }, scene.signal);
  if (found.chained) on(open, "keydown", (event) => {
    if (!event.shiftKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    moveEffect(scene, target, found, event.key === "ArrowDown" ? 1 : -1);
  }, scene.signal);
  let dragged = false;
  if (found.chained) listenToDrag(scene, item, open, (by) => {
    dragged = true;
    moveEffect(scene, target, found, by);
  });
  on(open, "click", () => {
    if (!dragged) openEffect(scene, inspector, target, name(), found, open);
    dragged = false;
  }, scene.signal);
  return item;
}

/** A drag up or down moves the effect by as many places as slots were passed. */
function listenToDrag(scene: SongScene, item: HTMLElement, open: HTMLElement, move: (by: number) => void): void {
  let start: number | null = null;
  let isDrag = false;
  on(open, "pointerdown", (event) => {
    if (event.button !== 0 || !scene.store.editable) return;
    [start, isDrag] = [event.clientY, false];
    open.setPointerCapture(event.pointerId);
  }, scene.signal);
  on(open, "pointermove", (event) => {
    if (start === null || (!isDrag && Math.abs(event.clientY - start) <= SLACK)) return;
    isDrag = true;
    item.style.transform = `translateY(${event.clientY - start}px)`;
    setAttribute(item, "data-lifted", true);
  }, scene.signal);
  const end = (event: PointerEvent): void => {
    const by = start === null || !isDrag ? 0 : Math.round((event.clientY - start) / Math.max(1, item.offsetHeight));
    item.style.removeProperty("transform");
    setAttribute(item, "data-lifted", false);
    start = null;
    if (isDrag && event.type === "pointerup") move(by);
    isDrag = false;
  };
  on(open, "pointerup", end, scene.signal);
  on(open, "pointercancel", end, scene.signal);
}

function moveEffect(scene: SongScene, target: Target, found: Effect, by: number): void {
  const { song } = scene.store.revision;
  const order = movedChain(song, target, found.id, by);
  if (order === null) return;
  const code = target.kind === "loop" ? settingLineOf(song, target, "chain.order", order.join(">")) : orderWord(channelRef(song, target), order);
  perform(scene, code, `${found.name}, place ${order.indexOf(found.id) + 1} of ${order.length}`,
    (edit) => writeSetting(edit, target, "chain.order", order.join(">")));
}

/** The effects that the strip does not use yet. */
function openMenu(scene: SongScene, target: Target, name: string, inspector: Inspector, anchor: HTMLElement, slot: () => HTMLElement): void {
  inspector.open(anchor, `Add an effect to ${name}`, (signal, close) => {
    const used = new Set(usedEffects(scene.store.revision.song, target).map((each) => each.id));
    const buttons = STRIP_EFFECTS.filter((each) => !used.has(each.id)).map((each) => actionButton("plus", each.name, signal, () => {
      close();
      addEffect(scene, target, each);
      openEffect(scene, inspector, target, name, each, slot());
    }));
    buttons[0]?.setAttribute("data-first", "");
    return { fields: [...buttons] };
  });
}

function addEffect(scene: SongScene, target: Target, found: Effect): void {
  const { song } = scene.store.revision;
  const values = Object.entries(found.start);
  const code = joinLines(values.map(([key, value]) => settingLineOf(song, target, key, value)));
  perform(scene, code, `${found.name} added`, (edit) => {
    for (const [key, value] of values) writeSetting(edit, target, key, value);
  });
}
