import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.native.host import Engine, EngineError
from tests.unit.native.playing import BEATS, loaded
from tests.unit.native.score import INDEX, pack

GOOD = BEATS.words()


FAULTY = {
    "no mark": (0, 7),
    "another version": (1, 2),
    "too long": (2, 10**6),
    "negative": (2, -1),
    "no strips": (3, 0),
    "too many strips": (3, 34),
    "negative steps": (4, -1),
    "too many chords": (5, 10**9),
    "other parameters": (6, 3),
    "no length": (7, 0),
    "half a bar": (7, 3840 + 5),
    "no cells": (8, 0),
    "no bar": (9, 0),
    "too slow": (10, 1.0),
    "tempo not a number": (10, float("nan")),
    "parameter not a number": (14, float("nan")),
    "infinite parameter": (14, float("inf")),
    "parameter out of range": (13 + INDEX["pan.pan"], 2.0),
    "step of no strip": (-7, 0),
    "step past the strips": (-7, 2),
    "step past the end": (-6, 16),
    "negative cell": (-6, -1),
    "too loud": (-5, 128),
    "pitch too high": (-4, 128.0),
    "pitch not a number": (-4, float("nan")),
    "negative duration": (-3, -1),
    "never surer than 1": (-2, 1.5),
    "far too late": (-1, 1 << 30),
}


@pytest.mark.parametrize("fault", FAULTY.values(), ids=FAULTY.keys())
def test_a_malformed_image_is_refused_and_changes_nothing(fault):
    """[ENG-7] The error says what is wrong; the old score plays on, sample by sample."""
    engine, other = loaded(BEATS), loaded(BEATS)
    words = list(GOOD)
    words[fault[0]] = fault[1]
    engine.render(5_000), other.render(5_000)
    with pytest.raises(EngineError, match="refused"):
        engine.load(pack(words), live=True)
    assert np.array_equal(other.render(30_000), engine.render(30_000))


def test_an_image_that_does_not_fit_is_refused():
    """[ENG-7] Odd bytes and more words than the buffer holds."""
    with pytest.raises(EngineError, match="whole words"):
        Engine().load(b"123")
    with pytest.raises(EngineError, match="at most"):
        Engine().load(b"0000" * 200_000)


def test_nothing_plays_before_an_image():
    """The error says the cure."""
    with pytest.raises(EngineError, match="call load first"):
        Engine().play()


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_any_damaged_image_is_refused_or_played_within_the_ceiling(data):
    """[ENG-7] Words changed at random: a clear refusal, or finite samples below the ceiling."""
    words = [struct.pack("<f" if isinstance(w, float) else "<i", w) for w in GOOD]
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(words) - 1))
        words[place] = data.draw(
            st.one_of(
                st.binary(min_size=4, max_size=4),
                st.floats(-20, 20, width=32).map(lambda x: struct.pack("<f", x)),
            )
        )
    engine = Engine()
    try:
        engine.load(b"".join(words))
    except EngineError:
        return
    engine.play()
    samples = engine.render(3_000)
    assert np.isfinite(samples).all()
    assert np.abs(samples).max() <= 1
