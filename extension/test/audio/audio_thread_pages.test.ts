import assert from "node:assert/strict";
import { test } from "node:test";

import wasm from "../../../kernel_lib/cellissimo/native/engine.wasm";
import { AudioThread } from "../../src/audio/audio_thread.js";
import { Engine, PAGE_FRAMES } from "../../src/audio/engine.js";
import { REPORT, type FromEngine, type ToEngine } from "../../src/audio/messages.js";
import { countInImage } from "../../src/core/metronome.js";
import { performanceOf } from "../../src/core/performance.js";
import { songImage } from "../../src/core/song_image.js";
import type { Segment, Song, Stem } from "../../src/gen/models.js";
import { emptySong } from "../song_json.js";
import { Bench, BLOCK, loudest } from "./bench.js";

const BAR = 3840;
const SECONDS = 4;

/** A song of one stem with one recording. */
function song(changes: Partial<Segment> = {}): Song {
  const stem: Stem = {
    id: "s", name: "Tape", color: "#000000", order: "V", channel: null, frozen: null,
    settings: new Map(), sends: new Map(), lanes: new Map(),
  };
  const segment: Segment = {
    id: "a", stem: "s", kind: "audio", start: 0, length: 2 * BAR, name: "", offset: 0, gain: 0,
    fade_in: 0, fade_out: 0, fade_in_curve: "linear", fade_out_curve: "linear", loop: null,
    blob: "ab".repeat(32), frames: SECONDS * 48_000, notes: new Map(), ...changes,
  };
  return { ...emptySong(), stems: new Map([["s", stem]]), segments: new Map([["a", segment]]) };
}

/** A page of noise that is different for each audio and page. */
function page(audio: number, number: number): Float32Array {
  let seed = 1 + audio * 1000 + number;
  return Float32Array.from({ length: PAGE_FRAMES * 2 }, () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0;
    return seed / 2 ** 33;
  });
}

/** What an engine plays that has each page in time. */
function played(image: Uint8Array, frames: number, from = 0): number[] {
  const engine = new Engine(wasm);
  assert.equal(0, engine.load(image, false));
  engine.seek(from);
  engine.play(false);
  const samples: number[] = [];
  for (let at = 0; at < frames; at += BLOCK) {
    for (const name of engine.wanted()) engine.putPage(...name, page(...name));
    engine.render(BLOCK);
    samples.push(...engine.left.subarray(0, BLOCK));
  }
  assert.equal(0, engine.missed);
  return samples.slice(0, frames);
}

/** A bench that answers what the thread asks for, some blocks later. */
class Library extends Bench {
  asked: string[] = [];
  #answered = 0;

  /** Runs blocks; each request is answered `delay` blocks after it came. */
  serve(blocks: number, delay: number): number[] {
    const samples: number[] = [];
    const due: { readonly at: number; readonly answer: ToEngine }[] = [];
    for (let block = 0; block < blocks; block += 1) {
      samples.push(...this.run(1));
      for (const message of this.posted.slice(this.#answered)) {
        due.push(...this.answers(message).map((answer) => ({ at: block + delay, answer })));
      }
      this.#answered = this.posted.length;
      while (due[0] !== undefined && due[0].at <= block) {
        const [first] = due.splice(0, 1);
        if (first) this.thread.receive(first.answer);
      }
    }
    return samples;
  }

  protected answers(message: FromEngine): ToEngine[] {
    if (message instanceof Float64Array || message.kind !== "wanted") return [];
    this.asked.push(...message.pages.map((name) => name.join("/")));
    return message.pages.map(([audio, number]) => ({
      kind: "page", run: message.run, audio, page: number, samples: page(audio, number),
    }));
  }
}

class EmptyLibrary extends Library {
  protected override answers(message: FromEngine): ToEngine[] {
    const [first] = super.answers(message);
    return first?.kind === "page" ? [{ ...first, samples: null }] : [];
  }
}

function start(changes: Partial<Extract<ToEngine, { kind: "start" }>> = {}): ToEngine {
  return { kind: "start", run: 1, image: songImage(song()).image, looping: false, ...changes };
}

test("a recording begins with its first frame, however long its first page takes to come", () => {
  const library = new Library();
  library.thread.receive(start());
  const heard = library.serve(2000, 100);
  const first = heard.findIndex((sample) => sample !== 0);
  assert.ok(first >= 100 * BLOCK, `${first}`);
  const begun = Math.floor(first / BLOCK) * BLOCK;
  const frames = 2000 * BLOCK - begun;
  assert.ok(loudest(heard) > 0.05);
  assert.deepEqual(played(songImage(song()).image, frames), heard.slice(begun));
  assert.equal(0, library.reports().at(-1)?.[REPORT.missed]);
});

test("each page is asked for once, and about a second before it is needed", () => {
  const library = new Library();
  library.thread.receive(start());
  library.serve(1500, 4);
  const pages = Math.ceil((SECONDS * 48_000) / PAGE_FRAMES);
  assert.deepEqual(Array.from({ length: pages }, (_, number) => `0/${number}`), library.asked);
});

test("pages that come while bars are counted in are there when it begins", () => {
  const library = new Library();
  const image = songImage(song()).image;
  const { tempo, meters } = performanceOf({ song: song() }, false, []);
  library.thread.receive(start({ countIn: countInImage(tempo, meters, 0, 1).image }));
  const heard = library.serve(1800, 2);
  const begun = heard.findIndex((sample) => sample !== 0);
  const from = Math.floor(begun / BLOCK) * BLOCK + 96_000;
  assert.deepEqual(played(image, 1800 * BLOCK - from), heard.slice(from));
});

test("what cannot be had is silent, counted as missed, and asked for again after a second", () => {
  const library = new EmptyLibrary();
  library.thread.receive(start());
  const heard = library.serve(900, 2);
  assert.equal(0, loudest(heard));
  assert.ok((library.reports().at(-1)?.[REPORT.missed] ?? 0) > 20_000);
  const again = library.asked.filter((name) => name === "0/0").length;
  assert.ok(again >= 2 && again <= 4, `${again}`);
});

test("a recording that nobody answers for holds a start up for three seconds, no longer", () => {
  const bench = new Bench();
  bench.thread.receive(start());
  bench.run(3 * 375 - 10);
  assert.ok(bench.reports().every((report) => report[REPORT.tick] === -1));
  bench.run(100);
  assert.ok((bench.reports().at(-1)?.[REPORT.tick] ?? -1) > 0);
});

test("moved to another place, it asks for the pages of there", () => {
  const library = new Library();
  library.thread.receive(start({ image: songImage(song({ frames: 960_000, length: 10 * BAR })).image }));
  library.serve(50, 2);
  library.thread.receive({ kind: "seek", tick: 8 * BAR });
  library.serve(10, 2);
  const place = Math.floor((16 * 48_000) / PAGE_FRAMES);
  assert.ok(library.asked.includes(`0/${place}`), library.asked.join(" "));
});

test("where no message can come in time, the audio comes with the start", () => {
  const audio = [[0, 1, 2].map((number) => page(0, number))];
  const image = songImage(song()).image;
  const thread = new AudioThread({ wasm, start: { image, looping: false, audio } }, () => undefined);
  const heard: number[] = [];
  for (let at = 0; at < 400; at += 1) {
    const [left, right] = [new Float32Array(BLOCK), new Float32Array(BLOCK)];
    thread.process(left, right, at * BLOCK);
    heard.push(...left);
  }
  assert.deepEqual(played(image, 400 * BLOCK), heard);
});
