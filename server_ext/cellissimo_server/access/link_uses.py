"""How often share links are used: counted in memory, written once a minute for each."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass, replace

from cellissimo_server.store import shares
from cellissimo_server.store.database import Database
from cellissimo_server.store.errors import StoreError
from cellissimo_server.store.shares import Share

EVERY_MS = 60_000
_MOST = 10_000
_LOG = logging.getLogger("cellissimo.access")


@dataclass(slots=True)
class _Count:
    unwritten: int = 0
    last_at: int = 0
    written_at: int = -EVERY_MS


class LinkUses:
    """Counts uses of links, so that a link that many open costs a write a minute."""

    def __init__(self, database: Database) -> None:
        """Nothing has been used."""
        self._database = database
        self._counts: OrderedDict[str, _Count] = OrderedDict()

    async def note(self, share_id: str, now: int) -> None:
        """Somebody used a link."""
        count = self._counts.setdefault(share_id, _Count())
        self._counts.move_to_end(share_id)
        count.unwritten += 1
        count.last_at = now
        if now - count.written_at >= EVERY_MS:
            await self._write(share_id, count)
        while len(self._counts) > _MOST:
            await self._write(*self._counts.popitem(last=False))

    async def flush(self) -> None:
        """Write what is only in memory, before the server ends."""
        for share_id, count in list(self._counts.items()):
            await self._write(share_id, count)

    def with_unwritten(self, share: Share) -> Share:
        """A link's row with the uses that are not in it yet."""
        count = self._counts.get(share.id)
        if count is None or not count.unwritten:
            return share
        return replace(share, uses=share.uses + count.unwritten, last_used_at=count.last_at)

    async def _write(self, share_id: str, count: _Count) -> None:
        times, at = count.unwritten, count.last_at
        if not times:
            return
        count.unwritten, count.written_at = 0, at
        try:
            await self._database.write(lambda db: shares.used(db, share_id, at, times))
        except StoreError as error:  # no reader is refused for it: it is counted with the next
            count.unwritten += times
            _LOG.warning("uses of a link are written later: %s", error)
