import assert from "node:assert/strict";
import { test } from "node:test";

import { LineWatch } from "../../src/crdt/line_watch.js";

/** A line that is lost is opened again; a song takes `seconds` behind the first frame. */
function linesUntilLoaded(seconds: number, most: number): number {
  let now = 0;
  let next = { at: 0, act: () => {} };
  const lost: number[] = [];
  const around = {
    now: () => now,
    later(act: () => void, wait: number) { next = { at: now + wait, act }; return () => undefined; },
  };
  const watch = new LineWatch(around, () => undefined, () => lost.push(now));
  for (let line = 1; line <= most; line += 1) {
    const opened = now;
    watch.begin();
    watch.heard(now);
    while (lost.length < line) {
      if (next.at > opened + seconds * 1000) return line;
      now = next.at;
      next.act();
    }
  }
  return Infinity;
}

test("a song that takes its time on a slow line arrives after some tries", () => {
  assert.deepEqual([1, 2, 4], [5, 20, 120].map((seconds) => linesUntilLoaded(seconds, 20)));
});

test("a line on which nothing comes at all is given up as soon as ever", () => {
  let now = 0;
  let next = { at: 0, act: () => {} };
  const gone: number[] = [];
  const around = {
    now: () => now,
    later(act: () => void, wait: number) { next = { at: now + wait, act }; return () => undefined; },
  };
  const watch = new LineWatch(around, () => undefined, () => gone.push(now));
  for (let line = 0; line < 3; line += 1) {
    watch.begin();
    now = next.at;
    next.act();
  }
  assert.deepEqual([8000, 16000, 24000], gone);
});

test("an answer makes it as impatient as it was", () => {
  let now = 0;
  let next = { at: 0, act: () => {} };
  let probe = 0;
  const lost: number[] = [];
  const around = {
    now: () => now,
    later(act: () => void, wait: number) { next = { at: now + wait, act }; return () => undefined; },
  };
  const watch = new LineWatch(around, (asked) => { probe = asked; }, () => lost.push(now));
  const pass = (): void => { now = next.at; next.act(); };
  watch.begin();
  watch.heard(now);
  pass();
  pass();
  pass();
  assert.deepEqual([18_000], lost);
  watch.begin();
  watch.heard(now);
  pass();
  watch.heard(now);
  watch.timed(probe, now);
  const from = now;
  while (lost.length < 2) pass();
  assert.ok(now - from <= 18_000);
});
