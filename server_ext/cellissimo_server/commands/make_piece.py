"""Keeping a new piece: its row, its document, its parts and words, all in one transaction."""

from __future__ import annotations

import json
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from cellissimo.crdt.document import Document
from cellissimo.schema.models import DEFAULT_COLOR, Song
from cellissimo_server.access.person import Person
from cellissimo_server.commands.index_piece import blobs_of, index_of, lend_samples, parts_of
from cellissimo_server.commands.search_index import index_new
from cellissimo_server.errors import QuotaError
from cellissimo_server.settings import Settings
from cellissimo_server.store import journal_rows, parts, pieces
from cellissimo_server.store.database import Connection
from cellissimo_server.store.journal import Entry
from cellissimo_server.store.pieces import Piece

FOUNDING = "founding"
"""The session of the first entry of a journal."""


@dataclass(frozen=True, slots=True)
class About:
    """What of a piece its document does not say."""

    description: str = ""
    visibility: str = "private"
    licence: str = ""
    color: str = DEFAULT_COLOR
    tags: Sequence[str] = ()
    forked_from: str | None = None
    forked_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Founded:
    """A piece that is ready to be kept: its row, its music, and its document's first update."""

    piece: Piece
    song: Song
    update: bytes


def fresh_id() -> str:
    """The id of something new."""
    return str(uuid.uuid4())


def founded(song: Song, owner: Person, about: About, now: int) -> Founded:
    """A piece of ``song``, whose id it takes. Cost: O(song)."""
    row = Piece(
        id=song.id,
        kind="loop" if song.kind == "loop" else "project",
        owner_id=owner.id,
        description=about.description,
        visibility=about.visibility,
        licence=about.licence,
        color=about.color,
        tags=json.dumps(list(about.tags), ensure_ascii=False),
        embed_origins="[]",
        archived=False,
        **index_of(song).columns,
        seq=1,
        forked_from=about.forked_from,
        forked_seq=about.forked_seq,
        views=0,
        forks=0,
        rev=1,
        created_at=now,
        updated_at=now,
        accessed_at=now,
        trashed_at=None,
    )
    return Founded(row, song, Document(song, epoch=fresh_id()).encode())


def keep(db: Connection, one: Founded, settings: Settings) -> Piece:
    """Keep a founded piece.

    Raises:
        QuotaError: its owner has as many as they may.
        ConflictError: its id is taken.
    """
    keep_all(db, one.piece.owner_id, [one], settings)
    return one.piece


def keep_all(db: Connection, owner_id: str, new: Sequence[Founded], settings: Settings) -> None:
    """Keep founded pieces of one owner, all of them or none.

    Raises:
        QuotaError: their owner has as many as they may.
        ConflictError: an id is taken.
    """
    for kind, count in Counter(one.piece.kind for one in new).items():
        check_quota(db, owner_id, kind, count, settings)
    pieces.insert_all(db, [one.piece for one in new])
    journal_rows.append_all(db, {one.piece.id: [_first(one)] for one in new})
    parts.insert_all(db, [part for one in new for part in parts_of(one.song, one.piece.id)])
    index_new(db, [one.piece for one in new])
    for one in new:
        lend_samples(db, one.piece.id, blobs_of(one.song), owner_id, one.piece.created_at)


def _first(one: Founded) -> Entry:
    piece = one.piece
    return Entry(1, piece.owner_id, FOUNDING, piece.created_at, one.update)


def check_quota(db: Connection, owner_id: str, kind: str, more: int, settings: Settings) -> None:
    """Pass where somebody may keep ``more`` pieces of a kind; to be asked where they are kept.

    Raises:
        QuotaError: they have as many as they may; the trash counts.
    """
    most = settings.loop_quota if kind == "loop" else settings.song_quota
    what = "loops" if kind == "loop" else "songs"
    held = pieces.count_owned(db, owner_id, kind)
    if held + more > most:
        raise QuotaError(
            f"You keep {held} of at most {most} {what}.",
            field=what,
            value=held,
            accepted=f"at most {most}",
            cure=f"Delete {what} that you do not need for good: those in the trash count too.",
        )
