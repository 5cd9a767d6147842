"""Scores and an engine that plays them, for the tests of how it plays."""

import numpy as np

from cellissimo.native.host import Engine
from tests.unit.native.score import Score, Step, choice

HOLD = {
    "env.attack": 0.0,
    "env.sustain": 1.0,
    "env.release": 0.01,
    "osc.wave": choice("osc.wave", "sine"),
    "play.pitch": 57.0,
}
"""A plain sine that begins at once and holds."""


BEATS = Score(({}, HOLD), tuple(Step(1, cell) for cell in (0, 4, 8, 12)))


HELD = Score(({}, HOLD), (Step(1, 0, duration=3840 * 16),))


def loaded(score: Score, mode: int = 1) -> Engine:
    engine = Engine()
    engine.load(score.image())
    engine.play(mode)
    return engine


def jumps(samples: np.ndarray) -> np.ndarray:
    """How far the slope changes from frame to frame: a click is a large one."""
    return np.abs(np.diff(samples, 2, axis=1)).max(axis=0)
