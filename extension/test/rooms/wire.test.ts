import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { KIND, type Kind } from "../../src/core/room_link.js";
import * as wire from "../../src/crdt/wire.js";

interface Fixture {
  readonly bytes: string;
  readonly frame: string;
  readonly kind: Kind;
  readonly [field: string]: unknown;
}

const fixtures = JSON.parse(readFileSync("../tests/parity/wire.json", "utf8")) as {
  readonly fromClient: readonly Fixture[];
  readonly fromRoom: readonly Fixture[];
  readonly noFrames: readonly string[];
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const unhex = (text: unknown): Uint8Array => new Uint8Array(Buffer.from(String(text), "hex"));

/** What a page says, from the values of a fixture. */
function written(one: Fixture): Uint8Array {
  const bodies: Record<string, () => Uint8Array> = {
    Sync: () => wire.syncBody(Number(one["step"]), unhex(one["content"])),
    Presence: () => wire.bytesBody(unhex(one["content"])),
    AskPresence: () => new Uint8Array(0),
    Edit: () => wire.editBody(Number(one["number"]), unhex(one["update"])),
    Cursor: () => wire.bytesBody(unhex(one["content"])),
    Probe: () => wire.probeBody(Number(one["number"])),
    Said: () => wire.jsonBody(one["said"] as object),
  };
  const body = bodies[one.frame];
  assert.ok(body, one.frame);
  return wire.frame(one.kind, body());
}

/** What a room says, read back into the values of a fixture. */
function readBack(bytes: Uint8Array): object {
  const { kind, body } = wire.parted(bytes);
  if (kind === KIND.sync) {
    const { step, content } = wire.readSync(body);
    return { step, content: hex(content) };
  }
  if (kind === KIND.presence) return { content: hex(wire.readBytes(body)) };
  if (kind === KIND.kept) return wire.readKept(body);
  if (kind === KIND.refused) return wire.readRefused(body);
  if (kind === KIND.changes) {
    const { seq, stamp, updates } = wire.readChanges(body);
    return { seq, stamp, updates: updates.map(hex) };
  }
  if (kind === KIND.clock) {
    const { probe, time } = wire.readTime(body);
    return { number: probe, time };
  }
  return { said: wire.readJson(body) };
}

test("what a page says has the bytes that Python gives it", () => {
  for (const one of fixtures.fromClient) assert.equal(one.bytes, hex(written(one)), one.frame);
});

test("what a room says is read as Python wrote it", () => {
  for (const one of fixtures.fromRoom) {
    if (one.kind === KIND.cursor) continue;
    const { bytes, frame: _, kind: __, ...values } = one;
    assert.deepEqual(values, readBack(unhex(bytes)));
  }
});

test("bytes that are no frame of a room are told, not guessed at", () => {
  for (const bytes of fixtures.noFrames) {
    assert.throws(() => readBack(unhex(bytes)), wire.WireError, bytes);
  }
});

test("cursors are read with who points, and where; one that has gone is none [WIRE-11]", () => {
  const body = unhex("0207030104050903000000");
  const expected = [[7, { kind: "grid", a: 4, b: 5 }], [9, null]];
  assert.deepEqual(expected, wire.readCursors(body));
  assert.equal("03010405", hex(wire.cursorBody({ kind: "grid", a: 4, b: 5 })));
  assert.equal("03010005", hex(wire.cursorBody({ kind: "grid", a: -1, b: 4.6 })));
  assert.equal("03000000", hex(wire.cursorBody(null)));
});
