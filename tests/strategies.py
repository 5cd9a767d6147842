"""Random loops and songs, every one of them valid, for the property tests of all rooms."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor

from hypothesis import strategies as st

from cellissimo.schema.limits import CURVES, FADE_CURVES, MASTER
from cellissimo.schema.models import (
    Block,
    Frozen,
    Lock,
    Loop,
    Marker,
    Note,
    Point,
    Return,
    Section,
    Segment,
    Song,
    Stem,
    Step,
    Tempo,
    Value,
)
from cellissimo.schema.parameter import Kind, Parameter, Scope
from cellissimo.schema.parameters import EFFECTS, ENGINE, SETTINGS
from cellissimo.schema.sounds import SOUNDS
from cellissimo.schema.voice import VOICE

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
_AUTOMATED = tuple(p for p in ENGINE if p.kind is Kind.NUMBER and p.scope is Scope.STRIP)
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
        case Kind.CHAIN:
            return st.permutations(EFFECTS).map(">".join)
        case Kind.TIME:
            return st.sampled_from(_NOTE_VALUES) | numbers(parameter.low, parameter.high)
        case _:
            return numbers(parameter.low, parameter.high)


@st.composite
def settings_of(draw: st.DrawFn, target: str) -> dict[str, Value]:
    """Some settings of a row or of the master."""
    refused = {Scope.ROW, Scope.VOICE} if target == MASTER else {Scope.MASTER}
    possible = [p for p in (*SETTINGS, *VOICE) if p.scope not in refused]
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
    """Whole songs, and documents of kind "loop", with whatever a song can hold."""
    kind = draw(st.sampled_from(("song", "song", "loop")))
    ids = draw(st.lists(identities(), max_size=3, unique=True))
    stems = draw(stem_maps()) if kind == "song" else {}
    segments, patterns = draw(segment_maps(tuple(stems), tuple(ids))) if stems else ({}, {})
    found = {loop_id: draw(loops(loop_id)) for loop_id in ids} | patterns
    pads = st.dictionaries(st.integers(0, 15), st.sampled_from(ids), max_size=4)
    song = Song(
        id=draw(identities()),
        name=draw(names()),
        kind=kind,
        key=draw(st.sampled_from(KEYS)),
        seed=draw(st.just(0) | st.integers(0, 2**31 - 1)),
        tempos={0: draw(tempos())} | draw(st.dictionaries(ticks(1), tempos(), max_size=2)),
        meters={0: draw(meters())} | draw(st.dictionaries(ticks(1), meters(), max_size=2)),
        loops=dict(sorted(found.items())),
        pads=dict(sorted((draw(pads) if ids else {}).items())),
    )
    if kind == "loop":
        return song
    return replace(
        song,
        blocks=draw(blocks(ids)) if ids else {},
        stems=with_sends(draw, stems, returns := draw(return_maps())),
        returns=returns,
        segments=segments,
        sections=draw(sections()),
        markers=draw(markers()),
        master=bare(draw(settings_of(MASTER)), MASTER),
        lanes=draw(lanes()),
        locks=draw(lock_maps(tuple(stems), tuple(ids))),
    )


@st.composite
def lock_maps(
    draw: st.DrawFn, stems: tuple[str, ...] = (), loops_there: tuple[str, ...] = ()
) -> dict[str, Lock]:
    """Some locks of what is there."""
    kinds = [st.builds(lambda at, long: Lock("bars", "", at, at + long), ticks(), lengths())]
    kinds += [st.builds(Lock, st.just("stem"), st.sampled_from(stems))] if stems else []
    kinds += [st.builds(Lock, st.just("loop"), st.sampled_from(loops_there))] if loops_there else []
    found = draw(st.lists(st.one_of(kinds), max_size=2))
    return dict(sorted((lock.key, lock) for lock in found))


def ticks(low: int = 0) -> st.SearchStrategy[int]:
    """Places in a song: on its beats as often as anywhere."""
    return st.integers(ceil(low / 960), 200).map(lambda beat: beat * 960) | st.integers(low, 10**6)


def lengths() -> st.SearchStrategy[int]:
    """Lengths of things in a song."""
    return st.integers(1, 64).map(lambda beats: beats * 960) | st.integers(1, 10**5)


def tempos() -> st.SearchStrategy[Tempo]:
    """Tempos, steady and ramped."""
    return st.builds(Tempo, numbers(20, 400), st.booleans())


def meters() -> st.SearchStrategy[str]:
    """Meters as they are common."""
    return st.sampled_from(("4/4", "3/4", "6/8", "7/8", "5/4"))


def points(parameter: Parameter) -> st.SearchStrategy[Point]:
    """Points of the automation of a parameter."""
    return st.builds(Point, numbers(parameter.low, parameter.high), st.sampled_from(CURVES))


@st.composite
def lanes(draw: st.DrawFn) -> dict[str, dict[int, Point]]:
    """Some automation, in order."""
    chosen = draw(st.lists(st.sampled_from(_AUTOMATED), max_size=2, unique_by=lambda p: p.key))
    found = {}
    for parameter in sorted(chosen, key=lambda p: p.key):
        drawn = draw(st.dictionaries(ticks(), points(parameter), min_size=1, max_size=4))
        found[parameter.key] = dict(sorted(drawn.items()))
    return found


def bare(settings: dict[str, Value], target: str) -> dict[str, Value]:
    """Settings without their target, in order."""
    return {key.removeprefix(f"{target}."): value for key, value in sorted(settings.items())}


def orders() -> st.SearchStrategy[str]:
    """Fractional keys."""
    return st.sampled_from("BVk") | st.from_regex(r"[0-9A-Za-z]{0,5}[1-9A-Za-z]", fullmatch=True)


def colors() -> st.SearchStrategy[str]:
    """Colours."""
    return st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


def blobs() -> st.SearchStrategy[str]:
    """Names of blobs."""
    return st.from_regex(r"[0-9a-f]{64}", fullmatch=True)


@st.composite
def stem_maps(draw: st.DrawFn) -> dict[str, Stem]:
    """Some stems by id."""
    frozen = st.builds(Frozen, blobs(), st.integers(1, 10**6), blobs())
    return {
        stem_id: Stem(
            stem_id,
            draw(names()),
            draw(colors()),
            draw(orders()),
            draw(st.none() | st.integers(1, 16)),
            draw(st.none() | frozen),
            bare(draw(settings_of("stem")), "stem"),
            {},
            draw(lanes()),
        )
        for stem_id in sorted(draw(st.lists(identities(), max_size=2, unique=True)))
    }


@st.composite
def return_maps(draw: st.DrawFn) -> dict[str, Return]:
    """Some returns by id."""
    return {
        return_id: Return(
            return_id,
            draw(names()),
            draw(colors()),
            draw(orders()),
            bare(draw(settings_of("stem")), "stem"),
            draw(lanes()),
        )
        for return_id in sorted(draw(st.lists(identities(), max_size=2, unique=True)))
    }


def with_sends(
    draw: st.DrawFn, stems: dict[str, Stem], returns: dict[str, Return]
) -> dict[str, Stem]:
    """The stems, some of them sending to the returns."""
    if not returns:
        return stems
    levels = numbers(0, 1).filter(bool)  # a send of nothing is none
    sends = st.dictionaries(st.sampled_from(sorted(returns)), levels, max_size=2)
    return {
        key: replace(stem, sends=dict(sorted(draw(sends).items()))) for key, stem in stems.items()
    }


def notes() -> st.SearchStrategy[Note]:
    """Notes of midi segments."""
    return st.builds(Note, ticks(), lengths(), numbers(0, 127), st.integers(0, 127))


@st.composite
def segment_maps(
    draw: st.DrawFn, stem_ids: tuple[str, ...], loop_ids: tuple[str, ...]
) -> tuple[dict[str, Segment], dict[str, Loop]]:
    """Some segments of each kind by id, and the loops of those that are patterns."""
    kinds = ("midi", "audio", "pattern", *(("loop",) if loop_ids else ()))
    found, patterns = {}, {}
    for segment_id in sorted(draw(st.lists(identities(), max_size=3, unique=True))):
        kind = draw(st.sampled_from(kinds))
        segment = Segment(
            segment_id,
            draw(st.sampled_from(stem_ids)),
            kind,
            draw(ticks()),
            draw(lengths()),
            draw(st.just("") | names()),
            draw(st.just(0) | st.integers(0, 10**5)),
            draw(st.just(0.0) | numbers(-60, 24)),
            draw(st.just(0.0) | numbers(0, 5000)),
            draw(st.just(0.0) | numbers(0, 5000)),
            draw(st.sampled_from(FADE_CURVES)),
            draw(st.sampled_from(FADE_CURVES)),
        )
        if kind == "midi":
            drawn = draw(st.dictionaries(identities(), notes(), max_size=5))
            segment = replace(segment, notes=dict(sorted(drawn.items())))
        elif kind == "audio":
            segment = replace(segment, blob=draw(blobs()), frames=draw(st.integers(1, 10**7)))
        elif kind == "loop":
            segment = replace(segment, loop=draw(st.sampled_from(loop_ids)))
        else:
            patterns[segment_id] = draw(loops(segment_id))
            segment = replace(segment, loop=segment_id)
        found[segment_id] = segment
    return found, patterns


@st.composite
def blocks(draw: st.DrawFn, loop_ids: list[str]) -> dict[str, Block]:
    """Some blocks by id."""
    ids = sorted(draw(st.lists(identities(), max_size=4, unique=True)))
    loop = st.sampled_from(loop_ids)
    return {
        key: Block(key, draw(loop), draw(ticks()), draw(lengths()), draw(st.integers(0, 15)))
        for key in ids
    }


@st.composite
def sections(draw: st.DrawFn) -> dict[str, Section]:
    """Some sections by id."""
    ids = sorted(draw(st.lists(identities(), max_size=3, unique=True)))
    return {
        key: Section(key, draw(names()), draw(ticks()), draw(lengths()), draw(colors()))
        for key in ids
    }


@st.composite
def markers(draw: st.DrawFn) -> dict[str, Marker]:
    """Some markers by id."""
    ids = sorted(draw(st.lists(identities(), max_size=3, unique=True)))
    return {key: Marker(key, draw(names()), draw(ticks())) for key in ids}


def identities() -> st.SearchStrategy[str]:
    """Ids as the document makes them."""
    return st.uuids(version=4).map(str)


def names() -> st.SearchStrategy[str]:
    """Names of songs and loops in any script, 1 … 100 characters without outer spaces."""
    letters = st.characters(exclude_categories=("Cs", "Cc"))
    return st.text(letters, min_size=1, max_size=100).filter(lambda name: name == name.strip())
