/** A page with one loop's view, its store in memory and a player that keeps time in silence. */

import { mountLoop } from "../../src/ui/loop_view.js";
import { MemoryStore, NotingPlayer, loopWith } from "../ui/memory_store.js";

const BAR = 3840;

class SilentPlayer extends NotingPlayer {
  private began = 0;

  override async play(playable: Parameters<NotingPlayer["play"]>[0]): Promise<void> {
    this.began = performance.now();
    await super.play(playable);
  }

  override meters(): ReturnType<NotingPlayer["meters"]> {
    if (this.state !== "playing") return null;
    const tick = ((performance.now() - this.began) / 60000) * 96 * 960;
    return { tick: tick % (4 * BAR), pass: 0, peaks: new Map([["master", 0.5]]) };
  }
}

const chords = new Map([[0, "I"], [16, "V"], [32, "vi"], [48, "IV"]]);
const beat = { "drum-kick": "X...x...X...x...", "drum-snare": "....x.......x..." };
const store = new MemoryStore(loopWith(beat, { bars: 4, tempo: 96, chords }), !location.search.includes("saved"));
const player = new SilentPlayer();
const ending = new AbortController();
const playable = { id: "loop", get revision() { return store.revision; } };
const place = document.body.appendChild(document.createElement("div"));
mountLoop(place, store, player, () => playable, { signal: ending.signal });
Object.assign(globalThis, { store, player, ending });
