import assert from "node:assert/strict";
import { test } from "node:test";

import { Gate, makePage, playable } from "./player_page.js";

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
