import assert from "node:assert/strict";
import { test } from "node:test";

import { MOST_STRIPS, REPORT } from "../../src/audio/messages.js";
import { makePage, playable, recording, song } from "./player_page.js";

test("a song plays once, from where it is told; a loop and a region play round and round", async () => {
  const { player, sent } = makePage();
  await player.play(song("a"), { from: 3840 });
  await player.play(song("b"), { region: [960, 1920] });
  await player.play(song("c"), { from: 99_999 });
  await player.play(playable("d"));
  const starts = sent().flatMap((m) => (m.kind === "start" ? [[m.from, m.region, m.looping]] : []));
  assert.deepEqual(
    [[3840, null, false], [960, [960, 1920], true], [0, null, false], [0, null, true]],
    starts,
  );
});

test("bars are counted in only where they are asked for", async () => {
  const { player, sent } = makePage();
  await player.play(song("a"), { countIn: 2 });
  await player.play(song("b"));
  const counted = sent().flatMap((m) => (m.kind === "start" ? [m.countIn != null] : []));
  assert.deepEqual([true, false], counted);
});

test("options that change while it plays are heard; what stays the same is not sent", async () => {
  const { player, sent, pictures } = makePage();
  await player.play(song("a"));
  player.setOptions({ region: [0, 3840] });
  player.setOptions({ region: [0, 3840], metronome: false });
  player.setOptions({ metronome: true });
  pictures.shift()?.();
  player.setOptions({ region: null });
  player.seek(1234);
  const [, first, change, second, seek] = sent();
  assert.deepEqual({ kind: "region", region: [0, 3840], looping: true }, first);
  assert.equal("change", change?.kind);
  assert.deepEqual({ kind: "region", region: null, looping: false }, second);
  assert.deepEqual({ kind: "seek", tick: 1234 }, seek);
  assert.deepEqual([], sent().slice(5));
});

test("playing what plays already moves it there instead of beginning anew", async () => {
  const { player, kinds, pictures } = makePage();
  await player.play(song("a"));
  await player.play(song("a"), { from: 960 });
  pictures.shift()?.();
  assert.deepEqual(["start", "seek", "change"], kinds());
});

test("a song that is over leaves the player idle, and the one before it does not", async () => {
  const { player, sent, hear } = makePage();
  await player.play(song("a"));
  await player.play(song("b"));
  const [one, other] = sent().flatMap((m) => (m.kind === "start" ? [m.run] : []));
  assert.ok(one !== undefined && other !== undefined);
  hear({ kind: "ended", run: one });
  assert.equal("playing", player.stateOf("b"));
  hear({ kind: "ended", run: other });
  assert.equal("idle", player.stateOf("b"));
});

test("audio that the engine asks for is fetched and sent by its number, what follows fetched ahead", async () => {
  const { player, sent, hear } = makePage();
  const asked = new Set<string>();
  const audio = (blob: string, page: number): Promise<Float32Array> => {
    asked.add(`${blob.slice(0, 4)} ${page}`);
    return Promise.resolve(new Float32Array([page]));
  };
  await player.play(recording("a", audio));
  const run = sent()[0]?.kind === "start" ? sent()[0] : null;
  assert.ok(run?.kind === "start");
  hear({ kind: "wanted", run: run.run, pages: [[0, 0], [0, 1]] });
  hear({ kind: "wanted", run: run.run - 1, pages: [[0, 7]] });
  await new Promise((resolve) => setImmediate(resolve));
  const ahead = [1, 2, 3, 4, 5, 6, 7].map((page) => `abab ${page}`);
  assert.deepEqual(["abab 0", ...ahead], [...asked]);
  const pages = sent().flatMap((m) => (m.kind === "page" ? [[m.audio, m.page, m.samples?.[0]]] : []));
  assert.deepEqual([[0, 0, 0], [0, 1, 1]], pages);
});

test("audio that cannot be had is said, and the song plays on without it", async () => {
  const { player, sent, hear } = makePage();
  await player.play(recording("a", () => Promise.reject(new Error("the kernel has gone"))));
  const [start] = sent();
  assert.ok(start?.kind === "start");
  hear({ kind: "wanted", run: start.run, pages: [[0, 3]] });
  await new Promise((resolve) => setImmediate(resolve));
  assert.match(player.reason, /the kernel has gone/);
  assert.equal("playing", player.stateOf("a"));
  const page = sent().find((m) => m.kind === "page");
  assert.deepEqual([3, null], page?.kind === "page" ? [page.page, page.samples] : []);
});

test("audio that came too late is said, until it has come in time for three seconds", async () => {
  const { player, sent, hear } = makePage();
  await player.play(recording("a"));
  const [start] = sent();
  assert.ok(start?.kind === "start");
  const report = new Float64Array(REPORT.peaks + MOST_STRIPS);
  report[REPORT.run] = start.run;
  hear(report);
  assert.equal("", player.reason);
  report[REPORT.missed] = 128;
  hear(report);
  assert.match(player.reason, /too late/);
  report[REPORT.frame] = 2 * 48_000;
  hear(report);
  assert.match(player.reason, /too late/);
  report[REPORT.frame] = 4 * 48_000;
  hear(report);
  assert.equal("", player.reason);
});

test("some seconds after the last sound the browser's sound sleeps, and the next play wakes it", async () => {
  const { player, gate, hear, wait } = makePage();
  await player.play(song("a"));
  player.stop();
  hear({ kind: "resting" });
  assert.equal("running", gate.state);
  wait();
  assert.equal("suspended", gate.state);
  await player.play(song("a"));
  assert.deepEqual(["running", "playing"], [gate.state, player.stateOf("a")]);
  hear({ kind: "resting" });
  player.seek(0);
  wait();
  assert.equal("running", gate.state);
});

test("the browser's sound stays awake while somebody else sounds through it", async () => {
  const { player, gate, hear, wait } = makePage();
  await player.play(song("a"));
  const release = player.output.keepAwake();
  player.stop();
  hear({ kind: "resting" });
  wait();
  assert.equal("running", gate.state);
  release();
  wait();
  assert.equal("suspended", gate.state);
});

test("a play while the browser's sound is falling asleep wakes it again", async () => {
  const { player, gate, hear, wait } = makePage();
  await player.play(song("a"));
  player.stop();
  hear({ kind: "resting" });
  let fallAsleep = (): void => undefined;
  gate.suspend = () => {
    fallAsleep = () => gate.become("suspended");
    return Promise.resolve();
  };
  gate.resume = async () => {
    fallAsleep();
    gate.become("running");
  };
  wait();
  assert.equal("running", gate.state);
  await player.play(song("a"));
  assert.deepEqual(["running", "playing"], [gate.state, player.stateOf("a")]);
});
