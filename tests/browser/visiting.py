"""Somebody who visits public pages, what they do there, and music for them to hear."""

from __future__ import annotations

import base64
import os

import numpy as np

import cellissimo as cm
from tests.browser.exhibition import SCREENSHOTS

RATE = 48_000

# What the engine itself gives, before the listener's volume, from the last start on.
RECORD = """() => {
  const { output } = globalThis[Symbol.for("cellissimo.page")];
  const blocks = (globalThis.blocks = []);
  output.tap((block) => block.kind === "tap" && blocks.push(block), new AbortController().signal);
}"""
RECORDED = (
    "() => (globalThis.blocks.at(-1)?.frame ?? 0) + (globalThis.blocks.at(-1)?.left.length ?? 0)"
)
SAMPLES = """() => ["left", "right"].map((side) => {
  const blocks = globalThis.blocks;
  const all = new Float32Array(blocks.reduce((sum, block) => sum + block.left.length, 0));
  let at = 0;
  for (const block of blocks) { all.set(block[side], at); at += block[side].length; }
  return btoa([...new Uint8Array(all.buffer)].map((byte) => String.fromCharCode(byte)).join(""));
})"""

# The policy's own word about what it kept from happening, from the first moment on.
WATCH = """() => {
  globalThis.violations = [];
  addEventListener("securitypolicyviolation", (event) => {
    globalThis.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
  });
}"""


def a_loop():
    """Make four bars with chords and five sounds."""
    loop = cm.Loop("First light", tempo=120, color="#e86fa6")
    loop.chords = "I V vi IV"
    loop["drum-kick"] = "X...x...X...x..."
    loop["drum-snare"] = "....x.......x..."
    loop["hat"] = "x.o.x.o.x.o.x.o."
    loop["synth-pad"] = "x..............."
    loop["bass-sub"] = "x..x..x.x..x..x."
    return loop


def a_song():
    """Make a song with a block, sections, notes and a recording."""
    song = cm.Song("Evening by the lake", tempo=120, key="A minor")
    song.timeline.append(a_loop(), times=2)
    song.sections.add("Verse", bar=1, bars=4)
    song.sections.add("Chorus", bar=5, bars=4)
    bass = song.stems.add("Bass", sound="bass-sub")
    bass.add_notes([(0, 1920, "A1"), (1920, 1920, "F1"), (3840, 3840, "C2", 80)], bar=1)
    tone = np.sin(np.arange(RATE * 3) * 2 * np.pi * 330 / RATE) * 0.3
    hum = cm.Audio(np.stack([tone, tone[::-1] * 0.5]), RATE, name="hum")
    song.stems.add("Take").add_audio(hum, bar=1)
    return song, hum


class Visitor:
    """Somebody at a browser; what the page fetches from elsewhere, or complains of, is noted."""

    def __init__(self, browser, **options):
        """Sit down."""
        usual = {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}
        self.context = browser.new_context(**usual | options)
        self.page = self.context.new_page()
        self.faults: list[str] = []
        self.asked: list[str] = []
        self.page.add_init_script(f"({WATCH})()")
        self.page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        self.page.on("console", self._heed)
        self.page.on("dialog", self._dismiss)
        self.page.on("request", lambda request: self.asked.append(request.url))

    def _heed(self, said):
        if said.type == "error":
            self.faults.append(said.text)

    def _dismiss(self, dialog):
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def open(self, address):
        """Go to a page and wait until it has drawn its music."""
        self.page.goto(address)
        self.page.locator("html[data-ready]").wait_for(state="attached")
        return self.page

    def leave(self):
        """Go, and look back: the policy kept nothing from happening, and nothing broke."""
        self.faults += self.page.evaluate("globalThis.violations")
        self.context.close()
        assert self.faults == [], self.faults


def picture(page, name):
    """Keep a picture of a page where pictures are wanted."""
    if os.environ.get("CELLISSIMO_SHOTS"):
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"public_{name}.png", full_page=True)


def play(page):
    """Press the round button."""
    page.locator('[data-cmp="play"]').click()


SONG_IS_KEPT = """() => new Promise((done) => {
  const look = () => {
    indexedDB.open("cellissimo").onsuccess = ({ target: { result: database } }) => {
      const pieces = database.transaction("pieces").objectStore("pieces").count();
      pieces.onsuccess = () => {
        database.close();
        pieces.result === 1 ? done() : setTimeout(look, 50);
      };
    };
  };
  look();
})"""
"""Comes once the browser's own copy of the music has been written."""


def wait_for(page, true):
    """Wait for an expression of the page without `eval`, which the page's policy refuses."""
    look = f"const look = () => ({true}) ? done() : setTimeout(look, 20); look();"
    page.evaluate(f"() => new Promise((done) => {{ {look} }})")


def heard(page, frames):
    """Wait until the engine has given so many frames; give them as `(2, frames)`."""
    wait_for(page, f"({RECORDED})() >= {frames}")
    sides = [np.frombuffer(base64.b64decode(side), "<f4") for side in page.evaluate(SAMPLES)]
    return np.stack(sides)[:, :frames]


def state(page):
    """Give the state of the player as the page shows it."""
    return page.locator(".cmp-card").get_attribute("data-state")


def place(page):
    """Give where the player stands, in seconds."""
    return float(page.locator('[data-cmp="progress"]').input_value())
