/** The traits of a Loop widget say what the document says, and a link that sets one edits it. */

import type { LoopEdit, LoopRevision, LoopStore } from "../core/loop_store.js";
import { PARAMETERS } from "../gen/parameters.js";
import type { LoopTraits, Model } from "./model.js";

const GROOVE = "master.groove";
const LEVEL = "master.amp.level";
const USUAL_LEVEL = Number(PARAMETERS.find((p) => p.key === "amp.level")?.default);

type Name = keyof LoopTraits;

const READ: { [K in Name]: (revision: LoopRevision) => LoopTraits[K] } = {
  name: ({ loop }) => loop.name,
  tempo: ({ loop, context }) => loop.tempo ?? context.tempo,
  swing: ({ loop }) => Number(loop.settings.get(`${GROOVE}.amount`) ?? 0),
  level: ({ loop }) => Number(loop.settings.get(LEVEL) ?? USUAL_LEVEL),
  bars: ({ loop }) => loop.bars,
  key: ({ loop }) => loop.key,
};

const WRITE: { [K in Name]: (edit: LoopEdit, value: LoopTraits[K]) => void } = {
  name: (edit, value) => edit.setField("name", value),
  tempo: (edit, value) => edit.setField("tempo", value),
  swing: (edit, value) => {
    edit.setSetting(`${GROOVE}.type`, value > 0 ? "swing" : null);
    edit.setSetting(`${GROOVE}.amount`, value > 0 ? value : null);
  },
  level: (edit, value) => edit.setSetting(LEVEL, value),
  bars: (edit, value) => edit.setField("bars", value),
  key: (edit, value) => edit.setField("key", value),
};

const NAMES = Object.keys(READ) as Name[];

/** Binds the traits to the store until the signal ends it. */
export function bindTraits(model: Model, store: LoopStore, signal: AbortSignal): void {
  const follow = (revision: LoopRevision): void => {
    for (const name of NAMES) model.set(name, READ[name](revision));
  };
  store.subscribe(follow, signal);
  follow(store.revision);
  for (const name of NAMES) bind(model, store, name, signal);
}

function bind<K extends Name>(model: Model, store: LoopStore, name: K, signal: AbortSignal): void {
  const write = (): void => {
    const value = model.get(name);
    if (value === READ[name](store.revision)) return;
    const gesture = store.gesture();
    WRITE[name](gesture.edit, value);
    gesture.end("");
  };
  model.on(`change:${name}`, write);
  signal.addEventListener("abort", () => model.off(`change:${name}`, write));
}
