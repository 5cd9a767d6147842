"""The chain of migrations: from each older schema to the next, never skipping one.

A migration takes and returns the document as plain maps (the form that the JSON Schema
describes) and is a pure function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cellissimo.domain.errors import CellissimoError
from cellissimo.schema.migrations import from_1
from cellissimo.schema.models import SCHEMA_VERSION

Stored = dict[str, Any]
Migration = Callable[[Stored], Stored]

CHAIN: Mapping[int, Migration] = {1: from_1.migrate}
"""The migration that leads away from each version."""


class NewerSchemaError(CellissimoError):
    """The document was written by a newer cellissimo."""


def migrated(
    stored: Stored, *, chain: Mapping[int, Migration] = CHAIN, target: int = SCHEMA_VERSION
) -> Stored:
    """The document in the form of version ``target`` [DOC-10].

    Raises:
        NewerSchemaError: the document's version is above ``target``.
    """
    version = int(stored["meta"]["schema"])
    if version > target:
        message = (
            f"this document has schema {version}, and this cellissimo reads up to {target}; "
            "upgrade cellissimo to open it. Nothing was changed"
        )
        raise NewerSchemaError(message)
    for step in range(version, target):
        stored = chain[step](stored)
        stored["meta"]["schema"] = step + 1
    return stored
