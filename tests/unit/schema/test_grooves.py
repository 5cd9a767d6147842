from itertools import combinations, pairwise

import pytest

from cellissimo.schema.grooves import GROOVES
from cellissimo.schema.parameters import BY_KEY, GROOVE_TEMPLATES

ALL = GROOVES.values()


def ids(groove):
    return groove.id


def test_each_choice_of_template_has_its_groove_in_the_same_order():
    """The engine finds a template by the number of the choice."""
    assert list(BY_KEY["groove.template"].choices) == list(GROOVES)
    assert GROOVE_TEMPLATES.split() == [groove.id for groove in ALL]


def test_there_are_thirteen_and_no_two_are_equal():
    """Each template is heard as another than all the rest."""
    assert 13 == len(GROOVES)
    shapes = [
        (groove.step, groove.offsets * (2 // groove.bars), groove.velocities) for groove in ALL
    ]
    assert [] == [pair for pair in combinations(shapes, 2) if pair[0] == pair[1]]


@pytest.mark.parametrize("groove", ALL, ids=ids)
def test_a_groove_fills_its_bars(groove):
    """A bar has sixteen sixteenths or twelve twelfths; each has an offset and a velocity."""
    cells = {240: 16, 320: 12}[groove.step] * groove.bars
    assert (cells, cells) == (len(groove.offsets), len(groove.velocities))
    assert groove.bars in (1, 2)


@pytest.mark.parametrize("groove", ALL, ids=ids)
def test_a_groove_keeps_the_order_of_notes(groove):
    """No cell is moved to or past the next one, from one turn to the next either."""
    places = [cell * groove.step + offset for cell, offset in enumerate(groove.offsets)]
    places.append(len(groove.offsets) * groove.step + groove.offsets[0])
    assert all(one < other for one, other in pairwise(places))


@pytest.mark.parametrize("groove", ALL, ids=ids)
def test_a_groove_moves_something_within_reason_and_says_where_it_is_from(groove):
    """It differs from straight, begins on time, keeps velocities near, and names its source."""
    assert 0 <= groove.offsets[0] <= 10
    assert any(groove.offsets)
    assert all(0.5 <= factor <= 1.5 for factor in groove.velocities)
    assert groove.source.endswith(".")
    assert len(groove.source) > 60


@pytest.mark.parametrize(("percent", "part"), [(54, 13), (58, 14), (62, 15), (66, 16), (71, 17)])
def test_mpc_swing_is_its_percentage_of_an_eighth(percent, part):
    """The second sixteenth of a pair begins at 13 … 17 of 24 parts, 54 … 71 % rounded to parts."""
    groove = GROOVES[f"mpc-swing-{percent}"]
    assert groove.offsets == (0, 480 * part // 24 - 240) * 8
    assert abs(100 * part / 24 - percent) < 1
    assert set(groove.velocities) == {1.0}


@pytest.mark.parametrize(
    ("groove", "strokes"),
    [
        ("bossa-nova", (0, 3, 6, 10, 13)),
        ("son-clave-3-2", (0, 3, 6, 10, 12)),
        ("rumba-clave-3-2", (0, 3, 7, 10, 12)),
        ("afrobeat-12-8", (0, 2, 4, 5, 7, 9, 11)),
    ],
)
def test_accents_fall_on_the_strokes_of_the_pattern(groove, strokes):
    """Clave and bell patterns as Toussaint lists them are what is loud."""
    loud = [cell for cell, factor in enumerate(GROOVES[groove].velocities) if factor > 1]
    assert list(strokes) == loud


@pytest.mark.parametrize(
    ("groove", "share", "strokes", "twelve"),
    [
        ("son-clave-3-2", 0.25, (0, 3, 6, 10, 12), (0, 2, 4, 7, 9)),
        ("rumba-clave-3-2", 0.5, (0, 3, 7, 10, 12), (0, 2, 5, 7, 9)),
    ],
)
def test_a_clave_stands_between_duple_and_triple(groove, share, strokes, twelve):
    """The strokes lie a stated share of the way to those of the clave in 12/8, to the tick."""
    for cell, part in zip(strokes, twelve, strict=True):
        assert abs(GROOVES[groove].offsets[cell] - share * (part * 320 - cell * 240)) < 1


def test_the_grooves_tell_themselves():
    """One line a template, its source in it."""
    lines = repr(GROOVES).splitlines()
    assert 13 == len(lines)
    assert lines[0].startswith("mpc-swing-54 · MPC swing 54 %: Arithmetic: Roger Linn's swing")
