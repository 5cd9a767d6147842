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


class Transport:
    """The transport of one room. Each change gives whether there is a new state to tell."""

    def __init__(self) -> None:
        """Nobody leads, and nothing plays."""
        self.state = TransportState()
        self._seats: dict[int, Seat] = {}
        self._orders: Mapping[str, Callable[[Seat, Mapping[str, Any], float], TransportState]] = {
            "play": self._play,
            "stop": self._stop,
            "seek": self._seek,
            "mark": self._mark,
            "pass": self._pass,
        }

    # -- who is there ----------------------------------------------------------------------------

    def join(self, seat: Seat) -> bool:
        """Somebody who hears frames of this kind has come; the first that may leads."""
        self._seats[seat.session] = seat
        return self._settle()

    def leave(self, seat: Seat) -> bool:
        """Somebody is gone; where they led, whoever was there longest leads on."""
        self._seats.pop(seat.session, None)
        return self._settle()

    def changed(self) -> bool:
        """What somebody may do has changed."""
        return self._settle()

    def _settle(self) -> bool:
        leader = None if self.state.leader is None else self._seats.get(self.state.leader)
        if leader is not None and _may_lead(leader):
            return False
        heirs = [seat for seat in self._seats.values() if _may_lead(seat)]
        heir = next((seat.session for seat in heirs if seat.via not in _SELF_ASKED), None)
        return self._become(replace(self.state, leader=heir))

    # -- what they say ---------------------------------------------------------------------------

    def do(self, seat: Seat, order: Mapping[str, Any], now: float) -> bool:
        """Do what a session says; ``now`` in ms of the room's clock.

        Raises:
            ForbiddenError: it is not theirs to say.
            InvalidError: it is nothing that can be done.
        """
        what = order.get("do")
        if what == "lead":
            return self._become(replace(self.state, leader=self._allowed(seat).session))
        done = self._orders.get(what) if isinstance(what, str) else None
        if done is None:
            raise _invalid("do", what, "lead, play, stop, seek, mark or pass")
        if what != "mark" or not self._stands_in(seat):
            self._check_leads(seat)
        return self._become(done(seat, order, now))

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
