import struct
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.native.host import Engine, EngineError
from cellissimo.schema import image
from tests.unit.native.playing import BEATS, loaded
from tests.unit.native.score import INDEX, pack
from tests.unit.native.songs import BAR, Song
from tests.unit.native.whole_song import whole_song

GOOD = BEATS.words()
HEADER = {field.name: place for place, field in enumerate(image.HEADER)}
NAN, INFINITE = float("nan"), float("inf")

COUNTS = {
    "no mark": ("magic", 7, "mark of a score"),
    "another version": ("version", 1, "another version"),
    "too long": ("words", 10**6, "its length"),
    "negative": ("words", -1, "its length"),
    "no strips": ("strips", 0, "its length"),
    "too many strips": ("strips", 129, "more records"),
    "negative steps": ("steps", -1, "its length"),
    "too many chords": ("chords", 10**9, "more records"),
    "no tempo": ("tempos", 0, "its length"),
    "one note more than there is": ("notes", 1, "its length"),
    "other parameters": ("parameters", 3, "number of parameters"),
    "no length": ("length", 0, "six hours"),
    "longer than six hours": ("length", 1 << 26, "six hours"),
}


@pytest.mark.parametrize(("field", "value", "said"), COUNTS.values(), ids=COUNTS.keys())
def test_a_malformed_header_is_refused_in_words(field, value, said):
    """[ENG-7] The error says what is wrong; the old score plays on, sample by sample."""
    words = list(GOOD)
    words[HEADER[field]] = value
    refused(loaded(BEATS), loaded(BEATS), words, said)


def refused(engine: Engine, other: Engine, words: list, said: str) -> None:
    """The engine refuses the words and plays on as the other one, which was not asked."""
    engine.render(5_000), other.render(5_000)
    with pytest.raises(EngineError, match="refused.*" + said):
        engine.load(pack(words), live=True)
    assert np.array_equal(other.render(30_000), engine.render(30_000))


def small_song() -> Song:
    """One record of every kind. Strips: master, return, bus, stem."""
    song = Song()
    song.room(), song.group(), song.strip()
    song.send(3, 1, 0.5)
    span, loop = song.span(BAR, BAR), song.loop(2)
    song.place(loop, span, 100)
    song.step(loop, 3, 4)
    song._add("chords", loop, 0, 0, 0, 0x91)
    song.note(3, span, BAR + 5)
    song.clip(3, span, 0, 1000)
    song.point(3, "amp.level", 0, 0.5)
    return song


PLACES = {kind: {f.name: i for i, f in enumerate(layout)} for kind, layout in image.RECORDS.items()}
PAN = len(image.STRIP) + INDEX["pan.pan"]
RECORDS = {
    "strip": [
        "strips",
        3,
        [
            ("output", 3),
            ("output", -1),
            ("output", 1),
            ("kind", 0),
            ("kind", 4),
            ("chain0", 11),
            ("chain0", -1),
            (PAN, 2.0),
            (PAN, NAN),
            (PAN, INFINITE),
        ],
    ],
    "send": [
        "sends",
        0,
        [
            ("strip", 0),
            ("strip", 1),
            ("strip", 4),
            ("to", 2),
            ("to", 0),
            ("to", -1),
            ("level", 1.5),
            ("level", -0.1),
            ("level", NAN),
        ],
    ],
    "tempo": ["tempos", 0, [("tick", 1), ("bpm", 10.0), ("bpm", 401.0), ("bpm", NAN), ("ramp", 2)]],
    "meter": [
        "meters",
        0,
        [("tick", 1), ("bar_ticks", 0), ("beat_ticks", 0), ("beat_ticks", 9999)],
    ],
    "span": [
        "spans",
        0,
        [
            ("start", -1),
            ("length", 0),
            ("length", 1 << 30),
            ("gain", 30.0),
            ("gain", NAN),
            ("fade_in", -1.0),
            ("fade_out", 1e9),
            ("fade_in_curve", 3),
            ("fade_out_curve", -1),
        ],
    ],
    "loop": [
        "loops",
        0,
        [
            ("bus", 4),
            ("ticks", 0),
            ("ticks", BAR + 1),
            ("step_ticks", 0),
            ("step_ticks", BAR + 1),
            ("bar_ticks", 0),
        ],
    ],
    "placement": ["placements", 0, [("loop", 1), ("span", 1), ("offset", -1), ("offset", BAR)]],
    "step": [
        "steps",
        0,
        [
            ("loop", 1),
            ("strip", 0),
            ("strip", 1),
            ("strip", 2),
            ("strip", 4),
            ("cell", 16),
            ("cell", -1),
            ("velocity", 128),
            ("pitch", 128.0),
            ("pitch", NAN),
            ("duration", -1),
            ("probability", 1.5),
            ("offset", 1 << 30),
        ],
    ],
    "chord": [
        "chords",
        0,
        [
            ("loop", -1),
            ("cell", 16),
            ("root", 12),
            ("root", -2),
            ("bass", 12),
            ("intervals", 1 << 24),
        ],
    ],
    "note": [
        "notes",
        0,
        [
            ("strip", 2),
            ("span", 1),
            ("tick", BAR - 1),
            ("tick", 2 * BAR),
            ("duration", 0),
            ("pitch", -1.0),
            ("pitch", NAN),
            ("velocity", 128),
        ],
    ],
    "clip": [
        "clips",
        0,
        [
            ("strip", 2),
            ("span", -1),
            ("audio", -1),
            ("audio", 1 << 20),
            ("offset", -1),
            ("frames", 0),
            ("frames", 1 << 30),
        ],
    ],
    "point": [
        "points",
        0,
        [
            ("strip", 4),
            ("parameter", -1),
            ("parameter", 10_000),
            ("tick", -1),
            ("value", 1.5),
            ("value", NAN),
            ("curve", 3),
        ],
    ],
}
FAULTS = [
    (noun, kind, place, field, value)
    for noun, (kind, place, faults) in RECORDS.items()
    for field, value in faults
]


@pytest.mark.parametrize(("noun", "kind", "place", "field", "value"), FAULTS)
def test_a_malformed_record_is_refused_in_words(noun, kind, place, field, value):
    """[ENG-7] Every word of every kind of record that may be wrong is told by its noun."""
    song = small_song()
    engine = song.engine()
    word = field if isinstance(field, int) else PLACES[kind][field]
    song.records[kind][place][word] = value
    with pytest.raises(EngineError, match=f"refused.*{noun}"):
        engine.load(song.image(), live=True)


def test_records_out_of_order_or_twice_are_refused():
    """[ENG-7] Tempos and meters go by tick; an effect stands once in a chain."""
    late, early, double = small_song(), small_song(), small_song()
    late.tempo(0, 100.0)
    early.meter(0, BAR)
    chain = PLACES["strips"]["chain0"]
    double.records["strips"][3][chain : chain + 2] = [7, 7]
    for song, noun in ((late, "tempo"), (early, "meter"), (double, "effect twice")):
        with pytest.raises(EngineError, match=noun):
            Engine().load(song.image())


@pytest.mark.parametrize(("field", "value"), [("kind", 1), ("output", 0)])
def test_the_first_strip_is_the_master(field, value):
    """[ENG-7] Strip 0 is a master that feeds nothing."""
    song = small_song()
    song.records["strips"][0][PLACES["strips"][field]] = value
    with pytest.raises(EngineError, match="strip"):
        Engine().load(song.image())


def test_a_good_song_is_taken():
    """The song that the refusals are made of, and the one with everything."""
    for song in (small_song(), whole_song()):
        Engine().load(song.image())


def test_a_pass_of_too_many_events_is_told():
    """More than 262 144 events in a pass: the error says so, and playing goes on."""
    song = Song(bars=2000)
    strip, loop = song.strip(), song.loop(cells=48)
    for cell in range(48):
        for key in range(3):
            song.step(loop, strip, cell, pitch=60 + key)
    song.place(loop, song.span())
    engine = song.engine()
    with pytest.raises(EngineError, match="262144 events"):
        engine.collect()
    assert np.abs(engine.render(2_000)).max() > 0.01


def test_an_image_that_does_not_fit_is_refused():
    """[ENG-7] Odd bytes and more words than the buffer holds."""
    with pytest.raises(EngineError, match="whole words"):
        Engine().load(b"123")
    with pytest.raises(EngineError, match="at most"):
        Engine().load(b"0000" * 4_000_000)


def test_nothing_plays_before_an_image():
    """The error says the cure."""
    with pytest.raises(EngineError, match="call load first"):
        Engine().play()


@st.composite
def damaged(draw, words: list) -> bytes:
    """An image with some of its words changed; those of its header and records rather often."""
    packed = [struct.pack("<f" if isinstance(w, float) else "<i", w) for w in words]
    ends = list(accumulate((len(image.HEADER), 40, 400, len(words))))
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, min(draw(st.sampled_from(ends)), len(words)) - 1))
        place = draw(st.sampled_from([place, len(words) - 1 - place]))
        packed[place] = draw(
            st.one_of(
                st.binary(min_size=4, max_size=4),
                st.integers(-3, 40).map(lambda x: struct.pack("<i", x)),
                st.floats(-20, 20, width=32).map(lambda x: struct.pack("<f", x)),
            )
        )
    return b"".join(packed)


@settings(deadline=None, max_examples=200)
@given(st.one_of(damaged(GOOD), damaged(small_song().words()), damaged(whole_song().words())))
def test_any_damaged_image_is_refused_or_played_within_the_ceiling(words):
    """[ENG-7] Words changed at random: a clear refusal, or finite samples below the ceiling."""
    engine = Engine(lambda _audio, _page: np.full((1, 65_536), 0.5, np.float32))
    try:
        engine.load(words)
    except EngineError:
        return
    engine.play()
    samples = engine.render(3_000)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1
