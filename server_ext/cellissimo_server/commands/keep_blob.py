"""Keeping bytes as a blob: said first, written then, so that the collector never meets them."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from cellissimo_server.errors import UnavailableError
from cellissimo_server.store import blob_uses
from cellissimo_server.store.blob_uses import Blob
from cellissimo_server.store.blobs import hash_of
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_PAUSE_S = 0.02
_PATIENCE_S = 10.0
_TRIES = 20


async def keep_blob(services: Services, source: Path | bytes, mime: str) -> Blob:
    """A blob of these bytes, safe from the collector for its grace period.

    To make it stay, say what needs it (``blob_uses.add_kept``) in the transaction that makes that.

    Raises:
        StoreError: the bytes cannot be kept now.
    """
    described = await asyncio.to_thread(_described, source, mime)
    for _ in range(_TRIES):
        blob = await _reserved(services, described)
        await services.blobs.put(source, blob.name)
        # whoever needs longer than the grace period may have been overtaken by the collector
        if await services.database.read(partial(_is_still, blob)):
            return blob
    raise _busy()


def _described(source: Path | bytes, mime: str) -> Blob:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    return Blob(hash_of(source), size, mime)


def _reserve(services: Services, blob: Blob, db: Connection) -> Blob | None:
    return blob_uses.reserve(db, blob, services.clock())


async def _reserved(services: Services, blob: Blob) -> Blob:
    """Say that the bytes will be there; wait while older ones of that name are being deleted."""
    deadline = asyncio.get_running_loop().time() + _PATIENCE_S
    while asyncio.get_running_loop().time() < deadline:
        found = await services.database.write(partial(_reserve, services, blob))
        if found is not None:
            return found
        await asyncio.sleep(_PAUSE_S)
    raise _busy()


def _is_still(blob: Blob, db: Connection) -> bool:
    found = blob_uses.by_name(db, blob.name)
    return found is not None and found.born == blob.born


def _busy() -> UnavailableError:
    return UnavailableError(
        "These bytes are being deleted by somebody else just now.",
        cure="Send them again in a minute.",
    )
