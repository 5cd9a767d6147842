import assert from "node:assert/strict";
import { test } from "node:test";

import * as Y from "yjs";

import type { KeptDraft } from "../../src/crdt/local_copy.js";
import { MemoryRoom } from "./memory_room.js";
import { Browser, Page, World } from "./world.js";

const ROUNDS = process.env["CELLISSIMO_LONG"] === "1" ? 400 : 8;
const STEPS = 60;

/** Numbers from 0 up to 1, the same for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Three people who edit, undo, reload, crash and lose their lines, in a room that stops now and then. */
class Storm {
  readonly world = new World();
  readonly room = new MemoryRoom(this.world);
  readonly browsers = ["ada", "ben", "cai"].map((name) => new Browser(name));
  readonly pages: Page[];
  /** Everything that was ever written down and not taken back. */
  readonly wanted = new Set<string>();
  #count = 0;

  constructor(readonly dice: () => number, private readonly forbidden = 0) {
    this.room.gate = (_, update) => (isForbidden(update) ? REFUSED : null);
    this.pages = this.browsers.map((browser) => this.open(browser));
  }

  open(browser: Browser): Page {
    return new Page(this.world, this.room, browser, { random: this.dice });
  }

  async run(): Promise<void> {
    await this.world.run(500);
    for (let step = 0; step < STEPS; step += 1) {
      await this.step(Math.floor(this.dice() * this.pages.length));
      await this.world.run(this.dice() < 0.5 ? this.dice() * 30 : this.dice() * 3000);
    }
    this.room.isUp = true;
    this.room.keeps = true;
    // What was never acknowledged is asked for again on another line.
    this.room.cut();
    await this.world.run(200_000);
  }

  private async step(at: number): Promise<void> {
    const page = this.pages[at];
    if (page === undefined) return;
    // Nobody edits a song that is not there yet.
    const what = page.replica.isEmpty ? 1 : this.dice();
    if (what < 0.5) this.edit(page);
    else if (what < 0.58) await this.takeBack(page);
    else if (what < 0.68) this.room.cut(page.browser.person);
    else if (what < 0.74) this.room.closeAll(this.dice() < 0.5 ? 1012 : 4408);
    else if (what < 0.82) this.room.isUp = !this.room.isUp;
    else if (what < 0.88) this.room.keeps = !this.room.keeps;
    else await this.reload(at, page);
  }

  private edit(page: Page): void {
    const name = `${this.dice() < this.forbidden ? "forbidden" : "m"} ${(this.#count += 1)}`;
    page.mark(name);
    this.wanted.add(name);
  }

  /** An edit that is taken back at once is gone everywhere, in whatever order both arrive. */
  private async takeBack(page: Page): Promise<void> {
    page.mark(`undone ${(this.#count += 1)}`);
    await this.world.run(this.dice() * 100);
    page.store.undo();
  }

  private async reload(at: number, page: Page): Promise<void> {
    if (this.dice() < 0.5) page.seat.flush();
    else await this.world.run(120);
    await this.world.run(1);
    page.close();
    this.pages[at] = this.open(page.browser);
    await this.world.run(this.dice() * 200);
  }
}

const REFUSED = { code: 4403, error: { code: "forbidden", message: "no", cure: "" } };

function isForbidden(update: Uint8Array): boolean {
  return Buffer.from(update).includes("forbidden");
}

/** The names of the markers that drafts hold. */
function drafted({ seat }: Page): readonly string[] {
  return (seat.drafts as readonly KeptDraft[]).flatMap(({ document }) => {
    const doc = new Y.Doc();
    Y.applyUpdate(doc, document);
    return [...doc.getMap<Y.Map<unknown>>("markers").values()].map((marker) => String(marker.get("name")));
  });
}

for (let round = 1; round <= ROUNDS; round += 1) {
  test(`what is refused in storm ${round} lies in a draft, with what was done behind it [WIRE-7]`, async () => {
    const storm = new Storm(random(1000 + round), 0.06);
    await storm.run();
    const { markers } = storm.room;
    assert.deepEqual([], markers.filter((name) => name.startsWith("forbidden")));
    const found = new Set([...markers, ...storm.pages.flatMap(drafted)]);
    assert.deepEqual([], [...storm.wanted].filter((name) => !found.has(name)));
    for (const page of storm.pages) {
      assert.deepEqual([markers, 0], [page.markers, page.seat.figures.unsaved]);
      page.close();
    }
  });
}

for (let round = 1; round <= ROUNDS; round += 1) {
  test(`nothing is lost, and nothing comes twice, in storm ${round} [WIRE-5] [WIRE-6]`, async () => {
    const storm = new Storm(random(round));
    await storm.run();
    const expected = [...storm.wanted].toSorted();
    assert.deepEqual(expected, storm.room.markers);
    for (const page of storm.pages) {
      assert.deepEqual(expected, page.markers, page.browser.person);
      assert.deepEqual(["live", 0, 0], [page.seat.state, page.seat.figures.unsaved, page.seat.drafts.length]);
      page.close();
    }
  });
}
