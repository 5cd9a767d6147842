"""Making a project: empty, or with the song of a canonical song text."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema import checks
from cellissimo.schema.models import DEFAULT_COLOR, Song, Tempo
from cellissimo.schema.rest.projects import NewProject
from cellissimo_server.access.person import Person
from cellissimo_server.commands.accepting import accepted, refusing
from cellissimo_server.commands.make_piece import About, founded, fresh_id, keep
from cellissimo_server.commands.shown import Seen, seen_one
from cellissimo_server.commands.visibility import visibility_of
from cellissimo_server.errors import InvalidError
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_SHORT = 20_000
"""Characters of a song text that are read on the spot; a longer one must not hold up others."""


async def make_project(services: Services, person: Person, wanted: NewProject) -> Seen:
    """A new project of ``person``.

    Raises:
        InvalidError: a field is not accepted.
        QuotaError: they keep as many as they may.
    """
    song = _with_fields(await _song(wanted), wanted)
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


async def _song(wanted: NewProject) -> Song:
    if wanted.song is None:
        return Song(fresh_id(), wanted.name)
    song = await song_of_text(wanted.song)
    if song.kind == "loop":
        raise InvalidError(
            "The song text is that of a loop alone.",
            field="song",
            accepted="the text of a song",
            cure="POST it to /cellissimo/api/v1/loops.",
        )
    return replace(song, id=fresh_id())


async def song_of_text(text: str) -> Song:
    """The song of a canonical song text.

    Raises:
        InvalidError: it does not read; the message names the line.
    """
    with refusing("song", text):
        if len(text) <= _SHORT:
            return parse_song(text)
        return await asyncio.to_thread(parse_song, text)


def _with_fields(song: Song, wanted: NewProject) -> Song:
    """The song with what was said beside it."""
    song = replace(song, name=accepted("name", wanted.name, checks.name))
    if wanted.key is not None:
        song = replace(song, key=accepted("key", wanted.key, checks.key))
    if wanted.tempo is not None:
        first = Tempo(wanted.tempo, song.tempos[0].ramp)
        song = replace(song, tempos={**song.tempos, 0: first})
    if wanted.time_signature is not None:
        first_meter = accepted("timeSignature", wanted.time_signature, checks.meter)
        song = replace(song, meters={**song.meters, 0: first_meter})
    return song
