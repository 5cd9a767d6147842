"""What this installation signs with: a secret by its name, made once for all its servers."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.store.database import Connection
from cellissimo_server.store.table import Table


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A secret in letters; ``made_at`` in ms UTC."""

    name: str
    secret: str
    made_at: int


SIGNING_KEYS = Table("signing_keys", SigningKey, key=("name",))


def kept(db: Connection, fresh: SigningKey) -> SigningKey:
    """The key of that name that is there, or else ``fresh``, which is kept."""
    found = SIGNING_KEYS.first(db, "name = ?", fresh.name)
    if found is None:
        SIGNING_KEYS.insert(db, fresh)
    return found or fresh
