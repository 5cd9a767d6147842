/** The window of a jam: a narrow bar, the song or a loop, and the room's panel over or beside it. */

import { h, on, setAttribute, setText } from "../../ui/dom.js";
import { glyph } from "../../ui/glyphs.js";
import { mountLoop } from "../../ui/loop_view.js";
import { isHere } from "../../ui/room/live_list.js";
import { mountRoomPanel } from "../../ui/room/room_panel.js";
import { mountSong } from "../../ui/song/song_view.js";
import type { Song } from "../../gen/models.js";
import type { JamFacts } from "./facts.js";
import type { Jam } from "./jam.js";

const SONG = "song";

export function createShell(page: Document, facts: JamFacts, jam: Jam): void {
  const { signal } = jam;
  const stage = h("main", { class: "cmj-stage" });
  const panel = createPanel(jam, facts.title);
  const views = createViews(jam, stage, panel.toggle);
  const bar = h("header", { class: "cmj-bar" },
    h("h1", { class: "cmj-title", dir: "auto" }, facts.title), views.element, createListening(jam), panel.button);
  const shell = h("div", { class: "cmj" }, bar, h("div", { class: "cmj-body" }, stage, panel.element));
  page.getElementById("jam")?.append(shell);
  views.show(firstView(jam.store.revision.song));
  signal.addEventListener("abort", () => shell.remove());
}

/** A loop alone is shown as one; a song with nothing on its timeline begins with its first loop. */
function firstView(song: Song): string {
  const [pad] = [...song.pads].toSorted(([a], [b]) => a - b).map(([, loop]) => loop);
  const loop = pad ?? [...song.loops.keys()][0];
  const isBare = song.stems.size === 0 && song.blocks.size === 0;
  return loop !== undefined && (song.kind === "loop" || isBare) ? loop : SONG;
}

/** Loops that can be looked at by themselves: those of pattern segments are their segments. */
function loopsOf(song: Song): readonly { readonly id: string; readonly name: string }[] {
  return [...song.loops.values()].filter(({ id }) => song.segments.get(id)?.kind !== "pattern")
    .toSorted((a, b) => a.name.localeCompare(b.name));
}

function createViews(jam: Jam, stage: HTMLElement, openRoom: () => void): { element: HTMLElement; show(view: string): void } {
  const list = h("select", { class: "cmj-views", "aria-label": "What is shown" });
  let ending = new AbortController();
  let shown = "";
  const show = (view: string): void => {
    ending.abort();
    ending = new AbortController();
    shown = view;
    list.value = view;
    const signal = AbortSignal.any([jam.signal, ending.signal]);
    const room = { ...jam.seat, openRoom };
    if (view === SONG) {
      mountSong(stage, jam.store, jam.player, jam.song, { signal, room, peaks: jam.peaks });
      return;
    }
    const store = jam.store.loop(view);
    const id = `${jam.store.revision.song.id}/${view}`;
    jam.player.attach(id, signal);
    mountLoop(stage, store, jam.player, () => ({ id, revision: store.revision }), { signal, room });
  };
  let offered = "";
  const offer = (): void => {
    const { song } = jam.store.revision;
    const loops = loopsOf(song);
    const all = [...(song.kind === "loop" ? [] : [[SONG, "Song"] as const]), ...loops.map(({ id, name }) => [id, name] as const)];
    const key = JSON.stringify(all);
    if (key === offered) return;
    offered = key;
    list.replaceChildren(...all.map(([value, name]) => h("option", { value }, name)));
    list.hidden = all.length < 2;
    if (shown !== "" && !all.some(([value]) => value === shown)) show(firstView(song));
    else list.value = shown;
  };
  jam.store.subscribe(offer, jam.signal);
  offer();
  on(list, "change", () => show(list.value), jam.signal);
  return { element: list, show };
}

/** Playing along is everybody's own choice, and one click away. */
function createListening(jam: Jam): HTMLElement {
  const { transport } = jam.seat.room;
  const word = h("span", { class: "cmj-word" });
  const button = h("button", { class: "cmj-button cmj-audio", type: "button" }, glyph("headphones"), word);
  const show = (): void => {
    const { isFollowing, state } = transport;
    setText(word, isFollowing ? "With the room" : "Join audio");
    setAttribute(button, "aria-pressed", String(isFollowing));
    button.disabled = !isFollowing && !isHere(jam.seat);
    setAttribute(button, "data-calls", state.playing && !isFollowing && !button.disabled);
    const what = button.disabled ? "The room cannot be reached just now." : isFollowing ? "You hear what the room plays. Press to leave." : "Hear what the room plays, at the same moment as all.";
    setAttribute(button, "title", what);
    setAttribute(button, "aria-label", `${isFollowing ? "With the room" : "Join audio"}. ${what}`);
  };
  on(button, "click", () => void (transport.isFollowing ? transport.leave() : transport.join()), jam.signal);
  transport.subscribe(show, jam.signal);
  jam.seat.room.subscribe("state", show, jam.signal);
  show();
  return button;
}

function createPanel(jam: Jam, title: string): { element: HTMLElement; button: HTMLElement; toggle(): void } {
  const element = h("aside", { class: "cmj-room", hidden: true });
  const button = h("button", { class: "cmj-button", type: "button", "aria-expanded": "false", "aria-label": "The room: people, chat, comments", title: "The room: people, chat, comments" },
    glyph("speech"), h("span", { class: "cmj-word" }, "Room"));
  let isBuilt = false;
  const toggle = (): void => {
    element.hidden = !element.hidden;
    setAttribute(button, "aria-expanded", String(!element.hidden));
    if (element.hidden || isBuilt) return;
    isBuilt = true;
    const close = h("button", { class: "cmj-button cmj-close", type: "button", "aria-label": "Back to the music" }, glyph("close"));
    on(close, "click", toggle, jam.signal);
    element.append(close);
    const music = { store: jam.store, player: jam.player, playable: jam.song };
    mountRoomPanel(element, { ...jam.seat, signal: jam.signal, music, title });
  };
  on(button, "click", toggle, jam.signal);
  return { element, button, toggle };
}
