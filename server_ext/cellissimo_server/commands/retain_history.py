"""Letting old history go: single edits that a verified checkpoint covers [ROOM-11]."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from cellissimo_server.errors import RefusalError
from cellissimo_server.store import marks, versions

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_DAY_MS = 86_400_000
_LOG = logging.getLogger("cellissimo.commands")


async def retain_history(services: Services) -> int:
    """Let entries go that are older than the setting says; gives how many went.

    To be called now and then. Of each document that has old entries, the newest old revision is
    kept as a checkpoint first; automatic versions go with the entries, named ones stay.
    """
    before = services.clock() - services.settings.history_days * _DAY_MS
    docs = await services.database.read(lambda db: marks.documents_with_old_entries(db, before))
    gone = 0
    for doc in docs:
        try:
            gone += await _retain(services, doc, before)
        except RefusalError as error:
            _LOG.error("the history of %s is kept as it is: %s %s", doc, error, error.cure)
    return gone


async def _retain(services: Services, doc: str, before: int) -> int:
    newest = await services.database.read(lambda db: marks.newest_before(db, doc, before))
    await services.database.write(lambda db: versions.delete_automatic(db, doc, before))
    if newest is None:
        return 0
    for version in await services.database.read(lambda db: versions.of_piece(db, doc)):
        if version.seq <= newest.seq:
            await services.documents.keep_now(doc, version.seq)
    await services.documents.keep_now(doc, newest.seq)
    return await services.documents.retain(doc, services.clock() - before)
