from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.native.host import Engine
from tests.unit.native.score import Chord, Score, Step, choice
from tests.unit.native.sequencer_model import events_of

LEAD = {"play.follow": choice("play.follow", "root"), "play.low": 60.0}
TRIADS = {"C": (0, 0x91), "G": (7, 0x91), "Am": (9, 0x89), "F": (5, 0x91)}


def chord(cell: int, name: str) -> Chord:
    root, intervals = TRIADS[name]
    return Chord(cell, root, root, intervals)


def collected(score: Score, pass_number: int = 0) -> list[tuple]:
    """The engine's events of one pass."""
    engine = Engine()
    engine.load(score.image())
    return [tuple(event) for event in engine.collect(pass_number).tolist()]


def pitches(score: Score) -> list[float]:
    return [event[3] for event in collected(score)]


FOUR = tuple(Step(1, cell) for cell in (0, 4, 8, 12))
POP = (chord(0, "C"), chord(4, "G"), chord(8, "Am"), chord(12, "F"))


def test_a_lead_plays_the_roots_in_its_octave():
    """[DOC-23] Over C, G, Am, F the lead plays C4, G4, A4, F4."""
    assert pitches(Score(({}, LEAD), FOUR, POP)) == [60, 67, 69, 65]


def test_a_bass_plays_the_note_under_the_slash():
    """[DOC-23] C/E in the octave from G1 is E2."""
    bass = {"play.follow": choice("play.follow", "bass"), "play.low": 31.0}
    assert pitches(Score(({}, bass), (Step(1, 0),), (Chord(0, 0, 4, 0x91),))) == [40]


def test_no_chord_silences_followers():
    """[DOC-23] Under N.C. and before the first chord a follower is silent, a fixed sound is not."""
    none = (Chord(4, -1, 0, 0), chord(8, "C"))
    steps = tuple(Step(strip, cell) for strip in (1, 2) for cell in (0, 4, 8))
    found = collected(Score(({}, LEAD, {"play.pitch": 50.0}), steps, none))
    assert [(e[2], e[3]) for e in found if e[1] == 8 * 240] == [(1, 60.0), (2, 50.0)]
    assert [e[2] for e in found if e[1] < 8 * 240] == [2, 2]


def test_an_arpeggio_climbs_and_starts_again_with_each_chord():
    """[DOC-23] Four voices over a triad add the octave; the next chord begins at its root."""
    arp = {"play.follow": choice("play.follow", "arp"), "play.low": 60.0, "play.voices": 4.0}
    steps = tuple(Step(1, cell) for cell in range(10))
    found = pitches(Score(({}, arp), steps, (chord(0, "C"), chord(6, "F"))))
    assert found == [60, 64, 67, 72, 60, 64, 65, 69, 72, 77]


def test_a_voicing_moves_as_little_as_it_can():
    """[DOC-23] [ENG-12] C to F keeps C, to Am keeps two tones; no voice leaps."""
    pad = {"play.follow": choice("play.follow", "voicing"), "play.low": 60.0, "play.voices": 3.0}
    score = Score(
        ({}, pad),
        (Step(1, 0), Step(1, 4), Step(1, 8)),
        (chord(0, "C"), chord(4, "Am"), chord(8, "F")),
    )
    assert pitches(score) == [60, 64, 67, 60, 64, 69, 60, 65, 69]


def test_a_full_swing_makes_triplets():
    """[ENG-10] The off-beat eighth comes at two thirds of the beat; the beat stays."""
    score = Score(
        ({"groove.type": choice("groove.type", "swing"), "groove.amount": 1.0}, {}),
        (Step(1, 0), Step(1, 2), Step(1, 4), Step(1, 6)),
    )
    assert [event[1] for event in collected(score)] == [0, 640, 960, 1600]


def test_a_rows_own_groove_wins():
    """[ENG-10] A row that swings sixteenths does so under a master that swings eighths."""
    swing = choice("groove.type", "swing")
    own = {"groove.type": swing, "groove.amount": 1.0, "groove.subdivision": 2.0}
    score = Score(({"groove.type": swing, "groove.amount": 1.0}, own), (Step(1, 1), Step(1, 2)))
    assert [event[1] for event in collected(score)] == [320, 480]


def test_chance_falls_alike_for_the_same_seed_and_pass():
    """[ENG-8] The same pass repeats, other passes and seeds differ, and about half is heard."""
    steps = tuple(Step(1, cell, probability=0.5) for cell in range(16))
    score = Score(steps=steps * 1, bars=1)
    assert collected(score) == collected(score)
    passes = {tuple(e[1] for e in collected(score, number)) for number in range(8)}
    seeds = {tuple(e[1] for e in collected(replace(score, seed=seed))) for seed in range(8)}
    assert len(passes) > 6
    assert len(seeds) > 6
    heard = sum(len(collected(score, number)) for number in range(50))
    assert 330 < heard < 470


def test_muted_rows_play_nothing_and_soloed_ones_alone():
    """[DOC-25] Mute silences also a soloed row."""
    steps = tuple(Step(strip, 0) for strip in (1, 2, 3))
    soloed = Score(({}, {"amp.solo": 1.0}, {}, {"amp.solo": 1.0, "amp.mute": 1.0}), steps)
    assert [event[2] for event in collected(soloed)] == [1]


INTERVALS = st.integers(0, 0xFFFFFF).map(lambda bits: bits | 1)
PARAMETERS = st.fixed_dictionaries(
    {
        "play.follow": st.integers(0, 4).map(float),
        "play.low": st.integers(24, 84).map(float),
        "play.voices": st.integers(1, 6).map(float),
        "play.pitch": st.integers(0, 127).map(float),
        "note.pitch": st.sampled_from([-1.0, -1.0, -1.0, 64.5]),
        "amp.mute": st.sampled_from([0.0, 0.0, 0.0, 1.0]),
        "amp.solo": st.sampled_from([0.0, 0.0, 0.0, 0.0, 1.0]),
        "groove.type": st.integers(0, 1).map(float),
        "groove.amount": st.floats(0, 1, width=32),
        "groove.subdivision": st.integers(0, 2).map(float),
    }
)


@st.composite
def scores(draw) -> Score:
    """Any score of a few rows, in several meters and grids."""
    bar_ticks, cells = draw(
        st.sampled_from(
            [(3840, 16), (3840, 4), (2880, 12), (3360, 14), (4800, 5), (3840, 24), (1920, 8)]
        )
    )
    bars = draw(st.sampled_from([1, 2, 4]))
    strips = tuple(draw(st.lists(PARAMETERS, min_size=2, max_size=4)))
    cell = st.integers(0, bars * cells - 1)
    steps = draw(
        st.lists(
            st.builds(
                Step,
                st.integers(1, len(strips) - 1),
                cell,
                st.integers(0, 127),
                st.sampled_from([-1.0, -1.0, 0.0, 60.25, 127.0]),
                st.sampled_from([0, 0, 1, 960, 5000]),
                st.sampled_from([1.0, 0.5, 0.0, 0.9]),
                st.integers(-500, 500),
            ),
            max_size=40,
        )
    )
    chords = draw(
        st.lists(
            st.builds(Chord, cell, st.integers(-1, 11), st.integers(0, 11), INTERVALS),
            max_size=8,
            unique_by=lambda c: c.cell,
        )
    )
    return Score(
        strips,
        tuple(steps),
        tuple(chords),
        bars,
        bar_ticks,
        cells,
        draw(st.floats(20, 400, width=32)),
        draw(st.integers(-(1 << 31), (1 << 31) - 1)),
    )


@settings(deadline=None, max_examples=150)
@given(scores(), st.integers(0, 5))
def test_the_engine_plays_what_the_rules_say(score, pass_number):
    """[ENG-2, ENG-3, ENG-8, ENG-10, DOC-23, DOC-25] Events equal those of the plain model."""
    assert events_of(score, pass_number) == collected(score, pass_number)


@settings(deadline=None, max_examples=40)
@given(scores(), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(score, random):
    """[ENG-2] A shuffled image plays the same events."""
    steps, chords = list(score.steps), list(score.chords)
    random.shuffle(steps)
    random.shuffle(chords)
    shuffled = replace(score, steps=tuple(steps), chords=tuple(chords))
    assert collected(score) == collected(shuffled)
