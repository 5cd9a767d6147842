/** The traits of a widget say what the document says, and a link that sets one edits it. */

import type { LoopEdit, LoopRevision } from "../core/loop_store.js";
import type { SongEdit, SongRevision } from "../core/song_store.js";
import { PARAMETERS } from "../gen/parameters.js";
import type { LiveTraits, LoopTraits, Message, Model, SongTraits } from "./model.js";

const GROOVE = "master.groove";
const LEVEL = "amp.level";
const USUAL_SWING = Number(PARAMETERS.find((p) => p.key === "groove.amount")?.default);
const USUAL_LEVEL = Number(PARAMETERS.find((p) => p.key === LEVEL)?.default);

/** How traits are read from a revision, and written by an edit. */
export interface Bindings<T, R, E> {
  readonly read: { readonly [K in keyof T]: (revision: R) => T[K] };
  readonly write: { readonly [K in keyof T]: (edit: E, value: T[K]) => void };
}

/** What of a store is used here. */
interface Store<R, E> {
  readonly revision: R;
  subscribe(changed: (revision: R) => void, signal: AbortSignal): void;
  gesture(): { readonly edit: E; end(code: string): void };
}

export const LOOP_BINDINGS: Bindings<LoopTraits, LoopRevision, LoopEdit> = {
  read: {
    name: ({ loop }) => loop.name,
    tempo: ({ loop, context }) => loop.tempo ?? context.tempo,
    swing: ({ loop }) => swingOf(loop.settings),
    level: ({ loop }) => Number(loop.settings.get(`master.${LEVEL}`) ?? USUAL_LEVEL),
    bars: ({ loop }) => loop.bars,
    key: ({ loop }) => loop.key,
  },
  write: {
    name: (edit, value) => edit.setField("name", value),
    tempo: (edit, value) => edit.setField("tempo", value),
    swing: (edit, value) => {
      edit.setSetting(`${GROOVE}.type`, value > 0 ? "swing" : null);
      edit.setSetting(`${GROOVE}.amount`, value > 0 ? value : null);
    },
    level: (edit, value) => edit.setSetting(`master.${LEVEL}`, value),
    bars: (edit, value) => edit.setField("bars", value),
    key: (edit, value) => edit.setField("key", value),
  },
};

/** `ramp` stays as it is: the trait is the tempo alone. */
export function songBindings(
  ramps: () => boolean,
): Bindings<SongTraits, SongRevision, SongEdit> {
  return {
    read: {
      name: ({ song }) => song.name,
      tempo: ({ song }) => song.tempos.get(0)?.bpm ?? 120,
      level: ({ song }) => Number(song.master.get(LEVEL) ?? USUAL_LEVEL),
      key: ({ song }) => song.key,
    },
    write: {
      name: (edit, value) => edit.setName(value),
      tempo: (edit, bpm) => edit.setTempo(0, { bpm, ramp: ramps() }),
      level: (edit, value) => edit.setSetting({ kind: "master" }, LEVEL, value),
      key: (edit, value) => edit.setKey(value),
    },
  };
}

/** How far a loop swings; one with another groove, or none, does not. */
function swingOf(settings: LoopRevision["loop"]["settings"]): number {
  if (settings.get(`${GROOVE}.type`) !== "swing") return 0;
  return Number(settings.get(`${GROOVE}.amount`) ?? USUAL_SWING);
}

/** Binds the traits to the store until the signal ends it. */
export function bindTraits<T extends object, R, E>(
  model: Model<T & LiveTraits, Message>,
  store: Store<R, E>,
  bindings: Bindings<T, R, E>,
  signal: AbortSignal,
): void {
  const names = Object.keys(bindings.read) as (keyof T & string)[];
  const follow = (revision: R): void => {
    for (const name of names) set(model, name, bindings.read[name](revision));
  };
  store.subscribe(follow, signal);
  follow(store.revision);
  for (const name of names) bind(model, store, bindings, name, signal);
}

function set<T extends object, K extends keyof T>(
  model: Model<T & LiveTraits, Message>, name: K, value: T[K],
): void {
  model.set(name, value as (T & LiveTraits)[K]);
}

function bind<T extends object, R, E, K extends keyof T & string>(
  model: Model<T & LiveTraits, Message>,
  store: Store<R, E>,
  { read, write }: Bindings<T, R, E>,
  name: K,
  signal: AbortSignal,
): void {
  const changed = (): void => {
    const value: T[K] = model.get(name);
    if (value === read[name](store.revision)) return;
    const gesture = store.gesture();
    write[name](gesture.edit, value);
    gesture.end("");
  };
  model.on(`change:${name}`, changed);
  signal.addEventListener("abort", () => model.off(`change:${name}`, changed));
}
