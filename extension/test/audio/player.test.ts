import assert from "node:assert/strict";
import { test } from "node:test";

import type { FromEngine, ToEngine } from "../../src/audio/messages.js";
import { PagePlayer } from "../../src/audio/player.js";
import type { Playable } from "../../src/core/player.js";
import type { Loop } from "../../src/gen/models.js";

const LOOP: Loop = {
  id: "one", name: "One", bars: 1, steps_per_bar: 16, key: "C major", tempo: null, meter: null,
  color: "#000000", source: null, chords: new Map(), steps: new Map(), settings: new Map(),
};

function playable(id: string): Playable {
  return { id, revision: { loop: LOOP, context: { tempo: 120, meter: "4/4" } } };
}

/** A context that runs only when it is let, standing in for the browser's. */
class Gate extends EventTarget {
  state: AudioContextState = "suspended";
  isOpen: boolean;

  constructor(isOpen: boolean) {
    super();
    this.isOpen = isOpen;
  }

  resume(): Promise<void> {
    if (!this.isOpen) return new Promise(() => undefined);
    this.become("running");
    return Promise.resolve();
  }

  become(state: AudioContextState): void {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

/** An engine that only remembers what it is told. */
class Engine {
  readonly sent: ToEngine[] = [];

  send(message: ToEngine): void {
    this.sent.push(message);
  }

  setVolume(): void {}

  close(): void {}
}

/** A page of which everything that is asked can be read, and a picture drawn by hand. */
function makePage(gate = new Gate(true), failure?: Error) {
  const engines: Engine[] = [];
  const heard: ((message: FromEngine) => void)[] = [];
  const pictures: (() => void)[] = [];
  const timers: (() => void)[] = [];
  const player = new PagePlayer({
    openContext: () => gate as unknown as AudioContext,
    openSound: (_context, received) => {
      const engine = new Engine();
      engines.push(engine);
      heard.push(received);
      return failure ? Promise.reject(failure) : Promise.resolve(engine);
    },
    wasTouched: () => false,
    soon: (callback) => void pictures.push(callback),
    later: (callback) => void timers.push(callback),
    now: () => 0,
  });
  const kinds = (): string[] =>
    engines.flatMap(({ sent }) => sent.map(({ kind }) => kind)).filter((kind) => kind !== "tap");
  const wait = (): void => timers.splice(0).forEach((callback) => callback());
  return { player, gate, kinds, pictures, engines, heard, wait };
}

test("nothing is opened before something plays, and then one engine for all", async () => {
  const page = makePage();
  assert.deepEqual([0, "idle"], [page.engines.length, page.player.stateOf("a")]);
  await page.player.play(playable("a"));
  await page.player.play(playable("b"));
  assert.equal(1, page.engines.length);
});

test("starting one playable stops another", async () => {
  const { player } = makePage();
  await player.play(playable("a"));
  await player.play(playable("b"));
  assert.deepEqual(["idle", "playing"], [player.stateOf("a"), player.stateOf("b")]);
});

test("while the browser waits for a click the player says so, and starts after it", async () => {
  const { player, gate, kinds, wait } = makePage(new Gate(false));
  const playing = player.play(playable("a"));
  wait();
  await playing;
  assert.equal("locked", player.stateOf("a"));
  assert.match(player.reason, /click/);
  gate.isOpen = true;
  await player.unlock();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(["playing", ["start"]], [player.stateOf("a"), kinds()]);
});

test("sound that the system takes away comes back without a new start", async () => {
  const { player, gate, kinds } = makePage();
  await player.play(playable("a"));
  gate.become("suspended");
  assert.equal("locked", player.stateOf("a"));
  gate.become("running");
  assert.deepEqual(["playing", ["start"]], [player.stateOf("a"), kinds()]);
});

test("a stop while the sound is being opened is kept", async () => {
  const { player, kinds } = makePage();
  const starting = player.play(playable("a"));
  player.stop();
  await starting;
  assert.deepEqual(["idle", []], [player.stateOf("a"), kinds()]);
});

test("many changes between two pictures are one image", async () => {
  const { player, pictures, kinds } = makePage();
  await player.play(playable("a"));
  for (let i = 0; i < 5; i += 1) player.update(playable("a"));
  player.update(playable("b"));
  assert.equal(1, pictures.length);
  pictures.shift()?.();
  assert.deepEqual(["start", "change"], kinds());
});

test("playing ends with the last view of what plays, not before", async () => {
  const { player, wait } = makePage();
  const [first, second] = [new AbortController(), new AbortController()];
  player.attach("a", first.signal);
  player.attach("a", second.signal);
  await player.play(playable("a"));
  first.abort();
  wait();
  assert.equal("playing", player.stateOf("a"));
  second.abort();
  wait();
  assert.equal("idle", player.stateOf("a"));
});

test("a cell that runs again does not interrupt what plays in it", async () => {
  const { player, wait, kinds } = makePage();
  const before = new AbortController();
  player.attach("a", before.signal);
  await player.play(playable("a"));
  before.abort();
  player.attach("a", new AbortController().signal);
  wait();
  assert.deepEqual(["playing", ["start"]], [player.stateOf("a"), kinds()]);
});

test("a refused worklet is explained by the server's policy, and can be tried again", async () => {
  const { player } = makePage(new Gate(true), new DOMException("no module", "AbortError"));
  await player.play(playable("a"));
  assert.equal("failed", player.stateOf("a"));
  assert.match(player.reason, /Content-Security-Policy.*blob: and 'wasm-unsafe-eval'/);
});

test("an engine that breaks is told to every view, and the next play opens a new one", async () => {
  const page = makePage();
  await page.player.play(playable("a"));
  page.heard[0]?.({ kind: "fault", stage: "render", message: "RuntimeError: unreachable" });
  assert.deepEqual(["failed", "failed"], [page.player.stateOf("a"), page.player.stateOf("b")]);
  await page.player.play(playable("a"));
  assert.deepEqual(["playing", 2], [page.player.stateOf("a"), page.engines.length]);
});

test("a step is tried out only while nothing plays", async () => {
  const { player, kinds } = makePage();
  player.audition(playable("a"), "kick", 0);
  await new Promise((resolve) => setImmediate(resolve));
  await player.play(playable("a"));
  player.audition(playable("a"), "kick", 0);
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(["audition", "start"], kinds());
});

test("the listener's volume stays between silence and full", () => {
  const { player } = makePage();
  player.volume = 3;
  assert.equal(1, player.volume);
  player.volume = -1;
  assert.equal(0, player.volume);
});
