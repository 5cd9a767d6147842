"""Comments on places of a song, and the answers to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.paging import Found, Order, Paging
from cellissimo_server.store.table import Table, counted


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, or an answer to the one with the id ``thread_id``.

    ``anchor`` is a JSON object, None for answers; ``words`` is what it stood on, as that was called
    when it was seen last; ``made_seq`` the revision it speaks of. A removed one keeps its row,
    without its words.
    """

    id: str
    piece_id: str
    thread_id: str
    number: int
    author_id: str
    text: str
    anchor: str | None
    words: str
    made_seq: int
    rev: int
    made_at: int
    touched_at: int
    edited_at: int | None
    resolved_at: int | None
    resolved_by: str | None
    removed_at: int | None
    removed_by: str | None

    @property
    def begins_thread(self) -> bool:
        """Whether it is no answer."""
        return self.id == self.thread_id


COMMENTS = Table("comments", Comment)

_NEWEST = Order("number")

_THERE = """id = thread_id AND (removed_at IS NULL OR EXISTS (SELECT 1 FROM comments answer
  WHERE answer.thread_id = comments.id AND answer.removed_at IS NULL))"""
"""Threads of which something is left."""


def insert(db: Connection, comment: Comment) -> None:
    """Keep a new comment.

    Raises:
        ExistsError: the id or the number is taken.
    """
    COMMENTS.insert(db, comment)


def by_id(db: Connection, comment_id: str) -> Comment | None:
    """The comment of that id, removed or not."""
    return COMMENTS.first(db, "id = ?", comment_id)


def next_number(db: Connection, piece_id: str) -> int:
    """The number of the next comment in a room."""
    return counted(db, "SELECT MAX(number) FROM comments WHERE piece_id = ?", piece_id) + 1


def threads(
    db: Connection, piece_id: str, paging: Paging, *, resolved: bool | None = None
) -> Found[Comment]:
    """One page of the comments that began a thread, newest first; with ``resolved`` those."""
    state = {None: "", True: " AND resolved_at IS NOT NULL", False: " AND resolved_at IS NULL"}
    where = f"piece_id = ? AND {_THERE}{state[resolved]}"
    return COMMENTS.page(db, where, [piece_id], _NEWEST, paging)


def count_threads(db: Connection, piece_id: str) -> int:
    """How many threads a room has."""
    return COMMENTS.count(db, f"piece_id = ? AND {_THERE}", piece_id)


def answers(db: Connection, thread_ids: Iterable[str]) -> list[Comment]:
    """The answers in some threads, oldest first."""
    found = COMMENTS.any_of(db, "thread_id", thread_ids)
    rows = [one for one in found if not one.begins_thread and one.removed_at is None]
    return sorted(rows, key=lambda one: one.number)


def voices(db: Connection, thread_id: str) -> set[str]:
    """Who has written in a thread."""
    rows = COMMENTS.find(db, "thread_id = ? AND removed_at IS NULL", thread_id)
    return {one.author_id for one in rows}


def count_since(db: Connection, piece_id: str, since: int, but: str) -> int:
    """How many comments and answers others than ``but`` have written since a time."""
    where = "piece_id = ? AND removed_at IS NULL AND made_at > ? AND author_id <> ?"
    return COMMENTS.count(db, where, piece_id, since, but)


def touched_since(db: Connection, piece_ids: Sequence[str], since: int) -> list[Comment]:
    """The first comments of the threads in some rooms in which something was said or changed."""
    places = ", ".join("?" * len(piece_ids))
    where = f"piece_id IN ({places}) AND touched_at >= ?"
    rows = COMMENTS.find(db, where, *piece_ids, since) if piece_ids else []
    return COMMENTS.any_of(db, "id", {row.thread_id for row in rows})


def change(
    db: Connection, comment: Comment, rev: int | None, changes: dict[str, object]
) -> Comment | None:
    """Set columns of a comment and count ``rev`` up; the row as it is then, None if gone.

    Raises:
        ChangedError: ``rev`` is given, and the row has another one by now.
    """
    return COMMENTS.change(db, comment, rev, changes, "This comment")


def settle(db: Connection, comment_id: str, anchor: str, words: str) -> None:
    """Remember where a comment was seen last; nobody has changed it."""
    COMMENTS.set(db, {"anchor": anchor, "words": words}, "id = ?", comment_id)


def remove(db: Connection, comment_id: str, by: str, now: int) -> bool:
    """Take a comment back, with its words; False where it is already."""
    changes = {"text": "", "removed_at": now, "removed_by": by, "touched_at": now}
    return COMMENTS.set(db, changes, "id = ? AND removed_at IS NULL", comment_id) == 1


def written_by(db: Connection, user_id: str) -> list[Comment]:
    """Every comment and answer of somebody, oldest first."""
    where = "author_id = ? AND removed_at IS NULL ORDER BY made_at, piece_id, number"
    return COMMENTS.find(db, where, user_id)


def remove_written_by(db: Connection, user_id: str, now: int) -> int:
    """Take all comments of somebody back; gives how many there were."""
    changes = {"text": "", "removed_at": now, "removed_by": user_id, "touched_at": now}
    return COMMENTS.set(db, changes, "author_id = ? AND removed_at IS NULL", user_id)
