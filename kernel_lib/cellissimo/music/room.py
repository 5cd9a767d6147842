"""A room from a kernel: ``room = song.join()``. The song follows it, wherever others edit."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from cellissimo.client.links import content_of, link_of
from cellissimo.client.room_values import (
    Arrived,
    Heard,
    LinkState,
    Pointer,
    Reopened,
    RoomView,
)
from cellissimo.music.connection import serve_blobs
from cellissimo.music.room_drafts import Draft, Unkept, announce
from cellissimo.music.room_lists import Away, Members, RoomChange
from cellissimo.music.room_talk import Chat, Comments
from cellissimo.music.room_transport import Transport
from cellissimo.music.session import SESSION

if TYPE_CHECKING:
    from cellissimo.client.http import Client
    from cellissimo.client.room_peer import RoomPeer
    from cellissimo.crdt.document import Document
    from cellissimo.music.stored import Stored
    from cellissimo.schema.models import Song

ROOM = "room"
"""The origin of what comes from a room: no step of this kernel's undo."""

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
        self._callbacks: dict[int, Callable[[RoomChange], None]] = {}
        self._drafts: list[Draft] = []
        self._refused: Exception | None = None
        self._is_taking = self._is_posted = self._is_quiet = False
        self._away = Away()
        self._unkept = Unkept(self._document, self._submitted)
        self.chat = Chat(self)
        self.comments = Comments(self)
        self.transport = Transport(self)
        me = weakref.ref(self)

        def told() -> None:
            room = me()
            if room is not None:
                room._tell()  # noqa: SLF001 - its own

        self._peer = peer(told)
        self._end_reading = self._document.before_reading(self._take_in)
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
        return self._unkept.waiting(self.view.settled)

    @property
    def members(self) -> Members:
        """Who is there, with name, role, activity and place."""
        return Members(self.view.members)

    @property
    def drafts(self) -> list[Draft]:
        """Changes of yours that the room did not take, the newest last."""
        self._take_in()
        return list(self._drafts)

    @property
    def away(self) -> Away:
        """What others did while this kernel was not here, in words."""
        self._take_in()
        return self._away

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

        self._is_quiet = True
        try:
            self._take_in()
            number = self._unkept.number
            is_settled = self._peer.wait(
                lambda: self.view.settled >= number or not self.is_open, timeout
            )
            self._take_in()
        finally:
            self._is_quiet = False
        if self._refused is not None:
            refused, self._refused = self._refused, None
            raise refused
        if not is_settled or self.view.settled < number:
            edits = f"{self.unsaved} edit{'' if self.unsaved == 1 else 's'}"
            why = self.reason or f"no answer in {timeout:g} s"
            raise UnsavedError(f"{edits} of {self._thing.name!r} not on the server yet: {why}")
        self._note_even()

    def sync(self, until: Callable[[], object], timeout: float = FLUSH_S) -> bool:
        """Take in what others do until something is so; False where it is not in time."""

        def is_so() -> bool:
            self._take_in()
            return bool(until())

        return is_so() or self._peer.wait(is_so, timeout)

    def leave(self) -> None:
        """Go. Edits that are on their way are waited for; the song stays as it is."""
        if self.is_open and self.unsaved and self.state in ("live", "slow"):
            self._peer.wait(lambda: self.view.unsaved == 0, FLUSH_S)
        self._peer.leave()
        self._take_in()
        if not self.unsaved:
            self._note_even()
        self._unkept.end()
        self._end_reading()
        SESSION.followers.discard(self)

    def retry(self) -> None:
        """Try to come in again now."""
        self._peer.retry()

    def on_change(self, told: Callable[[RoomChange], None]) -> Callable[[], None]:
        """Call ``told`` with what others change, from now on; gives what ends that."""
        key = max(self._callbacks, default=0) + 1
        self._callbacks[key] = told
        return lambda: self._callbacks.pop(key, None) and None

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

    # -- edits go out ----------------------------------------------------------------------------

    def submit_all(self, update: bytes, blobs: frozenset[str]) -> None:
        """Send what was changed before one came in."""
        self._unkept.add(update, blobs)

    def _submitted(self, edit: Any) -> None:  # noqa: ANN401 - a Submission
        self._peer.submit(edit)

    # -- what others do comes in -----------------------------------------------------------------

    def _tell(self) -> None:
        """In the peer's thread: see that the kernel's takes in what came, when it has time."""
        if SESSION.post is not None and self._peer_has_news() and not self._is_posted:
            self._is_posted = True
            SESSION.post(self._posted)

    def _peer_has_news(self) -> bool:
        return hasattr(self, "_peer") and bool(self._peer.events)

    def _posted(self) -> None:
        self._is_posted = False
        self._take_in()

    def _take_in(self) -> None:
        """Take in what has come: quick where nothing has."""
        if self._is_taking or not self._peer.events:
            return
        self._is_taking = True
        try:
            while self._peer.events:
                match self._peer.events.popleft():
                    case Arrived() as arrived:
                        self._arrived(arrived)
                    case Reopened() as reopened:
                        self._reopened(reopened)
                    case Heard(news=news):
                        self._heard(news)
        finally:
            self._is_taking = False

    def _arrived(self, arrived: Arrived) -> None:
        updates, seq, is_away = list(arrived.updates), arrived.seq, arrived.away
        while self._peer.events and isinstance(self._peer.events[0], Arrived):
            following = self._peer.events.popleft()
            assert isinstance(following, Arrived)  # noqa: S101 - for the types
            updates += following.updates
            seq, is_away = following.seq, is_away or following.away
        before = self._document.revision
        self._document.apply_all(updates, origin=ROOM)
        after = self._document.revision
        if after is before:
            return
        serve_blobs(self._document, self._client, self._token())
        change = RoomChange(before, after, seq)
        if is_away:
            self._away = self._away.with_change(change)
        for told in list(self._callbacks.values()):
            told(change)

    def _reopened(self, reopened: Reopened) -> None:
        from cellissimo.client.errors import refusal  # noqa: PLC0415 - beside pydantic

        is_editor = "music.edit" in self.view.may
        left_over = self._unkept.reopen(reopened, again=is_editor)
        serve_blobs(self._document, self._client, self._token())
        self._note_seen(reopened)
        if not left_over:
            return
        draft = Draft(self._thing, self._document.revision, left_over, reopened.error)
        self._drafts.append(draft)
        draft.on_drop(self._drafts.remove)
        self._refused = refusal(403, {"error": reopened.error}, "an edit")
        if not self._is_quiet:
            announce(draft)

    def _heard(self, news: Any) -> None:  # noqa: ANN401 - any JSON
        match news.get("kind"):
            case "away":
                self._away = self._away.with_news(news)
            case "chat":
                self.chat.heard(news)
            case "comment":
                self.comments.heard(news)

    def _note_seen(self, reopened: Reopened) -> None:
        link = link_of(self._document)
        if link is not None:
            link.seq, link.state = reopened.seq, self._document.state
            link.content = content_of(self._document)

    def _note_even(self) -> None:
        """All is kept: a later push has nothing to send."""
        link = link_of(self._document)
        if link is not None and self.view.session is not None:
            link.seq, link.state = max(link.seq, self.seq), self._document.state
            link.content = content_of(self._document)

    def _token(self) -> str | None:
        link = link_of(self._document)
        return None if link is None else link.token

    # -- cells -----------------------------------------------------------------------------------

    def begin_cell(self, number: int) -> None:
        """A cell of the notebook begins to run."""
        self.cursor = number
        self._take_in()

    def end_cell(self) -> None:
        """A cell of the notebook has run."""
        self._take_in()

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
