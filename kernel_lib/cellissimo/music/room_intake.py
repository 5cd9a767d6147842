"""What a room sends, taken into the document by its own thread: edits, refusals and news."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cellissimo.client.links import content_of, link_of
from cellissimo.client.room_values import Arrived, Event, Heard, Reopened, Submission, Told
from cellissimo.crdt.mirror import Change
from cellissimo.music.connection import serve_blobs
from cellissimo.music.room_claims import Claims
from cellissimo.music.room_drafts import Draft, Unkept, announce
from cellissimo.music.room_lists import Away, RoomChange
from cellissimo.music.session import SESSION

if TYPE_CHECKING:
    from cellissimo.client.http import Client
    from cellissimo.client.room_peer import RoomPeer
    from cellissimo.music.stored import Stored

ROOM = "room"
"""The origin of what comes from a room: no step of this kernel's undo."""


class Intake:
    """Takes in what the peer of a room got, whenever the document is read or edited."""

    def __init__(self, thing: Stored, client: Client, heard: Callable[[Told], None]) -> None:
        """Of a song or loop; ``heard`` is called with news of other things than edits."""
        self._thing = thing
        self._document = thing.document
        self._client = client
        self._heard = heard
        self._callbacks: dict[int, Callable[[RoomChange], None]] = {}
        self._listeners: dict[int, Callable[[Told], None]] = {}
        self._refused: Exception | None = None
        self._is_taking = self._is_posted = self._is_quiet = False
        self._peer: RoomPeer | None = None
        self.drafts: list[Draft] = []
        self.away = Away()
        self.unkept = Unkept(self._document, self._submit)
        self.claims = Claims(self._document)
        self._ends = [
            self._document.before_reading(self.take),
            self._document.watch(self._watched),
        ]

    def follow(self, peer: RoomPeer) -> None:
        """From now on take in what ``peer`` gets, and send what is edited through it."""
        self._peer = peer

    def end(self) -> None:
        """Follow no more."""
        self.unkept.end()
        for end in self._ends:
            end()

    def _watched(self, changes: list[Change]) -> None:
        if self._document.origin == ROOM:
            self.claims.arrived(changes)
        self.tell()  # what came during the transaction waits for its end

    def _submit(self, edit: Submission) -> None:
        if self._peer is not None:
            self._peer.submit(edit)
            self.unkept.waiting(self._peer.view.settled)  # what is kept need not be remembered

    @property
    def number(self) -> int:
        """The number of the last edit."""
        return self.unkept.number

    @property
    def unsaved(self) -> int:
        """How many edits are not kept yet."""
        return 0 if self._peer is None else self.unkept.waiting(self._peer.view.settled)

    def on_news(self, told: Callable[[Told], None]) -> Callable[[], None]:
        """Call ``told`` with the room's news; gives what ends that."""
        key = max(self._listeners, default=0) + 1
        self._listeners[key] = told
        return lambda: self._listeners.pop(key, None) and None

    def on_change(self, told: Callable[[RoomChange], None]) -> Callable[[], None]:
        """Call ``told`` with what others change; gives what ends that."""
        key = max(self._callbacks, default=0) + 1
        self._callbacks[key] = told
        return lambda: self._callbacks.pop(key, None) and None

    # -- when ------------------------------------------------------------------------------------

    def tell(self) -> None:
        """Have the kernel's thread take in what came, when it has time; in any thread."""
        if SESSION.post is not None and self._has_come() and not self._is_posted:
            self._is_posted = True
            SESSION.post(self._posted)

    def _posted(self) -> None:
        self._is_posted = False
        self.take()

    def _has_come(self) -> bool:
        return self._peer is not None and bool(self._peer.events)

    def take(self) -> None:
        """Take in what has come: quick where nothing has."""
        if self._is_taking or self._peer is None or not self._peer.events:
            return
        if not self._document.is_free:
            return
        self._is_taking = True
        events = self._peer.events
        try:
            while events:
                match events.popleft():
                    case Arrived() as arrived:
                        self._arrived([arrived, *_further(events)])
                    case Reopened() as reopened:
                        self._reopened(reopened, is_editor="music.edit" in self._peer.view.may)
                    case Heard(news=news):
                        self._told(news)
        finally:
            self._is_taking = False

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Take in before and after; what was refused is raised by ``raise_refusal``, not warned."""
        self._is_quiet = True
        try:
            self.take()
            yield
            self.take()
        finally:
            self._is_quiet = False

    def raise_refusal(self) -> None:
        """Raise what was refused since this was last called.

        Raises:
            ServerError: something was.
        """
        refused, self._refused = self._refused, None
        if refused is not None:
            raise refused

    # -- what ------------------------------------------------------------------------------------

    def _arrived(self, arrived: list[Arrived]) -> None:
        before = self._document.revision
        updates = [update for one in arrived for update in one.updates]
        self._document.apply_all(updates, origin=ROOM)
        after = self._document.revision
        if after is before:
            return
        serve_blobs(self._document, self._client, self._token())
        change = RoomChange(before, after, arrived[-1].seq)
        if any(one.away for one in arrived):
            self.away = self.away.with_change(change)
        for told in list(self._callbacks.values()):
            told(change)

    def _reopened(self, reopened: Reopened, *, is_editor: bool) -> None:
        from cellissimo.client.errors import refusal  # noqa: PLC0415 - beside pydantic

        left_over = self.unkept.reopen(reopened, again=is_editor)
        serve_blobs(self._document, self._client, self._token())
        link = link_of(self._document)
        if link is not None:
            link.seq, link.state = reopened.seq, self._document.state
            link.content = content_of(self._document)
        if not left_over:
            return
        draft = Draft(self._thing, self._document.revision, left_over, reopened.error)
        self.drafts.append(draft)
        draft.on_drop(self.drafts.remove)
        self._refused = refusal(403, {"error": reopened.error}, "an edit")
        if not self._is_quiet:
            announce(draft)

    def _told(self, news: Told) -> None:
        if news.get("kind") == "away":
            self.away = self.away.with_news(news)
        self._heard(news)
        for told in list(self._listeners.values()):
            told(news)

    def note_even(self) -> None:
        """All is kept: a later push has nothing to send."""
        link = link_of(self._document)
        if link is not None and self._peer is not None and self._peer.view.session is not None:
            link.seq, link.state = max(link.seq, self._peer.view.seq), self._document.state
            link.content = content_of(self._document)

    def _token(self) -> str | None:
        link = link_of(self._document)
        return None if link is None else link.token


def _further(events: deque[Event]) -> list[Arrived]:
    """The edits that came straight after one: taken in together."""
    found = []
    while events and isinstance(events[0], Arrived):
        found.append(events.popleft())
    return [one for one in found if isinstance(one, Arrived)]
