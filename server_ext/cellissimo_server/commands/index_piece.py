"""What the rows say of a piece's music: read from its document, never written by anybody else."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.digest import digest_loop, digest_song
from cellissimo.notation.digest_places import end_of, tempo_map
from cellissimo.schema.models import Loop, Song
from cellissimo_server.commands.search_index import reindex_words
from cellissimo_server.errors import RefusalError, not_found
from cellissimo_server.rooms.memory import Said
from cellissimo_server.store import blob_uses, journal_rows, parts, pieces, samples
from cellissimo_server.store.database import Connection
from cellissimo_server.store.journal_rows import Entry
from cellissimo_server.store.parts import Part

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_LOG = logging.getLogger("cellissimo.commands")

_MOST_CHORDS = 64
_MOST_DIGEST = 4000


@dataclass(frozen=True, slots=True)
class MusicIndex:
    """The columns of a piece that its document decides."""

    name: str
    tempo: float
    meter: str
    key: str
    bars: int
    length_ms: int
    stems: int
    chords: str
    digest: str

    @property
    def columns(self) -> dict[str, Any]:
        """The columns by their names."""
        return asdict(self)


def index_of(song: Song) -> MusicIndex:
    """What a piece's row says of its document. ``chords`` is a JSON list. *Cost*: O(things)."""
    alone = _alone(song)
    bars, end = _extent(song, alone)
    return MusicIndex(
        name=_plain(song.title),
        tempo=float((alone.tempo if alone else None) or song.tempo),
        meter=(alone.meter if alone else None) or song.meter,
        key=alone.key if alone else song.key,
        bars=bars,
        length_ms=_length_ms(song, alone, end),
        stems=len(song.stems),
        chords=json.dumps(_chords(song), ensure_ascii=False),
        digest=_plain(digest_loop(alone) if alone else digest_song(song))[:_MOST_DIGEST],
    )


def parts_of(song: Song, piece_id: str) -> list[Part]:
    """The stems and segments by which an id alone finds its piece."""
    stems = [Part(key, piece_id, "stem") for key in song.stems]
    return stems + [Part(key, piece_id, "segment") for key in song.segments]


def blobs_of(song: Song) -> set[str]:
    """The blobs that a song names: what its segments play, and its frozen stems."""
    played = {segment.blob for segment in song.segments.values() if segment.blob}
    return played | {stem.frozen.blob for stem in song.stems.values() if stem.frozen}


def prepared(said: Sequence[Said]) -> Callable[[Connection], frozenset[str]]:
    """What writes the rows of pieces; it gives those of them that were deleted for good.

    Where their edits are not kept yet it stands in the transaction that does so. *Cost*: few
    statements for all of them, and more for those whose stems, segments or words changed.
    """
    rows = {one.doc: index_of(one.song).columns | {"updated_at": one.at} for one in said}
    found = {one.doc: parts_of(one.song, one.doc) for one in said}
    blobs = {one.doc: blobs_of(one.song) - blobs_of(one.former) for one in said}

    def write(db: Connection) -> frozenset[str]:
        before = pieces.worded(db, rows)
        here = [one for one in said if one.doc in before]
        for one in here:
            if blobs[one.doc]:
                lend_samples(db, one.doc, blobs[one.doc], one.author, one.at)
        index = {one.doc: {**rows[one.doc], "seq": one.seq} for one in here}
        fresh = pieces.reindex(db, index)
        parts.replace_all(db, {doc: found[doc] for doc in fresh})
        for doc in fresh:
            if before[doc] != tuple(rows[doc][name] for name in pieces.WORDED):
                reindex_words(db, doc)
        return frozenset(rows.keys() - before.keys())

    return write


def lend_samples(db: Connection, piece_id: str, blobs: set[str], author: str, now: int) -> None:
    """A song may play the samples of who wrote it; other blobs come with their bytes.

    What a song needed once it needs for its history, until it is deleted for good.
    """
    for name in sorted(blobs.difference(blob_uses.of(db, "piece", piece_id))):
        held = (samples.by_id(db, one) for one in blob_uses.users_of(db, name, "sample"))
        if any(sample and sample.owner_id == author for sample in held):
            blob_uses.add(db, name, "piece", piece_id, now)


def keep_edits(
    db: Connection, piece_id: str, entries: Sequence[Entry], added: Mapping[str, set[str]]
) -> None:
    """Journal edits of a piece, and lend it what their authors have begun to use in it.

    Raises:
        NotFoundError: the piece was deleted for good while it was edited.
        ExistsError: another server was quicker.
    """
    if not journal_rows.append_to_piece(db, piece_id, entries):
        raise not_found("document")
    for author, blobs in added.items():
        lend_samples(db, piece_id, blobs, author, entries[-1].at)


async def reindex_behind(services: Services) -> int:
    """Bring rows that say less than their document up to it; gives how many there were.

    A document that does not read is said loudly, and keeps nobody else from theirs.
    """
    found = await services.database.read(behind)
    for piece_id in found:
        try:
            song = await services.documents.revision(piece_id)
        except RefusalError as error:
            _LOG.error("the index of %s stays behind: %s %s", piece_id, error, error.cure)
            continue
        said = Said(piece_id, song.value, song.value, song.seq, "", services.clock())
        await services.database.write(prepared([said]))
    return len(found)


def behind(db: Connection) -> list[str]:
    """The pieces whose journal has gone on behind their index."""
    sql = (
        "SELECT p.id FROM pieces p WHERE p.seq < "
        "(SELECT COALESCE(MAX(j.seq), 0) FROM journal j WHERE j.doc = p.id) ORDER BY p.id"
    )
    return db.rows(str, sql)


def _alone(song: Song) -> Loop | None:
    """The loop of a document that holds nothing else."""
    return next(iter(song.loops.values()), None) if song.kind == "loop" else None


def _extent(song: Song, alone: Loop | None) -> tuple[int, int]:
    """How many bars a song lasts, and the tick at which it ends."""
    grid = MeterMap(song.meters)
    if alone is not None:
        return alone.bars, 0
    end = end_of(song)
    return (grid.bar_at(end - 1)[0] if end else 0), end


def _length_ms(song: Song, alone: Loop | None, end: int) -> int:
    if alone is None:
        return round(tempo_map(song).seconds_at(end) * 1000)
    meter = MeterMap({0: alone.meter or song.meter}).meter_at(0)
    quarters = alone.bars * meter.ticks_per_bar / 960
    return round(quarters * 60_000 / float(alone.tempo or song.tempo))


def _chords(song: Song) -> list[str]:
    """The chords as they are written, each once, in the order in which loops say them."""
    loops = sorted(song.loops.values(), key=lambda loop: loop.id)
    found = dict.fromkeys(
        symbol for loop in loops for _, symbol in sorted(loop.chords.items()) if symbol
    )
    return [_plain(symbol) for symbol in found][:_MOST_CHORDS]


def _plain(text: str) -> str:
    """A text that every database keeps: PostgreSQL has no NUL."""
    return text.replace("\x00", "")
