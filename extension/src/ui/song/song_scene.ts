/** What every part of a song's view is given: the song, the player, and what is chosen. */

import type { Player, Playable, PlayOptions } from "../../core/player.js";
import type { SongEdit, SongRevision, SongStore } from "../../core/song_store.js";
import { perform, togglePlay, type Part, type Sounding } from "../scene.js";
import { arrangementOf, type Arrangement, type Item } from "./arrangement.js";
import type { Deed } from "./edits.js";
import type { Peaks } from "./miniature.js";
import type { Grid } from "./viewport.js";

/** What a view remembers that belongs to nobody's document. */
export interface Choices {
  /** Where playing begins. */
  cursor: number;
  /** What repeats while `loops` is on. */
  region: readonly [number, number] | null;
  loops: boolean;
  metronome: boolean;
  countIn: number;
  follows: boolean;
  grid: Grid;
  /** The keys of the items that are selected. */
  selection: ReadonlySet<string>;
}

export interface SongScene extends Sounding {
  readonly store: SongStore;
  readonly player: Player;
  readonly playable: () => Playable;
  readonly peaks: ((blob: string) => Promise<Peaks>) | null;
  readonly choices: Readonly<Choices>;
  /** What the song's revision puts where. The same revision gives the same object. */
  readonly arrangement: Arrangement;
  showCode(code: string): void;
  /** Changes what the view remembers, and tells the parts that asked. */
  choose(more: Partial<Choices>): void;
  onChoice(changed: (choices: Readonly<Choices>) => void): void;
}

export type SongPart = Part<SongRevision>;

/** Makes the scene; `says` are the ways to speak. */
export function createSongScene(
  given: Sounding & {
    readonly store: SongStore;
    readonly peaks: ((blob: string) => Promise<Peaks>) | null;
    showCode(code: string): void;
  },
): SongScene {
  let choices: Choices = {
    cursor: 0, region: null, loops: false, metronome: false, countIn: 0, follows: true,
    grid: "auto", selection: new Set(),
  };
  let known: { readonly revision: SongRevision; readonly arrangement: Arrangement } | null = null;
  const listeners: ((choices: Readonly<Choices>) => void)[] = [];
  return {
    ...given,
    get choices() {
      return choices;
    },
    get arrangement() {
      const { revision } = given.store;
      if (known?.revision !== revision) known = { revision, arrangement: arrangementOf(revision.song) };
      return known.arrangement;
    },
    choose(more: Partial<Choices>): void {
      choices = { ...choices, ...more };
      for (const listener of listeners) listener(choices);
    },
    onChoice: (listener) => void listeners.push(listener),
  };
}

/** Does a deed as one gesture and selects what it leaves. */
export function doDeed(scene: SongScene, deed: Deed | null): void {
  if (deed === null || deed.code === "") return;
  let selected: readonly string[] = [];
  perform(scene, deed.code, deed.said, (edit: SongEdit) => {
    selected = deed.apply(edit);
  });
  if (scene.store.editable) scene.choose({ selection: new Set(selected) });
}

/** The selected items, in the order of the song. */
export function selectedItems(scene: SongScene): readonly Item[] {
  const { items } = scene.arrangement;
  return [...items.values()].filter((item) => scene.choices.selection.has(item.key));
}

/** How the song is to be played now. */
export function playOptions({ choices }: SongScene): PlayOptions {
  return {
    from: choices.cursor,
    region: choices.loops ? choices.region : null,
    countIn: choices.countIn,
    metronome: choices.metronome,
  };
}

/** Plays from the cursor, or stops and leaves the cursor where the song stood. */
export async function toggleSong(scene: SongScene): Promise<void> {
  const meters = scene.player.meters(scene.playable().id);
  if (meters !== null) scene.choose({ cursor: Math.max(0, Math.round(meters.tick)) });
  const region = scene.choices.loops ? scene.choices.region : null;
  if (region !== null && (scene.choices.cursor < region[0] || scene.choices.cursor >= region[1])) {
    scene.choose({ cursor: region[0] });
  }
  await togglePlay(scene, playOptions(scene));
}

/** Moves the cursor, and what plays with it. */
export function seekTo(scene: SongScene, tick: number): void {
  const cursor = Math.max(0, Math.round(tick));
  scene.choose({ cursor });
  if (scene.player.stateOf(scene.playable().id) === "playing") scene.player.seek(cursor);
}

/** Tells a playing song its region and metronome. */
export function tellPlayer(scene: SongScene): void {
  if (scene.player.stateOf(scene.playable().id) !== "playing") return;
  const { region, metronome } = playOptions(scene);
  scene.player.setOptions({ region: region ?? null, metronome: metronome ?? false });
}

/** Where the song stands: what is heard now, or the cursor. */
export function positionOf(scene: SongScene): number {
  return scene.player.meters(scene.playable().id)?.tick ?? scene.choices.cursor;
}
