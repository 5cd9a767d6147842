"""What is made once for a revision of a piece, off the event loop, and kept for who comes next."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

Revision = tuple[str, int]
"""A piece's id and the number of its revision."""

_MOST = 100


class Kept(Generic[T]):
    """Values by revision, such as pictures; those unused for longest go first."""

    def __init__(self) -> None:
        """Nothing is made yet."""
        self._values: OrderedDict[Revision, T] = OrderedDict()
        self._making = asyncio.Lock()

    async def of(self, revision: Revision, make: Callable[[], T]) -> T:
        """The value of a revision: the one that is kept, or what ``make`` gives in a thread.

        One is made at a time, so that many visitors at once cost one processor at the most.
        """
        async with self._making:
            if revision not in self._values:
                self._values[revision] = await asyncio.to_thread(make)
            self._values.move_to_end(revision)
            while len(self._values) > _MOST:
                self._values.popitem(last=False)
            return self._values[revision]


class Galleries:
    """What the pages of one server keep: the code and the preview picture of each piece."""

    def __init__(self) -> None:
        """Empty."""
        self.codes: Kept[str] = Kept()
        self.previews: Kept[bytes] = Kept()
