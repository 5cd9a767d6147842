"""Stems and segments as answers show them: read from the document, with who changed them last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cellissimo.crdt import layout
from cellissimo.domain.tempo_map import TempoMap
from cellissimo.notation.digest_places import tempo_map
from cellissimo.notation.pattern_printer import print_pattern
from cellissimo.notation.rows import SOUND_KEY
from cellissimo.schema import models
from cellissimo.schema.parameters import BY_KEY
from cellissimo.schema.policy import Action, may
from cellissimo.schema.rest.stems import Segment, Stem
from cellissimo.schema.sounds import find_sound
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.errors import RefusalError, not_found
from cellissimo_server.rooms.attribution import Attribution, Thing
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.store import parts, users
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

QUIETEST = -60.0
"""The gain, in dB, of a segment whose volume is 0."""


@dataclass(frozen=True, slots=True)
class Music:
    """What a piece's document says, and who wrote it, by username."""

    song: models.Song
    authors: Attribution
    names: dict[str, str]
    tempos: TempoMap

    def version(self, thing: Thing) -> int:
        """The revision of a thing's last change."""
        return self.authors.seq_of(thing)

    def modifier(self, thing: Thing) -> str | None:
        """Who changed a thing last; None where the history does not reach back."""
        touch = self.authors.last.get(thing)
        return self.names.get(touch.author) if touch else None


async def music_of(services: Services, person: Person, piece_id: str) -> Music:
    """What a piece says, for showing its stems to ``person``: who wrote it is for members."""
    held = await services.documents.traced(piece_id, _held)
    known = {touch.author for touch in held.authors.last.values()}

    def look(db: Connection) -> dict[str, str]:
        _, standing = permitted(db, piece_id, person, Action.READ)
        found = users.by_ids(db, known) if may(Action.READ_HISTORY, standing) else {}
        return {key: user.username for key, user in found.items()}

    names = await services.database.read(look)
    return Music(held.song, held.authors, names, held.tempos)


def _held(held: Opened) -> Music:
    song = held.document.revision
    authors = Attribution(held.attribution.begins if held.attribution else held.seq)
    authors.last = dict(held.attribution.last) if held.attribution else {}
    return Music(song, authors, {}, tempo_map(song))


async def list_stems(services: Services, person: Person, piece_id: str) -> list[Stem]:
    """The stems of a piece, in their order.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
    """
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.READ))
    music = await music_of(services, person, piece_id)
    return [stem_shown(music, stem) for stem in music.song.stems]


@dataclass(frozen=True, slots=True)
class PartId:
    """A stem or segment: by its id alone, or in the piece that is named.

    ``kind`` is stem or segment.
    """

    id: str
    kind: str
    piece_id: str | None = None


async def piece_of(services: Services, person: Person, part: PartId) -> str:
    """The piece of a stem or segment.

    An id alone may be in a piece and in what was forked from it: then it is the one that was
    there first, of those that this person owns or is a member of before all others.

    Raises:
        NotFoundError: there is none, or none of which this person may know.
    """
    return await services.database.read(lambda db: _piece_of(db, person, part))


def _piece_of(db: Connection, person: Person, part: PartId) -> str:
    found: list[tuple[bool, int, bool, str]] = []
    for held in parts.everywhere(db, part.id, part.kind):
        try:
            piece, standing = permitted(db, held.piece_id, person, Action.READ)
        except RefusalError:
            continue
        is_fork = piece.forked_from is not None
        found.append((standing.role is None, piece.created_at, is_fork, piece.id))
    ids = [piece_id for *_, piece_id in sorted(found)]
    if part.piece_id is not None:
        ids = [piece_id for piece_id in ids if piece_id == part.piece_id]
    if not ids:
        raise not_found(part.kind)
    return ids[0]


async def show_stem(services: Services, person: Person, part: PartId) -> Stem:
    """A stem with its segments."""
    return await stem_in(services, person, await piece_of(services, person, part), part.id)


async def stem_in(services: Services, person: Person, piece_id: str, stem_id: str) -> Stem:
    """A stem of a piece, as it is now."""
    music = await music_of(services, person, piece_id)
    if stem_id not in music.song.stems:
        raise not_found("stem")
    return stem_shown(music, stem_id)


async def show_segment(services: Services, person: Person, part: PartId) -> Segment:
    """A segment with what it plays."""
    return await segment_in(services, person, await piece_of(services, person, part), part.id)


async def segment_in(services: Services, person: Person, piece_id: str, segment_id: str) -> Segment:
    """A segment of a piece, as it is now."""
    music = await music_of(services, person, piece_id)
    if segment_id not in music.song.segments:
        raise not_found("segment")
    return segment_shown(music, segment_id)


def stem_shown(music: Music, stem_id: str) -> Stem:
    """A stem with its segments."""
    song, thing = music.song, (layout.STEMS, stem_id)
    stem = song.stems[stem_id]
    sound = find_sound(str(stem.settings.get(SOUND_KEY, "")))

    def setting(key: str) -> Any:  # noqa: ANN401 - a number or a switch
        usual = sound.patch.get(key) if sound else None
        return stem.settings.get(key, BY_KEY[key].default if usual is None else usual)

    return Stem(
        id=stem_id,
        project_id=song.id,
        name=stem.name,
        color=stem.color,
        volume=float(setting("amp.level")),
        pan=float(setting("pan.pan")),
        is_muted=bool(setting("amp.mute")),
        is_soloed=bool(setting("amp.solo")),
        instrument_type=sound.id if sound else None,
        midi_channel=stem.channel,
        order=list(song.stems).index(stem_id),
        segments=[
            segment_shown(music, key) for key, one in song.segments.items() if one.stem == stem_id
        ],
        version=music.version(thing),
        last_modified_by=music.modifier(thing),
    )


def segment_shown(music: Music, segment_id: str) -> Segment:
    """A segment with what it plays."""
    one, thing = music.song.segments[segment_id], (layout.SEGMENTS, segment_id)
    return Segment(
        id=segment_id,
        stem_id=one.stem,
        type=one.kind,  # type: ignore[arg-type] # reading repairs it to one of the four
        name=one.name,
        start=one.start,
        length=one.length,
        start_time=_ms(music, one.start),
        end_time=_ms(music, one.end),
        gain=one.gain,
        volume=volume_of(one.gain),
        fade_in=one.fade_in,
        fade_out=one.fade_out,
        content=_content(music.song, one),
        version=music.version(thing),
        last_modified_by=music.modifier(thing),
    )


def _ms(music: Music, tick: int) -> float:
    return round(music.tempos.seconds_at(tick) * 1000, 3)


def volume_of(gain: float) -> float:
    """A gain in dB as linear amplitude; the quietest is silence."""
    return 0.0 if gain <= QUIETEST else round(10 ** (gain / 20), 6)


def _content(song: models.Song, one: models.Segment) -> dict[str, Any]:
    match one.kind:
        case "audio":
            return {"blob": one.blob, "frames": one.frames, "offset": one.offset}
        case "loop":
            return {"loopId": one.loop}
        case "pattern":
            loop = song.loops.get(one.id)
            return {"text": print_pattern(loop) if loop else ""}
    notes = sorted(one.notes.items(), key=lambda item: (item[1].start, item[1].pitch, item[0]))
    return {
        "notes": [
            {
                "id": key,
                "start": note.start,
                "duration": note.duration,
                "pitch": note.pitch,
                "velocity": note.velocity,
            }
            for key, note in notes
        ]
    }
