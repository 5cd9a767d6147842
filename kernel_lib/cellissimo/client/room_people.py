"""Who is in a room: their presence and cursors as they come, and one's own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from cellissimo.client.room_values import CURSORS, Member, Person, Pointer
from cellissimo.crdt import awareness
from cellissimo.crdt.lib0 import Reader, WireError, number


class People:
    """What is known of everybody in the room."""

    def __init__(self) -> None:
        """Nobody yet."""
        self._clocks: dict[int, int] = {}
        self._members: dict[int, Member] = {}
        self._cursors: dict[int, Pointer] = {}

    def receive(self, update: bytes) -> None:
        """Take in an awareness update.

        Raises:
            WireError: it is none.
        """
        for entry in awareness.read(update, most_state=64_000):
            if entry.clock < self._clocks.get(entry.client, -1):
                continue
            self._clocks[entry.client] = entry.clock
            member = None if entry.is_gone else _member(entry.state())
            if member is None:
                self._members.pop(entry.client, None)
            else:
                self._members[entry.client] = member

    def point(self, pointed: Iterable[tuple[int, bytes]]) -> None:
        """Take in where sessions point.

        Raises:
            WireError: a cursor is none.
        """
        for session, content in pointed:
            pointer = read_pointer(content)
            if pointer is None:
                self._cursors.pop(session, None)
            else:
                self._cursors[session] = pointer

    def members(self, me: Member) -> tuple[Member, ...]:
        """Everybody, in the order in which they came; ``me`` too, whom nobody tells."""
        found = {me.session: me} | {one.session: one for one in self._members.values()}
        return tuple(
            replace(one, cursor=self._cursors.get(session), is_me=session == me.session)
            for session, one in sorted(found.items())
        )


def _member(state: awareness.State) -> Member | None:
    user = state.get("user")
    if not isinstance(user, dict) or not isinstance(user.get("session"), int | float):
        return None
    session = int(user["session"])
    role = user.get("role")
    return Member(
        session=session,
        person=Person.of(user),
        role=None if role is None else str(role),
        via=str(user.get("via", "other")),
        activity=str(state.get("activity", "idle")),
        place=str(state.get("place", "")),
    )


def read_pointer(content: bytes) -> Pointer | None:
    """A cursor; None where it is gone.

    Raises:
        WireError: the bytes are no cursor.
    """
    reader = Reader(content)
    kind, a, b = reader.number(), reader.number(), reader.number()
    reader.end()
    if kind >= len(CURSORS):
        raise WireError(f"a cursor is of kind {kind}; they are 0 … {len(CURSORS) - 1}")
    return None if kind == 0 else Pointer(CURSORS[kind], a, b)


def write_pointer(pointer: Pointer | None) -> bytes:
    """The bytes of a cursor."""
    if pointer is None:
        return bytes(3)
    return number(CURSORS.index(pointer.kind)) + number(pointer.a) + number(pointer.b)


class Presence:
    """One's own presence: a state under a client id that is new in each session."""

    def __init__(self) -> None:
        """In the song, doing nothing."""
        self.said = {"place": "song", "activity": "idle"}
        self._clock = 0
        self._client = 0

    def begin(self, client: int) -> bytes:
        """The first update of a session."""
        self._client, self._clock = client, 0
        return self.update()

    def say(self, **changed: str) -> bool:
        """Say something else of oneself; whether it is."""
        said = self.said | changed
        is_new = said != self.said
        self.said = said
        return is_new

    def update(self) -> bytes:
        """What to send."""
        self._clock += 1
        return awareness.write([awareness.entry(self._client, self._clock, self.said)])
