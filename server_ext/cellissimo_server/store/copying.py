"""Copies of a data folder, taken beside a server that runs on it, or beside none.

The database file and its log are copied as a power cut at that instant would have left them, so
that everything that was acknowledged before is in the copy. Blobs never change; they are copied
afterwards, so that all which the database names are among them.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from cellissimo_server.store.blobs import hash_of
from cellissimo_server.store.errors import DamagedError, DiskError, StoreError
from cellissimo_server.store.opening import FILE_NAME

BLOBS = "blobs"
"""The folder of the blobs, here and in the copy."""

_TRIES = 200
_PAUSE_S = 0.05

Seen = tuple[tuple[str, int, int, int], ...]
"""Names, inodes, sizes and times of the files of a database, without the size of its log."""


def copy_database(data: Path, target: Path) -> None:
    """Copy the database of a data folder to the folder ``target``.

    Raises:
        StoreError: there is none, or it did not hold still.
        DiskError: there is no room for it.
    """
    if not (data / FILE_NAME).is_file():
        raise StoreError(
            f"There is no database in {data}.",
            cure="Say which folder: --data FOLDER, as the server has it in CellissimoApp.data.",
        )
    for _ in range(_TRIES):
        before = _seen(data)
        try:
            _copy_files(data, target)
        except FileNotFoundError:  # its log was just put away
            continue
        if _seen(data) == before:
            return
        time.sleep(_PAUSE_S)
    raise StoreError(
        "The database was written to so much that it never held still.",
        cure="Try again in a quieter hour, or stop the server first.",
    )


def _files(data: Path) -> list[Path]:
    return sorted(data.glob(f"{FILE_NAME}*"))


def _seen(data: Path) -> Seen:
    """What changes when the file itself is written, or its log begins anew; not when it grows."""
    found = []
    for path in _files(data):
        try:
            now = path.stat()
        except FileNotFoundError:
            continue
        is_file = path.name == FILE_NAME
        size, changed = (now.st_size, now.st_mtime_ns) if is_file else (0, 0)
        found.append((path.name, now.st_ino, size, changed))
    return tuple(found)


def _copy_files(data: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for old in _files(target):
        old.unlink()
    for path in _files(data):  # the file comes first, then its log, which only grows
        try:
            shutil.copyfile(path, target / path.name)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise DiskError(
                f"The database could not be copied: {error.strerror}.",
                cure="Make room on the disk of the backup, and try again.",
            ) from error


def blob_files(folder: Path) -> Iterator[Path]:
    """The files of all blobs in a folder of blobs; what is not finished yet is none."""
    for path in sorted(folder.glob("??/??/*")):
        if len(path.name) == 64 and path.is_file():
            yield path


def copy_blobs(source: Path, target: Path) -> int:
    """Copy the blobs that ``target`` has not; gives how many it has then. Each is checked.

    Raises:
        DamagedError: one is not what its name says; the message names it.
    """
    count = 0
    for path in blob_files(source):
        place = target / path.relative_to(source)
        if not place.is_file():
            place.parent.mkdir(parents=True, exist_ok=True)
            unfinished = place.with_name(f"{path.name}.part")
            shutil.copyfile(path, unfinished)
            _check(unfinished, path)
            unfinished.replace(place)
        count += 1
    return count


def _check(copy: Path, path: Path) -> None:
    if hash_of(copy) != path.name:
        copy.unlink()
        raise DamagedError(
            f"The blob {path} is not what its name says.",
            cure="Put it back from an older backup, or move it away: what needs it will say so.",
        )
