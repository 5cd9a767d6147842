"""Making a loop of somebody's library: from chords and steps, or from a song text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cellissimo.notation.playground import loop_of_playground
from cellissimo.schema.models import Loop, Song
from cellissimo.schema.rest.loops import NewLoop
from cellissimo_server.access.person import Person
from cellissimo_server.commands.accepting import refusing
from cellissimo_server.commands.make_piece import About, founded, fresh_id, keep
from cellissimo_server.commands.make_project import song_of_text
from cellissimo_server.commands.shown import Seen, seen_one
from cellissimo_server.commands.visibility import visibility_of
from cellissimo_server.errors import InvalidError
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

MUSIC = (
    "name",
    "length",
    "chord_progression",
    "icon_sequence",
    "steps_per_bar",
    "color",
    "key",
    "tempo",
    "time_signature",
)
"""What of a request the loop's document says."""


async def make_loop(services: Services, person: Person, wanted: NewLoop) -> tuple[Seen, Loop]:
    """A new loop in ``person``'s library.

    Raises:
        InvalidError: a field is not accepted.
        QuotaError: they keep as many as they may.
    """
    loop = await _loop(wanted)
    about = About(
        description=wanted.description,
        visibility=visibility_of(wanted.visibility, wanted.is_public) or "private",
        licence=wanted.licence,
        color=loop.color,
        tags=wanted.tags,
    )
    one = founded(song_of_loop(loop), person, about, services.clock())

    def work(db: Connection) -> Seen:
        return seen_one(db, person, keep(db, one, services.settings))

    made = await services.database.write(work)
    services.caches.piece_changed()
    return made, loop


def song_of_loop(loop: Loop) -> Song:
    """The document of a loop alone, which has the loop's id."""
    return Song(loop.id, loop.name, kind="loop", loops={loop.id: loop})


def loop_of(song: Song) -> Loop:
    """The one loop of the document of a loop alone; an empty one where it was taken out."""
    return next(iter(song.loops.values()), None) or Loop(song.id, song.name)


def music_of(wanted: Any) -> dict[str, Any]:  # noqa: ANN401 - NewLoop or LoopChange
    """What a request says of the music, as the playground's JSON has it."""
    said: dict[str, Any] = wanted.model_dump(
        mode="json", by_alias=True, include=set(MUSIC), exclude_none=True
    )
    return said


async def _loop(wanted: NewLoop) -> Loop:
    loop_id = fresh_id()
    if wanted.song is None:
        with refusing("body"):
            return loop_of_playground(music_of(wanted), loop_id)
    song = await song_of_text(wanted.song)
    if song.kind != "loop" or len(song.loops) != 1:
        raise InvalidError(
            f"The song text has {len(song.loops)} loops.",
            field="song",
            accepted="the text of a loop alone",
            cure="POST it to /cellissimo/api/v1/projects, or send the text of one loop.",
        )
    before = replace(loop_of(song), id=loop_id)
    with refusing("body"):
        return loop_of_playground(music_of(wanted), loop_id, before)
