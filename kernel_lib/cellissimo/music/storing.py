"""What is kept, and opening it: ``cm.projects()``, ``cm.open("Evening")``, ``cm.sample(…)``."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, overload

from cellissimo.domain.errors import CellissimoError
from cellissimo.music import files
from cellissimo.music.connection import (
    client_class,
    fetched,
    is_same,
    link_in,
    serve_blobs,
    server,
    speak_with,
)
from cellissimo.music.loop import Loop
from cellissimo.music.session import SESSION
from cellissimo.music.song import Song
from cellissimo.music.table_text import html_table, text_table
from cellissimo.schema import checks

if TYPE_CHECKING:
    from cellissimo.client.http import Client
    from cellissimo.client.keeping import Opened
    from cellissimo.client.storage import Entry, Storage
    from cellissimo.music.audio import Audio

_HEAD = ("name", "kind", "tempo", "meter", "key", "whose")


class UnknownNameError(CellissimoError):
    """A name that nothing has, or several things have."""


class Projects(Sequence["Entry"]):
    """A list of what is kept: ``cm.projects()``, by name or by place.

    >>> cm.projects()["Evening"]
    """

    def __init__(self, entries: Sequence[Entry], where: str) -> None:
        """These, which are kept ``where``."""
        self._entries = list(entries)
        self.where = where

    @overload
    def __getitem__(self, place: int | str) -> Entry: ...
    @overload
    def __getitem__(self, place: slice) -> list[Entry]: ...
    def __getitem__(self, place: int | str | slice) -> Entry | list[Entry]:
        """One by place or by name, or several.

        Raises:
            KeyError: nothing has that name.
        """
        if not isinstance(place, str):
            return self._entries[place]
        for entry in self._entries:
            if entry.name == place:
                return entry
        raise KeyError(f"nothing is called {place!r}{checks.nearest(place, self.names)}")

    def __len__(self) -> int:
        """How many."""
        return len(self._entries)

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [entry.name for entry in self._entries]

    def _rows(self) -> list[tuple[str, ...]]:
        return [
            (entry.name, entry.kind, f"{entry.tempo:g}", entry.meter, entry.key, _whose(entry))
            for entry in self._entries
        ]

    def __repr__(self) -> str:
        """One a line."""
        return text_table(_HEAD, self._rows()) if self._entries else f"nothing {self.where} yet"

    def _repr_html_(self) -> str:
        """The same as a table."""
        return html_table(_HEAD, self._rows())


def _whose(entry: Entry) -> str:
    if entry.role == "owner":
        return "mine"
    return f"{entry.owner} ({entry.role})" if entry.role else entry.owner


def storage(on: Client | None = None) -> Storage:
    """Where things are kept: the server that is there, or else the song files of this folder."""
    from cellissimo.client.storage import choose  # noqa: PLC0415 - seldom asked for

    def of_server() -> Storage:
        from cellissimo.client.storage_server import ServerStorage  # noqa: PLC0415

        return ServerStorage(server(on), fetched())

    return choose(of_server, Path())


def projects(*, on: Client | None = None) -> Projects:
    """The projects and loops of yours and those shared with you; without a server, song files.

    Raises:
        ServerError: the server does not answer.
    """
    kept = storage(on)
    return Projects(kept.entries(), kept.place)


def open_stored(what: str | Entry, *, on: Client | None = None) -> Loop | Song:
    """A song or loop by its name, its id, its address, a share link, or as a song file.

    It is live: ``push`` sends what you change, ``pull`` takes in what others changed.

    Raises:
        ServerError: there is no such thing, or the server does not answer.
        UnknownNameError: nothing, or more than one thing, has that name.
    """
    wanted = what if isinstance(what, str) else what.id
    link = link_in(wanted)
    if link is not None:
        client = _client_at(link.url, on)
        if link.token is not None:
            opened = client.open_shared(link.token, SESSION.gestures)
            return _shown(opened, client)
        wanted = link.piece_id or ""
    elif on is None and wanted.endswith((".song", ".zip")) and Path(wanted).exists():
        return files.load(wanted)
    else:
        client = server(on)
    return _by_id(wanted if _is_id(wanted) else _named(wanted, client).id, client)


def _client_at(url: str, on: Client | None) -> Client:
    """The client of the server at an address: the usual one, or one for this link alone."""
    from cellissimo.client.errors import NoServerError  # noqa: PLC0415 - beside pydantic

    try:
        usual = server(on)
    except NoServerError:
        return client_class()(url)
    return usual if on is not None or is_same(usual.url, url) else client_class()(url)


def _by_id(piece_id: str, client: Client) -> Loop | Song:
    opened = client.open_piece(piece_id, "project", SESSION.gestures)
    if opened.document.revision.kind == "loop":
        opened = client.open_piece(piece_id, "loop", SESSION.gestures)
    return _shown(opened, client)


def _is_id(text: str) -> bool:
    try:
        return str(uuid.UUID(text)) == text.lower()
    except ValueError:
        return False


def _named(name: str, client: Client) -> Entry:
    from cellissimo.client.storage_server import ServerStorage  # noqa: PLC0415

    entries = ServerStorage(client, fetched()).entries()
    found = [entry for entry in entries if entry.name == name]
    if len(found) > 1:
        listed = "; ".join(f"{one.kind} of {_whose(one) or 'nobody'}: {one.id}" for one in found)
        raise UnknownNameError(f"{len(found)} are called {name!r}; open one by its id: {listed}")
    if not found:
        near = checks.nearest(name, [entry.name for entry in entries])
        raise UnknownNameError(
            f"nothing on the server is called {name!r}{near or '; cm.projects() lists what is'}"
        )
    return found[0]


def _shown(opened: Opened, client: Client) -> Loop | Song:
    serve_blobs(opened.document, client, opened.token)
    speak_with(opened.document, client)
    is_loop = opened.document.revision.kind == "loop"
    return Loop.of_opened(opened) if is_loop else Song.of_opened(opened)


def sample(name: str, *, on: Client | None = None) -> Audio:
    """A sample of yours by its name or id, as audio to be placed in a song.

    Raises:
        UnknownNameError: there is none of that name.
        ServerError: the server does not answer.
    """
    from cellissimo.music.audio import Audio  # noqa: PLC0415 - seldom asked for

    client = server(on)
    listed = client.samples(None if _is_id(name) else name, limit=100).samples
    found = next((one for one in listed if name in (one.name, one.id)), None)
    if found is None:
        near = checks.nearest(name, [one.name for one in client.samples(limit=100).samples])
        raise UnknownNameError(f"no sample is called {name!r}{near or '; upload it first'}")
    if not SESSION.blobs.has(found.blob):
        content = client.sample_file(found.id)
        return _taken(content, found.name, found.blob)
    return Audio.of(found.blob, found.name)


def _taken(content: bytes, name: str, blob: str) -> Audio:
    """The audio of a file: as it came where it is canonical, else taken in like any file."""
    from cellissimo.media.blobs import name_of  # noqa: PLC0415
    from cellissimo.music.audio import Audio  # noqa: PLC0415

    if name_of(content) == blob:
        return Audio.of(SESSION.blobs.put(content), name)
    path = fetched() / f"{uuid.uuid4()}.audio"
    path.write_bytes(content)
    try:
        return Audio(path, name=name)
    finally:
        path.unlink()
