"""Those who are in one room together: who they are, where they point, who leads, where two clash.

It says when somebody has to be told of something, and tells them; nothing of it is stored.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from cellissimo.crdt import awareness, wire
from cellissimo.crdt.update import Update
from cellissimo.crdt.wire import Kind
from cellissimo.schema.models import Song
from cellissimo_server.errors import RefusalError
from cellissimo_server.rooms.conflicts import Conflicts
from cellissimo_server.rooms.cursors import Cursors
from cellissimo_server.rooms.place import Place
from cellissimo_server.rooms.presence import RENEW_MS, Participant, Presence
from cellissimo_server.rooms.taking import Made, Outcome
from cellissimo_server.rooms.told import Told
from cellissimo_server.rooms.transport import Transport, refusal

TRANSPORT_MS = 50.0
"""Between two states of the transport, in ms of the room's clock."""

_NOBODY = wire.Presence(awareness.join([])).pack()
"""News of nobody: a plain client takes a room that is silent for 30 s for gone."""


_LOG = logging.getLogger("cellissimo.rooms")
_P = ParamSpec("_P")


def _contained(
    do: Callable[Concatenate[Ensemble, _P], None],
) -> Callable[Concatenate[Ensemble, _P], None]:
    """Where it fails, those who are here are together anew, and nobody has to leave [ROOM-46]."""

    @wraps(do)
    def done(ensemble: Ensemble, /, *given: _P.args, **named: _P.kwargs) -> None:
        try:
            do(ensemble, *given, **named)
        except Exception:  # noqa: BLE001 - it is nobody's fault who is here, and edits go on
            _LOG.exception("presence, transport and conflicts of a room begin anew")
            ensemble.begin_anew()

    return done


class Ensemble:
    """Presence, cursors, transport and conflicts of one room, and the timer that they share."""

    def __init__(
        self,
        places: Callable[[], Iterable[Place]],
        clock: Callable[[], float],
        song: Callable[[], Song],
        tell_edits: Callable[[], None],
        first_clock: int,
    ) -> None:
        """``clock`` is the rooms' own, in ms; ``first_clock`` that of the first presence.

        ``tell_edits`` tells everybody of the edits that wait for others to be told with.
        """
        self._places = places
        self._clock = clock
        self._song = song
        self._tell_edits = tell_edits
        self._presence = Presence(first_clock)
        self._cursors = Cursors()
        self._transport = Transport()
        self._conflicts = Conflicts()
        self._renewed = clock()
        self._timer: asyncio.TimerHandle | None = None
        self._is_closed = False
        self._is_company = self._has_plain = False
        self._transport_told = float("-inf")
        self._transport_due: float | None = None

    # -- coming and going ------------------------------------------------------------------------

    @_contained
    def join(self, place: Place) -> None:
        """Somebody has come: they are told who is here [WIRE-2]."""
        self._presence.join(place.seat, self._clock())
        self._tell_presence(place)
        self._look_round()
        self._settle()

    def greet(self, place: Place) -> Mapping[str, Any]:
        """Somebody is about to be greeted; gives the transport, which all others are told of."""
        self._presence.changed(place.seat, self._clock())
        self._note(self._transport.join(place.seat, self._clock()))
        self._tell_transport(self._clock())
        return self.transport

    def greeted(self, place: Place) -> None:
        """Somebody was greeted: they are told where everybody points."""
        pointed = self._cursors.everybody()
        if pointed is not None:
            place.seat.send(pointed.frame)
        self._look_round()
        self._settle()

    @_contained
    def leave(self, place: Place) -> None:
        """Somebody is gone; again does nothing [WIRE-10] [WIRE-15]."""
        if self._is_closed:
            return
        self._presence.leave(place.seat)
        self._cursors.leave(place.seat)
        self._note(self._transport.leave(place.seat, self._clock()))
        self._look_round()
        self._settle()

    @_contained
    def changed(self, place: Place) -> None:
        """What somebody may do here has changed."""
        self._presence.changed(place.seat, self._clock())
        self._note(self._transport.changed())
        self._settle()

    def begin_anew(self) -> None:
        """Forget where people are and what plays, of which something was wrong; all stay here.

        They say again where they are, as they do all the time, and the lead goes to the first.
        """
        self._tell(self._presence.goodbyes())
        self._presence = Presence(self._presence.newest + 1)
        self._cursors, self._transport, self._conflicts = Cursors(), Transport(), Conflicts()
        now = self._transport_due = self._clock()
        for place in self._places():
            place.seat.client = None
            self._presence.join(place.seat, now)
            if place.seat.speaks:
                self._transport.join(place.seat, now)
        self._look_round()

    def _look_round(self) -> None:
        """Whether two people are here at all, and whether there are plain clients."""
        seats = [place.seat for place in self._places()]
        self._is_company = len({seat.person.id for seat in seats}) > 1
        self._has_plain = not all(seat.speaks for seat in seats)

    def close(self) -> None:
        """Everybody goes at once: nobody is told anything more."""
        self._is_closed = True
        if self._timer is not None:
            self._timer.cancel()

    # -- what they say ---------------------------------------------------------------------------

    def hear(self, place: Place, word: wire.FromClient) -> None:
        """Somebody says where they are, points somewhere, or speaks to the transport.

        Raises:
            WireError: it is nothing that can be said, or said for somebody else.
        """
        now = self._clock()
        match word:
            case wire.Presence(content=content):
                self._presence.receive(place.seat, content, now)
            case wire.AskPresence():
                self._tell_presence(place)
            case wire.Cursor(content=content):
                self._cursors.point(place.seat, content)
                self._presence.moved(place.seat, now)
            case wire.Said(kind=Kind.TRANSPORT, said=said):
                self._presence.moved(place.seat, now)
                self._order(place, said, now)
            case wire.Said():
                self._presence.moved(place.seat, now)
            case _:
                pass
        self._settle()

    def _order(self, place: Place, said: Mapping[str, Any], now: float) -> None:
        try:
            self._note(self._transport.do(place.seat, said, now))
        except RefusalError as error:
            told = refusal(error, self._transport.state)
            place.seat.send(wire.Said(Kind.TRANSPORT, told).pack())

    def _note(self, has_changed: bool) -> None:  # noqa: FBT001 - as the transport says
        if has_changed:
            self._transport_due = self._transport_told + TRANSPORT_MS

    @_contained
    def edited(self, edits: Iterable[tuple[Place, Outcome]]) -> None:
        """What has become of edits of those who are here, in their order [ROOM-44]."""
        now = self._clock()
        for place, outcome in edits:
            if outcome.made:
                self._presence.edited(place.seat, now)
            for made in outcome.made:
                self._compare(place, made, outcome.update, now)
        self._settle()

    @_contained
    def heard(self, made: Sequence[Made]) -> None:
        """Edits are durable; those that came by other doors count for their authors as well."""
        others = [one for one in made if one.key is None and one.changes]
        if not others or not self._is_company:
            return
        authors = {place.seat.person.id: place for place in self._places()}
        now = self._clock()
        for one in others:
            if one.entry.author in authors:
                self._compare(authors[one.entry.author], one, None, now)
        self._settle()

    def _compare(self, place: Place, made: Made, sent: Update | None, now: float) -> None:
        if self._is_company:
            entry, by = made.entry, place.seat.person.told()
            self._conflicts.note(by, entry.bytes, made.changes, entry.seq, now, sent)

    # -- what they are told ----------------------------------------------------------------------

    @property
    def transport(self) -> Mapping[str, Any]:
        """What is played, as it travels."""
        return self._transport.state.told()

    def people(self) -> dict[int, Participant]:
        """Who is here, by session."""
        return {one.session: one for one in self._presence.people(self._clock())}

    @_contained
    def _settle(self) -> None:
        """Tell what is due now, and wake up when something is next."""
        now = self._clock()
        self._tell(self._presence.due(now))
        self._tell_transport(now)
        self._point(now)
        self._warn(now)
        self._renew(now)
        wakes = (
            self._transport_due,
            self._presence.next_due,
            self._cursors.next_due,
            self._conflicts.next_due,
            self._renewed + RENEW_MS if self._has_plain else None,
        )
        self._wake(min((at for at in wakes if at is not None), default=None), now)

    def _wake(self, at: float | None, now: float) -> None:
        if self._timer is not None:
            self._timer.cancel()
        loop = asyncio.get_running_loop()
        wait = None if at is None or self._is_closed else max(at - now, 1.0) / 1000
        self._timer = None if wait is None else loop.call_later(wait, self._settle)

    def _tell(self, told: Told | None) -> None:
        if told is None:
            return
        for place in self._places():
            for frame in told.frames(place.seat):
                place.seat.send(frame)

    def _tell_presence(self, place: Place) -> None:
        told = self._presence.everybody(place.seat)
        for frame in told.frames(place.seat) if told else ():
            place.seat.send(frame)

    def _point(self, now: float) -> None:
        if not _is_due(self._cursors.next_due, now):
            return
        speaking = [place for place in self._places() if place.seat.speaks]
        pointed = self._cursors.due(now, len(speaking))
        if pointed is None:
            return
        for place in speaking:
            if pointed.is_for(place.seat):
                place.outbox.offer(pointed.frame)

    def _warn(self, now: float) -> None:
        """Tell two people that they have set one thing, wherever they are in the room."""
        if not _is_due(self._conflicts.next_due, now):
            return
        self._tell_edits()  # whoever keeps theirs has seen the other value
        for notice in self._conflicts.due(now, self._song()):
            frame = wire.Said(Kind.NEWS, notice.told).pack()
            for place in self._places():
                if place.seat.speaks and place.seat.person.id == notice.to:
                    place.seat.send(frame)

    def _renew(self, now: float) -> None:
        if now >= self._renewed + RENEW_MS:
            self._renewed = now
            told = self._presence.renewed()
            for place in self._places():
                if not place.seat.speaks:
                    for frame in (told.frames(place.seat) if told else ()) or (_NOBODY,):
                        place.seat.send(frame)

    def _tell_transport(self, now: float) -> None:
        """Tell what plays: at once, and where it changes quickly, the last of it a little later."""
        if not _is_due(self._transport_due, now):
            return
        self._transport_due, self._transport_told = None, now
        frame = wire.Said(Kind.TRANSPORT, self.transport).pack()
        for place in self._places():
            if place.seat.speaks:
                place.seat.send(frame)


def _is_due(at: float | None, now: float) -> bool:
    return at is not None and at <= now
