"""Notifications: what happened to somebody while they looked elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.paging import Found, Order, Paging
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification; ``detail`` is a JSON object of ids, roles and counts."""

    id: str
    user_id: str
    kind: str
    piece_id: str | None
    actor_id: str | None
    detail: str
    created_at: int
    read_at: int | None


NOTIFICATIONS = Table("notifications", Notification)

_NEWEST = Order("created_at")


def insert(db: Connection, notification: Notification) -> None:
    """Keep a new notification."""
    NOTIFICATIONS.insert(db, notification)


def of_user(
    db: Connection, user_id: str, paging: Paging, *, unread: bool = False
) -> Found[Notification]:
    """One page of somebody's notifications, newest first; with ``unread`` only those."""
    where = "user_id = ?" + (" AND read_at IS NULL" if unread else "")
    return NOTIFICATIONS.page(db, where, [user_id], _NEWEST, paging)


def all_of_user(db: Connection, user_id: str) -> list[Notification]:
    """Everything that somebody was told, newest first."""
    return NOTIFICATIONS.find(db, "user_id = ? ORDER BY created_at DESC, id DESC", user_id)


def count_unread(db: Connection, user_id: str) -> int:
    """How many notifications somebody has not read."""
    return NOTIFICATIONS.count(db, "user_id = ? AND read_at IS NULL", user_id)


def newest(db: Connection, user_id: str, limit: int) -> list[Notification]:
    """Somebody's last notifications, newest first."""
    where = "user_id = ? ORDER BY created_at DESC, id DESC LIMIT ?"
    return NOTIFICATIONS.find(db, where, user_id, limit)


def read(db: Connection, user_id: str, ids: Iterable[str], now: int) -> int:
    """Note that somebody has read some of theirs; gives how many were new."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return 0
    places = ", ".join("?" * len(wanted))
    where = f"user_id = ? AND read_at IS NULL AND id IN ({places})"
    return NOTIFICATIONS.set(db, {"read_at": now}, where, user_id, *wanted)


def read_all(db: Connection, user_id: str, now: int) -> int:
    """Note that somebody has read all of theirs; gives how many were new."""
    where = "user_id = ? AND read_at IS NULL"
    return NOTIFICATIONS.set(db, {"read_at": now}, where, user_id)


def delete_of_user(db: Connection, user_id: str) -> int:
    """Forget what somebody was told; gives how many there were."""
    return NOTIFICATIONS.delete(db, "user_id = ?", user_id)
