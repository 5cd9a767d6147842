"""In which room a line or a comment stands, found by its id alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo_server.errors import not_found
from cellissimo_server.store import comments, messages

if TYPE_CHECKING:
    from cellissimo_server.services import Services


async def piece_of_line(services: Services, line_id: str) -> str:
    """The piece in whose room a line was said; whether one may know of it is asked afterwards.

    Raises:
        NotFoundError: there is no such line.
    """
    found = await services.database.read(lambda db: messages.by_id(db, line_id))
    if found is None:
        raise not_found("line")
    return found.piece_id


async def piece_of_comment(services: Services, comment_id: str) -> str:
    """The piece that a comment is on; whether one may know of it is asked afterwards.

    Raises:
        NotFoundError: there is no such comment.
    """
    found = await services.database.read(lambda db: comments.by_id(db, comment_id))
    if found is None:
        raise not_found("comment")
    return found.piece_id
