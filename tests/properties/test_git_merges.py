"""Two people edit one song; git merges their files, and what comes out is the song with both."""

from __future__ import annotations

import random
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema.models import (
    Block,
    Loop,
    Note,
    Point,
    Return,
    Section,
    Segment,
    Song,
    Stem,
    Step,
)

BAR = 3840
BARS = 16
ROWS = ("kick", "snare", "hat", "lead")
PAIRS = 200
SHARE_OF_REWORKED_BARS = 0.99
"""How many pairs meet where both take out, change and add things in one bar; git then asks."""

SHARE_OF_SINGLE_STEPS = 0.2
"""How many pairs meet where each changes one of the steps of a bar: those on lines side by side."""

Edit = Callable[[Song], Song]
Place = tuple[str, str, int]
"""What is edited, whose, and in which bar, counted from 0."""

T = TypeVar("T")


def a_song(rng: random.Random) -> Song:
    """A song of 16 bars with two loops, three stems, a return and automation."""
    loops = {key: Loop(key, key.upper(), bars=8, steps=_steps(rng)) for key in ("a", "b")}
    stems = {f"s{n}": Stem(f"s{n}", f"Stem {n}", order="BMV"[n]) for n in range(3)}
    segments = {
        f"g{n}": Segment(f"g{n}", f"s{n}", "midi", 0, BARS * BAR, notes=_notes(rng, f"g{n}"))
        for n in range(2)
    }
    song = Song(
        "s",
        "Evening",
        loops=loops,
        pads={0: "a", 1: "b"},
        blocks=dict(_blocks(rng)),
        stems=stems,
        returns={"r": Return("r", "Room")},
        segments=segments,
        sections={"v": Section("v", "Verse", 0, 8 * BAR)},
    )
    for owner in ("s0", "s2", "r", "master"):
        for bar in range(BARS):
            song = _edit_points(song, owner, bar, rng)
    return song


def _steps(rng: random.Random) -> dict[tuple[str, int], Step]:
    cells = {(rng.choice(ROWS), rng.randrange(128)) for _ in range(100)}
    return {cell: Step(rng.randrange(1, 128)) for cell in sorted(cells)}


def _notes(rng: random.Random, owner: str) -> dict[str, Note]:
    return {f"{owner}-{n}": _note(rng, rng.randrange(BARS)) for n in range(80)}


def _note(rng: random.Random, bar: int) -> Note:
    return Note(bar * BAR + rng.randrange(16) * 240, 240, rng.randrange(36, 84))


def _blocks(rng: random.Random) -> Iterator[tuple[str, Block]]:
    for n in range(14):
        yield f"b{n}", Block(f"b{n}", rng.choice("ab"), rng.randrange(BARS) * BAR, BAR, n % 3)


def edit(place: Place, rng: random.Random) -> Edit:
    """Something taken out, changed and added in one bar of one thing."""
    kind, owner, bar = place
    seed = rng.randrange(10**9)
    edits = {
        "steps": _edit_steps,
        "notes": _edit_notes,
        "blocks": _edit_blocks,
        "points": _edit_points,
    }
    return lambda song: edits[kind](song, owner, bar, random.Random(seed))


def _edit_steps(song: Song, owner: str, bar: int, rng: random.Random) -> Song:
    loop, cells = song.loops[owner], range(bar * 16, bar * 16 + 16)
    steps = _varied(loop.steps, lambda key, _: key[1] in cells, rng, lambda _: _step(rng))
    for _ in range(rng.randrange(1, 4)):
        steps[rng.choice(ROWS), rng.choice(cells)] = _step(rng)
    return replace(song, loops={**song.loops, owner: replace(loop, steps=steps)})


def _step(rng: random.Random) -> Step:
    return Step(rng.randrange(1, 128), probability=rng.choice((1.0, 0.5)))


def _edit_notes(song: Song, owner: str, bar: int, rng: random.Random) -> Song:
    segment = song.segments[owner]
    notes = _varied(
        segment.notes, lambda _, note: note.start // BAR == bar, rng, lambda _: _note(rng, bar)
    )
    for _ in range(rng.randrange(1, 4)):
        notes[f"{owner}+{rng.randrange(10**9)}"] = _note(rng, bar)
    return replace(song, segments={**song.segments, owner: replace(segment, notes=notes)})


def _edit_blocks(song: Song, _: str, bar: int, rng: random.Random) -> Song:
    def louder(block: Block) -> Block:
        return replace(block, loop="b" if block.loop == "a" else "a")

    blocks = _varied(song.blocks, lambda _, block: block.start // BAR == bar, rng, louder)
    key = f"b+{rng.randrange(10**9)}"
    return replace(song, blocks={**blocks, key: Block(key, "a", bar * BAR, BAR, 3)})


def _edit_points(song: Song, owner: str, bar: int, rng: random.Random) -> Song:
    lanes = _lanes_of(song, owner)
    points = dict(lanes.get("filter.freq", {}))
    points = _varied(points, lambda tick, _: tick // BAR == bar, rng, lambda _: _point(rng))
    points[bar * BAR + rng.randrange(4) * 960] = _point(rng)
    changed = {**lanes, "filter.freq": dict(sorted(points.items()))}
    if owner == "master":
        return replace(song, lanes=changed)
    if owner in song.returns:
        return replace(song, returns={owner: replace(song.returns[owner], lanes=changed)})
    stem = replace(song.stems[owner], lanes=changed)
    return replace(song, stems={**song.stems, owner: stem})


def _lanes_of(song: Song, owner: str) -> Mapping[str, Mapping[int, Point]]:
    if owner == "master":
        return song.lanes
    return (song.returns if owner in song.returns else song.stems)[owner].lanes


def _point(rng: random.Random) -> Point:
    return Point(rng.randrange(100, 8000), rng.choice(("linear", "hold")))


def _varied(
    things: Mapping[object, T],
    inside: Callable[[object, T], bool],
    rng: random.Random,
    other: Callable[[T], T],
) -> dict[object, T]:
    """The things, some of those inside the bar taken out and some changed."""
    found = {}
    for key, thing in things.items():
        chance = rng.random() if inside(key, thing) else 1.0
        if chance > 0.25:
            found[key] = other(thing) if chance < 0.6 else thing
    return found


OWNERS = {
    "steps": ("a", "b"),
    "notes": ("g0", "g1"),
    "blocks": ("timeline",),
    "points": ("s0", "s1", "s2", "r", "master"),
}


def a_place(rng: random.Random) -> Place:
    """A bar of something."""
    kind = rng.choice(tuple(OWNERS))
    return kind, rng.choice(OWNERS[kind]), rng.randrange(8 if kind == "steps" else BARS)


def merged(left: Song, base: Song, right: Song, folder: Path) -> tuple[bool, str]:
    """Whether git merges the files of three songs without asking, and what it makes of them."""
    paths = [folder / name for name in ("left", "base", "right")]
    for path, song in zip(paths, (left, base, right), strict=True):
        path.write_text(print_song(song), "utf-8")
    run = subprocess.run(
        ["git", "merge-file", "-p", *map(str, paths)], capture_output=True, check=False
    )
    return run.returncode == 0, run.stdout.decode()


def test_edits_of_different_bars_never_meet(tmp_path: Path) -> None:
    """200 random pairs of edits in different bars merge, and the file says both."""
    rng = random.Random(3)
    base = a_song(rng)
    for number in range(PAIRS):
        mine, theirs = a_place(rng), a_place(rng)
        while theirs[2] == mine[2]:
            theirs = a_place(rng)
        if number % 2:  # half of the pairs in the same thing, often in bars side by side
            theirs = (*mine[:2], theirs[2] % (8 if mine[0] == "steps" else BARS))
            if theirs == mine:
                theirs = (*mine[:2], (mine[2] + 1) % 8)
        left, right = edit(mine, rng), edit(theirs, rng)
        clean, text = merged(left(base), base, right(base), tmp_path)
        assert clean, (number, mine, theirs)
        assert right(left(base)) == parse_song(text)
        assert left(base) != base != right(base)


def test_edits_of_neighbouring_bars_never_meet(tmp_path: Path) -> None:
    """Every bar and the next of everything, also where nothing was there before."""
    rng = random.Random(5)
    base = a_song(rng)
    for kind, owners in OWNERS.items():
        for owner in owners:
            for bar in range(7):
                left = edit((kind, owner, bar), rng)
                right = edit((kind, owner, bar + 1), rng)
                clean, text = merged(left(base), base, right(base), tmp_path)
                assert clean, (kind, owner, bar)
                assert right(left(base)) == parse_song(text)


def test_two_who_rework_one_bar_are_asked(tmp_path: Path) -> None:
    """Within one bar git asks nearly always: it never mixes two versions of a bar unasked."""
    rng = random.Random(4)
    base = a_song(rng)
    met = 0
    for _ in range(PAIRS):
        place = a_place(rng)
        left, right = edit(place, rng), edit(place, rng)
        met += not merged(left(base), base, right(base), tmp_path)[0]
    assert met / PAIRS >= SHARE_OF_REWORKED_BARS


def test_two_who_change_one_step_each_of_one_bar_seldom_meet(tmp_path: Path) -> None:
    """Of two single steps of a bar, only those that stand on neighbouring lines meet."""
    rng = random.Random(6)
    loop = Loop("a", "A", steps={(row, cell): Step() for row in ROWS for cell in range(0, 64, 4)})
    base = Song("s", "S", loops={"a": loop})
    met = 0
    for _ in range(PAIRS):
        mine, theirs = rng.sample([(row, cell) for row in ROWS for cell in range(16, 32, 4)], 2)
        left, right = (_struck(base, key, velocity) for key, velocity in ((mine, 1), (theirs, 2)))
        clean, text = merged(left, base, right, tmp_path)
        met += not clean
        assert not clean or _struck(left, theirs, 2) == parse_song(text)
    assert 0 < met / PAIRS <= SHARE_OF_SINGLE_STEPS


def _struck(song: Song, key: tuple[str, int], velocity: int) -> Song:
    loop = song.loops["a"]
    steps = {**loop.steps, key: Step(velocity)}
    return replace(song, loops={"a": replace(loop, steps=steps)})


@pytest.mark.parametrize(
    ("mine", "theirs"), [("kick", "snare"), ("snare", "hat"), ("lead", "kick")]
)
def test_settings_of_different_rows_never_meet(mine: str, theirs: str, tmp_path: Path) -> None:
    """One sets the sound of one row, the other that of its neighbour, where neither had any."""
    base = a_song(random.Random(1))
    left, right = (_set(row, value) for row, value in ((mine, 0.3), (theirs, 0.6)))
    clean, text = merged(left(base), base, right(base), tmp_path)
    assert clean
    assert right(left(base)) == parse_song(text)


def _set(row: str, value: float) -> Edit:
    def change(song: Song) -> Song:
        loop = song.loops["a"]
        settings = {**loop.settings, f"{row}.amp.level": value, f"{row}.reverb.mix": value}
        return replace(song, loops={**song.loops, "a": replace(loop, settings=settings)})

    return change


@pytest.mark.parametrize(("mine", "theirs"), [("s0", "s1"), ("s1", "s2"), ("s2", "s0")])
def test_settings_of_different_stems_never_meet(mine: str, theirs: str, tmp_path: Path) -> None:
    """One mixes one stem, the other another, down to their names, sends and colours."""
    base = a_song(random.Random(1))
    left, right = _mixed(mine), _mixed(theirs)
    clean, text = merged(left(base), base, right(base), tmp_path)
    assert clean
    assert right(left(base)) == parse_song(text)


def _mixed(stem: str) -> Edit:
    def change(song: Song) -> Song:
        found = replace(
            song.stems[stem],
            name=f"New {stem}",
            color="#112233",
            settings={"amp.level": 0.2, "pan.pan": -0.5},
            sends={"r": 0.3},
        )
        return replace(song, stems={**song.stems, stem: found})

    return change


def test_a_repository_merges_branches(tmp_path: Path) -> None:
    """The same in a repository: two branches, one merge, no question."""
    rng = random.Random(8)
    base = a_song(rng)
    left, right = edit(("notes", "g0", 3), rng), edit(("blocks", "timeline", 4), rng)
    path = tmp_path / "evening.song"

    def git(*words: str) -> None:
        identity = ("-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *identity, *words], cwd=tmp_path, capture_output=True, check=True)

    def commit(song: Song) -> None:
        path.write_text(print_song(song), "utf-8")
        git("add", path.name)
        git("commit", "-m", "edit")

    git("init")
    commit(base)
    git("checkout", "-b", "theirs")
    commit(right(base))
    git("checkout", "main")
    commit(left(base))
    git("merge", "theirs", "-m", "both")
    assert right(left(base)) == parse_song(path.read_text("utf-8"))
