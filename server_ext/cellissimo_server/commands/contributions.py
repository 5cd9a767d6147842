"""Whose a piece is: how much each has done, and what of the present song is theirs [ROOM-53]."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.crdt import layout
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.activity import Contributions, Theirs
from cellissimo.schema.rest.said import RoomPerson
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.activity import people_of
from cellissimo_server.commands.room_people import GONE
from cellissimo_server.rooms.attribution import Attribution, Thing, Touch, cells_of, things_of
from cellissimo_server.rooms.opened import Opened

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_COUNTED = (layout.NOTES, layout.STEPS, layout.CHORDS, layout.STEMS)
_PARTS = 10_000
"""Shares are told in parts of ten thousand, which sum up exactly."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What an open document knows of its authors."""

    song: Song
    seq: int
    last: Mapping[Thing, Touch]
    edits: Mapping[str, int]


async def contributions(services: Services, person: Person, piece_id: str) -> Contributions:
    """Everybody's part of the present song, the largest first; shares sum to 1.

    A thing is theirs who changed it last. What was there before the history begins is nobody's.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: its history is not theirs to read.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ_HISTORY))
    known = await services.documents.traced(piece_id, _known)
    people = await people_of(services, known.edits)
    theirs, unknown = _owned(known, people)
    edits = Counter({one: count for one, count in known.edits.items() if one in people})
    weights = {one: sum(theirs[one].values()) for one in edits}
    shares = _shares(weights if any(weights.values()) else edits)
    told = _told(edits, theirs, shares, people)
    return Contributions(seq=known.seq, contributions=told, unknown=unknown)


def _known(held: Opened) -> _Known:
    found: Attribution = held.attribution or Attribution(held.seq)
    return _Known(held.document.revision, held.seq, dict(found.last), dict(found.edits))


def _owned(
    known: _Known, people: Mapping[str, RoomPerson]
) -> tuple[Mapping[str, Counter[str]], int]:
    """What of the song is whose, by kind; and how much is nobody's."""
    theirs = {author: Counter[str]() for author in known.edits}
    unknown = 0
    for thing in (*things_of(known.song), *cells_of(known.song)):
        if thing[0] in _COUNTED:
            touch = known.last.get(thing)
            if touch is None or touch.author not in people:
                unknown += 1
            else:
                theirs[touch.author][thing[0]] += 1
    return theirs, unknown


def _shares(weights: Mapping[str, int]) -> dict[str, float]:
    """Parts of 1 that sum up to it exactly: what is left goes to the largest remainders."""
    total = sum(weights.values())
    if not total:
        return dict.fromkeys(weights, 0.0)
    exact = {one: weight * _PARTS / total for one, weight in weights.items()}
    parts = {one: int(part) for one, part in exact.items()}
    left = _PARTS - sum(parts.values())
    for one in sorted(exact, key=lambda key: (parts[key] - exact[key], key))[:left]:
        parts[one] += 1
    return {one: part / _PARTS for one, part in parts.items()}


def _told(
    edits: Mapping[str, int],
    theirs: Mapping[str, Counter[str]],
    shares: Mapping[str, float],
    people: Mapping[str, RoomPerson],
) -> list[Theirs]:
    ordered = sorted(edits, key=lambda one: (-shares[one], -edits[one], one))
    return [
        Theirs(
            person=people.get(one, GONE),
            edits=edits[one],
            share=shares[one],
            **{kind: theirs[one][kind] for kind in _COUNTED},
        )
        for one in ordered
    ]
