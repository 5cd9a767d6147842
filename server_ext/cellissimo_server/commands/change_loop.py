"""Changing a loop: what its row says, and its chords and steps in its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellissimo.crdt.document import Document
from cellissimo.notation.playground import loop_of_playground
from cellissimo.schema.rest.loops import LoopChange
from cellissimo_server.access.person import Person
from cellissimo_server.commands.accepting import refusing
from cellissimo_server.commands.change_piece import Change, change_piece
from cellissimo_server.commands.change_project import said
from cellissimo_server.commands.make_loop import MUSIC, loop_of, music_of
from cellissimo_server.commands.shown import Seen

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def change_loop(
    services: Services, person: Person, piece_id: str, wanted: LoopChange, rev: int | None
) -> Seen:
    """A loop with the fields changed that were sent; what was not sent stays.

    Raises:
        InvalidError: a field is not accepted.
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: one of the changes is not theirs to make.
        ChangedError: it has another ``rev`` by now.
    """
    fields = said(wanted.given)
    music = music_of(wanted)
    edit = (lambda document: _edit(document, music)) if music else None
    if "color" in fields:
        fields = {**fields, "color": fields["color"].lower()}
    change = Change("loop", fields, rev, frozenset(MUSIC), edit)
    return await change_piece(services, person, piece_id, change)


def _edit(document: Document, music: dict[str, Any]) -> None:
    song = document.revision
    before = loop_of(song)
    with refusing("body"):
        made = loop_of_playground(music, before.id, before)
    with document.edit() as writer:
        writer.set_loop(made)
        if made.name != song.name:
            writer.set_song_field("name", made.name)
