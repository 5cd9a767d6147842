/**
 * Many clients of one or more rooms, in one process: some edit, all watch, and each tells after how
 * long it saw what the others did. Reads its orders as JSON from standard input, writes what it
 * measured as JSON to standard output.
 *
 * Orders: `clients` [{url, room}], `editors` a room, `rate` edits a second of each, `seconds`,
 * `dialect` "raw" | "yjs" | "ours", `cursors` a second of each, `slow` clients that read nothing;
 * `process` is the server's, of which the time that it works is told.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { performance } from "node:perf_hooks";

const require = createRequire(new URL("../../extension/package.json", import.meta.url));
const WebSocket = require("ws");
const Y = require("yjs");
const decoding = require("lib0/decoding");
const encoding = require("lib0/encoding");

const SYNC = 0, STATE = 0, ANSWER = 1, UPDATE = 2;
const HELLO = 100, EDIT = 101, KEPT = 102, CHANGES = 104, CURSOR = 105;

/** Each editor has a row of their own: nobody sets what another has just set. */
const ROWS = [
  "drum-kick", "drum-snare", "drum-hihat", "drum-openhat", "drum-clap", "drum-tom", "drum-rim",
  "drum-crash", "drum-shaker", "drum-cowbell",
];

const sentAt = new Map(); // by client of the document, then by clock
const seen = [];          // milliseconds from an edit to another's sight of it
const kept = [];          // milliseconds from an edit to its acknowledgement

class Client {
  constructor({ url, room }, { dialect, isEditor, isSlow, row }) {
    this.room = room;
    this.row = row;
    this.dialect = dialect;
    this.isEditor = isEditor;
    this.isSlow = isSlow;
    this.doc = null;
    this.number = 0;
    this.numbered = [0];
    this.received = 0;
    this.sent = 0;
    this.watched = 0;
    this.closed = null;
    this.ready = new Promise((resolve) => (this.isReady = resolve));
    this.socket = new WebSocket(url, { perMessageDeflate: false });
    this.socket.binaryType = "nodebuffer";
    this.socket.on("open", () => this.greet());
    this.socket.on("message", (data) => this.take(data));
    this.socket.on("close", (code, reason) => { this.closed = [code, String(reason)]; });
    this.socket.on("error", (error) => { this.closed = [0, String(error)]; });
  }

  greet() {
    if (this.dialect === "ours") {
      this.send(frame(HELLO, (to) => encoding.writeVarString(to, JSON.stringify({
        protocol: 1, via: "page", epoch: "",
      }))));
    }
    if (this.dialect === "raw" || !this.isEditor) {
      if (this.isEditor) this.doc = new Y.Doc();
      if (this.dialect !== "ours") this.isReady();
    }
    if (this.isEditor && this.dialect !== "raw") {
      this.doc = new Y.Doc();
      this.send(frame(SYNC, (to) => {
        encoding.writeVarUint(to, STATE);
        encoding.writeVarUint8Array(to, Y.encodeStateVector(this.doc));
      }));
    }
  }

  send(data) {
    this.sent += data.length;
    this.socket.send(data);
  }

  take(data) {
    const now = performance.now();
    this.received += data.length;
    const from = decoding.createDecoder(data);
    switch (decoding.readVarUint(from)) {
      case SYNC: return this.synced(from, now);
      case HELLO: return this.isEditor ? undefined : this.isReady();
      case KEPT: return this.acknowledged(from, now);
      case CHANGES: {
        decoding.readVarUint(from);
        decoding.readFloat64(from);
        for (let left = decoding.readVarUint(from); left > 0; left -= 1) {
          this.see(decoding.readVarUint8Array(from), now);
        }
      }
    }
  }

  synced(from, now) {
    const step = decoding.readVarUint(from);
    const bytes = decoding.readVarUint8Array(from);
    if (step === ANSWER && this.doc !== null) {
      Y.applyUpdate(this.doc, bytes);
      this.isReady();
    } else if (step === UPDATE) this.see(bytes, now);
  }

  see(update, now) {
    const from = decoding.createDecoder(update);
    decoding.readVarUint(from);
    decoding.readVarUint(from);
    const times = sentAt.get(decoding.readVarUint(from));
    const at = times?.get(decoding.readVarUint(from));
    if (at === undefined) return;
    seen.push(now - at);
    this.watched += 1;
  }

  acknowledged(from, now) {
    const number = decoding.readVarUint(from);
    while (this.kept < number || this.kept === undefined) {
      this.kept = (this.kept ?? 0) + 1;
      kept.push(now - this.numbered[this.kept]);
    }
  }

  edit(turn) {
    const { doc } = this;
    const clock = Y.getState(doc.store, doc.clientID);
    let update;
    doc.once("update", (bytes) => { update = bytes; });
    this.steps(doc).set(`${this.row}/${turn % 16}`, [1 + (turn % 120)]);
    const now = performance.now();
    if (!sentAt.has(doc.clientID)) sentAt.set(doc.clientID, new Map());
    sentAt.get(doc.clientID).set(clock, now);
    this.numbered.push(now);
    this.number += 1;
    if (this.dialect === "ours") {
      this.send(frame(EDIT, (to) => {
        encoding.writeVarUint(to, this.number);
        encoding.writeVarUint8Array(to, update);
      }));
    } else {
      this.send(frame(SYNC, (to) => {
        encoding.writeVarUint(to, UPDATE);
        encoding.writeVarUint8Array(to, update);
      }));
    }
  }

  steps(doc) {
    if (this.dialect !== "ours") return doc.getMap("steps");
    const [loop] = doc.getMap("loops").values();
    return loop.get("steps");
  }

  point(turn) {
    this.send(frame(CURSOR, (to) => {
      const cursor = encoding.createEncoder();
      encoding.writeVarUint(cursor, 2);
      encoding.writeVarUint(cursor, turn % 4);
      encoding.writeVarUint(cursor, (turn * 60) % 15360);
      encoding.writeVarUint8Array(to, encoding.toUint8Array(cursor));
    }));
  }
}

function frame(kind, write) {
  const to = encoding.createEncoder();
  encoding.writeVarUint(to, kind);
  write(to);
  return encoding.toUint8Array(to);
}

function percentile(values, part) {
  if (values.length === 0) return null;
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

/** Milliseconds that a process has worked so far, for itself and in the kernel (proc(5), stat). */
function worked(process) {
  const stat = readFileSync(`/proc/${process}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Acts `rate` times a second until the time is over, each client at its own moment. */
async function repeatedly(act, rate, seconds, offset) {
  if (!rate) return 0;
  const begin = performance.now() + (offset * 1000) / rate;
  const turns = Math.floor(rate * seconds);
  for (let turn = 0; turn < turns; turn += 1) {
    const pause = begin + (turn * 1000) / rate - performance.now();
    if (pause > 0) await wait(pause);
    act(turn);
  }
  return turns;
}

async function main(orders) {
  const inRoom = new Map();
  const clients = [];
  for (const each of orders.clients) {
    const place = inRoom.get(each.room) ?? 0;
    inRoom.set(each.room, place + 1);
    clients.push(new Client(each, {
      dialect: orders.dialect,
      row: ROWS[place % ROWS.length],
      isEditor: place < orders.editors,
      isSlow: place >= orders.editors && place < orders.editors + (orders.slow ?? 0),
    }));
    if (clients.length % 20 === 0) await wait(20);
  }
  await Promise.race([
    Promise.all(clients.map((client) => client.ready)),
    wait(60_000).then(() => { throw new Error(`not all came in: ${JSON.stringify(clients.map((c) => c.closed).filter(Boolean).slice(0, 3))}`); }),
  ]);
  for (const client of clients) if (client.isSlow) client.socket._socket.pause();
  await wait(500);
  for (const client of clients) client.sent = client.received = 0;
  const began = performance.now();
  const before = worked(orders.process);
  const editors = clients.filter((client) => client.isEditor);
  const made = await Promise.all([
    ...editors.map((client, at) =>
      repeatedly((turn) => client.edit(turn), orders.rate, orders.seconds, at / editors.length)),
    ...clients.map(async (client, at) => {
      await repeatedly((turn) => client.point(turn), orders.cursors, orders.seconds, at / clients.length);
      return 0;
    }),
  ]);
  await wait(1000);
  const lasted = (performance.now() - began) / 1000;
  const edits = made.reduce((sum, turns) => sum + turns, 0);
  const readers = clients.filter((client) => !client.isSlow);
  const perRoom = clients.length / inRoom.size;
  const due = edits * (perRoom - 1 - (orders.slow ?? 0));
  process.stdout.write(JSON.stringify({
    edits, due, seen: seen.length,
    seen50: percentile(seen, 0.5), seen95: percentile(seen, 0.95),
    kept: kept.length, kept50: percentile(kept, 0.5), kept95: percentile(kept, 0.95),
    sent: readers.reduce((sum, c) => sum + c.sent, 0) / readers.length / lasted,
    received: readers.reduce((sum, c) => sum + c.received, 0) / readers.length / lasted,
    work: (worked(orders.process) - before) / edits,
    closed: clients.map((client) => client.closed).filter(Boolean),
  }));
  for (const client of clients) client.socket.terminate();
}

let text = "";
process.stdin.setEncoding("utf8");
for await (const part of process.stdin) text += part;
await main(JSON.parse(text));
process.exit(0);
