"""A song or loop on a server: pushed, pulled, shared, forked, and its history."""

from __future__ import annotations

import warnings
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

from cellissimo.music.connection import serve_blobs, server_of, speak_with
from cellissimo.music.session import SESSION
from cellissimo.schema import checks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from cellissimo.client.http import Client
    from cellissimo.client.keeping import Opened, Pulled, Pushed
    from cellissimo.client.links import Link
    from cellissimo.crdt.document import Document
    from cellissimo.music.bound_file import BoundFile
    from cellissimo.music.history import History, Versions
    from cellissimo.music.offers import Offer
    from cellissimo.music.revisions import Comparison
    from cellissimo.music.room import Room
    from cellissimo.music.sharing import Share
    from cellissimo.widgets.live import LiveWidget


class Stored:
    """What a song, or a loop alone, does with the server that keeps it.

    Each verb takes the client to use as ``on``; without it, it is that of the server to which
    this process belongs.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def document(self) -> Document:
        """Its document."""

    @property
    @abstractmethod
    def name(self) -> str:
        """Its name."""

    @abstractmethod
    def follow(self, document: Document) -> None:
        """Be a view of another document from now on, with its widget."""

    @classmethod
    @abstractmethod
    def of_opened(cls, opened: Opened) -> Self:
        """A view of a document that was opened."""

    def push(self, *, on: Client | None = None) -> Pushed:
        """Send what the server lacks: recordings first, then the edits. Gives what was sent.

        The first push makes a project of a song, and of a loop one of your library; undo begins
        anew then. Edits of others are not taken in: ``pull`` does that. Both merge, whoever is
        first.

        Raises:
            ServerError: the server refused, or does not answer.
        """
        document = self._own()
        client = server_of(document, on)
        if self.room is not None:
            self.room.flush()
        pushed = client.push(document, SESSION.blobs, SESSION.gestures)
        if pushed.document is not document:
            self.follow(pushed.document)
        speak_with(pushed.document, client)
        if pushed.missing:
            message = (
                f"pushed without {len(pushed.missing)} of its recordings, which are neither here "
                f"nor there: {', '.join(pushed.missing)}"
            )
            warnings.warn(message, stacklevel=2)
        return pushed

    def pull(self, *, on: Client | None = None) -> Pulled:
        """Take in what others changed, and tell whether there was anything.

        Raises:
            ServerError: no server keeps this, or it does not answer.
        """
        document = self._own()
        client = server_of(document, on)
        pulled = client.pull(document)
        serve_blobs(document, client, self._link().token)
        return pulled

    def join(
        self, *, name: str | None = None, on: Client | None = None, timeout: float = 15
    ) -> Room:
        """Its room: from now on what others do comes by itself, and what is done here goes there.

        ``name`` is that of a guest who comes by a link. What no server keeps yet is pushed first.

        Raises:
            ServerError: there is no room for this person, or no answer in ``timeout`` seconds.
        """
        from cellissimo.music.rooming import join  # noqa: PLC0415 - needs pydantic

        self._own()
        return join(self, name=name, on=on, timeout=timeout)

    @property
    def room(self) -> Room | None:
        """The room it is in; None where it is in none."""
        from cellissimo.music.rooming import room_of  # noqa: PLC0415 - seldom asked for

        return room_of(self.document)

    def flush(self, timeout: float = 10) -> None:
        """Wait until all edits are on the server's disk; outside of a room, push them.

        Raises:
            UnsavedError: they are not there in ``timeout`` seconds; they stay here.
            ServerError: the server refused one; in a room, it lies in ``room.drafts``.
        """
        room = self.room
        if room is None:
            self.push()
        else:
            room.flush(timeout)

    def bind(self, path: str | Path, keep: Literal["song", "file"] | None = None) -> BoundFile:
        """A song file that follows it, and that it follows: what git brings comes in as one edit.

        ``keep`` says which is right where the file is there and says something else.

        Raises:
            BoundFileError: they differ, and nobody said which is right.
        """
        from cellissimo.music.bound_file import bind  # noqa: PLC0415 - seldom asked for

        self._own()
        return bind(self, path, keep)

    def compare(
        self, one: int | str, other: int | str | None = None, *, on: Client | None = None
    ) -> Comparison:
        """Two of its revisions, by number or version's name, in words and to be heard in turn.

        Without ``other``, ``one`` and what it is now.

        Raises:
            ServerError: there is no such revision, or the server does not answer.
        """
        from cellissimo.music.revisions import compare  # noqa: PLC0415 - needs NumPy

        self._own()
        return compare(self, server_of(self.document, on), one, other)

    def share(
        self,
        rights: Iterable[str] = ("listen",),
        days: int | None = 7,
        *,
        on: Client | None = None,
    ) -> Share:
        """A link to it, ``.url``; ``days`` is how long it is valid, None for ever.

        ``rights`` are some of "listen", "comment", "download", "fork" and "edit". What was
        changed since the last push is pushed first.

        Raises:
            ServerError: the server refused, or does not answer.
        """
        from cellissimo.music.sharing import Share  # noqa: PLC0415 - needs pydantic

        wanted = [rights] if isinstance(rights, str) else list(rights)
        client = server_of(self._own(), on)
        self.push(on=client)
        link = self._link()
        made = client.share(link.piece_id, wanted, days, link.kind)
        return Share(client, made, self.name, days)

    def fork(self, *, on: Client | None = None) -> Self:
        """One of your own with the same music on the server, which knows where it came from.

        Raises:
            ServerError: the server refused, or does not answer.
        """
        client = server_of(self._own(), on)
        opened = client.fork_document(self._own(), SESSION.gestures)
        serve_blobs(opened.document, client)
        speak_with(opened.document, client)
        return self.of_opened(opened)

    def offer(self, message: str = "", *, on: Client | None = None) -> Offer:
        """A fork, offered back to what it was made from, as it is now; ``message`` goes with it.

        What was changed since the last push is pushed first. Whoever answers the offer may hear
        what is offered, also of a private fork, and nothing that comes after it.

        Raises:
            ServerError: it is no fork, is offered already, or the server does not answer.
        """
        from cellissimo.music.offers import Offer  # noqa: PLC0415 - needs pydantic

        client = server_of(self._own(), on)
        self.push(on=client)
        link = self._link()
        return Offer(client, client.offer(link.piece_id, message, link.kind))

    def history(self, limit: int = 50, *, on: Client | None = None) -> History:
        """What happened to it on the server, newest first.

        Raises:
            ServerError: the server refused, or does not answer.
        """
        from cellissimo.music.history import History  # noqa: PLC0415 - needs pydantic

        client, piece_id = server_of(self._own(), on), self._link().piece_id
        return History(client.history(piece_id, limit=limit).revisions, client, piece_id)

    @property
    def versions(self) -> Versions:
        """Its named versions: ``song.versions.add("demo")``, ``song.restore("demo")``."""
        from cellissimo.music.history import Versions  # noqa: PLC0415 - needs pydantic

        return Versions(server_of(self._own()), self._link().piece_id)

    def restore(
        self,
        revision: int | str,
        *,
        stem: object = None,
        bars: tuple[int, int] | None = None,
        on: Client | None = None,
    ) -> Pulled:
        """Bring back a revision, by its number or a version's name, as a new edit; and pull it.

        Of a song, ``stem`` (it, its name or id) or ``bars`` (first and last) bring back just these.

        Raises:
            ServerError: the server refused, or does not answer.
        """
        from cellissimo.music.history import Versions  # noqa: PLC0415 - needs pydantic

        client, link = server_of(self._own(), on), self._link()
        revision = Versions(client, link.piece_id).seq_of(revision)
        stem_id = None if stem is None else self._stem_id(stem)
        client.restore(link.piece_id, revision, stem=stem_id, bars=bars)
        return self.pull(on=client)

    def _stem_id(self, stem: object) -> str:
        stems = self.document.revision.stems
        wanted = str(getattr(stem, "id", stem))
        if wanted in stems:
            return wanted
        named = [held.id for held in stems.values() if held.name == wanted]
        return named[0] if named else wanted  # removed since: the server knows it by its id

    def _own(self) -> Document:
        """Its document, where it is not that of something else."""
        return self.document

    def _link(self) -> Link:
        from cellissimo.client.errors import ConflictError  # noqa: PLC0415 - beside pydantic
        from cellissimo.client.links import link_of  # noqa: PLC0415

        link = link_of(self._own())
        if link is None:
            message = f"no server keeps {self.name!r} yet; .push() puts it there"
            raise ConflictError(message)
        return link


class _SongLike(Protocol):
    _document: Document
    _views: dict[str, Any]
    _widget: LiveWidget | None


class StoredSong(Stored):
    """A song on a server."""

    __slots__ = ()

    def follow(self: _SongLike, document: Document) -> None:
        """Be a view of another document from now on, with its loops and its widget."""
        self._document = document
        for loop_id, loop in list(self._views.items()):
            if loop_id in document.revision.loops:
                loop.move_to(document, loop_id)
            else:
                del self._views[loop_id]
        if self._widget is not None:
            self._widget.follow(document)

    @classmethod
    def of_opened(cls, opened: Opened) -> Self:
        """A song of a document that was opened."""
        made: Self = cls.of(opened.document)  # type: ignore[attr-defined]
        return made


class StoredLoop(Stored):
    """A loop on a server."""

    __slots__ = ()

    def follow(self, document: Document) -> None:
        """Be a view of the loop of another document from now on, with its widget."""
        self.move_to(document, next(iter(document.revision.loops)))  # type: ignore[attr-defined]

    @classmethod
    def of_opened(cls, opened: Opened) -> Self:
        """The loop of a document that was opened."""
        loop_id = next(iter(opened.document.revision.loops))
        made: Self = cls.of(opened.document, loop_id)  # type: ignore[attr-defined]
        return made

    def _own(self) -> Document:
        if self.document.revision.kind != "loop":
            message = (
                f"{self.name!r} is in the song {self.document.revision.name!r}: its song is pushed "
                "and shared with it; loop.copy() gives one of its own"
            )
            raise checks.LimitError(message)
        return self.document
