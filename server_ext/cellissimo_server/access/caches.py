"""What is kept for a while so that it need not be looked up again, and forgotten on change."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from cellissimo_server.settings import Settings

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

_MOST = 2000
"""Entries of one cache; those unused for longest go first."""

_MOST_FILES = 50


class Expiring(Generic[K, V]):
    """Values by key, each for ``seconds``; what is cleared while it is looked up is not kept."""

    def __init__(self, seconds: int, clock: Callable[[], int], most: int = _MOST) -> None:
        """Empty, for ``most`` entries; ``clock`` gives milliseconds."""
        self._most = most
        self._ms = seconds * 1000
        self._clock = clock
        self._held: OrderedDict[K, tuple[int, V]] = OrderedDict()
        self._age = 0

    async def kept(self, key: K, look_up: Callable[[], Awaitable[V]]) -> V:
        """The value of ``key``: the one that is kept, or what ``look_up`` gives."""
        held = self._held.get(key)
        if held is not None and self._clock() < held[0]:
            self._held.move_to_end(key)
            return held[1]
        age = self._age
        value = await look_up()
        if age == self._age:
            self._held[key] = (self._clock() + self._ms, value)
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
        return value

    def clear(self) -> None:
        """Forget everything, and what is being looked up."""
        self._age += 1
        self._held.clear()


@dataclass(slots=True)
class Caches:
    """The caches of a server.

    Lists of public pieces, links by hash, profiles by name, and what is made of a piece's
    revision: its text, its code, its MIDI file. Links are not kept where several servers share a
    database: one that another server has revoked would go on working here.
    """

    public: Expiring[Any, Any]
    shares: Expiring[str, Any]
    profiles: Expiring[str, Any]
    made: Expiring[tuple[str, int, str], Any]

    @classmethod
    def empty(cls, settings: Settings, clock: Callable[[], int]) -> Caches:
        """Empty caches with the times of the settings."""
        is_shared = settings.database_url.startswith(("postgresql://", "postgres://"))
        return cls(
            Expiring(settings.public_cache_s, clock),
            Expiring(0 if is_shared else settings.share_cache_s, clock),
            Expiring(settings.profile_cache_s, clock),
            Expiring(settings.share_cache_s, clock, most=_MOST_FILES),
        )

    def piece_changed(self) -> None:
        """Something of a piece changed that lists show; to be called once it is durable."""
        self.public.clear()

    def share_changed(self) -> None:
        """A link was revoked, or what it allows has changed."""
        self.shares.clear()
