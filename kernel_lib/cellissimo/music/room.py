"""A room from a kernel: ``room = song.join()``. The song follows it, wherever others edit."""

from __future__ import annotations

import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from cellissimo.client.links import link_of
from cellissimo.client.room_values import LinkState, Pointer, RoomView, Told
from cellissimo.music.room_conflicts import Conflicts
from cellissimo.music.room_drafts import Draft, RoomWarning
from cellissimo.music.room_intake import Intake
from cellissimo.music.room_lists import Away, Members, RoomChange
from cellissimo.music.room_talk import Chat, Comments
from cellissimo.music.room_transport import Transport
from cellissimo.music.session import SESSION
from cellissimo.widgets.seats import put_seat

if TYPE_CHECKING:
    from cellissimo.client.errors import ServerError
    from cellissimo.client.http import Client
    from cellissimo.client.room_peer import RoomPeer
    from cellissimo.crdt.document import Document
    from cellissimo.music.stored import Stored
    from cellissimo.schema.models import Song

FLUSH_S = 10.0
"""How long ``flush`` waits unless told."""


class Room:
    """The room of a song: what others do there, and what this kernel does.

    >>> room = song.join()
    >>> song.tempo = 96  # everybody has it
    >>> room.flush()  # it is on the server's disk
    >>> room.members
    """

    def __init__(self, thing: Stored, client: Client, peer: Callable[..., RoomPeer]) -> None:
        """On the way in; ``peer`` makes what speaks with the room, and calls back what it is given.

        Use ``song.join()``.
        """
        self._thing = thing
        self._document: Document = thing.document
        self._client = client
        self.chat = Chat(self)
        self.comments = Comments(self)
        self.transport = Transport(self)
        self.has_left = False
        """Whether one has said goodbye oneself."""
        self._intake = Intake(thing, client, self._heard)
        self.conflicts = Conflicts(self._document, self._intake.take)
        """What you and somebody else set within a few seconds: keep one or the other."""
        self._peer = peer(_weakly(self._intake.tell))
        self._intake.follow(self._peer)
        self._leaves = weakref.finalize(self, self._peer.leave, 0)
        self._leaves.atexit = False  # the peers themselves see to the end of the process
        SESSION.followers.add(self)

    # -- what it is ------------------------------------------------------------------------------

    @property
    def view(self) -> RoomView:
        """All that is known of the room now."""
        return self._peer.view

    @property
    def state(self) -> LinkState:
        """Of "joining", "live", "slow", "offline", "read-only", "refused" and "closed"."""
        return self.view.state

    @property
    def reason(self) -> str:
        """A sentence about the state, with what to do; empty where there is nothing to say."""
        return self.view.reason

    @property
    def seq(self) -> int:
        """The revision of the song on the server, as last heard of."""
        return self.view.seq

    @property
    def role(self) -> str | None:
        """What one is here: "owner", "admin", "contributor" or "viewer"; None by a link."""
        return self.view.role

    @property
    def is_open(self) -> bool:
        """Whether one is in the room, or on the way back to it."""
        return self.view.state != "closed"

    @property
    def unsaved(self) -> int:
        """How many edits are not on the server's disk yet."""
        return self._intake.unsaved

    @property
    def members(self) -> Members:
        """Who is there, with name, role, activity and place."""
        return Members(self.view.members)

    @property
    def drafts(self) -> list[Draft]:
        """Changes of yours that the room did not take, the newest last."""
        self._intake.take()
        return list(self._intake.drafts)

    @property
    def away(self) -> Away:
        """What others did while this kernel was not here, in words."""
        self._intake.take()
        return self._intake.away

    @property
    def thing(self) -> Stored:
        """The song or loop whose room it is."""
        return self._thing

    @property
    def model(self) -> Song:
        """What its document says now, as an immutable value."""
        return self._document.revision

    @property
    def client(self) -> Client:
        """The client of its server."""
        return self._client

    @property
    def piece_id(self) -> str:
        """Which piece of the server it is."""
        link = link_of(self._document)
        return "" if link is None else link.piece_id

    # -- what one does ---------------------------------------------------------------------------

    def flush(self, timeout: float = FLUSH_S) -> None:
        """Wait until all edits are on the server's disk.

        Raises:
            UnsavedError: they are not there in time; they stay here, and go there when they can.
            ServerError: one was refused; it lies in ``drafts``.
        """
        from cellissimo.client.errors import UnsavedError  # noqa: PLC0415 - beside pydantic

        with self._intake.quietly():
            number = self._intake.number
            is_settled = self._peer.wait(
                lambda: self.view.settled >= number or not self.is_open, timeout
            )
        self._intake.raise_refusal()
        if not is_settled or self.view.settled < number:
            edits = f"{self.unsaved} edit{'' if self.unsaved == 1 else 's'}"
            why = self.reason or f"no answer in {timeout:g} s"
            raise UnsavedError(f"{edits} of {self._thing.name!r} not on the server yet: {why}")
        self._intake.note_even()

    def sync(self, until: Callable[[], object], timeout: float = FLUSH_S) -> bool:
        """Take in what others do until something is so; False where it is not in time."""

        def is_so() -> bool:
            self._intake.take()
            return bool(until())

        return is_so() or self._peer.wait(is_so, timeout)

    def leave(self) -> None:
        """Go. Edits that are on their way are waited for; the song stays as it is."""
        if self.has_left:
            return
        self.let_go()
        if self.unsaved:
            edits = f"{self.unsaved} edit{'' if self.unsaved == 1 else 's'}"
            message = f"{edits} of {self._thing.name!r} not on the server: {self.reason}"
            warnings.warn(message, RoomWarning, stacklevel=2)
        else:
            self._intake.note_even()

    def let_go(self) -> None:
        """Go, and say nothing of what is not on the server."""
        self.has_left = True
        self._peer.leave()
        self._intake.take()
        self._intake.end()
        put_seat(self._document, None)
        SESSION.followers.discard(self)

    def retry(self) -> None:
        """Try to come in again now."""
        self._peer.retry()

    def go_offline(self) -> None:
        """Be away until ``come_back``: edits wait here, and those of others there."""
        self._peer.rest()
        self.wait(lambda view: view.state in ("offline", "refused", "closed"))

    def come_back(self) -> Away:
        """Come back, so that both merge; gives what others did meanwhile."""
        self._intake.away = Away()
        self.retry()
        self.wait(lambda view: view.state not in ("offline", "joining", "refused"))
        return self.away

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Be away for the length of a ``with``."""
        self.go_offline()
        try:
            yield
        finally:
            self.come_back()

    def on_change(self, told: Callable[[RoomChange], None]) -> Callable[[], None]:
        """Call ``told`` with what others change, from now on; gives what ends that."""
        return self._intake.on_change(told)

    def on_news(self, told: Callable[[Told], None]) -> Callable[[], None]:
        """Call ``told`` with what the room tells as JSON: who set one field too, versions, members.

        Gives what ends that.
        """
        return self._intake.on_news(told)

    @property
    def cursor(self) -> Pointer | None:
        """Where the others see this kernel: the cell of its notebook that ran last."""
        mine = [member for member in self.view.members if member.is_me]
        return mine[0].cursor if mine else None

    @cursor.setter
    def cursor(self, cell: int | None) -> None:
        self._peer.point(None if cell is None else Pointer("code", cell, 0))

    def say(self, *, activity: str | None = None, place: str | None = None) -> None:
        """Say what one does ("listening", "idle") and looks at ("song", "loop:<id>")."""
        said = {"activity": activity, "place": place}
        self._peer.say(**{key: value for key, value in said.items() if value is not None})

    def order(self, **order: Any) -> None:  # noqa: ANN401 - any JSON
        """Say what the transport is to do; see ``transport``."""
        self._peer.order(**order)

    def wait(self, until: Callable[[RoomView], bool], timeout: float = FLUSH_S) -> bool:
        """Wait until something is so of the room; False where it is not in time."""
        return self._peer.wait(lambda: until(self.view), timeout)

    def command(self, name: str, /, timeout: float = FLUSH_S, **body: Any) -> Any:  # noqa: ANN401
        """What the server answers to a command of the room.

        Raises:
            ServerError: it was refused, or there was no answer in time.
        """
        from cellissimo.client.errors import NoServerError, refusal  # noqa: PLC0415

        said = self._peer.command(name, body, timeout)
        if said is None:
            raise NoServerError(f"the room did not answer to {name!r}: {self.reason or 'too late'}")
        if said.get("error") is not None:
            raise refusal(409, {"error": said["error"]}, name)
        return said.get("value")

    def claim(self, gesture: str, keys: Sequence[Sequence[str]]) -> None:
        """A page of one's own has changed these keys through the room: undo knows it."""
        self._intake.take()
        self._intake.claims.claim(gesture, keys)

    @property
    def error(self) -> ServerError | None:
        """Why one was not let in, where that is so."""
        return self._peer.error

    def submit_all(self, update: bytes, blobs: frozenset[str]) -> None:
        """Send what was changed before one came in."""
        self._intake.unkept.add(update, blobs)

    def _heard(self, news: Told) -> None:
        match news.get("kind"):
            case "chat":
                self.chat.heard(news)
            case "comment":
                self.comments.heard(news)
            case "conflict":
                self.conflicts.heard(news)

    # -- cells -----------------------------------------------------------------------------------

    def begin_cell(self, number: int) -> None:
        """A cell of the notebook begins to run."""
        self.cursor = number
        self._intake.take()

    def end_cell(self) -> None:
        """A cell of the notebook has run."""
        self._intake.take()

    # -- and the rest ----------------------------------------------------------------------------

    def __enter__(self) -> Self:
        """In the room for the length of a ``with``."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Leave; where all went well, once everything is on the server."""
        try:
            if kind is None and self.is_open:
                self.flush()
        finally:
            self.leave()

    def __repr__(self) -> str:
        """One line, the same in every run."""
        count = len(self.members)
        here = f", {count} {'is' if count == 1 else 'are'} here" if count else ""
        waiting = f", {self.unsaved} unsaved" if self.state == "offline" and self.unsaved else ""
        return f"Room of {self._thing.name!r}: {self.state}{here}{waiting}"


def _weakly(method: Callable[[], None]) -> Callable[[], None]:
    """Calls a method for as long as somebody else holds its object."""
    held = weakref.WeakMethod(method)

    def called() -> None:
        found = held()
        if found is not None:
            found()

    return called
