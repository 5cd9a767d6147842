"""Adding, changing and deleting segments, through the document of their piece."""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cellissimo.crdt import layout
from cellissimo.crdt.write import Writer
from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.digest_places import loop_ticks, tempo_map
from cellissimo.notation.pattern_parser import read_pattern
from cellissimo.schema import limits, models, song_checks
from cellissimo.schema.models import Loop, Note, Song
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.stems import (
    NewSegment,
    NoteContent,
    Segment,
    SegmentChange,
    SegmentContent,
)
from cellissimo_server.access.person import Person
from cellissimo_server.commands.accepting import refusing
from cellissimo_server.commands.document_access import SERVER, edit_piece
from cellissimo_server.commands.show_stems import (
    QUIETEST,
    PartId,
    piece_of,
    segment_in,
    segment_shown,
)
from cellissimo_server.commands.version_checks import check_version
from cellissimo_server.errors import InvalidError, not_found
from cellissimo_server.rooms.opened import Opened
from cellissimo_server.store import blob_uses, samples
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_FRAMES_PER_SECOND = 48_000
_PLAIN = ("name", "gain", "fade_in", "fade_out")
_NEEDED = {"audio": "blob", "loop": "loop_id", "pattern": "text"}
"""What each kind of segment plays has to say."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """A segment as it is to be, and the loop of its own where it is a pattern."""

    segment: models.Segment
    pattern: Loop | None = None


async def add_segment(
    services: Services, person: Person, part: PartId, body: NewSegment
) -> Segment:
    """A new segment of a stem.

    Raises:
        NotFoundError: the stem is not there, or not theirs to know of.
        ForbiddenError: they may not edit.
        InvalidError: a value is not accepted; the error names its field.
    """
    piece_id, stem_id = await piece_of(services, person, part), part.id
    frames = await _frames_of(services, person, piece_id, body)
    fresh = str(uuid.uuid4())

    def change(held: Opened) -> None:
        song = held.document.revision
        if stem_id not in song.stems:
            raise not_found("stem")
        with refusing("segments"):
            song_checks.room_for(len(song.segments), limits.SEGMENTS_PER_SONG, "segments")
        blank = models.Segment(fresh, stem_id, body.type, 0, 0)
        _put(held, _changed(song, blank, body, frames))

    await edit_piece(services, person, piece_id, change, action=Action.EDIT_MUSIC)
    return await segment_in(services, person, piece_id, fresh)


async def change_segment(
    services: Services, person: Person, part: PartId, body: SegmentChange, version: int | None
) -> Segment:
    """A segment with some of its fields changed.

    Raises:
        NotFoundError: it is not there, or not theirs to know of.
        ForbiddenError: they may not edit.
        ChangedError: ``version`` is given, and it was changed since; it tells both values.
        InvalidError: a value is not accepted; the error names its field.
    """
    piece_id, segment_id = await piece_of(services, person, part), part.id
    frames = await _frames_of(services, person, piece_id, body)

    def change(held: Opened) -> None:
        song = held.document.revision
        before = song.segments.get(segment_id)
        if before is None:
            raise not_found("segment")
        thing = (layout.SEGMENTS, segment_id)
        check_version(held, thing, version, body, lambda music: segment_shown(music, segment_id))
        _check_kind(before, body)
        _put(held, _changed(song, before, body, frames))

    await edit_piece(
        services, person, piece_id, change, action=Action.EDIT_MUSIC, with_authors=True
    )
    return await segment_in(services, person, piece_id, segment_id)


async def delete_segment(
    services: Services, person: Person, part: PartId, version: int | None
) -> None:
    """Remove a segment; the history brings it back."""
    piece_id, segment_id = await piece_of(services, person, part), part.id

    def change(held: Opened) -> None:
        if segment_id not in held.document.revision.segments:
            raise not_found("segment")
        thing = (layout.SEGMENTS, segment_id)
        check_version(held, thing, version, None, lambda music: segment_shown(music, segment_id))
        with held.document.edit(SERVER) as write:
            write.remove(layout.SEGMENTS, segment_id)

    await edit_piece(
        services, person, piece_id, change, action=Action.EDIT_MUSIC, with_authors=True
    )


def _put(held: Opened, placed: _Placed) -> None:
    with held.document.edit(SERVER) as write:
        _write(write, placed)


def _write(write: Writer, placed: _Placed) -> None:
    if placed.pattern is not None:
        write.set_loop(placed.pattern)
    write.put(placed.segment)


def _check_kind(before: models.Segment, body: SegmentChange) -> None:
    if body.type is not None and body.type != before.kind:
        raise InvalidError(
            f"This segment is of type {before.kind}.",
            field="type",
            value=body.type,
            accepted=before.kind,
            cure="Add a segment of the other type, and delete this one.",
        )


# -- what a request means ------------------------------------------------------------------------


def _changed(
    song: Song, before: models.Segment, body: SegmentChange, frames: Mapping[str, int]
) -> _Placed:
    """The segment as it is after a change."""
    stem = before.stem if body.stem_id is None else body.stem_id
    if stem not in song.stems:
        raise InvalidError(
            f"This song has no stem {stem!r}.",
            field="stemId",
            value=stem,
            accepted=", ".join(song.stems),
            cure="Name a stem of the same song.",
        )
    given = {name: getattr(body, name) for name in _PLAIN if getattr(body, name) is not None}
    if body.volume is not None and body.gain is None:
        given["gain"] = gain_of(body.volume)
    start = _start(song, before, body)
    played = _played(song, replace(before, stem=stem, start=start, **given), body, frames)
    length = _length(song, start, played, body)
    with refusing("segment"):
        return replace(played, segment=song_checks.segment(replace(played.segment, length=length)))


def gain_of(volume: float) -> float:
    """A linear amplitude as gain in dB; silence is the quietest."""
    return max(QUIETEST, round(20 * math.log10(volume), 6)) if volume > 0 else QUIETEST


def _start(song: Song, before: models.Segment, body: SegmentChange) -> int:
    if body.start is not None:
        return body.start
    if body.start_time is not None:
        return tempo_map(song).tick_at(body.start_time / 1000)
    return before.start


def _length(song: Song, start: int, played: _Placed, body: SegmentChange) -> int:
    """As it is said; else as it was; else as long as what it plays."""
    if body.length is not None:
        return body.length
    if body.end_time is not None:
        length = tempo_map(song).tick_at(body.end_time / 1000) - start
        if length < 1:
            raise InvalidError(
                "The segment ends before it begins.",
                field="endTime",
                value=body.end_time,
                accepted=f"more than {tempo_map(song).seconds_at(start) * 1000:.3f} ms",
                cure="Give a later end, or an earlier start.",
            )
        return length
    return played.segment.length or _own_length(song, played)


def _own_length(song: Song, played: _Placed) -> int:
    segment = played.segment
    loop = played.pattern or song.loops.get(segment.loop or "")
    if loop is not None:
        return loop_ticks(song, loop, segment.start)
    if segment.kind == "audio":
        tempos = tempo_map(song)
        seconds = tempos.seconds_at(segment.start) + segment.frames / _FRAMES_PER_SECOND
        return max(1, tempos.tick_at(seconds) - segment.start)
    bar = MeterMap(song.meters).meter_at(segment.start).ticks_per_bar
    end = max((note.start + note.duration for note in segment.notes.values()), default=1)
    return -(-end // bar) * bar


def _played(
    song: Song, segment: models.Segment, body: SegmentChange, frames: Mapping[str, int]
) -> _Placed:
    """The segment with what it plays; a new one has to say that."""
    content = body.content
    needed = _NEEDED.get(segment.kind)
    if content is None or (needed and getattr(content, needed) is None):
        if not segment.length and needed:
            raise _lacking(segment.kind, needed)
        return _Placed(segment)
    match segment.kind:
        case "audio":
            return _Placed(_audio(segment, content.blob or "", content, frames))
        case "loop":
            return _Placed(replace(segment, loop=_loop(song, content.loop_id or "")))
        case "pattern":
            return _pattern(segment, content.text or "")
    return _Placed(replace(segment, notes=_notes(segment, content.notes)))


def _lacking(kind: str, needed: str) -> InvalidError:
    name = {"loop_id": "loopId"}.get(needed, needed)
    return InvalidError(
        f"A segment of type {kind} says what it plays.",
        field=f"content.{name}",
        accepted=name,
        cure=f'Send "content": {{"{name}": …}}.',
    )


def _audio(
    segment: models.Segment,
    blob: str,
    content: SegmentContent,
    frames: Mapping[str, int],
) -> models.Segment:
    length = content.frames or frames.get(blob) or (segment.frames if segment.blob == blob else 0)
    if not length:
        raise InvalidError(
            "How long this audio is, is not known.",
            field="content.frames",
            accepted="frames at 48 000 Hz",
            cure="Say how many frames it has.",
        )
    offset = segment.offset if content.offset is None else content.offset
    return replace(segment, blob=blob, frames=length, offset=offset)


def _loop(song: Song, loop_id: str) -> str:
    if loop_id not in song.loops or loop_id in song.segments:
        raise InvalidError(
            f"This song has no loop {loop_id!r}.",
            field="content.loopId",
            value=loop_id,
            accepted=", ".join(key for key in song.loops if key not in song.segments) or "none",
            cure="Put the loop into the song first.",
        )
    return loop_id


def _pattern(segment: models.Segment, text: str) -> _Placed:
    with refusing("content.text"):
        loop = read_pattern(text, loop_id=segment.id, name=segment.name or "pattern")
    return _Placed(replace(segment, loop=segment.id), loop)


def _notes(segment: models.Segment, given: list[NoteContent] | None) -> Mapping[str, Note]:
    """The notes by id: those without one are known by their place and pitch, or are new."""
    if given is None:
        return segment.notes
    named = {note.id for note in given if note.id is not None}
    free = {
        (note.start, note.pitch): key for key, note in segment.notes.items() if key not in named
    }
    found: dict[str, Note] = {}
    for note in given:
        key = note.id or free.pop((note.start, note.pitch), None) or str(uuid.uuid4())
        if key in found:
            raise InvalidError(
                f"Two notes have the id {key!r}.",
                field="content.notes",
                value=key,
                accepted="each id once",
                cure="Leave the ids of new notes out.",
            )
        with refusing("content.notes", key):
            made = Note(note.start, note.duration, note.pitch, note.velocity)
            found[key] = song_checks.note(made)
    return found


async def _frames_of(
    services: Services, person: Person, piece_id: str, body: SegmentChange
) -> dict[str, int]:
    """How long the blob is that a request names, where it is one that may be used here.

    Raises:
        InvalidError: the piece has no such audio, and neither have they.
    """
    blob = body.content.blob if body.content else None
    if blob is None:
        return {}

    def look(db: Connection) -> dict[str, int]:
        held = [samples.by_id(db, one) for one in blob_uses.users_of(db, blob, "sample")]
        known = [one.frames for one in held if one is not None]
        is_own = any(one is not None and one.owner_id == person.id for one in held)
        if is_own or blob_uses.is_used_by(db, blob, "piece", piece_id):
            return {blob: known[0]} if known else {}
        raise InvalidError(
            "This audio is not here.",
            field="content.blob",
            value=blob,
            accepted="the blob of a sample of yours, or of this piece",
            cure="Upload the audio as a sample first.",
        )

    return await services.database.read(look)
