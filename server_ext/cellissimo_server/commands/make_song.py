"""Making and changing a song as the playground says it: blocks of loops on a timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cellissimo.crdt.document import Document
from cellissimo.notation.playground import loop_of_playground, song_of_playground
from cellissimo.schema.models import DEFAULT_COLOR, Loop
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.songs import NewSong, SongChange
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands.accepting import refusing
from cellissimo_server.commands.change_piece import Change, change_piece
from cellissimo_server.commands.change_project import said
from cellissimo_server.commands.licences import check_copy
from cellissimo_server.commands.make_loop import loop_of
from cellissimo_server.commands.make_piece import About, founded, fresh_id, keep
from cellissimo_server.commands.shown import Seen, seen_one
from cellissimo_server.commands.visibility import visibility_of
from cellissimo_server.errors import ForbiddenError, InvalidError, NotFoundError
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_SAID = ("name", "bpm", "time_signature", "timeline", "total_bars", "key")
MUSIC = frozenset({*_SAID, "loops"})
"""What of a song its document says."""


async def make_song(services: Services, person: Person, wanted: NewSong) -> Seen:
    """A new project of ``person``, made of loops on a timeline.

    Raises:
        InvalidError: a field is not accepted, or a block names a loop that is not there.
        QuotaError: they keep as many as they may.
    """
    loops = await _loops(services, person, wanted, {})
    with refusing("body"):
        song = song_of_playground(_json(wanted), fresh_id(), loops)
    about = About(
        description=wanted.description,
        visibility=visibility_of(wanted.visibility, wanted.is_public) or "private",
        licence=wanted.licence,
        color=wanted.color or DEFAULT_COLOR,
        tags=wanted.tags,
    )
    one = founded(song, person, about, services.clock())

    def work(db: Connection) -> Seen:
        return seen_one(db, person, keep(db, one, services.settings))

    made = await services.database.write(work)
    services.caches.piece_changed()
    return made


async def change_song(
    services: Services, person: Person, piece_id: str, wanted: SongChange, rev: int | None
) -> Seen:
    """A song with the fields changed that were sent.

    Raises:
        InvalidError: a field is not accepted, or a block names a loop that is not there.
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: one of the changes is not theirs to make.
        ChangedError: it has another ``rev`` by now.
    """
    fields = said(wanted.given)
    await services.database.read(
        lambda db: permitted(db, piece_id, person, Action.READ, kind="project")
    )
    there = (await services.documents.revision(piece_id)).value.loops
    loops = await _loops(services, person, wanted, there)
    json = _json(wanted)

    def edit(document: Document) -> None:
        with refusing("body"):
            made = song_of_playground(json, piece_id, loops, document.revision)
        with document.edit() as writer:
            writer.set_song(made)

    change = Change("project", fields, rev, MUSIC, edit if json else None)
    return await change_piece(services, person, piece_id, change)


def _json(wanted: NewSong | SongChange) -> dict[str, Any]:
    found: dict[str, Any] = wanted.model_dump(
        mode="json", by_alias=True, include=set(_SAID), exclude_none=True
    )
    return found


async def _loops(
    services: Services, person: Person, wanted: NewSong | SongChange, there: Mapping[str, Loop]
) -> dict[str, Loop]:
    """The loops that blocks may name: those that came along, and those of libraries."""
    brought = loops_brought(wanted.loops)
    named = dict.fromkeys(block.loop_id for block in wanted.timeline or ())
    missing = [loop_id for loop_id in named if loop_id not in brought and loop_id not in there]

    def copied(db: Connection) -> list[str]:
        return [loop_id for loop_id in missing if _may_copy(db, person, loop_id)]

    for loop_id in await services.database.read(copied):
        found = await services.documents.revision(loop_id)
        brought[loop_id] = loop_of(found.value)
    return brought


def loops_brought(sent: Sequence[Mapping[str, Any]]) -> dict[str, Loop]:
    """The loops of a request by their ids.

    Raises:
        InvalidError: one has no id, or does not read; or two have one id.
    """
    found: dict[str, Loop] = {}
    for place, json in enumerate(sent):
        loop_id = json.get("id")
        if not isinstance(loop_id, str) or not 1 <= len(loop_id) <= 100 or loop_id in found:
            raise InvalidError(
                "Each loop needs an id of its own.",
                field=f"loops[{place}].id",
                accepted="a text of 1 to 100 characters, each once",
                cure="Send the id by which the timeline names it.",
            )
        with refusing("loops", within=f"loops[{place}]"):
            found[loop_id] = loop_of_playground(json, loop_id)
    return found


def _may_copy(db: Connection, person: Person, loop_id: str) -> bool:
    """Whether somebody may put a loop of a library into their song.

    Raises:
        ForbiddenError: they may know of it, but its licence forbids changed copies.
    """
    try:
        source, _ = permitted(db, loop_id, person, Action.FORK, kind="loop")
    except (NotFoundError, ForbiddenError):
        return False
    check_copy(source, person)
    return True
