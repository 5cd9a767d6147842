"""The outlines of recordings: which blob holds the peaks of which."""

from __future__ import annotations

from cellissimo_server.store.database import Connection


def peaks_of(db: Connection, blob: str) -> str | None:
    """The blob that holds the peaks of a recording, whoever uploaded it; None where none does."""
    sql = "SELECT peaks FROM samples WHERE blob = ? ORDER BY created_at LIMIT 1"
    return db.row(str, sql, blob)
