"""Chat: the lines that were said in the room of a piece, in their order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.paging import Found, Order, Paging
from cellissimo_server.store.table import Table, counted


@dataclass(frozen=True, slots=True)
class Message:
    """A line; ``number`` is its place in the room, ``position`` a JSON object.

    A removed one keeps its row, without its words.
    """

    id: str
    piece_id: str
    number: int
    author_id: str
    text: str
    position: str | None
    made_at: int
    removed_at: int | None
    removed_by: str | None


MESSAGES = Table("messages", Message)

_NEWEST = Order("number")


def insert(db: Connection, message: Message) -> None:
    """Keep a new line.

    Raises:
        ExistsError: the id or the number is taken.
    """
    MESSAGES.insert(db, message)


def by_id(db: Connection, message_id: str) -> Message | None:
    """The line of that id, removed or not."""
    return MESSAGES.first(db, "id = ?", message_id)


def next_number(db: Connection, piece_id: str) -> int:
    """The number of the next line in a room."""
    sql = "SELECT MAX(number) FROM messages WHERE piece_id = ?"
    return counted(db, sql, piece_id) + 1


def of_piece(db: Connection, piece_id: str, paging: Paging) -> Found[Message]:
    """One page of the lines of a room, newest first."""
    return MESSAGES.page(db, "piece_id = ? AND removed_at IS NULL", [piece_id], _NEWEST, paging)


def count_since(db: Connection, piece_id: str, since: int, but: str) -> int:
    """How many lines others than ``but`` have said since a time."""
    where = "piece_id = ? AND removed_at IS NULL AND made_at > ? AND author_id <> ?"
    return MESSAGES.count(db, where, piece_id, since, but)


def touched_since(db: Connection, piece_ids: Sequence[str], since: int) -> list[Message]:
    """The lines of some rooms that were said or taken back since a time, in their order."""
    places = ", ".join("?" * len(piece_ids))
    where = f"piece_id IN ({places}) AND (made_at >= ? OR removed_at >= ?) ORDER BY number"
    return MESSAGES.find(db, where, *piece_ids, since, since) if piece_ids else []


def remove(db: Connection, message_id: str, by: str, now: int) -> bool:
    """Take a line back, with its words; False where it is already."""
    changes = {"text": "", "position": None, "removed_at": now, "removed_by": by}
    return MESSAGES.set(db, changes, "id = ? AND removed_at IS NULL", message_id) == 1


def said_by(db: Connection, user_id: str) -> list[Message]:
    """Everything that somebody has said anywhere, oldest first."""
    where = "author_id = ? AND removed_at IS NULL ORDER BY made_at, piece_id, number"
    return MESSAGES.find(db, where, user_id)


def remove_said_by(db: Connection, user_id: str, now: int) -> int:
    """Take everything back that somebody has said; gives how many lines there were."""
    changes = {"text": "", "position": None, "removed_at": now, "removed_by": user_id}
    return MESSAGES.set(db, changes, "author_id = ? AND removed_at IS NULL", user_id)
