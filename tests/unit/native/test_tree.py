"""Strips as a tree: what feeds what, in which order it is summed, and what silence does."""

import numpy as np
import pytest

from cellissimo.native.host import EngineError
from cellissimo.schema import image
from cellissimo.schema.parameters import EFFECTS
from tests.unit.native.songs import Song

FRAMES = 4_000
DELAY = EFFECTS.index("delay") + 1
PITCHES = (57.0, 60.3, 64.1, 67.7)


def with_note(song: Song, strip: int, pitch: float = 60.0, **words) -> int:
    """The strip, which now holds a note for a bar."""
    song.note(strip, song.span(**words), words.get("start", 0), 3840, pitch)
    return strip


def test_the_mix_is_stems_then_returns_summed_in_float32_in_their_order():
    """[ENG-15] Bit by bit, where the limiter has nothing to do."""
    song = Song()
    echo = song.room(chain=(DELAY,), delay__mix=1.0, delay__time=0.02)
    stems = [with_note(song, song.strip(pan__pan=0.3 * i - 0.4), PITCHES[i]) for i in range(4)]
    for stem in stems:
        song.send(stem, echo, 0.25 * stem - 0.3)
    engine = song.engine(taps=1)
    mix = engine.render(FRAMES)
    total = np.zeros((2, FRAMES), np.float32)
    for strip in (*stems, echo):
        total += engine.tapped(strip, FRAMES)
    assert np.abs(engine.tapped(echo, FRAMES)).max() > 0.01
    assert np.array_equal(total, mix)


def test_a_bus_is_the_sum_of_what_feeds_it():
    """[ENG-15] The deepest first: voices of a bus's own stand before what it is fed."""
    song = Song()
    bus = with_note(song, song.strip())
    rows = [with_note(song, song.strip(bus), pitch) for pitch in PITCHES]
    engine = song.engine(taps=2)
    mix = engine.render(FRAMES)
    before_fader = engine.tapped(bus, FRAMES)
    own = alone(song, bus, FRAMES)
    for row in rows:
        own += engine.tapped(row, FRAMES)
    assert np.array_equal(before_fader, own)
    assert np.array_equal(before_fader, mix)


def alone(song: Song, strip: int, frames: int) -> np.ndarray:
    """What a strip gives of its own voices."""
    lone = Song()
    lone.strip()
    lone.note(1, lone.span(), 0, 3840, 60.0)
    engine = lone.engine(taps=2)
    engine.render(frames)
    return engine.tapped(1, frames).copy()


@pytest.mark.parametrize("level", [0.0, 0.25, 1.0])
def test_a_send_gives_its_level_of_what_lies_behind_the_fader(level):
    """[ENG-16] A stem at half level sends half of that share to the return."""
    song = Song()
    room = song.room()
    stem = with_note(song, song.strip(amp__level=0.5))
    song.send(stem, room, level)
    engine = song.engine(taps=1)
    engine.render(FRAMES)
    expected = np.float32(level) * engine.tapped(stem, FRAMES)
    assert np.array_equal(expected, engine.tapped(room, FRAMES))


def levels(song: Song) -> list[bool]:
    """Whether each strip after the master is heard behind its fader."""
    engine = song.engine(taps=1)
    engine.render(FRAMES)
    strips = range(1, len(song.records["strips"]))
    return [bool(np.abs(engine.tapped(strip, FRAMES)).max() > 1e-3) for strip in strips]


def tree(**values) -> Song:
    """1: a return; 2: a stem with 3: a bus of 4, 5: rows; 6: a stem with 7: a row."""
    song = Song()
    room = song.room(**values.get("room", {}))
    stem = song.strip(**values.get("stem", {}))
    bus = song.group(stem, **values.get("bus", {}))
    first = with_note(song, song.strip(bus, **values.get("first", {})), 60.1)
    with_note(song, song.strip(bus, **values.get("second", {})), 62.2)
    other = with_note(song, song.strip(**values.get("other", {})), 64.3)
    with_note(song, song.strip(other, **values.get("row", {})), 66.4)
    for strip in (first, other):
        song.send(strip, room, 0.5)
    return song


SOLO, MUTE = {"amp__solo": 1}, {"amp__mute": 1}
SILENCED = {
    "nothing": ({}, "RSBfsOr"),
    "a row soloed": ({"first": SOLO}, "RSBf.Or"),
    "a stem soloed": ({"stem": SOLO}, "RSBfs.."),
    "a stem muted": ({"stem": MUTE}, "R...." + "Or"),
    "soloed and muted": ({"other": SOLO | MUTE}, "......."),
    "a row soloed under a silent stem": ({"row": SOLO, "stem": SOLO}, "RSBfs.."),
    "a return muted": ({"room": MUTE}, ".SBfsOr"),
    "a return soloed": ({"room": SOLO}, "RSBfsOr"),
    "a bus muted": ({"bus": MUTE}, "R...." + "Or"),
}


@pytest.mark.parametrize(("values", "heard"), SILENCED.values(), ids=SILENCED.keys())
def test_solo_and_mute_reach_down_the_tree(values, heard):
    """[ENG-18] Solo among what feeds the same strip; silence with any strip that is fed."""
    assert [mark != "." for mark in heard] == levels(tree(**values))


def test_silent_strips_have_no_events():
    """[ENG-11, ENG-18] Neither the muted bus's rows nor what is not soloed."""
    assert {6, 7} == {event[2] for event in tree(bus=MUTE).events()}
    assert {4, 6, 7} == {event[2] for event in tree(first=SOLO).events()}


def test_taps_are_in_time_with_the_output_in_blocks_of_any_size():
    """What is tapped of the only strip is the mix, sample by sample."""
    song = Song()
    stem = with_note(song, song.strip())
    engine = song.engine(taps=1)
    for block in (1, 128, 77, 4096, 300):
        mix = engine.render(block)
        assert np.array_equal(mix, engine.tapped(stem, block))


def test_a_tap_before_the_fader_knows_neither_level_nor_pan():
    """Stage 2 is behind the effects and before the fader; the master has taps too."""
    song = Song(amp__level=0.5)
    with_note(song, song.strip(amp__level=0.25, pan__pan=-1.0))
    engine = song.engine()
    engine.tap(1, 2)
    engine.tap(0, 1)
    mix = engine.render(FRAMES)
    before = engine.tapped(1, FRAMES)
    assert np.array_equal(before[0], before[1])
    assert mix[0] == pytest.approx(before[0] * 0.125 * np.sqrt(2), abs=1e-7)
    assert np.array_equal(mix, engine.tapped(0, FRAMES))


def test_what_is_not_tapped_is_refused():
    """The error says the cure; a new score has no taps."""
    song = Song()
    stem = with_note(song, song.strip())
    engine = song.engine(taps=1)
    engine.tap(-1, 0)
    with pytest.raises(EngineError, match=r"call tap\(1\)"):
        engine.tapped(stem, 10)


def test_effects_run_in_the_order_of_the_chain():
    """[ENG-16] An echo of a distorted sound is not a distorted echo; what the chain omits rests."""
    orders = [("distort", "delay"), ("delay", "distort"), ("delay",), ()]
    renders = []
    for order in orders:
        song = Song()
        chain = [EFFECTS.index(effect) + 1 for effect in order]
        values = {"distort.amount": 0.9, "delay.mix": 0.9, "delay.time": 0.01}
        strip = song.strip(chain=chain, **{k.replace(".", "__"): v for k, v in values.items()})
        with_note(song, strip)
        renders.append(song.engine().render(FRAMES))
    assert len({samples.tobytes() for samples in renders}) == len(orders)


def test_all_strips_may_be_used():
    """127 strips beside the master sound at once, each once, and each has a meter."""
    song = Song()
    for i in range(127):
        kind = image.INSTRUMENT
        with_note(song, song.strip(0, kind, play__level=0.002), 30.0 + 0.5 * i)
    engine = song.engine()
    engine.render(FRAMES)
    assert engine.voices() == 127
    assert (engine.meters()[:, 0] > 1e-4).all()
