"""The song's timeline: blocks of loops, one after the other and above each other."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from cellissimo.crdt.layout import BLOCKS
from cellissimo.domain.ticks import parse_meter
from cellissimo.engine.song_image import bar_of
from cellissimo.music import places
from cellissimo.music.part import fresh_id
from cellissimo.music.span import Span
from cellissimo.notation.digest import digest_block
from cellissimo.schema import checks, limits, models, song_checks

if TYPE_CHECKING:
    from cellissimo.music.loop import Loop
    from cellissimo.music.song import Song


class Block(Span[models.Block]):
    """A loop on the timeline. Editing the loop changes every block of it."""

    __slots__ = ()

    _kind = models.Block
    checked = staticmethod(song_checks.block)

    @property
    def loop(self) -> Loop:
        """The loop that it plays."""
        return self.song.loop_of(self.model.loop)

    @loop.setter
    def loop(self, loop: Loop) -> None:
        with self.song.step():
            self._set(loop=self.song.add(loop).id)

    @property
    def lane(self) -> int:
        """The lane of the timeline, 0 … 15."""
        return self.model.lane

    @lane.setter
    def lane(self, lane: int) -> None:
        self._set(lane=lane)

    @property
    def times(self) -> float:
        """How often the loop is played."""
        turn = turn_of(self.loop, self.start)
        return self.length / turn if self.length % turn else self.length // turn

    @times.setter
    def times(self, times: float) -> None:
        turns = checks.number(times, 1e-6, 100_000, "times")
        self._set(length=song_checks.ticks(round(turns * turn_of(self.loop, self.start))))

    def duplicate(self) -> Block:
        """Put another block of the same loop right behind this one."""
        return self.song.timeline._put(dataclasses.replace(self.model, start=self.end))  # noqa: SLF001

    def split(
        self, bar: float | None = None, beat: float = 1, *, start: int | None = None
    ) -> Block:
        """Cut it in two at a place inside it, where the loop turns; gives the second block.

        Raises:
            LimitError: the place is outside the block, or within a turn of the loop, or the loop
                has other bars there.
        """
        tick = places.tick_of(self.song, bar, beat, start=start)
        turn = turn_of(self.loop, self.start)
        if not self.start < tick < self.end or (tick - self.start) % turn:
            message = (
                f"tick {tick} is no place to split this block of ticks {self.start} to {self.end}; "
                f"give a place where its loop begins again, every {turn} ticks"
            )
            raise checks.LimitError(message)
        same_bars(self.loop, self.start, tick)
        with self.song.step():
            second = dataclasses.replace(self.model, start=tick, length=self.end - tick)
            self.length = tick - self.start
            return self.song.timeline._put(second)  # noqa: SLF001 - its other half

    def detach(self) -> Loop:
        """Give this block a copy of its loop, so that editing it changes no other; gives it."""
        with self.song.step():
            copy = self.song.duplicate(self.loop)
            self._set(loop=copy.id)
        return copy

    def __repr__(self) -> str:
        """A short stable description: what a screen reader says."""
        return digest_block(self.song.model, self.model) if self.is_there else "Block · removed"


class Timeline(Sequence[Block]):
    """The blocks of a song, from first to last.

    >>> song.timeline.append(loop, times=2)
    """

    def __init__(self, song: Song) -> None:
        """The timeline of ``song``."""
        self._song = song

    @overload
    def __getitem__(self, place: int) -> Block: ...

    @overload
    def __getitem__(self, place: slice) -> list[Block]: ...

    def __getitem__(self, place: int | slice) -> Block | list[Block]:
        """The block, or the blocks, of a place from the first on."""
        ids = list(self._song.model.blocks)
        if isinstance(place, slice):
            return [Block(self._song, block) for block in ids[place]]
        try:
            return Block(self._song, ids[place])
        except IndexError:
            message = f"there is no block {place}; the timeline has {len(ids)}"
            raise IndexError(message) from None

    def __len__(self) -> int:
        """How many blocks there are."""
        return len(self._song.model.blocks)

    @property
    def end(self) -> int:
        """The tick behind the last block."""
        return max((block.end for block in self._song.model.blocks.values()), default=0)

    def append(self, loop: Loop, times: float = 1, lane: int = 0) -> Block:
        """Put a loop behind the last block of a lane, to be played so many times.

        The song takes the loop in, where it is not in it yet.
        """
        lane = checks.whole(lane, 0, limits.LANES - 1, "lane")
        ends = [b.end for b in self._song.model.blocks.values() if b.lane == lane]
        return self._add(loop, max(ends, default=0), times, lane)

    def add(
        self,
        loop: Loop,
        bar: float | None = None,
        beat: float = 1,
        *,
        times: float = 1,
        lane: int = 0,
        start: int | None = None,
        start_time: float | None = None,
    ) -> Block:
        """Put a loop at a place; what is there already sounds with it."""
        tick = places.tick_of(self._song, bar, beat, start=start, start_time=start_time)
        return self._add(loop, tick, times, lane)

    def insert(self, loop: Loop, bar: float, times: float = 1, lane: int = 0) -> Block:
        """Put a loop at a bar; the blocks of its lane from there on make room for it."""
        tick, held = places.tick_of(self._song, bar), self._song.model.blocks.values()
        lane = checks.whole(lane, 0, limits.LANES - 1, "lane")
        later = [block for block in held if block.lane == lane and block.start >= tick]
        with self._song.step():
            block = self._add(loop, tick, times, lane)
            with self._song.edit() as edit:
                for moved in later:
                    start = min(moved.start + block.length, limits.LAST_TICK)
                    edit.set_field(models.Block, moved.id, "start", start)
        return block

    def _add(self, loop: Loop, tick: int, times: float, lane: int) -> Block:
        turns = checks.number(times, 1e-6, 100_000, "times")
        with self._song.step():
            held = self._song.add(loop)
            length = song_checks.ticks(round(turns * turn_of(held, tick)))
            return self._put(models.Block("", held.id, tick, length, lane))

    def _put(self, model: models.Block) -> Block:
        held = len(self)
        song_checks.room_for(held, limits.BLOCKS_PER_SONG, "blocks")
        block = song_checks.block(dataclasses.replace(model, id=fresh_id()))
        with self._song.edit() as edit:
            edit.put(block)
        return Block(self._song, block.id)

    def clear(self) -> None:
        """Take all blocks off; their loops stay in the song."""
        with self._song.edit() as edit:
            for block in self._song.model.blocks:
                edit.remove(BLOCKS, block)

    def __repr__(self) -> str:
        """The blocks, one a line."""
        return "\n".join(map(repr, self)) or "empty timeline"


def same_bars(loop: Loop, tick: int, other: int) -> None:
    """Refuse to cut what plays a loop where its bars are others than where it began [DOC-26].

    Raises:
        LimitError: the song's meter changed in between, and the loop has none of its own.
    """
    if turn_of(loop, tick) != turn_of(loop, other):
        message = (
            f"{loop.name!r} has no meter of its own and would play other bars from tick {other} "
            "on, where the song has another; use one that has: cm.Loop(name, meter='4/4')"
        )
        raise checks.LimitError(message)


def keep_bars(loop: Loop, tick: int) -> None:
    """Give a loop the meter that its song has at a tick, where it has none [DOC-26]."""
    meter = bar_of(loop.model, loop.document.revision, tick)
    with loop.document.edit() as edit:
        edit.set_loop_field(loop.id, "meter", str(meter))


def turn_of(loop: Loop, tick: int) -> int:
    """Ticks of one turn of a loop that begins at a tick of its song."""
    model = loop.model
    return parse_meter(str(bar_of(model, loop.document.revision, tick))).ticks_per_bar * model.bars
