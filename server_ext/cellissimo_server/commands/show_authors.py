"""Who wrote what of a piece, and how much each has contributed [ROOM-8]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cellissimo.crdt import layout
from cellissimo.schema.models import Song
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.history import Authors, Contribution, Wrote
from cellissimo.schema.rest.people import Person as PersonShape
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.read_history import authors_of
from cellissimo_server.rooms.attribution import Attribution, Thing, Touch, things_of
from cellissimo_server.rooms.opened import Opened

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_KINDS = {
    layout.LOOPS: "loop",
    layout.BLOCKS: "block",
    layout.STEMS: "stem",
    layout.RETURNS: "return",
    layout.SEGMENTS: "segment",
    layout.SECTIONS: "section",
    layout.MARKERS: "marker",
    layout.NOTES: "note",
}


@dataclass(frozen=True, slots=True)
class _Known:
    """What an open document knows of its authors."""

    song: Song
    last: dict[Thing, Touch]
    edits: dict[str, int]
    begins: int


async def show_authors(services: Services, person: Person, piece_id: str) -> Authors:
    """Who wrote what of a piece last; shares count the edits that the history holds.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: its history is not theirs to read.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ_HISTORY))
    known = await services.documents.traced(piece_id, _known)
    people = await authors_of(services, known.edits)
    names = _names(known.song)
    return Authors(
        entities={
            thing[1]: _wrote(thing, names, known.last.get(thing), people, known.begins)
            for thing in things_of(known.song)
        },
        shares=_shares(known.edits, people),
    )


def _known(held: Opened) -> _Known:
    found: Attribution = held.attribution or Attribution(held.seq)
    return _Known(held.document.revision, dict(found.last), dict(found.edits), found.begins)


def _wrote(
    thing: Thing,
    names: dict[Thing, str],
    touch: Touch | None,
    people: dict[str, PersonShape],
    begins: int,
) -> Wrote:
    return Wrote(
        kind=_KINDS[thing[0]],
        name=names.get(thing, ""),
        author=people.get(touch.author) if touch else None,
        at=to_time(touch.at) if touch else None,
        seq=touch.seq if touch else begins,
    )


def _names(song: Song) -> dict[Thing, str]:
    """What people call the things that have a name."""
    named = (
        (layout.LOOPS, song.loops),
        (layout.STEMS, song.stems),
        (layout.RETURNS, song.returns),
        (layout.SEGMENTS, song.segments),
        (layout.SECTIONS, song.sections),
        (layout.MARKERS, song.markers),
    )
    return {(root, key): one.name for root, held in named for key, one in held.items()}


def _shares(edits: dict[str, int], people: dict[str, PersonShape]) -> list[Contribution]:
    total = sum(count for author, count in edits.items() if author in people)
    return [
        Contribution(user=people[author], edits=count, share=round(count / total, 4))
        for author, count in sorted(edits.items(), key=lambda item: (-item[1], item[0]))
        if author in people
    ]
