"""Keeping bytes as a blob: said first, written then, so that the collector never meets them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from cellissimo_server.errors import UnavailableError
from cellissimo_server.store import blob_uses
from cellissimo_server.store.blob_uses import Blob
from cellissimo_server.store.blobs import hash_of

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_PAUSE_S = 0.02
_PATIENCE_S = 10.0


async def keep_blob(services: Services, source: Path | bytes, mime: str) -> Blob:
    """A blob of these bytes, safe from the collector for its grace period.

    To make it stay, add a use (``blob_uses.add``) in the transaction that makes what needs it.

    Raises:
        StoreError: the bytes cannot be kept now.
    """
    blob = await asyncio.to_thread(_described, source, mime)
    await _reserve(services, blob)
    await services.blobs.put(source, blob.name)
    return blob


def _described(source: Path | bytes, mime: str) -> Blob:
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    return Blob(hash_of(source), size, mime)


async def _reserve(services: Services, blob: Blob) -> None:
    """Say that the bytes will be there; wait while older ones of that name are being deleted."""
    deadline = asyncio.get_running_loop().time() + _PATIENCE_S
    while not await services.database.write(
        lambda db: blob_uses.reserve(db, blob, services.clock())
    ):
        if asyncio.get_running_loop().time() > deadline:
            raise UnavailableError(
                "These bytes are being deleted by somebody else just now.",
                cure="Send them again in a minute.",
            )
        await asyncio.sleep(_PAUSE_S)
