"""The transport that a room shares, from a kernel: who leads, what plays, and where it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from cellissimo.client.room_values import Member, TransportState
from cellissimo.domain.tempo_map import MeterMap
from cellissimo.music import places
from cellissimo.schema import checks

if TYPE_CHECKING:
    from cellissimo.music.room import Room

_ANSWER_S = 5.0


class Transport:
    """What the room plays. A kernel leads only when it asks to: pages play, it tells them when.

    >>> room.transport.lead()
    >>> room.transport.play(bar=5)
    """

    def __init__(self, room: Room) -> None:
        """That of a room."""
        self._room = room

    @property
    def state(self) -> TransportState:
        """What the room last said."""
        return self._room.view.transport

    @property
    def leader(self) -> Member | None:
        """Who leads; None where nobody does."""
        leads = self.state.leader
        return next((one for one in self._room.view.members if one.session == leads), None)

    @property
    def is_mine(self) -> bool:
        """Whether this kernel leads."""
        view = self._room.view
        return view.session is not None and view.transport.leader == view.session

    @property
    def playing(self) -> bool:
        """Whether something plays."""
        return self.state.playing

    @property
    def tick(self) -> int:
        """Where it is now, by the room's clock."""
        state, offset = self.state, self._room.view.offset
        if not state.playing or offset is None:
            return round(state.tick)
        passed_s = max(0.0, time.monotonic() * 1000 + offset - state.at) / 1000
        tempos = places.tempo_map(self._room.model)
        return round(tempos.tick_at(tempos.seconds_at(round(state.tick)) + passed_s))

    @property
    def bar(self) -> int:
        """The bar in which it is, counted from 1."""
        return MeterMap(self._room.model.meters).bar_at(self.tick)[0]

    def lead(self) -> None:
        """Take the lead.

        Raises:
            ServerError: you may not, or the room does not answer.
        """
        if not self.is_mine:
            self._order(lambda _: self.is_mine, do="lead")

    def play(self, bar: float | None = None, bars: tuple[int, int] | None = None) -> None:
        """Let everybody who follows play from ``bar`` on, or ``bars`` (first and last) in turn.

        Raises:
            ServerError: somebody else leads, or the room does not answer.
        """
        meters = MeterMap(self._room.model.meters)
        region = None
        if bars is not None:
            first, last = (
                checks.number(bars[0], 1, 1e6, "bar"),
                checks.number(bars[1], 1, 1e6, "bar"),
            )
            region = [meters.tick_of(int(first)), meters.tick_of(int(last) + 1)]
        start = self.tick if bar is None else self._tick_of(bar)
        if region is not None and bar is None:
            start = region[0]
        self._lead_order(do="play", tick=start, region=region, of=self._of())

    def stop(self) -> None:
        """Let everybody who follows stop.

        Raises:
            ServerError: somebody else leads, or the room does not answer.
        """
        self._lead_order(do="stop", tick=self.tick)

    def seek(self, bar: float) -> None:
        """Go to a bar.

        Raises:
            ServerError: somebody else leads, or the room does not answer.
        """
        self._lead_order(do="seek", tick=self._tick_of(bar))

    def pass_to(self, member: Member | str) -> None:
        """Give the lead to somebody who is there.

        Raises:
            ServerError: it is not yours to give, or the room does not answer.
        """
        to = self._room.members[member] if isinstance(member, str) else member
        self._lead_order(do="pass", to=to.session)

    def _of(self) -> str:
        model = self._room.model
        return "song" if model.kind != "loop" else f"loop:{next(iter(model.loops))}"

    def _tick_of(self, bar: float) -> int:
        place = checks.number(bar, 1, 1e6, "bar")
        return MeterMap(self._room.model.meters).tick_of(int(place))

    def _lead_order(self, **order: object) -> None:
        from cellissimo.client.errors import ForbiddenError  # noqa: PLC0415 - beside pydantic

        leader = self.leader
        if leader is not None and not leader.is_me:
            message = f"{leader.name} leads; room.transport.lead() takes the lead"
            raise ForbiddenError(message)
        self._order(lambda before: self.state.number != before.number, **order)

    def _order(self, done: Callable[[TransportState], bool], **order: object) -> None:
        from cellissimo.client.errors import ForbiddenError, NoServerError  # noqa: PLC0415

        room = self._room
        if "room.lead" not in room.view.may:
            raise ForbiddenError("you may not lead here; ask the owner for the right to edit")
        before = self.state
        room.order(**order)
        if not room.wait(lambda _: done(before), _ANSWER_S):
            raise NoServerError(f"the room did not answer: {room.reason or 'too late'}")

    def __repr__(self) -> str:
        """One line."""
        leader = self.leader
        who = "nobody leads" if leader is None else f"{leader.name} leads"
        return f"{'playing' if self.playing else 'stopped'} in bar {self.bar}; {who}"
