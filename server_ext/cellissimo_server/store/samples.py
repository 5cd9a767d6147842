"""Samples: audio that somebody has uploaded, as everybody's documents may name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cellissimo_server.store.database import Connection, Plain
from cellissimo_server.store.paging import Found, Order, Paging
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample. ``kind`` is sample, recording or original; ``tags`` is a JSON list.

    ``blob``, ``original`` and ``peaks`` name blobs. ``frames`` are those of ``blob``, at
    48 000 Hz; ``size`` is that of ``original``. Loudness in LUFS and true peak in dBTP are None
    for silence.
    """

    id: str
    owner_id: str
    piece_id: str | None
    name: str
    kind: str
    blob: str
    original: str
    peaks: str
    mime: str
    size: int
    frames: int
    channels: int
    source_rate: int
    loudness: float | None
    true_peak: float | None
    licence: str
    tags: str
    rev: int
    created_at: int
    trashed_at: int | None


SAMPLES = Table("samples", Sample)
NEWEST = Order("created_at")


def insert(db: Connection, sample: Sample) -> None:
    """Keep a new sample."""
    SAMPLES.insert(db, sample)


def by_id(db: Connection, sample_id: str) -> Sample | None:
    """The sample of that id, in the trash or not."""
    return SAMPLES.first(db, "id = ?", sample_id)


def listed(db: Connection, owner_id: str, words: str, paging: Paging) -> Found[Sample]:
    """One page of somebody's samples, newest first; ``words`` stand in the name or the tags."""
    where = (
        "owner_id = ? AND trashed_at IS NULL "
        "AND (LOWER(name) LIKE ? ESCAPE '!' OR LOWER(tags) LIKE ? ESCAPE '!')"
    )
    like = _like(words)
    return SAMPLES.page(db, where, (owner_id, like, like), NEWEST, paging)


def all_of(db: Connection, owner_id: str) -> list[Sample]:
    """All samples of somebody, those in the trash too."""
    return SAMPLES.find(db, "owner_id = ? ORDER BY created_at, id", owner_id)


def trashed(db: Connection, owner_id: str) -> list[Sample]:
    """What of somebody's is in the trash, thrown away last first."""
    where = "owner_id = ? AND trashed_at IS NOT NULL ORDER BY trashed_at DESC, id"
    return SAMPLES.find(db, where, owner_id)


def thrown_away_before(db: Connection, before: int, limit: int) -> list[Sample]:
    """What has been in the trash since before that time."""
    return SAMPLES.find(db, "trashed_at < ? ORDER BY trashed_at, id LIMIT ?", before, limit)


def change(
    db: Connection, sample: Sample, rev: int | None, changes: Mapping[str, Plain]
) -> Sample | None:
    """Set columns of a sample; gives it as it is then, or None where it is gone.

    Raises:
        ChangedError: it has another ``rev`` by now.
    """
    return SAMPLES.change(db, sample, rev, changes, "The sample")


def delete(db: Connection, sample_id: str) -> None:
    """Forget a sample; its uses of blobs are another table's."""
    SAMPLES.delete(db, "id = ?", sample_id)


def bytes_of(db: Connection, owner_id: str) -> dict[str, int]:
    """What somebody's samples take of each quota: bytes by kind, the trash's too."""
    sql = "SELECT kind, SUM(size) FROM samples WHERE owner_id = ? GROUP BY kind"
    return dict(db.rows(_amount, sql, owner_id))


def _amount(kind: str, size: int) -> tuple[str, int]:
    return kind, int(size)


def _like(words: str) -> str:
    """A pattern that finds these words as they stand, whatever signs are in them."""
    kept = words.lower()
    for sign in "!%_":
        kept = kept.replace(sign, f"!{sign}")
    return f"%{kept}%"
