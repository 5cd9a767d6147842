"""The song file holds all of a song, is the same bytes each time, and merges bar by bar."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import SongFileError, parse_song
from cellissimo.schema.models import Loop, Song, Step
from tests.strategies import loops, songs, steps


@given(songs())
def test_a_song_file_holds_all_of_the_song(song: Song) -> None:
    """A song saved and loaded is equal to what it was."""
    assert song == parse_song(print_song(song))


@given(songs())
def test_saving_is_byte_stable(song: Song) -> None:
    """The order in which a song was made leaves no trace in its file."""
    backwards = replace(
        song,
        loops={key: _backwards(loop) for key, loop in reversed(song.loops.items())},
        pads=dict(reversed(song.pads.items())),
        tempos=dict(reversed(song.tempos.items())),
    )
    assert print_song(song) == print_song(backwards)
    assert print_song(song) == print_song(parse_song(print_song(song)))


@given(songs(), st.integers(0, 10**6), st.text(max_size=8))
def test_no_file_breaks_the_parser(song: Song, place: int, noise: str) -> None:
    """A damaged file reads or is refused with the number of a line of it."""
    text = print_song(song)
    at = place % len(text)
    damaged = text[:at] + noise + text[at + len(noise) + 1 :]
    line = 1
    try:
        parse_song(damaged)
    except SongFileError as error:
        line = error.line
    assert 1 <= line <= damaged.count("\n") + damaged.count("\r") + 1


@settings(max_examples=40, deadline=None)
@given(loops("a"), st.data())
def test_edits_of_different_bars_merge(loop: Loop, data: st.DataObject) -> None:
    """Two people change the steps of different bars; git merges both without a conflict."""
    loop = replace(loop, bars=8, chords={c: s for c, s in loop.chords.items() if c < loop.cells})
    mine, theirs = data.draw(
        st.lists(st.integers(0, 7), min_size=2, max_size=2, unique=True), "bars"
    )
    base = _song(loop)
    left = _song(data.draw(_edited(loop, mine), "mine"))
    right = _song(data.draw(_edited(loop, theirs), "theirs"))
    expected = _song(_taken(left.loops["a"], right.loops["a"], theirs))
    assert expected == parse_song(_merged(*map(print_song, (left, base, right))))


def test_a_conflict_left_in_the_file_is_named() -> None:
    """A file with git's conflict marks is refused at the first mark."""
    loop = Loop("a", "A", steps={("kick", 0): Step()})
    louder = replace(loop, steps={("kick", 0): Step(127)})
    softer = replace(loop, steps={("kick", 0): Step(20)})
    text = _merged(*(print_song(_song(x)) for x in (louder, loop, softer)), conflicts=True)
    with pytest.raises(SongFileError, match=r"line \d+: a conflict of a merge"):
        parse_song(text)


def _backwards(loop: Loop) -> Loop:
    return replace(
        loop,
        chords=dict(reversed(loop.chords.items())),
        steps=dict(reversed(loop.steps.items())),
        settings=dict(reversed(loop.settings.items())),
    )


def _song(loop: Loop) -> Song:
    return Song("s", "Song", loops={loop.id: loop}, pads={0: loop.id})


def _edited(loop: Loop, bar: int) -> st.SearchStrategy[Loop]:
    """The loop with other steps in one bar, on rows that have their sound by name."""
    cells = st.integers(bar * loop.steps_per_bar, (bar + 1) * loop.steps_per_bar - 1)
    played = st.dictionaries(
        st.tuples(st.sampled_from(("kick", "snare", "lead")), cells), steps(), max_size=8
    )
    return played.map(
        lambda steps: replace(
            loop,
            steps={
                **{key: step for key, step in loop.steps.items() if _bar(loop, key[1]) != bar},
                **steps,
            },
        )
    )


def _taken(loop: Loop, other: Loop, bar: int) -> Loop:
    """The loop with one bar of another."""
    kept = {key: step for key, step in loop.steps.items() if _bar(loop, key[1]) != bar}
    taken = {key: step for key, step in other.steps.items() if _bar(loop, key[1]) == bar}
    return replace(loop, steps={**kept, **taken})


def _bar(loop: Loop, cell: int) -> int:
    return cell // loop.steps_per_bar


def _merged(left: str, base: str, right: str, *, conflicts: bool = False) -> str:
    """What `git merge-file` makes of three versions of a file."""
    with TemporaryDirectory() as folder:
        paths = [Path(folder, name) for name in ("left", "base", "right")]
        for path, text in zip(paths, (left, base, right), strict=True):
            path.write_text(text, encoding="utf-8")
        run = subprocess.run(
            ["git", "merge-file", "-p", *map(str, paths)],
            capture_output=True,
            check=False,
        )
    assert conflicts == (run.returncode != 0), run.stdout.decode()
    return run.stdout.decode()
