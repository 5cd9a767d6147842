"""The recordings of a server's piece: fetched when they are first needed, then kept in a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cellissimo.media.blobs import FolderBlobs
from cellissimo.media.whole_file import whole_file

Fetch = Callable[[str], bytes]
"""Gives the bytes of a blob."""


class ServedBlobs(FolderBlobs):
    """Blobs in a folder that the server has too.

    >>> ServedBlobs(folder, names, lambda blob: client.blob(project_id, blob))
    """

    def __init__(self, folder: Path, names: set[str], fetch: Fetch) -> None:
        """Those of ``names``; ``folder`` holds what was fetched."""
        super().__init__(folder)
        self._names = names
        self._fetch = fetch

    def also(self, names: set[str]) -> None:
        """The server has these too."""
        self._names |= names

    def has(self, name: str) -> bool:
        """Whether the server, or the folder, has a blob of that name."""
        return name in self._names or super().has(name)

    def _check(self, name: str) -> Path:
        """The file of a blob, fetched where it is not here yet, and what its name says."""
        path = self.path(name)
        if name in self._names and not path.is_file():
            content = self._fetch(name)
            self.folder.mkdir(parents=True, exist_ok=True)
            with whole_file(path) as unfinished:
                unfinished.write_bytes(content)
        return super()._check(name)
