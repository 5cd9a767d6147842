"""Chains of effects: their order, what is left out, and changes while they play."""

import hashlib
import itertools

import numpy as np
import pytest

from cellissimo.schema.parameters import EFFECTS
from tests.unit.native.effects import BEHIND, RATE, Strip, impulse, sine, through

FULL = {
    "eq.low": 2,
    "eq.high": -1,
    "band2.type": "peak",
    "band2.gain": 9,
    "filter.type": "lowpass",
    "filter.freq": 3000,
    "comp.ratio": 8,
    "comp.threshold": -30,
    "distort.amount": 0.4,
    "chorus.mix": 0.5,
    "phaser.mix": 0.5,
    "delay.mix": 0.4,
    "delay.time": 0.11,
    "reverb.mix": 0.3,
    "width.width": 1.5,
}
"""Every effect at work."""

SINE = sine(110, 2 * RATE, 0.3)


def own(effect: str) -> dict:
    """The settings of one effect alone."""
    section = "band2" if effect == "band" else effect
    return {key: value for key, value in FULL.items() if key.split(".")[0] == section}


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_that_is_left_out_is_not_there(effect):
    """[ENG-25] Bit by bit the same as with values at which it does nothing."""
    without = tuple(name for name in EFFECTS if name != effect)
    rest = {key: value for key, value in FULL.items() if key not in own(effect)}
    out = through(SINE[:20_000], FULL, without)
    assert np.array_equal(out, through(SINE[:20_000], rest))
    assert not np.array_equal(out, through(SINE[:20_000], FULL))


def test_effects_run_in_the_order_of_the_chain():
    """[ENG-16] A chain is its parts one behind the other, whatever the order."""
    wave = SINE[:24_000]
    pairs = [("comp", "distort"), ("distort", "filter"), ("reverb", "distort"), ("width", "delay")]
    for pair in pairs:
        for order in (pair, pair[::-1]):
            settings = {**own(order[0]), **own(order[1])}
            between = through(wave, own(order[0])).astype(np.float32)
            behind = through(between, own(order[1]))
            assert np.abs(through(wave, settings, order) - behind).max() < 1e-6


def test_an_empty_chain_changes_nothing():
    """Bit by bit, with every effect set."""
    wave = SINE[:9000].astype(np.float32)
    assert np.array_equal(np.stack([wave, wave]), through(wave, FULL, ()))


def clicks(before: dict, after: dict | None, chain=EFFECTS, to=None) -> tuple[float, float]:
    """The sharpest bend of the wave while something changes, and without a change."""
    strip = Strip(SINE, before, chain).start(BEHIND)
    calm = strip.render(RATE // 2)
    strip.change(after, to)
    return bend(strip.render(RATE // 2)), bend(calm[:, RATE // 4 :])


def bend(wave: np.ndarray) -> float:
    return float(np.abs(np.diff(wave, 2, axis=1)).max())


# A jump of a tenth of the sine's height would bend it by 0.03.
CLICK = 1.5e-3


@pytest.mark.parametrize("effect", EFFECTS)
def test_an_effect_comes_and_goes_without_a_click(effect):
    """[ENG-5, ENG-25] By its values, by the chain, at once back again."""
    without = tuple(name for name in EFFECTS if name != effect)
    for case in (
        clicks({}, own(effect)),
        clicks(own(effect), None, to=without),
        clicks(own(effect), None, without, to=EFFECTS),
    ):
        assert max(case) < CLICK


def test_a_new_order_comes_without_a_click():
    """[ENG-5] All effects at work, turned round; afterwards it is the chain in its new order."""
    turned = EFFECTS[::-1]
    assert max(clicks(FULL, None, to=turned)) < CLICK
    strip = Strip(SINE, {**own("comp"), **own("distort")}).start(BEHIND)
    strip.render(24_000)
    strip.change(chain=turned)
    strip.render(24_000)
    late = strip.render(24_000)
    steady = through(SINE, {**own("comp"), **own("distort")}, turned, BEHIND)
    assert np.abs(late - steady[:, 48_000:72_000]).max() < 3e-4


CHANGES = [
    ("distort.type", "soft", "fold"),
    ("distort.amount", 0.1, 0.9),
    ("phaser.stages", "2", "12"),
    ("phaser.freq", 100, 4000),
    ("chorus.rate", 1, 7),
    ("delay.time", 0.1, 0.3),
    ("reverb.size", 0.2, 0.9),
    ("comp.threshold", -40, -5),
    ("filter.type", "lowpass", "highpass"),
    ("band2.type", "peak", "lowpass"),
    ("band2.gain", -12, 12),
    ("eq.lowfreq", 50, 1500),
    ("width.width", 0, 2),
]


@pytest.mark.parametrize(("key", "before", "after"), CHANGES)
def test_values_change_without_a_click(key, before, after):
    """[ENG-5] Each of them from one extreme to the other."""
    assert max(clicks({**FULL, key: before}, {key: after})) < CLICK


@pytest.mark.parametrize("effect", ["delay", "reverb", "chorus"])
def test_an_effect_that_was_turned_off_forgets(effect):
    """[ENG-25] Turned off and on again, no echo of before comes back."""
    wave = np.concatenate([sine(500, RATE // 4), np.zeros(2 * RATE)])
    strip = Strip(wave, {**own(effect), "delay.time": 0.6, "reverb.decay": 8}).start()
    strip.render(RATE // 4 + 200)
    strip.change(chain=())
    strip.render(4800)
    strip.change(chain=EFFECTS)
    assert np.abs(strip.render(RATE)[:, 100:]).max() < 1e-6


def test_blocks_of_any_size_give_the_same_samples():
    """[ENG-4] Every effect and every LFO at work, 1 frame, 100 frames or 4096 at a time."""
    lfos = {"lfo-amp.depth": 0.5, "lfo-delay.depth": 0.2, "lfo-filter.depth": 0.3}
    digests = set()
    for block in (1, 100, 4096):
        strip = Strip(SINE, {**FULL, **lfos}).start(BEHIND)
        parts = [strip.render(min(block, 6000 - at)) for at in range(0, 6000, block)]
        digests.add(hashlib.sha256(np.concatenate(parts, axis=1).tobytes()).hexdigest())
    assert len(digests) == 1


def test_automation_of_an_echos_time_slides_like_a_tape():
    """[ENG-17] No fade, no jump: a tone that echoes while its time grows sounds lower."""
    strip = Strip(sine(1000, 4 * RATE, 0.3), {"delay.mix": 1, "delay.feedback": 0})
    song = strip.song()
    song.point(1, "delay.time", 0, 0.2)
    song.point(1, "delay.time", 3840, 0.6)
    strip.engine.load(song.image())
    strip.engine.tap(1, 2)
    strip.engine.play(0)
    heard = (strip.render(2 * RATE)[0] - strip.signal[0, : 2 * RATE])[RATE // 2 : 3 * RATE // 2]
    bands = np.abs(np.fft.rfft(heard * np.hanning(len(heard))))
    assert np.argmax(bands) == pytest.approx(800, abs=2)
    assert bend(np.atleast_2d(heard)) < 0.3 * (2 * np.pi * 1000 / RATE) ** 2


def test_a_strip_sleeps_when_all_it_remembers_has_died():
    """[ENG-14] After a knock and its tail the engine is quiet, and exactly silent from then on."""
    strip = Strip(impulse(4800), {**FULL, "reverb.decay": 0.5, "delay.feedback": 0.2}).start()
    assert np.abs(strip.render(RATE)).max() > 0.05
    strip.render(5 * RATE)
    assert strip.engine.is_quiet()
    assert not strip.render(4800).any()


def test_every_pair_of_effects_leaves_sound_within_bounds():
    """Loud noise through any two effects stays finite and below 20 dB over full scale."""
    wave = np.random.default_rng(3).uniform(-1, 1, (2, 4800))
    for pair in itertools.permutations(("distort", "phaser", "delay", "filter", "comp"), 2):
        heard = through(wave, {**own(pair[0]), **own(pair[1])}, pair)
        assert np.isfinite(heard).all()
        assert np.abs(heard).max() < 10
