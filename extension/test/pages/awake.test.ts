import assert from "node:assert/strict";
import { test } from "node:test";

import type { Player } from "../../src/core/player.js";
import { keepScreenOn } from "../../src/pages/jam/awake.js";

/** A page whose screen can be held, and what was done to it. */
function stage(refuses = false) {
  const said: string[] = [];
  const listeners: (() => void)[] = [];
  const screen = Object.assign(new EventTarget(), { visibilityState: "visible" });
  const state = { playing: false };
  const player = { subscribe: (changed: () => void) => void listeners.push(changed) } as unknown as Player;
  const ask = refuses ? () => Promise.reject(new Error("no battery")) : () => {
    said.push("held");
    return Promise.resolve({ release: () => Promise.resolve(void said.push("released")) });
  };
  const ending = new AbortController();
  keepScreenOn(player, () => state.playing, screen, ask, ending.signal);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  return {
    said, screen, ending, settle,
    play: async (playing: boolean) => {
      state.playing = playing;
      listeners.forEach((changed) => changed());
      await settle();
    },
  };
}

test("the screen is held while something plays, once, and let go when it stops", async () => {
  const { said, play } = stage();
  await play(true);
  await play(true);
  assert.deepEqual(said, ["held"]);
  await play(false);
  assert.deepEqual(said, ["held", "released"]);
});

test("a page that comes back into sight holds the screen again, as the browser has let it go", async () => {
  const { said, play, screen, settle } = stage();
  await play(true);
  screen.visibilityState = "hidden";
  screen.dispatchEvent(new Event("visibilitychange"));
  await settle();
  screen.visibilityState = "visible";
  screen.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.deepEqual(said, ["held", "held"]);
});

test("who leaves the jam lets the screen go, and a refusal is no fault", async () => {
  const { said, play, ending, settle } = stage();
  await play(true);
  ending.abort();
  await settle();
  assert.deepEqual(said, ["held", "released"]);
  await stage(true).play(true);
});
