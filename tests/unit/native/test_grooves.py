from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from math import floor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellissimo.domain.ticks import parse_meter
from cellissimo.engine.image import score_image
from cellissimo.engine.render import events
from cellissimo.engine.song_image import song_image
from cellissimo.schema.grooves import GROOVES
from cellissimo.schema.models import Block, Loop, Note, Segment, Song, Stem, Step

SONG = Song("song", "Song")
SIXTEENTHS = Loop("loop", "Loop", bars=2, steps={("kick", c): Step() for c in range(32)})


def grooved(kind, amount=1.0, *, loop=SIXTEENTHS, target="master", **settings):
    """The loop with a groove on a row or on its master."""
    named = {f"{target}.groove.{key}": value for key, value in settings.items()}
    groove = {f"{target}.groove.type": kind, f"{target}.groove.amount": amount}
    return replace(loop, settings={**loop.settings, **groove, **named})


def played(loop, song=SONG):
    """Ticks and velocities, 0 … 127, of what a loop plays."""
    found = events(score_image(loop, song))
    return found["tick"].tolist(), np.rint(found["velocity"] * 127).astype(int).tolist()


def grid(loop=SIXTEENTHS):
    """The ticks of a loop's cells."""
    bar = parse_meter(loop.meter or "4/4").ticks_per_bar
    return [cell * bar // loop.steps_per_bar for cell in range(loop.cells)]


def half_up(value):
    return floor(value + Fraction(1, 2))


KINDS = ["swing", "humanize", "rush", "drag", *GROOVES]


def of_kind(kind, amount=1.0, loop=SIXTEENTHS):
    """A groove of a type, or of the template of a name."""
    if kind in GROOVES:
        return grooved("template", amount, loop=loop, template=kind)
    return grooved(kind, amount, loop=loop)


@pytest.mark.parametrize("kind", KINDS)
def test_amount_0_is_straight(kind):
    """[ENG-10, ENG-21, ENG-22, ENG-23] No groove moves or weighs anything at amount 0."""
    assert played(SIXTEENTHS) == played(of_kind(kind, 0.0))


@pytest.mark.parametrize("kind", KINDS)
def test_amount_1_is_heard(kind):
    """Every groove changes something, and no two change the same."""
    shapes = {other: played(of_kind(other)) for other in KINDS}
    assert played(SIXTEENTHS) != shapes[kind]
    assert [kind] == [other for other, shape in shapes.items() if shape == shapes[kind]]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("meter", ["4/4", "3/4", "12/8", "5/4", "7/16", "1/32"])
def test_order_is_kept_in_every_meter(kind, meter):
    """[ENG-10, ENG-21, ENG-22, ENG-23] What comes first is heard first, to the sixteenth."""
    cells = max(parse_meter(meter).ticks_per_bar // 240, 1)
    steps = {("kick", cell): Step(cell % 120 + 1) for cell in range(4 * cells)}
    loop = Loop("loop", "Loop", bars=4, steps_per_bar=cells, meter=meter, steps=steps)
    ticks, _ = played(of_kind(kind, 1.0, loop))
    assert len(steps) == len(ticks)
    assert all(one < other for one, other in pairwise(ticks))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "humanize"])
def test_a_groove_is_a_bend_of_time(kind):
    """Also between the cells nothing overtakes: 48 places of a bar stay in their order."""
    steps = {("kick", cell): Step() for cell in range(96)}
    loop = Loop("loop", "Loop", bars=2, steps_per_bar=48, steps=steps)
    ticks, _ = played(of_kind(kind, 1.0, loop))
    assert ticks == sorted(ticks)


@pytest.mark.parametrize("name", GROOVES)
@pytest.mark.parametrize("amount", [1.0, 0.5, 0.25])
def test_a_template_plays_its_offsets_and_velocities(name, amount):
    """[ENG-21] On its own cells a template gives what is listed, times the amount."""
    groove = GROOVES[name]
    cells = len(groove.offsets) // groove.bars
    steps = {("kick", cell): Step() for cell in range(2 * cells)}
    loop = Loop("loop", "Loop", bars=2, steps_per_bar=cells, steps=steps)
    shares = [Fraction(offset) * Fraction(amount) for offset in groove.offsets] * 2
    places = grid(loop)
    ticks = [max(half_up(p + s), 0) for p, s in zip(places, shares, strict=False)]
    loud = [1 + Fraction(amount) * (Fraction(f"{v}") - 1) for v in groove.velocities] * 2
    found = played(of_kind(name, amount, loop))
    assert ticks == found[0]
    exact = [float(100 * factor) for factor in loud[: 2 * cells]]
    assert np.allclose(exact, found[1], atol=0.51)


def test_a_template_of_twelve_stretches_with_its_bar():
    """[ENG-21] In 12/8 the cells are eighths of 480 ticks, and offsets are as much longer."""
    steps = {("kick", cell): Step() for cell in range(12)}
    loop = Loop("loop", "Loop", bars=1, steps_per_bar=12, meter="12/8", steps=steps)
    offsets = GROOVES["afrobeat-12-8"].offsets
    expected = [half_up(cell * 480 + Fraction(o * 3, 2)) for cell, o in enumerate(offsets)]
    assert expected == played(of_kind("afrobeat-12-8", 1.0, loop))[0]


def test_a_template_of_two_bars_alternates():
    """[ENG-21] The second bar differs from the first, the third is the first again."""
    steps = {("kick", cell): Step() for cell in range(64)}
    loop = Loop("loop", "Loop", bars=4, steps=steps)
    ticks, loud = played(of_kind("dilla-feel", 1.0, loop))
    bars = [[t - 3840 * bar for t in ticks[16 * bar : 16 * bar + 16]] for bar in range(4)]
    assert bars[0] == bars[2]
    assert bars[1] == bars[3]
    assert bars[0] != bars[1]
    assert loud[:32] == loud[32:]


def test_between_two_cells_a_template_is_read_in_straight_lines():
    """[ENG-21] A thirty-second after a sixteenth gets half of each neighbour's offset."""
    steps = {("kick", cell): Step() for cell in (0, 1, 2, 3)}
    loop = Loop("loop", "Loop", bars=1, steps_per_bar=32, steps=steps)
    assert [0, 160, 320, 400] == played(of_kind("mpc-swing-66", 1.0, loop))[0]


@pytest.mark.parametrize(("kind", "sign"), [("rush", -1), ("drag", 1)])
@pytest.mark.parametrize("amount", [1.0, 0.5])
def test_rush_and_drag_lean_within_the_bar(kind, sign, amount):
    """[ENG-22] The first tick stays; 48 ticks from beat 2 to the last sixteenth; it grows in 1."""
    bar = [0, 12, 24, 36] + [48] * 12
    lean = [sign * amount * ticks for ticks in bar * 2]
    assert [
        half_up(Fraction(p) + Fraction(m)) for p, m in zip(grid(), lean, strict=True)
    ] == played(of_kind(kind, amount))[0]


def test_humanize_is_bounded_and_mostly_small():
    """[ENG-23] No further than 40 ticks and 24 of velocity; half lie within 0.3 of that."""
    loop = Loop("loop", "Loop", bars=8, steps={("kick", c): Step() for c in range(128)})
    ticks, loud = (np.array(column) for column in played(of_kind("humanize", 1.0, loop)))
    moved, varied = ticks - grid(loop), loud - 100
    for found, most in ((moved, 40), (varied, 24)):
        assert np.abs(found).max() <= most
        assert np.abs(found).max() > 0.6 * most
        assert 0.2 < np.median(np.abs(found)) / most < 0.4
        assert abs(found.mean()) < 0.12 * most


def test_humanize_follows_the_seed_and_the_place():
    """[ENG-8, ENG-23] The same song is played the same; another seed, row or pass differs."""
    loop = of_kind("humanize")
    assert played(loop) == played(loop)
    assert played(loop) != played(loop, replace(SONG, seed=1))
    two = replace(loop, steps={**loop.steps, **{("hat", c): Step() for c in range(32)}})
    found = events(score_image(two, SONG))
    kick, hat = (found["tick"][found["strip"] == row].tolist() for row in ("kick", "hat"))
    assert played(loop)[0] == kick
    assert kick != hat


def test_what_a_strip_plays_together_stays_together():
    """[ENG-23] The tones of a chord are moved alike."""
    steps = {("pad", cell): Step() for cell in range(0, 32, 4)}
    found = events(score_image(of_kind("humanize", 1.0, replace(SIXTEENTHS, steps=steps)), SONG))
    ticks, counts = np.unique(found["tick"], return_counts=True)
    assert (8, [3] * 8) == (len(ticks), counts.tolist())


@given(st.sampled_from(KINDS), st.integers(1, 127), st.floats(0, 1, width=32))
def test_velocity_stays_within_1_and_127(kind, velocity, amount):
    """Grooves neither silence a step nor pass what MIDI has; a silent step stays silent."""
    steps = {("kick", c): Step(velocity * (c % 2)) for c in range(32)}
    _, loud = played(of_kind(kind, amount, replace(SIXTEENTHS, steps=steps)))
    assert 16 == len(loud)
    assert all(1 <= one <= 127 for one in loud)


def test_a_row_has_its_own_groove_or_its_masters():
    """[ENG-10, ENG-19] The kick drags, the hat swings with the rest."""
    steps = {(row, cell): Step() for row in ("kick", "hat") for cell in (2, 6)}
    loop = grooved("drag", 1.0, loop=replace(SIXTEENTHS, steps=steps), target="kick")
    found = events(score_image(grooved("swing", 1.0, loop=loop), SONG))
    ticks = {row: found["tick"][found["strip"] == row].tolist() for row in ("kick", "hat")}
    assert {"kick": [504, 1488], "hat": [640, 1600]} == ticks


def test_a_song_grooves_its_stems_and_loops():
    """[ENG-19] Notes groove in the song's bars; a loop's bars count from its own start."""
    notes = {str(n): Note(960 * n, 240, 60) for n in range(8)}
    loop = of_kind("dilla-feel", 1.0, replace(SIXTEENTHS, bars=1, steps={("kick", 4): Step()}))
    settings = {"groove.type": "template", "groove.template": "dilla-feel", "groove.amount": 1.0}
    song = Song(
        "song",
        "Song",
        loops={"loop": loop},
        stems={"stem": Stem("stem", "Keys", settings=settings)},
        segments={"seg": Segment("seg", "stem", "midi", 0, 7680, notes=notes)},
        blocks={"block": Block("block", "loop", 0, 7680)},
    )
    found = events(song_image(song))
    ticks = {name: found["tick"][found["strip"] == name].tolist() for name in set(found["strip"])}
    offsets = GROOVES["dilla-feel"].offsets[::4]
    assert [max(960 * n + offsets[n], 0) for n in range(8)] == ticks["stem:stem"]
    assert [942, 3840 + 942] == ticks["loop:loop/kick"]
