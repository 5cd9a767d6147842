"""Where songs are kept: in memory, in a folder of song files, or on a server. One way to use all.

Ids that begin with "local-" are those of music that was never saved: the first save gives it a
UUID, and saving the same id again means the same piece.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from cellissimo.domain.errors import CellissimoError
from cellissimo.media.blobs import Blobs, FolderBlobs, MemoryBlobs, Shelves
from cellissimo.media.whole_file import whole_file
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema.models import Song

LOCAL = "local-"
"""What ids begin with that no storage gave."""


class NotKeptError(CellissimoError):
    """A piece that is not in a storage."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a list of pieces shows of one; ``role`` is what one is to it, "" where it is a file."""

    id: str
    name: str
    kind: str
    tempo: float
    meter: str
    key: str
    owner: str = ""
    role: str = ""
    digest: str = ""


class Storage(Protocol):
    """Pieces by id, as their documents say them, and their recordings."""

    @property
    def place(self) -> str:
        """Where that is, in words that follow "nothing": "on the server"."""
        ...

    @property
    def blobs(self) -> Blobs:
        """The recordings that the pieces name."""
        ...

    def entries(self) -> list[Entry]:
        """All pieces, by name."""
        ...

    def get(self, piece_id: str) -> Song:
        """What a piece says. Raises: NotKeptError."""
        ...

    def save(self, song: Song) -> str:
        """Keep what a song says; gives the id under which it is kept."""
        ...

    def delete(self, piece_id: str) -> None:
        """Keep a piece no longer. Raises: NotKeptError."""
        ...


def kept_id(piece_id: str) -> str:
    """The id under which a piece is kept: a local one has a UUID, always the same."""
    if not piece_id.startswith(LOCAL):
        return piece_id
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"cellissimo:{piece_id}"))


def with_id(song: Song, piece_id: str) -> Song:
    """The song under another id; so is the one loop of a loop alone where it was named alike."""
    if song.kind != "loop" or song.id not in song.loops:
        return replace(song, id=piece_id)
    loops = {
        piece_id if loop_id == song.id else loop_id: replace(
            loop, id=piece_id if loop_id == song.id else loop_id
        )
        for loop_id, loop in song.loops.items()
    }
    return replace(song, id=piece_id, loops=loops)


def blobs_of(song: Song) -> list[str]:
    """The recordings that a song names, each once."""
    played = [segment.blob for segment in song.segments.values() if segment.blob]
    frozen = [stem.frozen.blob for stem in song.stems.values() if stem.frozen]
    return sorted({*played, *frozen})


def entry_of(song: Song, owner: str = "", role: str = "") -> Entry:
    """What a list shows of a song or loop."""
    loop = next(iter(song.loops.values()), None) if song.kind == "loop" else None
    name = loop.name if loop else song.name
    key = loop.key if loop else song.key
    tempo = (loop.tempo if loop else None) or song.tempo
    meter = (loop.meter if loop else None) or song.meter
    kind = "loop" if song.kind == "loop" else "project"
    return Entry(song.id, name, kind, tempo, meter, key, owner, role)


def _by_name(entry: Entry) -> tuple[str, str]:
    return entry.name.casefold(), entry.id


class MemoryStorage:
    """Pieces that live as long as this process."""

    place = "in memory"

    def __init__(self) -> None:
        """Nothing at first."""
        self._songs: dict[str, Song] = {}
        self._blobs = MemoryBlobs()

    @property
    def blobs(self) -> Blobs:
        """The recordings that the pieces name."""
        return self._blobs

    def entries(self) -> list[Entry]:
        """All pieces, by name."""
        return sorted(map(entry_of, self._songs.values()), key=_by_name)

    def get(self, piece_id: str) -> Song:
        """What a piece says."""
        try:
            return self._songs[kept_id(piece_id)]
        except KeyError:
            raise not_kept(piece_id, "memory") from None

    def save(self, song: Song) -> str:
        """Keep what a song says; gives the id under which it is kept."""
        piece_id = kept_id(song.id)
        self._songs[piece_id] = with_id(song, piece_id)
        return piece_id

    def delete(self, piece_id: str) -> None:
        """Keep a piece no longer."""
        if self._songs.pop(kept_id(piece_id), None) is None:
            raise not_kept(piece_id, "memory")


class FileStorage:
    """The song files of a folder; each piece is found by the id in its file.

    New ones are named by their name, "Evening.song". Recordings are in ``Evening.blobs`` beside,
    where ``cm.load`` looks for them; those that are put here come there with the song that names
    them.
    """

    place = "here"

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """The files in ``folder``, which is made when the first is saved."""
        self.folder = Path(folder)
        self._blobs = Shelves()

    @property
    def blobs(self) -> Blobs:
        """The recordings of all songs of the folder, and those that were put here."""
        for folder in sorted(self.folder.glob("*.blobs")):
            self._blobs.open(folder)
        return self._blobs

    def entries(self) -> list[Entry]:
        """All pieces, by name; a file that does not read is passed over."""
        return sorted(map(entry_of, self._songs().values()), key=_by_name)

    def get(self, piece_id: str) -> Song:
        """What a piece says."""
        wanted = kept_id(piece_id)
        for song in self._songs().values():
            if song.id == wanted:
                return song
        raise not_kept(piece_id, str(self.folder))

    def path(self, piece_id: str) -> Path | None:
        """The file of a piece; None where there is none."""
        wanted = kept_id(piece_id)
        return next((path for path, song in self._songs().items() if song.id == wanted), None)

    def save(self, song: Song) -> str:
        """Keep what a song says; gives the id under which it is kept."""
        piece_id = kept_id(song.id)
        kept = with_id(song, piece_id)
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.path(piece_id) or self._free(entry_of(kept).name)
        with whole_file(path) as unfinished:
            unfinished.write_text(print_song(kept), "utf-8", newline="\n")
        self._save_blobs(kept, FolderBlobs(path.with_suffix(".blobs").absolute()))
        return piece_id

    def _save_blobs(self, song: Song, folder: FolderBlobs) -> None:
        blobs = self.blobs
        for name in blobs_of(song):
            if blobs.has(name) and not folder.has(name):
                folder.put(blobs.get(name))

    def delete(self, piece_id: str) -> None:
        """Remove the file of a piece; recordings stay."""
        path = self.path(piece_id)
        if path is None:
            raise not_kept(piece_id, str(self.folder))
        path.unlink()

    def _songs(self) -> Mapping[Path, Song]:
        found = {}
        for path in sorted(self.folder.glob("*.song")):
            try:
                found[path] = parse_song(path.read_text("utf-8-sig"))
            except (CellissimoError, OSError, UnicodeDecodeError):
                continue
        return found

    def _free(self, name: str) -> Path:
        plain = "".join("-" if sign in '/\\:*?"<>|\0' else sign for sign in name).strip(" .")
        stem, number = plain[:80] or "Song", 2
        path = self.folder / f"{stem}.song"
        while path.exists():
            path, number = self.folder / f"{stem} {number}.song", number + 1
        return path


def not_kept(piece_id: str, where: str) -> NotKeptError:
    """The error for a piece that is not there."""
    return NotKeptError(f"there is no piece {piece_id!r} in {where}; entries() tells what there is")


def choose(server: Callable[[], Storage], folder: str | os.PathLike[str]) -> Storage:
    """The storage that is there: the server's, or else the song files of a folder.

    ``server`` gives the server's; it raises ``NoServerError`` where there is none.
    """
    from cellissimo.client.errors import NoServerError  # noqa: PLC0415 - beside the server's

    try:
        return server()
    except NoServerError:
        return FileStorage(folder)
