"""Share links as answers show them: never with their token."""

from __future__ import annotations

import json

from cellissimo.schema.rest.shape import to_time
from cellissimo.schema.rest.shares import Share as ShareShape
from cellissimo_server.store.shares import Share


def share_shown(row: Share) -> ShareShape:
    """A link as the list of a piece's links shows it."""
    times = {
        name: None if (at := getattr(row, name)) is None else to_time(at)
        for name in ("expires_at", "last_used_at", "revoked_at")
    }
    return ShareShape(
        id=row.id,
        rights=json.loads(row.rights),
        created_at=to_time(row.created_at),
        uses=row.uses,
        **times,
    )
