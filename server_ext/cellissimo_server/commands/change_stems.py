"""Adding, changing and deleting stems, through the document of their piece."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from cellissimo.crdt import layout
from cellissimo.crdt.write import Writer
from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.order import key_between, keys_after
from cellissimo.notation.rows import SOUND_KEY
from cellissimo.schema import checks, limits, models, song_checks
from cellissimo.schema.models import Song, Value
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.stems import NewStem, Stem, StemChange
from cellissimo.schema.sounds import known_sound
from cellissimo_server.access.person import Person
from cellissimo_server.commands.accepting import accepted, refusing
from cellissimo_server.commands.document_access import SERVER, edit_piece
from cellissimo_server.commands.show_stems import PartId, piece_of, stem_in, stem_shown
from cellissimo_server.commands.version_checks import check_version
from cellissimo_server.errors import InvalidError, not_found
from cellissimo_server.rooms.opened import Opened

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_SETTINGS = {
    "volume": "amp.level",
    "pan": "pan.pan",
    "is_muted": "amp.mute",
    "is_soloed": "amp.solo",
}
"""The settings of the strip that fields of a stem mean."""

_FIELDS = {"name": "name", "color": "color", "midi_channel": "channel"}


async def add_stem(services: Services, person: Person, piece_id: str, body: NewStem) -> Stem:
    """A new stem of a piece.

    Raises:
        NotFoundError: the piece is not there, or not theirs to know of.
        ForbiddenError: they may not add stems.
        InvalidError: a value is not accepted, or there are as many stems as there can be.
    """
    fresh = str(uuid.uuid4())

    def change(held: Opened) -> None:
        song = held.document.revision
        _check_song(song)
        with refusing("stems"):
            song_checks.room_for(len(song.stems), limits.STEMS_PER_SONG, "stems")
        stem = models.Stem(
            fresh,
            accepted("name", body.name, checks.name),
            checks.color(body.color or models.DEFAULT_COLOR),
            _last_order(song),
            body.midi_channel,
            settings=_settings(body),
        )
        with held.document.edit(SERVER) as write:
            write.put(stem)
            if body.order is not None:
                _move(write, song, fresh, body.order)

    await edit_piece(services, person, piece_id, change, action=Action.ADD_STEM)
    return await stem_in(services, person, piece_id, fresh)


async def change_stem(
    services: Services, person: Person, part: PartId, body: StemChange, version: int | None
) -> Stem:
    """A stem with some of its fields changed.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: they may not edit.
        ChangedError: ``version`` is given, and it was changed since; it tells both values.
    """
    piece_id, stem_id = await piece_of(services, person, part), part.id

    def change(held: Opened) -> None:
        song = held.document.revision
        if stem_id not in song.stems:
            raise not_found("stem")
        thing = (layout.STEMS, stem_id)
        check_version(held, thing, version, body, lambda music: stem_shown(music, stem_id))
        with held.document.edit(SERVER) as write:
            _write(write, song, stem_id, body)

    await edit_piece(
        services, person, piece_id, change, action=Action.EDIT_MUSIC, with_authors=True
    )
    return await stem_in(services, person, piece_id, stem_id)


async def delete_stem(
    services: Services, person: Person, part: PartId, version: int | None
) -> None:
    """Remove a stem with its segments; the history brings it back."""
    piece_id, stem_id = await piece_of(services, person, part), part.id

    def change(held: Opened) -> None:
        if stem_id not in held.document.revision.stems:
            raise not_found("stem")
        thing = (layout.STEMS, stem_id)
        check_version(held, thing, version, None, lambda music: stem_shown(music, stem_id))
        with held.document.edit(SERVER) as write:
            write.remove(layout.STEMS, stem_id)

    await edit_piece(
        services, person, piece_id, change, action=Action.DELETE_STEM, with_authors=True
    )


def _check_song(song: Song) -> None:
    if song.kind == "loop":
        raise InvalidError(
            "A loop has no stems.",
            field="kind",
            value="loop",
            accepted="song",
            cure="Put the loop into a song, and add the stem there.",
        )


def _settings(body: StemChange) -> dict[str, Value]:
    """The settings that a request names, as they are stored."""
    given = {key: getattr(body, name) for name, key in _SETTINGS.items()}
    found = {key: value for key, value in given.items() if value is not None}
    if body.instrument_type is not None:
        sound = accepted("instrumentType", body.instrument_type, known_sound)
        found[SOUND_KEY] = sound.id
    return {key: song_checks.setting(key, value) for key, value in found.items()}


def _write(write: Writer, song: Song, stem_id: str, body: StemChange) -> None:
    for name, field in _FIELDS.items():
        value = getattr(body, name)
        if name == "midi_channel" and name in body.model_fields_set:
            write.set_field(models.Stem, stem_id, field, value)
        elif value is not None:
            checked = (
                checks.color(value) if field == "color" else accepted(name, value, checks.name)
            )
            write.set_field(models.Stem, stem_id, field, checked)
    for key, value in _settings(body).items():
        write.set_channel_setting((layout.STEMS, stem_id), key, value)
    if body.order is not None:
        _move(write, song, stem_id, body.order)


def _last_order(song: Song) -> str:
    return key_between(max((stem.order for stem in song.stems.values()), default=None), None)


def _move(write: Writer, song: Song, stem_id: str, place: int) -> None:
    """Put a stem at a place among the others; the others keep their keys where they can."""
    others = [stem for key, stem in song.stems.items() if key != stem_id]
    low = others[place - 1].order if 0 < place <= len(others) else None
    if place > len(others):
        low = others[-1].order if others else None
    high = others[place].order if place < len(others) else None
    try:
        write.set_field(models.Stem, stem_id, "order", key_between(low, high))
    except CellissimoError:  # two of them have one key
        ids = [stem.id for stem in others]
        ids.insert(place, stem_id)
        for key, order in zip(ids, keys_after(None, len(ids)), strict=True):
            write.set_field(models.Stem, key, "order", order)
