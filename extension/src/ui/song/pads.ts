/** Sixteen pads: press to hear the loop, drag it onto the timeline, and what else can be done. */

import { lockOfLoop } from "../../core/locks.js";
import type { SongRevision } from "../../core/song_store.js";
import type { Playable } from "../../core/player.js";
import { PADS } from "../../gen/limits.js";
import type { Loop } from "../../gen/models.js";
import { h, on, setAttribute, setText } from "../dom.js";
import { glyph } from "../glyphs.js";
import { paintMarks } from "./draw_item.js";
import { itemInks, readInks } from "./inks.js";
import type { SongPart, SongScene } from "./song_scene.js";

export interface PadActions {
  /** Opens the settings of a pad's loop. */
  openPad(pad: number, loop: Loop, anchor: HTMLElement): void;
  /** Follows a drag that began on a pad. */
  carry(loop: Loop, pad: HTMLElement, event: PointerEvent): void;
}

/** A loop of the song as something to play alone; the loop's own widgets name it alike. */
export function loopPlayable(scene: SongScene, id: string): Playable {
  return { id: `${scene.playable().id}/${id}`, get revision() { return scene.store.loop(id).revision; } };
}

export function createPads(scene: SongScene, actions: PadActions): SongPart {
  const pads = Array.from({ length: PADS }, (_, pad) => createPad(scene, pad, actions));
  const element = h("div", { class: "cm-pads", role: "group", "aria-label": "Pads" }, ...pads.map((pad) => pad.element));
  on(element, "keydown", (event) => step(event, pads.map((pad) => pad.button)), scene.signal);
  scene.player.subscribe(() => {
    for (const pad of pads) pad.showState();
  }, scene.signal);
  const theme = new MutationObserver(() => {
    for (const pad of pads) pad.update(scene.store.revision, true);
  });
  theme.observe(document.body, { attributes: true, attributeFilter: ["class", "data-jp-theme-light", "style"] });
  scene.signal.addEventListener("abort", () => theme.disconnect());
  return {
    element,
    update(revision: SongRevision): void {
      for (const pad of pads) pad.update(revision, false);
      renewPlaying(scene, revision.song.pads.values());
    },
  };
}

/** A loop that plays alone is heard as it is now. */
function renewPlaying(scene: SongScene, loops: Iterable<string>): void {
  for (const id of loops) {
    const playable = loopPlayable(scene, id);
    if (scene.player.stateOf(playable.id) === "playing") scene.player.update(playable);
  }
}

/** Arrows go from pad to pad. */
function step(event: KeyboardEvent, buttons: readonly HTMLElement[]): void {
  const at = buttons.indexOf(event.target as HTMLElement);
  const columns = Math.max(1, buttons.filter((button) => button.offsetTop === buttons[0]?.offsetTop).length);
  const ways: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  const next = buttons[at + (ways[event.key] ?? 0)];
  if (at < 0 || ways[event.key] === undefined) return;
  event.preventDefault();
  if (next === undefined) return;
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

interface Pad {
  readonly element: HTMLElement;
  readonly button: HTMLElement;
  update(revision: SongRevision, repaint: boolean): void;
  showState(): void;
}

function createPad(scene: SongScene, pad: number, actions: PadActions): Pad {
  const canvas = h("canvas", { class: "cm-pad-picture", "aria-hidden": "true", width: 160, height: 44 });
  const name = h("span", { class: "cm-pad-name" });
  const number = h("span", { class: "cm-pad-number", "aria-hidden": "true" }, String(pad + 1));
  const button = h("button", { class: "cm-pad", type: "button", tabindex: pad === 0 ? 0 : -1, "aria-pressed": "false" }, canvas, number, name);
  const sign = h("span", { class: "cm-lock-sign", "aria-hidden": "true" }, glyph("lock"));
  const more = h("button", { class: "cm-pad-more", type: "button", tabindex: -1 }, glyph("more"));
  const element = h("div", { class: "cm-pad-box" }, button, sign, more);
  let painted: Loop | null = null;
  const loopNow = (): Loop | null => {
    const { song } = scene.store.revision;
    return song.loops.get(song.pads.get(pad) ?? "") ?? null;
  };
  const showState = (): void => {
    const loop = loopNow();
    const isOn = loop !== null && ["playing", "starting"].includes(scene.player.stateOf(loopPlayable(scene, loop.id).id));
    setAttribute(button, "aria-pressed", String(isOn));
  };
  const open = (): void => {
    const loop = loopNow();
    if (loop === null) scene.announce(`Pad ${pad + 1} is empty`);
    else actions.openPad(pad, loop, button);
  };
  listen(scene, button, loopNow, open, actions);
  on(more, "click", open, scene.signal);
  return {
    element,
    button,
    showState,
    update(_revision: SongRevision, repaint: boolean): void {
      const loop = loopNow();
      setAttribute(element, "data-empty", loop === null);
      setAttribute(element, "data-closed", loop !== null && lockOfLoop(scene.store.revision.song, loop.id) !== null);
      setText(name, loop?.name ?? "");
      setAttribute(button, "aria-label", loop === null ? `Pad ${pad + 1}, empty` : `Pad ${pad + 1}, ${loop.name}`);
      setAttribute(button, "aria-disabled", loop === null ? "true" : null);
      setAttribute(button, "title", loop === null ? null : `${loop.name}: press to hear it, drag it onto the timeline`);
      more.hidden = loop === null;
      setAttribute(more, "aria-label", `What can be done with ${loop?.name ?? "the pad"}`);
      element.style.setProperty("--cm-tone", loop?.color ?? "");
      if (painted !== loop || repaint) paint(canvas, loop, scene);
      painted = loop;
      showState();
    },
  };
}

function paint(canvas: HTMLCanvasElement, loop: Loop | null, scene: SongScene): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (loop === null) return;
  const inks = itemInks(loop.color, readInks(scene.root).dark);
  paintMarks(context, loop, { x: 0, y: 2, width: canvas.width, height: canvas.height - 4 }, inks, 0, canvas.width);
}

/** A press plays, a drag carries, the second mouse button and a long name open. */
function listen(scene: SongScene, button: HTMLElement, loopNow: () => Loop | null, open: () => void, actions: PadActions): void {
  const { signal } = scene;
  let carried = false;
  on(button, "pointerdown", (event) => {
    carried = false;
    const loop = loopNow();
    if (loop === null || event.button !== 0 || !scene.store.editable) return;
    actions.carry(loop, button, event);
  }, signal);
  on(button, "cm-carried" as keyof HTMLElementEventMap, () => { carried = true; }, signal);
  on(button, "click", () => {
    const loop = loopNow();
    if (!carried && loop !== null) void trigger(scene, loop);
    carried = false;
  }, signal);
  // A finger that rests and goes nowhere asks what can be done; its panel comes after the press.
  on(button, "cm-held" as keyof HTMLElementEventMap, () => {
    carried = true;
    setTimeout(open);
  }, signal);
  on(button, "contextmenu", (event) => {
    event.preventDefault();
    if ((event as PointerEvent).pointerType !== "touch") open();
  }, signal);
  on(button, "keydown", (event) => {
    if (event.key !== "F2" && event.key !== "e" && event.key !== "E") return;
    event.preventDefault();
    open();
  }, signal);
}

/** Plays a loop alone; once more, and it stops. */
export async function trigger(scene: SongScene, loop: Loop): Promise<void> {
  const playable = loopPlayable(scene, loop.id);
  const state = scene.player.stateOf(playable.id);
  if (state === "playing" || state === "starting") {
    scene.player.stop();
    return scene.announce(`${loop.name} stopped`);
  }
  keepAttached(scene, playable.id);
  if (state === "locked") await scene.player.unlock();
  await scene.player.play(playable);
  scene.announce(scene.player.stateOf(playable.id) === "failed" ? scene.player.reason : `Playing ${loop.name}`);
}

const attached = new WeakMap<SongScene, Set<string>>();

/** What plays from this view stops when the view ends. */
function keepAttached(scene: SongScene, id: string): void {
  const known = attached.get(scene) ?? new Set<string>();
  attached.set(scene, known);
  if (known.has(id)) return;
  known.add(id);
  scene.player.attach(id, scene.signal);
}
