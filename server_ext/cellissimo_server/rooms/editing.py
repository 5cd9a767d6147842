"""The edits of a room's sessions: let in together, kept, acknowledged or refused [ROOM-14]."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cellissimo.crdt import wire
from cellissimo.crdt.lib0 import WireError
from cellissimo.crdt.mirror import Change
from cellissimo_server.errors import RefusalError
from cellissimo_server.rooms.documents import Documents
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.rooms.place import Arrived, Place
from cellissimo_server.rooms.refusals import close_code, permitted_changes, read_only, reason_of
from cellissimo_server.rooms.taking import Offer, Outcome

if TYPE_CHECKING:
    from cellissimo_server.rooms.room import Room

_LOG = logging.getLogger("cellissimo.rooms")
_EMPTY_UPDATE = b"\x00\x00"


class Editing:
    """Takes edits into the document of one room."""

    def __init__(self, room: Room, documents: Documents, clock: Callable[[], float]) -> None:
        """``clock`` is the rooms' own, in ms."""
        self._room = room
        self._documents = documents
        self._clock = clock
        self.came = 0.0
        """When the first of the edits that are being taken has come in."""

    # -- before they are taken -------------------------------------------------------------------

    def takes(self, arrived: Arrived) -> bool:
        """Whether a word is an edit that may be looked at; a viewer's is refused unread."""
        place, word = arrived.place, arrived.word
        if place.is_over or update_of(word) is None:
            return False
        if isinstance(word, wire.Edit):
            if word.number != place.number + 1 or not place.may_edit:
                return False
            place.number = word.number
            return True
        return place.may_edit or (isinstance(word, wire.Sync) and word.step == wire.ANSWER)

    def refuse_unread(self, place: Place, word: wire.Sync | wire.Edit) -> None:
        """An edit that is not even looked at [ROOM-19].

        Raises:
            WireError: its number is not the next one.
        """
        if isinstance(word, wire.Sync) and word.content == _EMPTY_UPDATE:
            return
        if place.may_edit:
            raise WireError(f"the edit after {place.number} has another number; count one by one")
        self._refuse(place, number_of(word), read_only())

    def _refuse(self, place: Place, number: int, error: RefusalError) -> None:
        """Tell whose edit it was, and close their session [WIRE-7]."""
        if place.seat.speaks:
            place.seat.send(wire.Refused(number, error.detail).pack())
        self._room.refuse(place, close_code(error), error.message)

    # -- taking them -----------------------------------------------------------------------------

    async def take(self, edits: Sequence[Arrived]) -> None:
        """Let edits in, keep them, and acknowledge them."""
        for arrived in edits:
            arrived.place.taken(arrived.size)
        self.came = edits[0].at
        try:
            offers = list(map(self._offer, edits))
            outcomes = await self._documents.take(self._room.piece, offers)
            self._answer(list(zip(edits, outcomes, strict=True)))
        except RefusalError as error:
            self._not_kept(edits, error, reason_of(error))
        except Exception as error:  # noqa: BLE001 - its senders are told, and nobody else leaves
            self._not_kept(edits, error, "the edit could not be taken")

    def _answer(self, both: Sequence[tuple[Arrived, Outcome]]) -> None:
        """Tell authors what has become of their edits."""
        self._acknowledge(both)
        for arrived, outcome in both:
            if outcome.error is not None:
                self._refuse(arrived.place, number_of(arrived.word), outcome.error)
        self._room.ensemble.edited((arrived.place, outcome) for arrived, outcome in both)

    def _acknowledge(self, both: Sequence[tuple[Arrived, Outcome]]) -> None:
        """One KEPT for each author, of the last edit that is on disk [WIRE-5]."""
        kept: dict[Place, tuple[int, int]] = {}
        for arrived, outcome in both:
            number = number_of(arrived.word)
            if number and outcome.error is None and not outcome.is_dropped:
                seq = outcome.made[-1].entry.seq if outcome.made else self._room.seq
                kept[arrived.place] = (number, seq)
        stamp = self._clock()
        for place, (number, seq) in kept.items():
            place.seat.send(wire.Kept(number, seq, stamp).pack())

    def _offer(self, arrived: Arrived) -> Offer:
        place = arrived.place
        return Offer(
            author=place.seat.person.id,
            update=_written(arrived.word),
            permit=lambda changes, held: self._permit(place, changes, held),
            key=place,
            may_add=place.may_edit,
            is_anothers=lambda client: self._is_anothers(client, place),
        )

    def _permit(self, place: Place, changes: Sequence[Change], held: Opened) -> None:
        if changes and not place.may_edit:
            raise read_only()
        own = held.own_stems.of(place.seat.person.id)
        permitted_changes(changes, held.document, place.seat.standing, own)

    def _is_anothers(self, client: int, place: Place) -> bool:
        """Whether somebody else is here with a replica of that id [ROOM-20]."""
        mine = place.seat.person.id
        return any(
            other.seat.client == client and other.seat.person.id != mine
            for other in self._room.places.values()
        )

    def _not_kept(self, edits: Sequence[Arrived], error: Exception, reason: str) -> None:
        """Nothing of a turn was kept, or nobody knows: its authors come again [ROOM-15]."""
        _LOG.error("edits of a room were not kept", exc_info=error)
        for place in {arrived.place for arrived in edits}:
            self._room.expel(place, 4500, reason)


def update_of(word: object) -> bytes | None:
    """The update of a word that is an edit; an empty answer is none."""
    match word:
        case wire.Edit(update=update):
            return update
        case wire.Sync(step=step, content=content) if step != wire.STATE:
            return content if content != _EMPTY_UPDATE else None
    return None


def _written(word: object) -> bytes:
    """The update of a word that is an edit, as it was sent: no bytes at all are none."""
    found = update_of(word)
    return b"" if found is None else found


def number_of(word: object) -> int:
    """The number of an edit; 0 where it has none."""
    return word.number if isinstance(word, wire.Edit) else 0
