"""Searching the pieces that somebody may see: by words, and by what the music is like."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cellissimo.domain.errors import CellissimoError
from cellissimo.notation.chord_symbols import parse_chord
from cellissimo.schema import checks
from cellissimo.schema.rest.search import SearchQuery
from cellissimo_server.access.person import Person, known
from cellissimo_server.commands.accepting import accepted
from cellissimo_server.commands.list_pieces import Listed, list_mine, list_public
from cellissimo_server.commands.search_index import words_of
from cellissimo_server.errors import InvalidError
from cellissimo_server.store.paging import Paging
from cellissimo_server.store.piece_lists import ORDERS, Wanted

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_MOST_WORDS = 10


async def search(services: Services, person: Person, query: SearchQuery, paging: Paging) -> Listed:
    """One page of the public pieces that are looked for, and, where asked, of one's own.

    The last word may be a beginning only, so that whoever is typing finds something.

    Raises:
        InvalidError: a filter does not read.
        UnauthenticatedError: a visitor has none of their own.
    """
    wanted = _wanted(query)
    if not query.mine:
        return await list_public(services, person, wanted, paging)
    known(person)
    return await list_mine(services, person, replace(wanted, role="any"), paging)


def _wanted(query: SearchQuery) -> Wanted:
    words = words_of(query.q or "")[:_MOST_WORDS]
    return Wanted(
        kind="project" if query.kind == "song" else query.kind,
        tag=query.tag,
        chord=query.chord and _chord(query.chord),
        key=None if query.key is None else accepted("key", query.key, checks.key),
        tempo=None if query.tempo is None else _tempo(query.tempo),
        words=tuple(words[:-1]),
        begun=words[-1] if words else None,
        order=ORDERS[query.sort],
    )


def _chord(text: str) -> str:
    """The chord as documents write it; a roman numeral as it stands."""
    try:
        return parse_chord(text).symbol
    except CellissimoError:
        return text


def _tempo(text: str) -> tuple[float, float]:
    low, _, high = text.partition("-")
    found = float(low), float(high or low)
    if found[0] > found[1]:
        raise InvalidError(
            f"tempo is {text!r}.",
            field="tempo",
            value=text,
            accepted="a number, or two from low to high: 90-120",
            cure="Put the lower one first.",
        )
    return found
