"""Deleting what nothing needs any more, and never anything else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo_server.store import blob_uses

if TYPE_CHECKING:
    from cellissimo_server.services import Services

HOUR_MS = 3_600_000

_AT_ONCE = 500

ABANDONED_MS = 600_000
"""A deletion that was begun so long ago was left by a server that is gone."""


@dataclass(frozen=True, slots=True)
class Collected:
    """What was deleted: blobs, and their bytes in all."""

    blobs: int = 0
    bytes: int = 0


async def collect_blobs(services: Services) -> Collected:
    """Delete blobs that nothing has needed for longer than the grace period.

    Each is condemned by a transaction that looks again whether something needs it; from then on
    nothing can, until its bytes and then its row are gone. A crash in between is made good by the
    next collection.
    """
    before = services.clock() - services.settings.blob_grace_hours * HOUR_MS
    sizes = [await _finish(services, name) for name in await _left_over(services)]
    idle = await services.database.read(lambda db: blob_uses.idle(db, before, _AT_ONCE))
    sizes += [
        await _finish(services, name) for name in idle if await _condemned(services, name, before)
    ]
    return Collected(len(sizes), sum(sizes))


async def _condemned(services: Services, name: str, before: int) -> bool:
    return await services.database.write(
        lambda db: blob_uses.condemn(db, name, before, services.clock())
    )


async def _left_over(services: Services) -> list[str]:
    """Blobs whose deletion a server has begun that is gone; they are ours to delete now."""
    now = services.clock()
    before = now - ABANDONED_MS
    found = await services.database.read(lambda db: blob_uses.abandoned(db, before))
    return [name for name in found if await _reclaimed(services, name, before, now)]


async def _reclaimed(services: Services, name: str, before: int, now: int) -> bool:
    return await services.database.write(lambda db: blob_uses.reclaim(db, name, before, now))


async def _finish(services: Services, name: str) -> int:
    await services.blobs.delete(name)
    return await services.database.write(lambda db: blob_uses.forget(db, name))
