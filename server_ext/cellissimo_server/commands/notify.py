"""Telling somebody that something happened to them; they choose which kinds they want."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any

from cellissimo_server.store import notifications, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.notifications import Notification

KINDS = ("invite", "comment", "fork", "offer", "upload", "report")
"""What notifications are about."""

_ALWAYS = frozenset({"report"})
"""What cannot be switched off: decisions about one's own pieces."""


def notify(
    db: Connection,
    user_id: str,
    kind: str,
    piece_id: str | None,
    actor_id: str | None,
    detail: Mapping[str, Any],
    now: int,
) -> bool:
    """Leave a notification for somebody, in the caller's transaction; False where none is wanted.

    ``actor_id`` is who caused it: nobody is told of what they did themselves. ``detail`` is plain
    JSON: ids, roles and counts that the words are made of when it is read.
    """
    user = users.by_id(db, user_id)
    if user is None or user.deleted_at is not None or user_id == actor_id:
        return False
    if not _is_wanted(user.preferences, kind):
        return False
    fresh = Notification(
        id=str(uuid.uuid4()),
        user_id=user_id,
        kind=kind,
        piece_id=piece_id,
        actor_id=actor_id,
        detail=json.dumps(dict(detail), sort_keys=True),
        created_at=now,
        read_at=None,
    )
    notifications.insert(db, fresh)
    return True


def _is_wanted(preferences: str, kind: str) -> bool:
    chosen = json.loads(preferences or "{}").get("notifications", {})
    return kind in _ALWAYS or bool(chosen.get(kind, True))
