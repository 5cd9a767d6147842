/** The song as people see, play and arrange it. One call builds it all. */

import type { Playable, Player } from "../../core/player.js";
import type { SongRevision, SongStore } from "../../core/song_store.js";
import { accentOf } from "../accent.js";
import { createAnnouncer } from "../announce.js";
import { h, setAttribute } from "../dom.js";
import { createHelp } from "../help.js";
import { createPythonLine } from "../python_line.js";
import { whenSeated, type Seating } from "../room/seating.js";
import { joinSong } from "../room/song_room.js";
import { adoptStyles } from "../styles/adopt.js";
import { createSoundFailure } from "../transport.js";
import type { Item } from "./arrangement.js";
import { createFrames } from "./frames.js";
import { createInspector, type Inspector } from "./inspector.js";
import { listenToMenu } from "./item_menu.js";
import { openSegment } from "./item_panel.js";
import { createLoopPane, type LoopPane } from "./loop_pane.js";
import type { Peaks } from "./miniature.js";
import { createMixer } from "./mixer.js";
import { carryLoop } from "./pad_drag.js";
import { createLockNotice } from "./locks.js";
import { openPad } from "./pad_panel.js";
import { createPads } from "./pads.js";
import { listenToSamples, type TakeSample } from "./sample_drop.js";
import { openSign } from "./sign_panel.js";
import { createSongHeader } from "./song_header.js";
import { SONG_KEYS, listenToSongKeys } from "./song_keys.js";
import { createSongScene, type SongPart, type SongScene } from "./song_scene.js";
import { createSongTools } from "./song_tools.js";
import { addReturn, moveStem, openAddStem, openOwner } from "./stem_panel.js";
import { createTimeline } from "./timeline.js";

export interface SongOptions {
  /** Ends the view: its listeners, its drawing and its elements. */
  readonly signal: AbortSignal;
  /** Leaves out pads, mixer and the line of Python. */
  readonly compact?: boolean;
  /** The peaks of a blob of audio; without it audio is drawn as a plain band. */
  readonly peaks?: (blob: string) => Promise<Peaks>;
  /** Puts a sample that is dropped onto a stem; without it none is taken. */
  readonly takeSample?: TakeSample;
  /** The room of the song, where it has one: it may come later. */
  readonly room?: Seating;
}

const ACCENT = "#5b8def";

/** Builds the song's view inside `el` and keeps it true to the store until the signal ends. */
export function mountSong(
  el: HTMLElement,
  store: SongStore,
  player: Player,
  playable: () => Playable,
  options: SongOptions,
): void {
  const { signal } = options;
  const root = h("section", { class: "cm-loop cm-song", "data-compact": options.compact === true });
  const announcer = createAnnouncer();
  const python = createPythonLine(announcer.say, signal);
  const scene = createSongScene({
    root, store, player, playable, signal,
    announce: announcer.say, showCode: python.show, peaks: options.peaks ?? null,
  });
  paint(root);
  el.append(root);
  const parts = build(scene, options);
  root.append(...(options.compact === true ? [] : [h("div", { class: "cm-foot" }, python.element)]), announcer.element);
  adoptStyles(root);
  if (!root.isConnected) requestAnimationFrame(() => adoptStyles(root));
  watchSize(scene);
  const update = (revision: SongRevision): void => {
    setAttribute(root, "aria-label", `Song ${revision.song.name}`);
    setAttribute(root, "data-locked", !store.editable);
    python.allow(store.editable);
    keepFocus(root, () => {
      for (const part of parts) part.update(revision);
    });
    if (player.stateOf(playable().id) === "playing") player.update(playable());
  };
  update(store.revision);
  store.subscribe(update, signal);
  root.append(createLockNotice(scene, () => update(store.revision)));
  signal.addEventListener("abort", () => root.remove());
}

/** Focus on what a change takes away stays in the view, so that undo is a key away. */
function keepFocus(root: HTMLElement, change: () => void): void {
  const tree = root.getRootNode() as Document | ShadowRoot;
  const had = root.contains(tree.activeElement);
  change();
  if (had && !root.contains(tree.activeElement)) root.querySelector<HTMLElement>(".cm-timeline")?.focus({ preventScroll: true });
}

function paint(root: HTMLElement): void {
  const accent = accentOf(ACCENT);
  root.style.setProperty("--cm-accent", accent.color);
  root.style.setProperty("--cm-button", accent.button);
  root.style.setProperty("--cm-on-accent", accent.ink);
}

/** Builds every part into the root; the parts are updated in the order given. */
function build(scene: SongScene, { compact = false, takeSample, room }: SongOptions): readonly SongPart[] {
  const inspector = createInspector(scene);
  const help = createHelp(scene, SONG_KEYS);
  const header = createSongHeader(scene, help);
  const pane = createLoopPane(scene, room ?? null);
  const addStem = (anchor: HTMLElement): void => openAddStem(scene, inspector, anchor);
  const timeline = createTimeline(scene, inspector, {
    openItem: (item, anchor) => openItem(scene, inspector, pane, item, anchor),
    openStem: (id, anchor) => openOwner(scene, inspector, { kind: "stem", id }, anchor),
  });
  listenToMenu(scene, timeline, inspector, timeline.element);
  if (takeSample !== undefined) listenToSamples(scene, timeline, timeline.element, takeSample);
  const pads = createPads(scene, {
    openPad: (pad, loop, anchor) => openPad(scene, inspector, pad, loop, anchor, (id) => pane.open(id, anchor)),
    carry: (loop, pad, event) => carryLoop(scene, timeline, loop, pad, event),
  });
  const mixer = createMixer(scene, inspector, {
    open: (target, anchor) => openOwner(scene, inspector, target, anchor),
    move: (stem, by) => moveStem(scene, stem, by),
  }, addStem);
  const { stems, blocks } = scene.store.revision.song;
  const mixes = globalThis.innerWidth >= 700 && stems.size + blocks.size > 0;
  const tools = createSongTools(scene, timeline, {
    addStem,
    addReturn: () => addReturn(scene),
    addTempo: (tick, anchor) => openTempo(scene, inspector, tick, anchor),
  }, compact ? [] : [
    { name: "Pads", picture: "pads", element: pads.element, open: true },
    { name: "Mixer", picture: "sliders", element: mixer.element, open: mixes },
  ]);
  const shelves = compact ? [] : [mixer.element];
  scene.root.append(header.element, createSoundFailure(scene), tools.element, ...(compact ? [] : [pads.element]), timeline.element, pane.element, ...shelves, inspector.element, help.element);
  const frames = createFrames(scene);
  for (const part of [header, timeline, mixer]) frames.onFrame((meters) => part.show(meters));
  listenToSongKeys(scene, timeline, help);
  whenSeated(room, scene.signal, (seat) => joinSong(scene, { header: header.element, tools: tools.element, timeline }, seat));
  const inspecting: SongPart = { element: inspector.element, update: () => inspector.update() };
  return [header, tools, timeline, pane, inspecting, ...(compact ? [] : [pads, mixer])];
}

/** A loop opens below, notes and audio in a panel. */
function openItem(scene: SongScene, inspector: Inspector, pane: LoopPane, item: Item, anchor: HTMLElement): void {
  if (item.loop !== null) pane.open(item.loop.id, anchor);
  else openSegment(scene, inspector, item, anchor);
}

/** The fields of a tempo at a place that has none yet: it comes with the first change. */
function openTempo(scene: SongScene, inspector: Inspector, tick: number, anchor: HTMLElement): void {
  openSign(scene, inspector, {
    kind: "time", key: `time/${tick}`, id: String(tick), tick, length: 0, text: "", label: "",
    color: null, isFixed: true, ramp: null,
  }, anchor);
}

/** Tells the styles how much room there is. */
function watchSize(scene: SongScene): void {
  const { root, signal } = scene;
  const observer = new ResizeObserver(() => {
    const width = root.clientWidth;
    setAttribute(root, "data-small", width < 480);
    setAttribute(root, "data-size", width < 620 ? "narrow" : width < 1000 ? "medium" : "wide");
  });
  observer.observe(root);
  signal.addEventListener("abort", () => observer.disconnect());
}
