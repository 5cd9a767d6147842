"""Which page a request asks for, and what it wants beside it."""

from __future__ import annotations

from collections.abc import Collection

from cellissimo.schema.rest.lists import PageQuery
from cellissimo_server.errors import InvalidError
from cellissimo_server.store.paging import Paging


def paging_of(query: PageQuery) -> Paging:
    """The page that a query asks for."""
    return Paging(query.page, query.limit, query.after)


def included(include: str | None, known: Collection[str]) -> frozenset[str]:
    """What ``?include=`` names.

    Raises:
        InvalidError: a name that is not known.
    """
    names = frozenset(name.strip() for name in (include or "").split(",") if name.strip())
    for name in sorted(names - set(known)):
        raise InvalidError(
            f"There is no {name!r} to include.",
            field="include",
            value=name,
            accepted=", ".join(sorted(known)) or "nothing",
            cure="Leave it out, or name what there is.",
        )
    return names
