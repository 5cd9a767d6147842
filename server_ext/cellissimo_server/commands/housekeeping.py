"""What the server does by itself now and then: old trash, old history, guests who stay away."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from cellissimo_server.commands.guests import purge_guests
from cellissimo_server.commands.json_change import forget_taken
from cellissimo_server.commands.retain_history import retain_history
from cellissimo_server.commands.tidy_up import tidy_up
from cellissimo_server.errors import RefusalError

if TYPE_CHECKING:
    from cellissimo_server.services import Services

EVERY_S = 3600.0
"""How often, in seconds."""

_LOG = logging.getLogger("cellissimo.commands")

Chore = Callable[["Services"], Awaitable[Any]]

CHORES: tuple[Chore, ...] = (purge_guests, retain_history, tidy_up, forget_taken)
"""In their order: what one lets go of, the next can clear away."""


class Housekeeping:
    """A task that does the chores, first a while after the start."""

    def __init__(self, services: Services, every_s: float = EVERY_S) -> None:
        """Nothing runs yet."""
        self._services = services
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._run(), name="cellissimo-housekeeping")

    async def stop(self) -> None:
        """End, between two steps of a chore: each is a transaction of its own."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            await keep_house(self._services)


async def keep_house(services: Services) -> None:
    """Do all chores once; one that cannot be done now is said, and does not stop the others."""
    for chore in CHORES:
        try:
            await chore(services)
        except RefusalError as error:
            _LOG.error("a chore is left for later: %s %s", type(error).__name__, error.cure)
        except Exception as error:  # noqa: BLE001 - the next hour must come all the same
            _LOG.error("a chore failed: %s", type(error).__name__)
