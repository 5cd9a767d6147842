"""Reading the history of a piece: what was done, what it said, how two revisions differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo.crdt.document import Document
from cellissimo.notation.diff import diff_songs
from cellissimo.notation.song_file import print_song
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.history import (
    ChangeShape,
    Comparison,
    History,
    HistoryQuery,
    Revision,
    VersionName,
)
from cellissimo.schema.rest.people import Person as PersonShape
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.shown import person_shown
from cellissimo_server.rooms.history import told
from cellissimo_server.store import users, versions
from cellissimo_server.store.database import Connection
from cellissimo_server.store.versions import Version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cellissimo_server.services import Services


async def read_history(
    services: Services, person: Person, piece_id: str, query: HistoryQuery
) -> History:
    """What was done to a piece, newest first.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: its history is not theirs to read.
    """

    def named(db: Connection) -> dict[int, Version]:
        permitted(db, piece_id, person, Action.READ_HISTORY)
        return {one.seq: one for one in reversed(versions.of_piece(db, piece_id))}

    names = await services.database.read(named)
    history = services.documents.history
    spans, has_more = await history.spans(piece_id, query.before, query.limit, names)
    words = await history.words(piece_id, spans)
    people = await authors_of(services, {span.author for span in spans})
    return History(
        revisions=[
            Revision(
                seq=span.last,
                from_seq=span.first,
                at=to_time(span.at),
                author=people.get(span.author),
                words=said,
                version=_name(names.get(span.last)),
            )
            for span, said in zip(spans, words, strict=True)
        ],
        has_more=has_more,
    )


def _name(version: Version | None) -> VersionName | None:
    return VersionName(id=version.id, name=version.name) if version else None


async def authors_of(services: Services, ids: Iterable[str]) -> dict[str, PersonShape]:
    """The people of some ids; who is gone has no name."""
    wanted = set(ids)
    found = await services.database.read(lambda db: users.by_ids(db, wanted))
    return {one: person_shown(user) for one, user in found.items()}


async def text_at(services: Services, person: Person, piece_id: str, seq: int) -> str:
    """The song text of a piece at a revision.

    Raises:
        NotFoundError: there is no such piece or revision.
        GoneError: it is older than what is kept.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ_HISTORY))
    return print_song(await services.documents.history.song_at(piece_id, seq))


async def document_at(services: Services, person: Person, piece_id: str, seq: int) -> bytes:
    """The document of a piece at a revision, as an update of a document of its own.

    Raises:
        NotFoundError: there is no such piece or revision.
        GoneError: it is older than what is kept.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ_HISTORY))
    return Document(await services.documents.history.song_at(piece_id, seq)).encode()


async def compare(
    services: Services, person: Person, piece_id: str, first: int, last: int | None
) -> Comparison:
    """How two revisions of a piece differ; the second is the present where it is None."""
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ_HISTORY))
    to = (await services.documents.revision(piece_id)).seq if last is None else last
    songs = await services.documents.history.songs_at(piece_id, [first, to])
    changes = diff_songs(songs[first], songs[to])
    return Comparison(
        words=told(songs[first], songs[to]),
        changes=[
            ChangeShape(kind=one.kind, where=one.where, text=one.text, bars=list(one.bars))
            for one in changes
        ],
        bars=[list(run) for run in changes.bars],
    )
