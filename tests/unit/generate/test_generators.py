import doctest
import importlib
import pkgutil
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cellissimo import generate
from cellissimo.domain.errors import CellissimoError
from cellissimo.generate.rhythm import VELOCITIES
from cellissimo.notation.pattern_steps import LETTERS

TOUSSAINT = """
E(2,3) x.x | E(2,5) x.x.. | E(3,4) x.xx | E(3,5) x.x.x | E(3,7) x.x.x.. | E(3,8) x..x..x. |
E(4,7) x.x.x.x | E(4,9) x.x.x.x.. | E(4,11) x..x..x..x. | E(5,6) x.xxxx | E(5,7) x.xx.xx |
E(5,8) x.xx.xx. | E(5,9) x.x.x.x.x | E(5,11) x.x.x.x.x.. | E(5,12) x..x.x..x.x. |
E(5,16) x..x..x..x..x... | E(7,8) x.xxxxxx | E(7,12) x.xx.x.xx.x. | E(7,16) x..x.x.x..x.x.x. |
E(9,16) x.xx.x.x.xx.x.x. | E(11,24) x..x.x.x.x.x..x.x.x.x.x. |
E(13,24) x.xx.x.x.x.x.xx.x.x.x.x.
"""

WOLFRAM = {
    30: "....x.... ...xxx... ..xx..x.. .xx.xxxx.",
    90: "....x.... ...x.x... ..x...x.. .x.x.x.x.",
    110: "....x.... ...xx.... ..xxx.... .xx.x....",
}

MODULES = sorted(module.name for module in pkgutil.iter_modules(generate.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_the_docstrings_are_so(name):
    """What a docstring shows is what comes out."""
    module = importlib.import_module(f"cellissimo.generate.{name}")
    assert 0 == doctest.testmod(module).failed


@pytest.mark.parametrize("entry", TOUSSAINT.replace("\n", " ").split("|"))
def test_euclid_is_as_published(entry):
    """Toussaint's table of Euclidean rhythms, letter by letter."""
    name, letters = entry.split()
    pulses, steps = map(int, name[2:-1].split(","))
    assert letters == generate.euclid(pulses, steps)


@given(st.integers(1, 64).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_euclid_is_even(case):
    """All pulses are there, and the gaps between them differ by one step at most."""
    pulses, steps = case
    made = generate.euclid(pulses, steps)
    assert (steps, pulses) == (len(made), len(made.cells))
    gaps = {after - before for before, after in pairwise([*made.cells, *_again(made, steps)])}
    assert len(gaps) <= 2
    assert not gaps or max(gaps) - min(gaps) <= 1


def _again(made, steps):
    return [cell + steps for cell in made.cells[:1]]


@given(st.integers(0, 12), st.integers(-30, 30))
def test_rotation_moves_a_rhythm_later(pulses, rotation):
    """Each pulse comes so many steps later, around the end; back again it is as it was."""
    turned = generate.euclid(pulses, 12, rotation=rotation)
    plain = generate.euclid(pulses, 12)
    assert sorted((cell + rotation) % 12 for cell in plain.cells) == list(turned.cells)
    assert plain == turned.rotate(-rotation)


@pytest.mark.parametrize("rule", WOLFRAM)
def test_cellular_automata_are_wolframs(rule):
    """The first rows of rules 30, 90 and 110 from one living cell."""
    assert WOLFRAM[rule].split() == generate.cellular(rule, 9, 4)


def test_rule_90_draws_pascals_triangle():
    """Row n of rule 90 has a cell wherever a binomial coefficient of n is odd."""
    rows = generate.cellular(90, 65, 32)
    assert [2 ** n.bit_count() for n in range(32)] == [len(row.cells) for row in rows]


def test_a_cellular_row_is_a_ring():
    """Rule 2 walks to the left, and comes in again at the right."""
    assert ["x...", "...x", "..x.", ".x.."] == generate.cellular(2, 4, 4, start="x...")


def test_the_algae_grow_as_fibonacci_says():
    """Lindenmayer's algae: lengths are Fibonacci's, and each text is the last two, joined."""
    texts = [generate.l_system("A", {"A": "AB", "B": "A"}, n) for n in range(12)]
    assert [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233] == [len(text) for text in texts]
    assert all(texts[n] == texts[n - 1] + texts[n - 2] for n in range(2, 12))


def test_a_rule_of_several_texts_is_decided_by_the_seed():
    """The same seed grows the same plant, another seed another."""
    grown = [
        generate.l_system("A", {"A": ["A+A", "A-A", "AA"]}, 6, seed=seed) for seed in (1, 1, 2)
    ]
    assert grown[0] == grown[1]
    assert grown[1] != grown[2]


def test_a_walk_stays_in_its_key():
    """Every pitch is of the key, neighbours are degrees, and brackets come back."""
    assert [60, 62, 64, 65, 67, 69, 71, 72] == generate.walk("A+A+A+A+A+A+A+A")
    assert [69, 68, 66, 64] == generate.walk("A-A-A-A", start="A4", key="A major")
    assert [57, 60, 57] == generate.walk("A[++A]A", start=57, key="A minor")
    assert all(0 <= pitch <= 127 for pitch in generate.walk("A+" * 100 + "A-" * 250))


@given(st.lists(st.integers(0, 5), min_size=3, max_size=30), st.integers(1, 2), st.integers(0, 99))
def test_a_chain_knows_only_what_it_has_heard(source, order, seed):
    """Every run of a chain is one of its source, read as a ring."""
    made = generate.markov(source, 50, order, seed)
    ring = source + source[: order + 1]
    heard = {tuple(ring[i : i + order + 1]) for i in range(len(source))}
    assert {tuple(made[i : i + order + 1]) for i in range(len(made) - order)} <= heard
    assert made == generate.markov(source, 50, order, seed)


def test_a_chain_follows_the_frequencies_of_its_source():
    """What follows twice as often in the source follows about twice as often in the chain."""
    made = generate.markov("abacab" * 10, 9000, seed=3)
    after = [b for a, b in pairwise(made) if a == "a"]
    assert 1.7 < after.count("b") / after.count("c") < 2.4


def test_a_chain_learns_from_columns():
    """The column of a table gives plain numbers."""
    made = generate.markov(np.array([60.0, 62.0, 64.0]), 4)
    assert all(type(pitch) is float for pitch in made)


def test_chance_keeps_its_density():
    """A share of the steps sounds; of these, shares are loud and soft."""
    row = generate.chance(10_000, 0.3, seed=5, accents=0.5, ghosts=0.25)
    assert abs(len(row.cells) - 3000) < 150
    assert abs(row.count("X") - 1500) < 120
    assert abs(row.count("o") - 750) < 90
    assert "x" * 8 == generate.chance(8, 1)
    assert "." * 8 == generate.chance(8, 0)
    assert "x.x.x.x." == generate.chance(8, (1, 0))


def test_chance_is_the_same_everywhere():
    """A seed is a promise: these letters are those of every machine and version."""
    assert "x.x....xxx.x...x" == generate.chance(16, 0.5, seed=2026)


def test_a_generator_goes_on_from_where_it_is():
    """One source of chance for several calls gives each its own part."""
    rng = Random(7)
    first, second = generate.chance(16, 0.5, rng), generate.chance(16, 0.5, rng)
    assert first == generate.chance(16, 0.5, 7)
    assert first != second


def test_steps_are_a_text_with_cells_and_velocities():
    """Bars and spaces are left out; letters mean what they mean in patterns."""
    steps = generate.Steps("X..o | x-..")
    assert "X..ox..." == steps
    assert ((0, 3, 4), (127, 50, 100)) == (steps.cells, steps.velocities)
    assert LETTERS == VELOCITIES
    assert ".xx..xxx" == steps.complement()
    assert "X..X" == generate.Steps("x..x").accent("x..")
    assert generate.euclid(3, 8) != generate.euclid(3, 8).rotate(1)


def test_notes_are_columns():
    """Pitches repeat over the onsets; legato reaches the next one or the end."""
    assert {
        "start": [0, 720, 1440],
        "duration": [720, 720, 480],
        "pitch": [60, 67, 60],
        "velocity": [100, 100, 100],
    } == generate.notes(generate.euclid(3, 8), ["C4", "G4"], legato=True)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: generate.euclid(9, 8), "pulses is 9; it can be from 0 to 8"),
        (lambda: generate.euclid(1, 0), "steps is 0"),
        (lambda: generate.chance(8, 1.5), "density is 1.5"),
        (lambda: generate.chance(8, 0.5, seed=-1), "seed is -1"),
        (lambda: generate.markov([1], 5), "cannot be learned from 1 items"),
        (lambda: generate.l_system("A", {"A": "AA"}, 20), "letters; 10000 is the most"),
        (lambda: generate.l_system("A", {"AB": "A"}, 2), "one letter and what it becomes"),
        (lambda: generate.walk("A]"), "closes nothing"),
        (lambda: generate.cellular(256), "rule is 256"),
        (lambda: generate.cellular(30, 8, 2, start="x"), "start has 1 cells"),
        (lambda: generate.notes("x", []), "no pitches"),
        (lambda: generate.Steps("xyz"), "'y' in 'xyz' is no step"),
    ],
)
def test_wrong_values_are_refused(make, said):
    """Value, range and cure."""
    with pytest.raises(CellissimoError, match=said):
        make()
