"""Parts of an earlier song brought back into a later one; the rest stays as it is [ROOM-10].

What belongs to a bar is what begins in it: a note by where it sounds, everything else by its
tick. So bars come back one by one, and nothing that begins in another bar is touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.restoring_notes import Bars, notes_restored
from cellissimo.schema.models import Block, Lanes, Loop, Marker, Section, Segment, Song, Stem

T = TypeVar("T", Block, Marker, Section)
FreshId = Callable[[], str]
"""Makes the id of something new."""


class RestoreError(CellissimoError):
    """Something that cannot be brought back; the message says why."""


def with_bars_of(now: Song, then: Song, first: int, last: int, fresh_id: FreshId) -> Song:
    """``now`` with bars ``first`` … ``last`` as they were in ``then``.

    Stems and loops that those bars need come back too. ``fresh_id`` names what comes back while
    its id is elsewhere in use. Meters, and the tempo at the start, stay. *Cost*: O(things).

    Raises:
        RestoreError: the bars are none, or of a loop whose grid is another.
    """
    if not 1 <= first <= last:
        raise RestoreError(f"bars {first} to {last} are none; count from 1, the first one first")
    if now.kind == "loop":
        return _loop_restored(now, then, first, last)
    grid = MeterMap(now.meters)
    return _Restoring(now, then, Bars(grid.tick_of(first), grid.tick_of(last + 1)), fresh_id).song()


def with_stem_of(now: Song, then: Song, stem_id: str, fresh_id: FreshId) -> Song:
    """``now`` with one stem and its segments as they were in ``then``.

    Raises:
        RestoreError: there was no such stem.
    """
    stem = then.stems.get(stem_id)
    if stem is None:
        names = ", ".join(f"{one.id} ({one.name})" for one in then.stems.values()) or "none"
        raise RestoreError(f"that revision has no stem {stem_id!r}; it has {names}")
    others = {key: one for key, one in now.segments.items() if one.stem != stem_id}
    gone = now.segments.keys() - others.keys()
    back = {key: one for key, one in then.segments.items() if one.stem == stem_id}
    song = replace(
        now,
        stems={**now.stems, stem_id: _with_sends(stem, now)},
        segments=others,
        loops={key: loop for key, loop in now.loops.items() if key not in gone},
    )
    return _with_segments(song, then, back, fresh_id)


@dataclass(frozen=True, slots=True)
class _Restoring:
    """Two songs, and the ticks that come back."""

    now: Song
    then: Song
    bars: Bars
    fresh_id: FreshId

    def song(self) -> Song:
        now, then = self.now, self.then
        left, back = self._segments()
        gone = {key for key in now.segments if key not in left}
        song = replace(
            now,
            tempos=self._points(now.tempos, then.tempos),
            blocks=self._things(now.blocks, then.blocks),
            sections=self._things(now.sections, then.sections),
            markers=self._things(now.markers, then.markers),
            lanes=self._lanes(now.lanes, then.lanes),
            stems={key: self._channel(one, then.stems) for key, one in now.stems.items()},
            returns={key: self._channel(one, then.returns) for key, one in now.returns.items()},
            segments=left,
            loops={key: loop for key, loop in now.loops.items() if key not in gone},
        )
        song = self._with_stems(song, back)
        return _with_loops(_with_segments(song, then, back, self.fresh_id), then)

    def _points(self, now: Mapping[int, Any], then: Mapping[int, Any]) -> dict[int, Any]:
        """What is said at ticks; what is said at the start stays."""
        kept = {tick: value for tick, value in now.items() if not tick or tick not in self.bars}
        back = {tick: value for tick, value in then.items() if tick and tick in self.bars}
        return dict(sorted((kept | back).items()))

    def _lanes(self, now: Lanes, then: Lanes) -> Lanes:
        found: dict[str, dict[int, Any]] = {}
        for key in sorted({*now, *then}):
            kept = {at: one for at, one in now.get(key, {}).items() if at not in self.bars}
            back = {at: one for at, one in then.get(key, {}).items() if at in self.bars}
            if kept or back:
                found[key] = dict(sorted((kept | back).items()))
        return found

    def _channel(self, one: Any, then: Mapping[str, Any]) -> Any:  # noqa: ANN401 - stem or return
        before = then.get(one.id)
        return replace(one, lanes=self._lanes(one.lanes, before.lanes if before else {}))

    def _things(self, now: Mapping[str, T], then: Mapping[str, T]) -> dict[str, T]:
        found = {key: one for key, one in now.items() if _place(one) not in self.bars}
        for key, one in then.items():
            if _place(one) in self.bars:
                free = key if key not in found else self.fresh_id()
                found[free] = replace(one, id=free)
        return found

    def _segments(self) -> tuple[dict[str, Segment], dict[str, Segment]]:
        """What stays of the segments, and what of the earlier ones comes back beside it."""
        left: dict[str, Segment] = {}
        back: dict[str, Segment] = {}
        for key in {**self.now.segments, **self.then.segments}:
            now, then = self.now.segments.get(key), self.then.segments.get(key)
            stays, comes = self._segment(now, then)
            left |= {key: stays} if stays else {}
            back |= {key: comes} if comes else {}
        return left, back

    def _segment(
        self, now: Segment | None, then: Segment | None
    ) -> tuple[Segment | None, Segment | None]:
        if "midi" not in {one.kind for one in (now, then) if one} or (
            now and then and now.kind != then.kind
        ):
            stays = now if now and now.start not in self.bars else None
            comes = then if then and then.start in self.bars else None
            if now == then and comes:
                return now, None
            return stays, comes
        return notes_restored(now, then, self.bars)

    def _with_stems(self, song: Song, back: Mapping[str, Segment]) -> Song:
        """The song with the stems of what comes back."""
        needed = {one.stem for one in back.values()} - song.stems.keys()
        held = {
            key: replace(_with_sends(stem, song), lanes=self._lanes({}, stem.lanes))
            for key, stem in self.then.stems.items()
            if key in needed
        }
        return replace(song, stems={**song.stems, **held})


def _place(thing: Block | Marker | Section) -> int:
    return thing.tick if isinstance(thing, Marker) else thing.start


def _with_sends(stem: Stem, song: Song) -> Stem:
    """The stem without sends to returns that are not there any more."""
    there = {key: level for key, level in stem.sends.items() if key in song.returns}
    return replace(stem, sends=there)


def _with_segments(song: Song, then: Song, back: Mapping[str, Segment], fresh_id: FreshId) -> Song:
    """The song with segments of an earlier one, and with the loops that they play."""
    segments, loops = dict(song.segments), dict(song.loops)
    for key, one in back.items():
        free = key if key not in segments else fresh_id()
        segments[free] = replace(one, id=free)
        if one.kind == "pattern":
            loops[free] = replace(then.loops[key], id=free)
            segments[free] = replace(one, id=free, loop=free)
    return _with_loops(replace(song, segments=segments, loops=loops), then)


def _with_loops(song: Song, then: Song) -> Song:
    """The song with every loop that something in it plays."""
    played = {one.loop for one in song.blocks.values()}
    played |= {one.loop for one in song.segments.values() if one.kind == "loop" and one.loop}
    missing = {key: loop for key, loop in then.loops.items() if key in played - song.loops.keys()}
    return replace(song, loops={**song.loops, **missing})


def _loop_restored(now: Song, then: Song, first: int, last: int) -> Song:
    (key, loop), before = next(iter(now.loops.items())), next(iter(then.loops.values()))
    if loop.steps_per_bar != before.steps_per_bar:
        raise RestoreError(
            f"that revision has {before.steps_per_bar} cells a bar, and the loop has "
            f"{loop.steps_per_bar} now; restore all of it"
        )
    cells = range((first - 1) * loop.steps_per_bar, min(last, loop.bars) * loop.steps_per_bar)
    steps = {at: one for at, one in loop.steps.items() if at[1] not in cells}
    steps |= {at: one for at, one in before.steps.items() if at[1] in cells}
    chords = {at: one for at, one in loop.chords.items() if at not in cells}
    chords |= {at: one for at, one in before.chords.items() if at in cells}
    restored = replace(
        loop,
        steps=dict(sorted(steps.items())),
        chords=dict(sorted(chords.items())),
        settings=_with_rows(loop, before, {row for row, _ in steps}),
    )
    return replace(now, loops={key: restored})


def _with_rows(loop: Loop, before: Loop, rows: set[str]) -> dict[str, Any]:
    """The settings, with those of rows that come back."""
    there = {row for row, _ in loop.steps} | {key.split(".")[0] for key in loop.settings}
    back = {
        key: value for key, value in before.settings.items() if key.split(".")[0] in rows - there
    }
    return dict(sorted({**loop.settings, **back}.items()))
