"""The audit log: who changed access or administered, and when. No titles, texts or tokens."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping

from cellissimo_server.store import audit
from cellissimo_server.store.audit import Act
from cellissimo_server.store.database import Connection

Fact = str | int | bool | None
"""What a detail may be: an id, a role, a flag, a count."""


def record(
    db: Connection, actor: str, action: str, subject: str, detail: Mapping[str, Fact], now: int
) -> None:
    """Note an act, in the caller's transaction, so that it is there exactly when the change is.

    ``actor`` and ``subject`` are ids; ``action`` is a noun and a verb, like "share.make".
    ``detail`` holds ids, roles, flags and counts: never a name, a text or a token.
    """
    fresh = Act(
        id=str(uuid.uuid4()),
        made_at=now,
        actor_id=actor,
        action=action,
        subject=subject,
        detail=json.dumps(dict(detail), sort_keys=True),
    )
    audit.insert(db, fresh)
