"""Locks of a song: what in a room only admins and owners change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, ClassVar, Protocol, cast

from cellissimo.music import places
from cellissimo.notation.lock_words import in_order, lock_words
from cellissimo.schema import models
from cellissimo.schema.checks import LimitError

if TYPE_CHECKING:
    from cellissimo.crdt.document import Document
    from cellissimo.crdt.write import Writer
    from cellissimo.music.song import Song


class Locks:
    """What of a song is locked, in words, and as values one by one."""

    def __init__(self, song: models.Song) -> None:
        """Those of a song as it is now."""
        self._song = song

    def __iter__(self) -> Iterator[models.Lock]:
        """Bars by their place, then loops and stems."""
        return iter(in_order(self._song.locks.values()))

    def __len__(self) -> int:
        """How many there are."""
        return len(self._song.locks)

    def __repr__(self) -> str:
        """What is locked, one a line."""
        return "\n".join(lock_words(self._song, lock) for lock in self) or "nothing is locked"


class _Held(Protocol):
    LOCKED_AS: ClassVar[str]

    @property
    def document(self) -> Document: ...
    @property
    def id(self) -> str: ...
    @property
    def model(self) -> object: ...


class Lockable:
    """A stem or loop that can be locked."""

    __slots__ = ()

    LOCKED_AS: ClassVar[str]

    @property
    def is_locked(self: _Held) -> bool:
        """Whether it is locked by itself; bars may be besides."""
        return models.Lock(self.LOCKED_AS, self.id).key in self.document.revision.locks

    def lock(self: _Held) -> None:
        """Let only admins and owners change it, wherever a server keeps it.

        Without a server nobody is kept out: a lock is an agreement that the server keeps.
        """
        _set_lock(self, closed=True)

    def unlock(self: _Held) -> None:
        """Let everybody change it who may edit."""
        _set_lock(self, closed=False)


def _set_lock(held: _Held, *, closed: bool) -> None:
    _ = held.model  # what was removed is not locked
    with held.document.edit() as edit:
        edit.set_lock(models.Lock(held.LOCKED_AS, held.id), closed=closed)


class LockableStem(Lockable):
    """A stem that can be locked, with its segments."""

    __slots__ = ()
    LOCKED_AS = "stem"


class LockableLoop(Lockable):
    """A loop that can be locked."""

    __slots__ = ()
    LOCKED_AS = "loop"


class _SongLike(Protocol):
    @property
    def model(self) -> models.Song: ...
    def edit(self) -> AbstractContextManager[Writer]: ...


class LockedBars:
    """A song of which bars can be locked."""

    __slots__ = ()

    @property
    def locks(self: _SongLike) -> Locks:
        """What is locked: bars, loops and stems."""
        return Locks(self.model)

    def lock_bars(
        self: _SongLike,
        first: float | None = None,
        last: float | None = None,
        *,
        start: int | None = None,
        end: int | None = None,
    ) -> None:
        """Let only admins and owners change what is in these bars, the last one included.

        ``start`` and ``end`` say the same in ticks. Locked are all stems, the timeline, tempo and
        meter there; a note that reaches into the bars, and loops that play in them.

        Raises:
            LimitError: these are no bars.
        """
        low, high = _stretch(cast("Song", self), first, last, start, end)
        with self.edit() as edit:
            edit.set_lock(models.Lock("bars", "", low, high), closed=True)

    def unlock_bars(
        self: _SongLike,
        first: float | None = None,
        last: float | None = None,
        *,
        start: int | None = None,
        end: int | None = None,
    ) -> None:
        """Let everybody change these bars who may edit; what is locked around them stays so.

        Raises:
            LimitError: these are no bars.
        """
        low, high = _stretch(cast("Song", self), first, last, start, end)
        with self.edit() as edit:
            for lock in self.model.locks.values():
                if lock.kind == "bars" and lock.start < high and low < lock.end:
                    edit.set_lock(lock, closed=False)
                    for left, right in ((lock.start, low), (high, lock.end)):
                        if left < right:
                            edit.set_lock(models.Lock("bars", "", left, right), closed=True)


def _stretch(
    song: Song, first: float | None, last: float | None, start: int | None, end: int | None
) -> tuple[int, int]:
    """The ticks from one bar to behind another, or from ``start`` to ``end``."""
    low = places.tick_of(song, first, start=start)
    final = first if last is None else last
    high = places.tick_of(song, None if final is None else final + 1, start=end)
    if high <= low:
        message = f"bars {first} to {last} are none; give the first one first, as lock_bars(1, 8)"
        raise LimitError(message)
    return low, high
