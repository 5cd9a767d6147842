"""Revisions to be heard: two in turn, or all of them as the song grew."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cellissimo.crdt.document import Document
from cellissimo.engine.render import SAMPLE_RATE
from cellissimo.music.comparing import Run, bars_of, in_step, run_name
from cellissimo.music.history import Versions
from cellissimo.music.loop import Loop
from cellissimo.music.song import Song
from cellissimo.notation.diff import diff_songs
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema import checks

if TYPE_CHECKING:
    from cellissimo.client.http import Client
    from cellissimo.music.player import Player
    from cellissimo.music.stored import Stored
    from cellissimo.native.host import Samples
    from cellissimo.notation.diff_words import Changes
    from cellissimo.schema import models
    from cellissimo.schema.rest.history import Revision

MOST_BARS = 4
"""Bars of a revision that are played while a song grows."""


class Comparison:
    """Two revisions of a song: ``changes`` in words, ``player()`` by ear."""

    def __init__(self, name: str, sides: dict[str, models.Song]) -> None:
        """The older first, each with what it is called."""
        self._name = name
        self._sides = sides

    @cached_property
    def changes(self) -> Changes:
        """What is other in the second, one after the other."""
        return diff_songs(*self._sides.values())

    @property
    def words(self) -> str:
        """What is other in the second, in words."""
        return repr(self.changes)

    @property
    def bars(self) -> list[Run]:
        """The bars that sound other: first and last of each run."""
        return self.changes.bars

    def player(self) -> Player:
        """A player of the changed bars that goes from one to the other, in step, equally loud.

        Raises:
            LimitError: no bar sounds other.
        """
        from cellissimo.music.player import Player  # noqa: PLC0415 - needs ipywidgets

        if not self.bars:
            raise checks.LimitError(f"no bar of {self._name!r} sounds other; .changes tells all")
        names = [run_name(run) for run in self.bars]
        (first, old), (second, new) = self._sides.items()
        one, other, starts = in_step(_heard(old), _heard(new), self.bars)
        return Player(
            {first: one, second: other},
            title=f"{self._name}, {', '.join(names)}",
            matched=False,  # each run is already
            markers=list(zip(starts, names, strict=True)),
        )

    def __repr__(self) -> str:
        """What is other, in words."""
        first, second = self._sides
        return f"{first} → {second}\n{self.words}"


def compare(
    thing: Stored, client: Client, one: int | str, other: int | str | None = None
) -> Comparison:
    """Two revisions of a piece, or one and what it is now."""
    from cellissimo.client.links import link_of  # noqa: PLC0415 - needs pydantic

    link = link_of(thing.document)
    if link is None:
        raise checks.LimitError(f"no server keeps {thing.name!r} yet; .push() puts it there")
    piece_id = link.piece_id

    def side(revision: int | str) -> tuple[str, models.Song]:
        seq = Versions(client, piece_id).seq_of(revision)
        called = revision if isinstance(revision, str) else f"revision {revision}"
        return called, parse_song(client.text_at(piece_id, seq))

    second = ("now", thing.document.revision) if other is None else side(other)
    return Comparison(thing.name, dict([side(one), second]))


def growing(
    client: Client,
    piece_id: str,
    revisions: Sequence[Revision],
    bars: Run | None = None,
    most: int = 8,
) -> Player:
    """A player of revisions, the oldest first; see ``History.play``."""
    from cellissimo.music.player import Player  # noqa: PLC0415 - needs ipywidgets

    parts: list[Samples] = []
    markers: list[tuple[float, str]] = []
    end = 0
    heard = _audible(client, piece_id, revisions, bars)[-most:]
    for number, (revision, song, run) in enumerate(heard, 1):
        samples = bars_of(_heard(song), run)
        parts.append(samples)
        markers.append((end / SAMPLE_RATE, f"{number}. {_called(revision, run)}"))
        end += samples.shape[1]
    if end == 0:
        raise checks.LimitError("nothing in this history is to be heard")
    return Player(np.concatenate(parts, axis=1), title="the song grows", markers=markers)


def _audible(
    client: Client, piece_id: str, revisions: Sequence[Revision], bars: Run | None
) -> list[tuple[Revision, models.Song, Run]]:
    """The revisions that sound other than the one before, each with the bars to be heard."""
    found = []
    before: models.Song | None = None
    for revision in revisions:
        song = parse_song(client.text_at(piece_id, revision.seq))
        runs = _runs(before, song)
        before = song
        if runs:
            first, last = runs[0]
            found.append((revision, song, bars or (first, min(last, first + MOST_BARS - 1))))
    return found


def _runs(before: models.Song | None, song: models.Song) -> list[Run]:
    if before is not None:
        return diff_songs(before, song).bars
    thing = _heard(song)
    bars = thing.bars if isinstance(thing, Loop) else MOST_BARS
    return [(1, bars)] if np.any(bars_of(thing, (1, bars))) else []


def _called(revision: Revision, run: Run) -> str:
    who = f"{revision.author.display_name}, " if revision.author else ""
    return f"{who}{run_name(run)}"


def _heard(song: models.Song) -> Loop | Song:
    document = Document(song)
    if song.kind == "loop":
        return Loop.of(document, next(iter(song.loops)))
    return Song.of(document)
