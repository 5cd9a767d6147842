"""What happens to jobs, told to those who wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cellissimo_server.store.jobs import Job

_KEPT = 64
"""News that wait for a slow listener; the oldest are dropped, as each tells everything."""


class News:
    """Listeners by the id of a job or of its owner."""

    def __init__(self) -> None:
        """Nobody listens at first."""
        self._listeners: dict[str, set[asyncio.Queue[Job]]] = {}
        self.everything: Callable[[Job], None] | None = None
        """Who is told of every job, if anybody is."""

    def tell(self, job: Job) -> None:
        """Tell how a job is now to who listens to it or to its owner."""
        if self.everything is not None:
            self.everything(job)
        for key in (job.id, job.owner_id):
            for queue in self._listeners.get(key, ()):
                if queue.full():
                    queue.get_nowait()
                queue.put_nowait(job)

    @contextmanager
    def listening(self, key: str) -> Iterator[asyncio.Queue[Job]]:
        """A queue of what happens from now on to a job, or to all jobs of a person."""
        queue: asyncio.Queue[Job] = asyncio.Queue(_KEPT)
        self._listeners.setdefault(key, set()).add(queue)
        try:
            yield queue
        finally:
            self._listeners[key].discard(queue)
            if not self._listeners[key]:
                del self._listeners[key]

    @property
    def listeners(self) -> int:
        """How many listen."""
        return sum(map(len, self._listeners.values()))
