"""A song that uses everything the engine has, and its hash: run as a script it prints it."""

import hashlib

import numpy as np

from cellissimo.schema.parameters import EFFECTS
from tests.unit.native.songs import BAR, Song, paged

CHAIN = tuple(range(1, len(EFFECTS) + 1))


def audio() -> np.ndarray:
    """Three pages of noise, the same every time."""
    state = np.random.default_rng(3)
    return (0.2 * state.standard_normal((2, 190_000))).astype(np.float32)


def whole_song() -> Song:
    """Stems with groups, sends, notes, loops, clips, ramps, meters, chance, grooves, lanes."""
    song = Song(bars=6, tempo=93.5, seed=11, chain=CHAIN, delay__mix=0.05)
    song.tempo(BAR, 120.0, 1)
    song.tempo(3 * BAR, 160.0)
    song.meter(2 * BAR, 2880)
    room = song.room(chain=CHAIN, reverb__mix=1.0, reverb__decay=0.8)
    stem = song.strip(chain=CHAIN, chorus__mix=0.4, pan__pan=-0.4, **{"lfo-amp.depth": 0.3})
    bus = song.group(stem, chain=CHAIN, comp__ratio=4, groove__type=1, groove__amount=0.7)
    row = song.strip(bus, osc__wave=2, play__follow=3, play__voices=3, distort__amount=0.2)
    voice = song.strip(chain=CHAIN, phaser__mix=0.5)
    song.send(stem, room, 0.4)
    song.send(voice, room, 0.8)
    add_loop(song, bus, row)
    add_notes(song, stem)
    song.clip(voice, song.span(500, 3 * BAR, -3.0, 300, 700, "s-curve"), 0, 190_000, 1_000)
    song.clip(voice, song.span(3 * BAR, 2 * BAR, 0.0, 10, 0), 0, 190_000)
    for key, low, high in (("amp.level", 0.1, 0.9), ("pan.pan", -1, 1), ("phaser.freq", 100, 4000)):
        song.point(voice, key, 0, low, "exponential")
        song.point(voice, key, 4 * BAR, high, "linear")
        song.point(voice, key, 5 * BAR, low)
    song.point(row, "osc.detune", 0, 1.0)
    song.point(row, "osc.detune", 6 * BAR, 80.0)
    return song


def add_loop(song: Song, bus: int, row: int) -> None:
    """A loop with chance, chords and offsets, placed twice."""
    loop = song.loop(bus, bars=1)
    song._add("chords", loop, 0, 0, 0, 0x91)
    song._add("chords", loop, 9, 7, 11, 0x491)
    for cell in range(16):
        song.step(loop, row, cell, 60 + 4 * cell, -1.0, 0, 0.7, 3 * cell - 20)
    song.place(loop, song.span(0, 2 * BAR + 1000))
    song.place(loop, song.span(3 * BAR, BAR, 3.0, 500.0), 960)


def add_notes(song: Song, stem: int) -> None:
    """A scale that wanders."""
    span = song.span(960, 5 * BAR)
    for i in range(60):
        song.note(stem, span, 960 + 311 * i, 200 + 37 * (i % 5), 48 + i % 25, 40 + i)


def render(blocks: tuple[int, ...] = (4096,), frames: int = 400_000) -> np.ndarray:
    """The song in blocks of these sizes in turn."""
    engine = whole_song().engine(audio=paged(audio()))
    out, done = [], 0
    while done < frames:
        count = min(blocks[len(out) % len(blocks)], frames - done)
        out.append(engine.render(count))
        done += count
    return np.concatenate(out, axis=1)


def digest(samples: np.ndarray) -> str:
    """The sha256 of the samples."""
    return hashlib.sha256(np.ascontiguousarray(samples, "<f4").tobytes()).hexdigest()


if __name__ == "__main__":
    print(digest(render()))  # noqa: T201 - the answer of the other process
