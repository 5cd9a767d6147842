"""Backups of a server's data, and putting them back: checked by opening every document."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from cellissimo_server.rooms.keeping import Keeper
from cellissimo_server.store import migrations
from cellissimo_server.store.copying import BLOBS, blob_files, copy_blobs, copy_database
from cellissimo_server.store.database import Connection
from cellissimo_server.store.errors import DamagedError, StoreError
from cellissimo_server.store.holding import Hold
from cellissimo_server.store.journal import DatabaseJournal
from cellissimo_server.store.opening import FILE_NAME, open_database

TOLD = "backup.json"
"""The file in which a backup says what it is."""

FORMAT = 1
ENDING = ".zip"
_TIME = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: how many pieces, revisions and blobs, and its database's sha256.

    ``missing`` are blobs that something needs and that were not there to be copied.
    """

    pieces: int
    revisions: int
    blobs: int
    database: str
    missing: tuple[str, ...] = ()
    cellissimo: int = FORMAT

    def __str__(self) -> str:
        """One line."""
        told = f"{self.pieces} pieces, {self.revisions} revisions, {self.blobs} blobs"
        return f"{told}; {len(self.missing)} blobs are missing" if self.missing else told


# -- making one ----------------------------------------------------------------------------------


def back_up(data: Path, target: Path) -> Backup:
    """Back a data folder up, into the folder ``target`` or a file that ends in ``.zip``.

    A server may run on it meanwhile. The copy is opened, and each document in it read.

    Raises:
        RefusalError: it cannot be done; the message says why, and what to do.
    """
    if target.exists():
        raise StoreError(
            f"{target} is there already.", cure="Name a new folder or file for each backup."
        )
    if target.suffix != ENDING:
        return _into(data, target)
    with tempfile.TemporaryDirectory(prefix=".cellissimo-", dir=_parent(target)) as room:
        made = _into(data, Path(room) / "backup")
        unfinished = Path(room) / target.name
        _pack(Path(room) / "backup", unfinished)
        unfinished.replace(target)
    return made


def _parent(target: Path) -> Path:
    folder = target.absolute().parent
    if not folder.is_dir():
        raise StoreError(f"There is no folder {folder}.", cure="Make it first.")
    return folder


def _into(data: Path, target: Path) -> Backup:
    unfinished = target.absolute().with_name(f".{target.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        copy_database(data, unfinished)
        blobs = copy_blobs(data / BLOBS, unfinished / BLOBS)
        pieces, revisions, needed = asyncio.run(_read_through(unfinished))
        there = {path.name for path in blob_files(unfinished / BLOBS)}
        made = Backup(
            pieces,
            revisions,
            blobs,
            _hash_of(unfinished / FILE_NAME),
            tuple(sorted(set(needed) - there)),
        )
        (unfinished / TOLD).write_text(json.dumps(asdict(made), indent=1) + "\n", "utf-8")
        unfinished.replace(target)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return made


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


async def _read_through(folder: Path) -> tuple[int, int, list[str]]:
    """Open a copied database, read each document; pieces, revisions, and blobs that are needed."""
    database = open_database(folder)
    try:
        if not await database.read(migrations.applied_steps):
            return 0, 0, []
        keeper = Keeper(database, DatabaseJournal(database, lambda: 0), lambda: 0)
        pieces, revisions, needed = await database.read(_counted)
        for piece_id in pieces:
            await keeper.opened(piece_id)
        await database.lay_out(lambda _db: None)  # what was in the log is in the file from now on
    finally:
        await database.close()
    _refuse_log(folder)
    return len(pieces), revisions, needed


def _refuse_log(folder: Path) -> None:
    """A backup has one file of the database: with a log beside it, it would not be whole."""
    left = [path for path in folder.glob(f"{FILE_NAME}.*") if path.stat().st_size]
    if left:
        raise StoreError(
            f"The copy's log {left[0].name} could not be put into its database.",
            cure="Try again; if it stays, stop the server first.",
        )
    for path in folder.glob(f"{FILE_NAME}.*"):
        path.unlink()


def _counted(db: Connection) -> tuple[list[str], int, list[str]]:
    return (
        db.rows(str, "SELECT id FROM pieces ORDER BY id"),
        db.row(int, "SELECT COALESCE(SUM(seq), 0) FROM pieces") or 0,
        db.rows(str, "SELECT DISTINCT blob FROM blob_uses ORDER BY blob"),
    )


def _pack(folder: Path, file: Path) -> None:
    """Audio is packed already, and the rest is small beside it."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as zipped:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                zipped.write(path, path.relative_to(folder).as_posix())


# -- putting one back ----------------------------------------------------------------------------


def put_back(source: Path, data: Path, now: int, *, force: bool = False) -> Backup:
    """Put a backup back into a data folder on which no server runs.

    With ``force``, a database that is there is moved aside first, into ``before-restore-…``.

    Raises:
        RefusalError: it is no whole backup, a server runs there, or there is a database already.
    """
    with _unpacked(source) as folder:
        told = _told(folder)
        hold = Hold(data, now)
        try:
            if (data / FILE_NAME).exists() and not force:
                raise StoreError(
                    f"There is a database in {data}.",
                    cure="Restore into an empty folder, or say --force: then it is moved aside.",
                )
            copy_blobs(folder / BLOBS, data / BLOBS)
            fresh = data / f"{FILE_NAME}.restoring"
            shutil.copyfile(folder / FILE_NAME, fresh)
            _move_aside(data, fresh)
            fresh.replace(data / FILE_NAME)
        finally:
            hold.release()
    return told


def _move_aside(data: Path, fresh: Path) -> None:
    old = [path for path in data.glob(f"{FILE_NAME}*") if path != fresh]
    if not old:
        return
    number = 1
    while (aside := data / f"before-restore-{number}").exists():
        number += 1
    aside.mkdir()
    for path in old:
        path.replace(aside / path.name)


def _told(folder: Path) -> Backup:
    """What a backup says of itself, once its database is what it says."""
    try:
        read: Any = json.loads((folder / TOLD).read_text("utf-8"))
        told = Backup(**read | {"missing": tuple(read["missing"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise DamagedError(
            f"{folder.name} is no backup of ours.",
            cure="Name what `cellissimo backup` made: a folder or a .zip.",
        ) from error
    if told.cellissimo != FORMAT:
        raise StoreError(
            f"The backup is of format {told.cellissimo}, this version reads {FORMAT}.",
            cure="Install the newer cellissimo.",
        )
    if _hash_of(folder / FILE_NAME) != told.database:
        raise DamagedError(
            "The database of the backup is not what it was.", cure="Use another backup."
        )
    return told


@contextmanager
def _unpacked(source: Path) -> Iterator[Path]:
    if source.is_dir():
        yield source
        return
    try:
        with (
            zipfile.ZipFile(source) as zipped,
            tempfile.TemporaryDirectory(prefix="cellissimo-") as room,
        ):
            for entry in zipped.infolist():
                _unpack(zipped, entry, Path(room))
            yield Path(room)
    except (zipfile.BadZipFile, FileNotFoundError) as error:
        if isinstance(error, FileNotFoundError) and source.exists():
            raise
        raise DamagedError(
            f"{source} is no whole backup.",
            cure="Name what `cellissimo backup` made: a folder or a .zip.",
        ) from error


def _unpack(zipped: zipfile.ZipFile, entry: zipfile.ZipInfo, room: Path) -> None:
    """Only files that a backup has: everything else in the zip is refused."""
    parts = PurePosixPath(entry.filename).parts
    is_top = parts in {(TOLD,), (FILE_NAME,)}
    is_blob = len(parts) == 4 and parts[0] == BLOBS and parts[3].isalnum()
    names_are_short = all(part.isalnum() and len(part) == 2 for part in parts[1:3])
    if not is_top and not (is_blob and names_are_short):
        raise DamagedError(
            f"{entry.filename[:80]!r} is nothing that a backup has.", cure="Use another backup."
        )
    place = room.joinpath(*parts)
    place.parent.mkdir(parents=True, exist_ok=True)
    with zipped.open(entry) as source, place.open("wb") as file:
        shutil.copyfileobj(source, file)
