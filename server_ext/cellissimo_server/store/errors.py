"""What can go wrong with what is kept; each error says what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo_server.errors import ConflictError, GoneError, UnavailableError

if TYPE_CHECKING:
    from cellissimo_server.store.holding import Holder


class StoreError(UnavailableError):
    """The store cannot do this now: a full disk, a database that is away, a damaged file."""

    code = "unavailable"


class ClosedError(StoreError):
    """The store was asked after it was closed."""

    def __init__(self) -> None:
        """There is nothing to say but that."""
        super().__init__("The store is closed.", cure="The server is stopping: try again later.")


class ExistsError(ConflictError):
    """A row with this key is there already."""


class DiskError(StoreError):
    """The disk or the database server failed; what was not committed is not kept."""


class UnsureError(DiskError):
    """The failure came while it was committed: it is kept whole, or not at all."""


class ReadOnlyError(RuntimeError):
    """Work that changes rows was given to ``Database.read``: a mistake in our own code."""


class HeldError(StoreError):
    """Another server holds these files; ``holder`` says which, where that is known."""

    holder: Holder | None = None


class NewerError(StoreError):
    """The database was written by a newer version of cellissimo than this one."""


class BehindError(StoreError):
    """The database has to be migrated before this server may use it."""


class DamagedError(StoreError):
    """Bytes that are not what was written."""


def gone(doc: str, seq: int, kept: int) -> GoneError:
    """The answer for a revision that is older than what is kept."""
    return GoneError(
        f"Revision {seq} of the document {doc} is not kept any more.",
        field="seq",
        value=seq,
        accepted=f"{kept} or later, or a named version",
        cure="Open the oldest revision that is kept, or a named version.",
    )
