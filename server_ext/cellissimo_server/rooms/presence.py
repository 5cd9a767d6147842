"""Who is here, and what each of them does: what they say, and what the room knows better.

Everybody speaks for themselves alone, under a name and a role that the room sets. Nothing of it
is stored [WIRE-9] [WIRE-10].
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cellissimo.crdt import awareness
from cellissimo.crdt.awareness import Entry
from cellissimo.crdt.lib0 import FrameSizeError, WireError
from cellissimo.schema.policy import Action, may
from cellissimo_server.rooms.cursors import interval
from cellissimo_server.rooms.seat import Seat
from cellissimo_server.rooms.told import Told

EDITING_MS = 10_000.0
"""So long after an edit somebody is editing."""

IDLE_MS = 120_000.0
"""After so long without a sign, who does nothing is away from their desk."""

RENEW_MS = 15_000.0
"""So often plain Yjs clients are told again; they forget whom they have not heard of for 30 s."""

_MOST_GONE = 1000
_MOST_CLOCK = 1 << 48
"""Clocks of clients; the room's own go on behind them, and have to be numbers of a frame too."""

_PLACE = re.compile(r"song|(loop|roll|text):[^\x00-\x1f\x7f]{1,100}")
_NEVER = float("-inf")
_EDITS = (Action.EDIT_MUSIC, Action.ADD_STEM, Action.DELETE_STEM)


class PresenceError(WireError):
    """Somebody spoke for somebody else."""

    close = 4409


@dataclass(frozen=True, slots=True)
class Participant:
    """One session, as lists of who is here show it; ``state`` is "online" or "idle"."""

    session: int
    person: Mapping[str, str]
    role: str | None
    via: str
    activity: str
    place: str
    state: str


@dataclass(slots=True)
class _Present:
    """A session: what it says, what it was told of, and when."""

    seat: Seat
    said: Mapping[str, Any] | None = None
    own_clock: int = -1
    clock: int = 0
    text: bytes = awareness.GONE
    packed: bytes = b""
    edited: float = _NEVER
    heard: float = _NEVER


class Presence:
    """Everybody who is in one room. Times are the room's clock in ms."""

    def __init__(self, first_clock: int = 0) -> None:
        """``first_clock``: higher than any clock that this room has told before a restart."""
        self._first = first_clock
        self._seats: dict[int, _Present] = {}
        self._clients: dict[int, _Present] = {}
        self._gone: OrderedDict[int, int] = OrderedDict()
        self._leaving: dict[int, bytes] = {}
        self._looks: dict[int, float] = {}
        self._sent = _NEVER

    # -- coming and going ------------------------------------------------------------------------

    def join(self, seat: Seat, now: float) -> None:
        """Somebody has come; the others hear of it when they say something themselves."""
        self._seats[seat.session] = _Present(seat, heard=now)

    def leave(self, seat: Seat) -> None:
        """Somebody is gone; the others hear of it at once."""
        held = self._seats.pop(seat.session, None)
        if held is not None and seat.client is not None:
            self._withdraw(held, seat.client)

    def changed(self, seat: Seat, now: float) -> None:
        """What somebody is here, or how they came, has changed."""
        held = self._seats.get(seat.session)
        if held is not None:
            self._stir(held, now)

    # -- what they say and do --------------------------------------------------------------------

    def receive(self, seat: Seat, data: bytes, now: float) -> None:
        """Take in an awareness update: what it says of its sender; what it repeats is dropped.

        Raises:
            WireError: the bytes are no awareness update, or a state that cannot be passed on.
            FrameSizeError: a state is too large.
            PresenceError: it says something new of somebody else.
        """
        entries = awareness.read(data, most_state=len(data))
        held = self._seats[seat.session]
        if seat.client is None:
            self._bind(held, entries)
        for one in entries:
            if one.client == seat.client:
                self._say(held, one, now)
            else:
                self._check_repeats(held, one)

    def edited(self, seat: Seat, now: float) -> None:
        """Somebody has made an edit."""
        held = self._seats.get(seat.session)
        if held is not None:
            was_editing = _is_editing(held, now)
            held.edited = held.heard = now
            if not was_editing:
                self._stir(held, now)

    def moved(self, seat: Seat, now: float) -> None:
        """Somebody gave a sign of themselves: a cursor, a command, an order to the transport."""
        held = self._seats.get(seat.session)
        if held is not None:
            held.heard = now

    def _bind(self, held: _Present, entries: Iterable[Entry]) -> None:
        """The first client that is not one of somebody else's is its own from now on."""
        for one in entries:
            other = self._clients.get(one.client)
            if one.is_gone or self._is_repeated(one) or (other and not _same_person(other, held)):
                continue
            if other is not None:  # the line broke, and they have come back over another one
                other.seat.client, other.said, other.text = None, None, awareness.GONE
                held.clock = other.clock
            held.clock = max(held.clock, self._gone.pop(one.client, 0))
            self._leaving.pop(one.client, None)
            self._clients[one.client] = held
            held.seat.client = one.client
            return

    def _is_repeated(self, one: Entry) -> bool:
        """Whether it is what the room told itself: plain clients pass on what they hear."""
        other = self._clients.get(one.client)
        told = other.clock if other else self._gone.get(one.client, 0)
        return self._first < one.clock <= told

    def _check_repeats(self, held: _Present, one: Entry) -> None:
        other = self._clients.get(one.client)
        if other is None or _same_person(other, held) or one.clock <= other.clock:
            return
        raise PresenceError(
            f"a session speaks for client {one.client}, which is somebody else's here; "
            f"it speaks for client {held.seat.client}"
        )

    def _say(self, held: _Present, one: Entry, now: float) -> None:
        if len(one.text) > awareness.MOST_STATE:
            raise FrameSizeError(
                f"a state has {len(one.text)} bytes; it can have {awareness.MOST_STATE}"
            )
        if one.clock > _MOST_CLOCK:
            raise WireError(f"a state has the clock {one.clock}; it can be {_MOST_CLOCK} at most")
        if one.clock < held.own_clock or (one.clock == held.own_clock and not one.is_gone):
            return
        said = None if one.is_gone else _kept(one.state(), held.seat)
        held.own_clock = one.clock
        if said != held.said:
            held.said, held.heard = said, now
            self._stir(held, now)

    # -- what others are told --------------------------------------------------------------------

    def due(self, now: float) -> Told | None:
        """What is to be told now; nothing of what was told already.

        Who is gone is told of at once, all else together, ten times a second at most.
        """
        told, self._leaving = self._leaving, {}
        if now >= self._sent + interval(len(self._seats)):
            for client in [client for client, at in self._looks.items() if at <= now]:
                del self._looks[client]
                packed = self._news_of(client, now)
                if packed is not None:
                    told[client] = packed
                    self._sent = now
        return Told(told) if told else None

    @property
    def next_due(self) -> float | None:
        """When there may be something to tell; None where nothing is."""
        if self._leaving:
            return _NEVER
        if not self._looks:
            return None
        return max(min(self._looks.values()), self._sent + interval(len(self._seats)))

    def everybody(self, seat: Seat) -> Told | None:
        """All who are here, for somebody who comes or asks."""
        there = {
            client: held.packed
            for client, held in self._clients.items()
            if held.text != awareness.GONE and held.seat is not seat
        }
        return Told(there) if there else None

    def renewed(self) -> Told | None:
        """All who are here, said anew, for plain clients: they forget who does not speak."""
        for client, held in self._clients.items():
            if held.text != awareness.GONE:
                held.clock += 1
                held.packed = Entry(client, held.clock, held.text).pack()
        there = {c: held.packed for c, held in self._clients.items() if held.text != awareness.GONE}
        return Told(there) if there else None

    def goodbyes(self) -> Told | None:
        """As if all who are here were gone."""
        clock = self.newest + 1
        there = {one: Entry(one, clock, awareness.GONE).pack() for one in self._clients}
        return Told(there) if there else None

    def people(self, now: float) -> list[Participant]:
        """Everybody who is here, in the order in which they came."""
        return [_participant(held, now) for held in self._seats.values()]

    @property
    def newest(self) -> int:
        """The highest clock that was told of anybody here."""
        here = (held.clock for held in self._clients.values())
        return max((self._first, *self._gone.values(), *here))

    # -- inside ----------------------------------------------------------------------------------

    def _withdraw(self, held: _Present, client: int) -> None:
        self._clients.pop(client, None)
        if held.text != awareness.GONE:
            held.clock += 1
            self._leaving[client] = Entry(client, held.clock, awareness.GONE).pack()
        self._gone[client] = held.clock
        while len(self._gone) > _MOST_GONE:
            self._gone.popitem(last=False)

    def _news_of(self, client: int, now: float) -> bytes | None:
        """What is new of a client, packed; when to look at it again is planned."""
        held = self._clients.get(client)
        if held is None:
            return None
        if _is_editing(held, now):
            self._looks[client] = held.edited + EDITING_MS
        text = self._text(held, now)
        if text == held.text:
            return None
        held.clock = max(held.clock + 1, held.own_clock + 1, self._first + 1)
        held.text = text
        held.packed = Entry(client, held.clock, text).pack()
        return held.packed

    def _text(self, held: _Present, now: float) -> bytes:
        if held.said is None:
            return awareness.GONE
        seat = held.seat
        user = {
            **seat.person.told(),
            "role": _role(seat),
            "session": seat.session,
            "via": seat.via,
        }
        state = {**held.said, "user": user, "activity": _activity(held, now)}
        return awareness.entry(0, 0, state).text

    def _stir(self, held: _Present, now: float) -> None:
        if held.seat.client is not None:
            self._looks[held.seat.client] = now


def _kept(state: Mapping[str, Any], seat: Seat) -> dict[str, Any]:
    """What is passed on of a state."""
    place, activity = state.get("place"), state.get("activity")
    is_place = isinstance(place, str) and _PLACE.fullmatch(place)
    kept: dict[str, Any] = {"place": place if is_place else ""}
    kept["activity"] = activity if activity in ("editing", "listening") else "idle"
    if not seat.speaks and "cursor" in state:
        kept["cursor"] = state["cursor"]
    return kept


def _is_editing(held: _Present, now: float) -> bool:
    return now < held.edited + EDITING_MS


def _activity(held: _Present, now: float) -> str:
    if _is_editing(held, now):
        return "editing"
    said = str((held.said or {}).get("activity", "idle"))
    can_edit = any(may(action, held.seat.standing) for action in _EDITS)
    return "idle" if said == "editing" and not can_edit else said


def _participant(held: _Present, now: float) -> Participant:
    activity = _activity(held, now)
    is_away = activity == "idle" and now >= held.heard + IDLE_MS
    return Participant(
        session=held.seat.session,
        person=held.seat.person.told(),
        role=_role(held.seat),
        via=held.seat.via,
        activity=activity,
        place=str((held.said or {}).get("place", "")),
        state="idle" if is_away else "online",
    )


def _role(seat: Seat) -> str | None:
    return seat.standing.role.value if seat.standing.role else None


def _same_person(one: _Present, other: _Present) -> bool:
    return one.seat.person.id == other.seat.person.id


def of_person(people: Sequence[Participant], person_id: str) -> tuple[str, str]:
    """Whether somebody is "online", "idle" or "offline", and the most that they do anywhere."""
    theirs = [one for one in people if one.person["id"] == person_id]
    if not theirs:
        return "offline", "idle"
    busiest = min(theirs, key=lambda one: ("editing", "listening", "idle").index(one.activity))
    return ("online" if any(one.state == "online" for one in theirs) else "idle"), busiest.activity
