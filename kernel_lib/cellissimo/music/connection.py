"""The server that this process speaks with, and what a link to music on a server means."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from cellissimo.music.session import SESSION

if TYPE_CHECKING:
    from cellissimo.client.http import Client
    from cellissimo.client.served_blobs import Fetch, ServedBlobs
    from cellissimo.crdt.document import Document

_LINK = re.compile(r"(?P<base>.*/cellissimo)/(?P<what>s|loop|song|embed|p)/(?P<key>[\w-]{1,200})")


@dataclass(slots=True)
class _Held:
    """What is made when it is first needed."""

    client: Client | None = None
    folder: Path | None = None


_HELD = _Held()
_SERVED: WeakKeyDictionary[Document, ServedBlobs] = WeakKeyDictionary()
_SPOKEN: WeakKeyDictionary[Document, Client] = WeakKeyDictionary()


def server(on: Client | None = None) -> Client:
    """The client that was given, or that of the server which this process belongs to.

    Raises:
        NoServerError: none is known; the message says how to get one.
        ImportError: the packages that speak with servers are not installed.
    """
    if on is not None:
        return on
    if _HELD.client is None:
        _HELD.client = client_class()()
    return _HELD.client


def server_of(document: Document, on: Client | None = None) -> Client:
    """The client that was given, or that by which a document was opened or pushed, or the usual.

    Raises:
        NoServerError: none is known; the message says how to get one.
    """
    return on or _SPOKEN.get(document) or server()


def speak_with(document: Document, client: Client) -> None:
    """From now on a document's server is that of ``client``."""
    _SPOKEN[document] = client


def client_class() -> type[Client]:
    """The client's class.

    Raises:
        ImportError: httpx2 or pydantic is not installed; the message says how to get them.
    """
    try:
        from cellissimo.client.http import Client  # noqa: PLC0415 - needs httpx2 and pydantic
    except ImportError as error:
        message = f"{error}; servers are reached after: pip install 'cellissimo[client]'"
        raise ImportError(message) from error
    return Client


def disconnect() -> None:
    """Forget the server; it is looked for anew when it is next needed."""
    if _HELD.client is not None:
        _HELD.client.close()
    _HELD.client = None


def fetched() -> Path:
    """The folder of recordings that came from servers; it goes when this process ends."""
    if _HELD.folder is None:
        room = tempfile.TemporaryDirectory(prefix="cellissimo-", ignore_cleanup_errors=True)
        _ROOMS.append(room)
        _HELD.folder = Path(room.name)
    return _HELD.folder


_ROOMS: list[tempfile.TemporaryDirectory[str]] = []
"""Held until the process ends, and then removed."""


def serve_blobs(document: Document, client: Client, token: str | None = None) -> None:
    """Let what a document names be fetched from the server when it is first played."""
    from cellissimo.client.links import link_of  # noqa: PLC0415 - needs pydantic
    from cellissimo.client.served_blobs import ServedBlobs  # noqa: PLC0415
    from cellissimo.client.storage import blobs_of  # noqa: PLC0415

    names = {blob for blob in blobs_of(document.revision) if not SESSION.blobs.made.has(blob)}
    link = link_of(document)
    if not names or link is None:
        return
    piece_id = link.piece_id

    def fetch(blob: str) -> bytes:
        if token is not None:
            return client.shared_blob(token, blob)
        return client.blob(piece_id, blob)

    held = _SERVED.get(document)
    if held is None:
        held = _SERVED[document] = ServedBlobs(fetched(), names, fetch)
        SESSION.blobs.folders.insert(0, held)
    held.also(names)


def serve_offered(document: Document, fetch: Fetch) -> None:
    """Let what only an offer has be fetched when it is first played; what is here comes first."""
    from cellissimo.client.served_blobs import ServedBlobs  # noqa: PLC0415 - needs pydantic
    from cellissimo.client.storage import blobs_of  # noqa: PLC0415

    names = {blob for blob in blobs_of(document.revision) if not SESSION.blobs.has(blob)}
    if names:
        SESSION.blobs.folders.append(ServedBlobs(fetched(), names, fetch))


def is_same(one: str, other: str) -> bool:
    """Whether two addresses are those of one server: a machine has several names for itself."""
    return _plain(one) == _plain(other)


def _plain(url: str) -> tuple[str, str, int | None, str]:
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    here = host in {"localhost", "::1", "0.0.0.0"} or host.startswith("127.")  # noqa: S104 - compared
    return parts.scheme, "localhost" if here else host, parts.port, parts.path.rstrip("/")


@dataclass(frozen=True, slots=True)
class Linked:
    """What an address of music says: the server, and a share link's token or a piece's id."""

    url: str
    token: str | None
    piece_id: str | None


def link_in(text: str) -> Linked | None:
    """What an address means, as a share link has it; None where it is none of ours."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https"):
        return None
    found = _LINK.search(parts.path)
    if found is None:
        return None
    url = f"{parts.scheme}://{parts.netloc}{found['base']}"
    if found["what"] == "p":
        return Linked(url, None, found["key"])
    return Linked(url, found["key"], None)
