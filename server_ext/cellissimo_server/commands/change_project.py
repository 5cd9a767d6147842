"""Changing a project: what its row says, and its name, tempo, meter and key in its document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cellissimo.crdt.document import Document
from cellissimo.schema import checks
from cellissimo.schema.models import Tempo
from cellissimo.schema.rest.projects import ProjectChange
from cellissimo_server.access.person import Person
from cellissimo_server.commands.accepting import accepted
from cellissimo_server.commands.change_piece import Change, change_piece
from cellissimo_server.commands.shown import Seen
from cellissimo_server.errors import InvalidError

if TYPE_CHECKING:
    from cellissimo_server.services import Services

MUSIC = frozenset({"name", "tempo", "time_signature", "key"})
"""What of a project its document says."""


async def change_project(
    services: Services, person: Person, piece_id: str, wanted: ProjectChange, rev: int | None
) -> Seen:
    """A project with the fields changed that were sent.

    Raises:
        InvalidError: a field is not accepted.
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: one of the changes is not theirs to make.
        ChangedError: it has another ``rev`` by now.
    """
    fields = said(wanted.given)
    music = _accepted({name: fields[name] for name in MUSIC & fields.keys()})
    edit = (lambda document: _edit(document, music)) if music else None
    change = Change("project", {**fields, **music}, rev, MUSIC, edit)
    return await change_piece(services, person, piece_id, change)


def said(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a request, none of which may be null: what is not to change is left out.

    Raises:
        InvalidError: one is null.
    """
    for name, value in given.items():
        if value is None:
            raise InvalidError(
                f"{name} is null.",
                field=name,
                accepted="a value",
                cure=f"Leave {name} out where it is not to change.",
            )
    return given


def _accepted(music: dict[str, Any]) -> dict[str, Any]:
    """The fields as the document takes them."""
    checked = {"name": checks.name, "key": checks.key, "time_signature": checks.meter}
    return {
        name: accepted(name, value, checked[name]) if name in checked else value
        for name, value in music.items()
    }


def _edit(document: Document, music: dict[str, Any]) -> None:
    with document.edit() as writer:
        for name in ("name", "key"):
            if name in music:
                writer.set_song_field(name, music[name])
        if "tempo" in music:
            ramp = document.revision.tempos[0].ramp
            writer.set_tempo(0, Tempo(music["tempo"], ramp))
        if "time_signature" in music:
            writer.set_meter(0, music["time_signature"])
