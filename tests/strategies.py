"""Random loops and songs, every one of them valid, for the property tests of all rooms."""

from __future__ import annotations

from math import ceil, floor

from hypothesis import strategies as st

from cellissimo.schema.limits import MASTER
from cellissimo.schema.models import Loop, Song, Step, Value
from cellissimo.schema.parameter import Kind, Parameter, Scope
from cellissimo.schema.parameters import SETTINGS
from cellissimo.schema.sounds import SOUNDS

CHORDS = ("C", "Am7", "F#m7b5", "Bb", "G7", "D/F#", "N.C.", "Ebmaj7", "I", "vi", "bVII", "V7")
KEYS = ("C major", "A minor", "F# minor", "Bb major", "D dorian", "E harmonic minor")
GRIDS = {
    None: (16, 4, 8, 12, 24, 48),
    "4/4": (16, 4, 8, 12),
    "3/4": (12, 6, 24),
    "6/8": (12, 6),
    "7/8": (14, 7),
    "5/4": (20, 5, 10),
}
"""Meters, None for the song's own, and numbers of cells that divide a bar of each."""

_NOTE_VALUES = ("4n", "8n", "8n.", "8t", "16n", "16t")
_ALIASES = tuple(alias for sound in SOUNDS.values() for alias in sound.aliases)


def numbers(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers from ``low`` to ``high``: whole ones, short decimals and any other."""
    hundredths = st.integers(ceil(low * 100), floor(high * 100)).map(lambda n: n / 100)
    return hundredths | st.floats(low, high, allow_subnormal=False)


def steps() -> st.SearchStrategy[Step]:
    """Steps: plain letters as often as those with every field."""
    plain = st.sampled_from((50, 100, 127)).map(Step)
    return plain | st.builds(
        Step,
        velocity=st.integers(0, 127),
        pitch=st.none() | numbers(0, 127),
        duration=st.none() | st.sampled_from((60, 240, 320, 480, 720)) | st.integers(1, 100_000),
        probability=st.just(1.0) | numbers(0, 1),
        offset=st.just(0) | st.integers(-2000, 2000),
    )


def values(parameter: Parameter) -> st.SearchStrategy[Value]:
    """What a document may hold for a parameter."""
    match parameter.kind:
        case Kind.CHOICE:
            return st.sampled_from(parameter.choices)
        case Kind.SWITCH:
            return st.booleans()
        case Kind.SOUND:
            return st.sampled_from(tuple(SOUNDS))
        case Kind.TIME:
            return st.sampled_from(_NOTE_VALUES) | numbers(parameter.low, parameter.high)
        case _:
            return numbers(parameter.low, parameter.high)


@st.composite
def settings_of(draw: st.DrawFn, target: str) -> dict[str, Value]:
    """Some settings of a row or of the master."""
    refused = Scope.ROW if target == MASTER else Scope.MASTER
    possible = [p for p in SETTINGS if p.scope is not refused]
    chosen = draw(st.lists(st.sampled_from(possible), max_size=5, unique_by=lambda p: p.key))
    return {f"{target}.{p.key}": draw(values(p)) for p in chosen}


@st.composite
def row_settings(draw: st.DrawFn, row: str) -> dict[str, Value]:
    """Some settings of a row, its sound among them where its name does not tell it."""
    settings = draw(settings_of(row))
    if row not in _ALIASES:
        settings.setdefault(f"{row}.sample.sound", draw(st.sampled_from(tuple(SOUNDS))))
    return settings


def row_names() -> st.SearchStrategy[str]:
    """Names of rows: those of sounds, and free ones."""
    free = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,8}", fullmatch=True)
    return st.sampled_from(_ALIASES) | free.filter(lambda name: name != MASTER)


@st.composite
def loops(draw: st.DrawFn, loop_id: str | None = None) -> Loop:
    """Loops of every length, meter and grid, with chords, steps and settings."""
    meter = draw(st.sampled_from(tuple(GRIDS)))
    grid = draw(st.sampled_from(GRIDS[meter]))
    bars = draw(st.sampled_from((1, 2, 4, 8)))
    cells = st.integers(0, bars * grid - 1)
    rows = draw(st.lists(row_names(), max_size=5, unique=True))
    settings = draw(settings_of(MASTER))
    played: dict[tuple[str, int], Step] = {}
    for row in rows:
        settings |= draw(row_settings(row))
        sounding = draw(st.dictionaries(cells, steps(), max_size=12))
        played |= {(row, cell): step for cell, step in sounding.items()}
    return Loop(
        id=loop_id or draw(identities()),
        name=draw(names()),
        bars=bars,
        steps_per_bar=grid,
        key=draw(st.sampled_from(KEYS)),
        tempo=draw(st.none() | numbers(20, 400)),
        meter=meter,
        color=draw(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)),
        source=draw(st.none() | identities()),
        chords=draw(st.dictionaries(cells, st.sampled_from(CHORDS), max_size=6)),
        steps=played,
        settings=settings,
    )


@st.composite
def songs(draw: st.DrawFn) -> Song:
    """Songs and documents of kind "loop", with some loops and pads."""
    ids = draw(st.lists(identities(), max_size=3, unique=True))
    pads = st.dictionaries(st.integers(0, 15), st.sampled_from(ids), max_size=4)
    return Song(
        id=draw(identities()),
        name=draw(names()),
        kind=draw(st.sampled_from(("song", "loop"))),
        key=draw(st.sampled_from(KEYS)),
        tempos={0: draw(numbers(20, 400))}
        | draw(st.dictionaries(st.integers(1, 10**6), numbers(20, 400), max_size=2)),
        meters={0: draw(st.sampled_from(("4/4", "3/4", "6/8")))},
        loops={loop_id: draw(loops(loop_id)) for loop_id in ids},
        pads=draw(pads) if ids else {},
    )


def identities() -> st.SearchStrategy[str]:
    """Ids as the document makes them."""
    return st.uuids(version=4).map(str)


def names() -> st.SearchStrategy[str]:
    """Names of songs and loops in any script, 1 … 100 characters without outer spaces."""
    letters = st.characters(exclude_categories=("Cs", "Cc"))
    return st.text(letters, min_size=1, max_size=100).filter(lambda name: name == name.strip())
