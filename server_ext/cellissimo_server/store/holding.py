"""Who holds a data folder: one server at a time, and the next is told which and where."""

from __future__ import annotations

import json
import os
import socket
import sys
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from cellissimo_server.store.errors import HeldError, StoreError

_LOCK, _HOLDER = "holder.lock", "holder.json"


@dataclass(frozen=True, slots=True)
class Holder:
    """A server that holds a folder: its process, its machine, where it is reached, since when.

    ``url`` is empty until that server takes requests; ``since`` is in milliseconds since 1970 UTC.
    """

    pid: int
    host: str
    url: str
    since: int


class Hold:
    """The folder is ours until ``release``, or until this process ends in whatever way."""

    def __init__(self, folder: Path, now: int) -> None:
        """Take the folder.

        Raises:
            HeldError: another server has it; ``error.holder`` says which.
            StoreError: the folder's file system knows no locks.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._note = folder / _HOLDER
        self._lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._lock)
        except BlockingIOError:
            os.close(self._lock)
            raise _held(folder, holder_of(folder)) from None
        except OSError as error:
            os.close(self._lock)
            raise StoreError(
                f"The folder {folder} cannot be locked ({error.strerror}).",
                cure="Keep the data on a local disk, or use PostgreSQL.",
            ) from error
        self.holder = Holder(os.getpid(), socket.gethostname(), "", now)
        self._write()

    def announce(self, url: str) -> None:
        """Note where this server is reached, for the next one that comes."""
        self.holder = replace(self.holder, url=url)
        self._write()

    def release(self) -> None:
        """Let go of the folder."""
        if self._lock >= 0:
            self._note.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = -1

    def _write(self) -> None:
        """Whole or not at all: somebody may read it at any moment."""
        fresh = self._note.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self.holder)), "utf-8")
        fresh.replace(self._note)


def holder_of(folder: Path) -> Holder | None:
    """Who says to hold a folder; None where nobody does, or the note does not read.

    The note outlives a killed server: only a lock that cannot be taken shows that it is true.
    """
    try:
        noted = json.loads((folder / _HOLDER).read_text("utf-8"))
        return Holder(int(noted["pid"]), str(noted["host"]), str(noted["url"]), int(noted["since"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _held(folder: Path, holder: Holder | None) -> HeldError:
    if holder is None:
        return HeldError(
            f"The data in {folder} is held by another server that has not said yet who it is.",
            cure="Try again in a moment, or choose another folder with CellissimoApp.data.",
        )
    since = datetime.fromtimestamp(holder.since / 1000, UTC).isoformat(timespec="seconds")
    where = f", reached at {holder.url}" if holder.url else ""
    told = HeldError(
        f"The data in {folder} is held by the server with process id {holder.pid} on "
        f"{holder.host}{where}, since {since}.",
        cure=f"Use {holder.url or 'that server'}, stop it, or choose another folder with "
        "CellissimoApp.data.",
    )
    told.holder = holder
    return told


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError from error
else:
    import fcntl

    def _lock(file: int) -> None:
        # flock, not lockf: closing another descriptor of the file would let go of that one.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
