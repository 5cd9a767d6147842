"""The journal without its bytes: who made which revision when, and in which session."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry of the journal without its update; ``at`` in ms UTC."""

    seq: int
    author: str
    session: str
    at: int


_READ = "SELECT seq, author, session, made_at FROM journal WHERE doc = ?"


def newest(db: Connection, doc: str, before: int, limit: int, after: int = 0) -> list[Mark]:
    """At most ``limit`` marks between two revisions, the newest first."""
    sql = f"{_READ} AND seq < ? AND seq > ? ORDER BY seq DESC LIMIT ?"
    return db.rows(Mark, sql, doc, before, after, limit)


def documents_with_old_entries(db: Connection, before: int) -> list[str]:
    """The documents whose journal has entries made before a time."""
    return db.rows(str, "SELECT DISTINCT doc FROM journal WHERE made_at < ? ORDER BY doc", before)


def newest_before(db: Connection, doc: str, before: int) -> Mark | None:
    """The last entry of a document that was made before a time."""
    sql = f"{_READ} AND made_at < ? ORDER BY seq DESC LIMIT 1"
    return db.row(Mark, sql, doc, before)
