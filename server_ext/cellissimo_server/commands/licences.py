"""What a piece's licence says of copies of it."""

from __future__ import annotations

import re

from cellissimo_server.access.person import Person
from cellissimo_server.errors import ForbiddenError
from cellissimo_server.store.pieces import Piece

_NO_DERIVATIVES = re.compile(r"\bND\b|no[ -]?deriv", re.IGNORECASE)
"""Licences that forbid changed copies, such as CC BY-ND."""


def check_copy(source: Piece, person: Person) -> None:
    """Pass where a changed copy of ``source`` may be made by ``person``.

    Raises:
        ForbiddenError: the licence forbids it to all but the owner.
    """
    if source.owner_id != person.id and _NO_DERIVATIVES.search(source.licence):
        raise ForbiddenError(
            f"Its licence, {source.licence}, forbids changed copies.",
            field="licence",
            value=source.licence,
            cure="Ask its owner for another licence.",
        )
