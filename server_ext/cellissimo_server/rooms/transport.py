"""Who leads, and what is played from when on: the transport that a room shares.

It is never stored, and nobody has to follow it [WIRE-13 … WIRE-15].
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cellissimo.schema.policy import Action, may
from cellissimo_server.errors import ForbiddenError, InvalidError, RefusalError
from cellissimo_server.rooms.seat import Seat

AHEAD_MS = 250.0
"""A start lies so far ahead that everybody has heard of it by then."""

BACK_MS = 30_000.0
"""A leader who went and comes back within this time leads again, unless somebody took the lead."""

MOST_TICK = 1 << 31

MARK_MS = 10_000.0
"""What somebody says of where it is now lies so near to now."""

_OF = re.compile(r"song|loop:[^\x00-\x1f\x7f]{1,100}")
_SELF_ASKED = frozenset({"kernel"})
"""Who leads only when they ask to: they make no sound of their own."""


@dataclass(frozen=True, slots=True)
class TransportState:
    """What is played: ``tick`` of ``of`` sounds at ``at``, in ms of the room's clock.

    ``leader`` is a session. ``region``: from … to, in ticks, is played over and over; ``rounds``
    says how often it was before ``tick``. ``number`` grows with each state.
    """

    leader: int | None = None
    playing: bool = False
    of: str = "song"
    tick: float = 0
    at: float = 0.0
    region: tuple[int, int] | None = None
    number: int = 0
    rounds: int = 0

    def told(self) -> dict[str, Any]:
        """The JSON of a TRANSPORT frame."""
        return {
            "leader": self.leader,
            "playing": self.playing,
            "of": self.of,
            "tick": self.tick,
            "at": self.at,
            "region": None if self.region is None else list(self.region),
            "number": self.number,
            "rounds": self.rounds,
        }


@dataclass(frozen=True, slots=True)
class _Gone:
    """Who led until they went: the lead is theirs again if they come the same way by ``until``."""

    person: str
    via: str
    until: float
    is_taken: bool

    def is_back(self, seat: Seat, now: float) -> bool:
        """Whether they are who has come."""
        return now <= self.until and (seat.person.id, seat.via) == (self.person, self.via)


class Transport:
    """The transport of one room. Each change gives whether there is a new state to tell."""

    def __init__(self) -> None:
        """Nobody leads, and nothing plays."""
        self.state = TransportState()
        self._seats: dict[int, Seat] = {}
        self._is_taken = False
        self._gone: _Gone | None = None
        self._orders: Mapping[str, Callable[[Seat, Mapping[str, Any], float], TransportState]] = {
            "play": self._play,
            "stop": self._stop,
            "seek": self._seek,
            "mark": self._mark,
            "pass": self._pass,
        }

    # -- who is there ----------------------------------------------------------------------------

    def join(self, seat: Seat, now: float) -> bool:
        """Somebody who hears frames of this kind has come, at ``now`` in ms of the room's clock."""
        self._seats[seat.session] = seat
        gone = self._gone
        if gone is not None and gone.is_back(seat, now) and self._may_keep(seat, gone.is_taken):
            self._gone, self._is_taken = None, gone.is_taken
            return self._become(replace(self.state, leader=seat.session))
        return self._settle()

    def leave(self, seat: Seat, now: float) -> bool:
        """Somebody is gone; where they led, whoever is next leads on [WIRE-15]."""
        self._seats.pop(seat.session, None)
        if self.state.leader != seat.session:
            return False
        if self._gone is None or now > self._gone.until:
            self._gone = _Gone(seat.person.id, seat.via, now + BACK_MS, self._is_taken)
        return self._settle(seat.person.id)

    def changed(self) -> bool:
        """What somebody may do has changed."""
        return self._settle()

    def _settle(self, person: str = "") -> bool:
        """Let somebody lead who may; ``person`` is who led until they went."""
        leader = None if self.state.leader is None else self._seats.get(self.state.leader)
        if leader is not None and self._may_keep(leader, self._is_taken):
            return False
        heir = self._heir(person if self._is_taken else "")
        self._is_taken = self._is_taken and heir is not None and heir.person.id == person
        return self._become(replace(self.state, leader=None if heir is None else heir.session))

    def _may_keep(self, seat: Seat, is_taken: bool) -> bool:  # noqa: FBT001 - as ``_Gone`` has it
        """Whether a lead stays theirs: one that only fell to a guest goes to a member."""
        is_first = is_taken or _is_member(seat) or not any(map(_is_member, self._able()))
        return is_first and _may_lead(seat)

    def _heir(self, person: str) -> Seat | None:
        """Another session of ``person``, else a member, else a guest: who is here longest."""

        def rank(seat: Seat) -> tuple[bool, bool]:
            return seat.person.id != person, not _is_member(seat)

        return min(self._able(), key=rank, default=None)

    def _able(self) -> list[Seat]:
        """Those who may lead and make a sound, in the order in which they came."""
        seats = self._seats.values()
        return [seat for seat in seats if _may_lead(seat) and seat.via not in _SELF_ASKED]

    # -- what they say ---------------------------------------------------------------------------

    def do(self, seat: Seat, order: Mapping[str, Any], now: float) -> bool:
        """Do what a session says; ``now`` in ms of the room's clock.

        Raises:
            ForbiddenError: it is not theirs to say.
            InvalidError: it is nothing that can be done.
        """
        what = order.get("do")
        if what == "lead":
            return self._take(replace(self.state, leader=self._allowed(seat).session))
        done = self._orders.get(what) if isinstance(what, str) else None
        if done is None:
            raise _invalid("do", what, "lead, play, stop, seek, mark or pass")
        if what != "mark" or not self._stands_in(seat):
            self._check_leads(seat)
        state = done(seat, order, now)
        if what == "pass" or state.leader != self.state.leader:
            return self._take(state)
        self._is_taken = True
        return self._become(state)

    def _take(self, state: TransportState) -> bool:
        """Somebody has the lead by a word, theirs or of who had it: nobody comes back to it."""
        self._is_taken, self._gone = True, None
        return self._become(state)

    def _stands_in(self, seat: Seat) -> bool:
        """Whether somebody who hears may say where it is for a leader who makes no sound."""
        leader = self._seats.get(self.state.leader or 0)
        return leader is not None and leader.via in _SELF_ASKED and _may_lead(seat)

    def _check_leads(self, seat: Seat) -> None:
        if self.state.leader is None:
            self._allowed(seat)
        elif self.state.leader != seat.session:
            raise ForbiddenError(
                "Somebody else leads.",
                cure="Take the lead first, or play for yourself.",
            )

    def _allowed(self, seat: Seat) -> Seat:
        if not _may_lead(seat):
            raise ForbiddenError(
                f"You may not lead here ({Action.LEAD}).",
                cure="Ask the owner for the right to edit, or play for yourself.",
            )
        return seat

    def _play(self, seat: Seat, order: Mapping[str, Any], now: float) -> TransportState:
        return replace(
            self.state,
            leader=seat.session,
            playing=True,
            of=_of(order.get("of", self.state.of)),
            tick=_tick("tick", order.get("tick")),
            at=now + AHEAD_MS,
            region=_region(order.get("region")),
            rounds=0,
        )

    def _stop(self, seat: Seat, order: Mapping[str, Any], now: float) -> TransportState:
        tick = _tick("tick", order.get("tick", int(self.state.tick)))
        stopped = replace(self.state, leader=seat.session, playing=False)
        return replace(stopped, tick=tick, at=now, rounds=0)

    def _seek(self, seat: Seat, order: Mapping[str, Any], now: float) -> TransportState:
        tick, at = _tick("tick", order.get("tick")), now + AHEAD_MS * self.state.playing
        return replace(self.state, leader=seat.session, tick=tick, at=at, rounds=0)

    def _mark(self, _: Seat, order: Mapping[str, Any], now: float) -> TransportState:
        if not self.state.playing:
            return self.state
        tick = _between("tick", order.get("tick"), 0, MOST_TICK)
        at = _between("at", order.get("at"), now - MARK_MS, now + MARK_MS)
        return replace(self.state, tick=tick, at=at, rounds=_tick("rounds", order.get("rounds", 0)))

    def _pass(self, _: Seat, order: Mapping[str, Any], __: float) -> TransportState:
        to = order.get("to")
        heir = self._seats.get(to) if isinstance(to, int) and not isinstance(to, bool) else None
        if heir is None or not _may_lead(heir):
            raise _invalid("to", to, "the session of somebody here who may lead")
        return replace(self.state, leader=heir.session)

    def _become(self, state: TransportState) -> bool:
        if state == self.state:
            return False
        self.state = replace(state, number=self.state.number + 1)
        return True


def refusal(error: RefusalError, state: TransportState) -> dict[str, Any]:
    """What a session is told whose order was refused: how things are, and why."""
    return {**state.told(), "refused": error.detail}


def _may_lead(seat: Seat) -> bool:
    return may(Action.LEAD, seat.standing)


def _is_member(seat: Seat) -> bool:
    return seat.standing.role is not None


def _tick(field: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_tick(value):
        raise _invalid(field, value, f"a whole number of ticks, 0 … {MOST_TICK}")
    return int(value)


def _is_tick(value: float) -> bool:
    return 0 <= value <= MOST_TICK and value % 1 == 0


def _between(field: str, value: object, low: float, high: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not low <= value <= high:  # type: ignore[operator] # a number by now
        raise _invalid(field, value, f"a number, {low} … {high}")
    return float(value)  # type: ignore[arg-type] # the same


def _region(value: object) -> tuple[int, int] | None:
    if value is None:
        return None
    if not isinstance(value, list) or len(value) != 2:
        raise _invalid("region", value, "null, or [from, to]")
    start, end = _tick("region", value[0]), _tick("region", value[1])
    if start >= end:
        raise _invalid("region", value, "[from, to], where from comes before to")
    return start, end


def _of(value: object) -> str:
    if not isinstance(value, str) or not _OF.fullmatch(value):
        raise _invalid("of", value, '"song" or "loop:<id>"')
    return value


def _invalid(field: str, value: object, accepted: str) -> InvalidError:
    return InvalidError(
        f"The transport does not know what to do with {field} {value!r:.80}.",
        field=field,
        accepted=accepted,
        cure="Send one of the values that are accepted.",
    )
