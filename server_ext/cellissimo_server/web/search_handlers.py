"""Searching over HTTP."""

from __future__ import annotations

from cellissimo.schema.rest.search import CardList, SearchQuery
from cellissimo_server.commands.search import search
from cellissimo_server.commands.shown import card_shown
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.paging import included, paging_of
from cellissimo_server.web.routes import Route


class SearchHandler(Handler):
    """Public pieces, and where asked one's own."""

    @operation(
        "Search public pieces by words, tag, chord, key and tempo",
        answer=CardList,
        query=SearchQuery,
        access="anyone",
    )
    async def get(self, query: SearchQuery) -> CardList:
        """One page of them."""
        included(query.include, ())
        found = await search(self.services, self.person, query, paging_of(query))
        return CardList(results=[card_shown(one) for one in found.pieces], **found.place)


ROUTES = [
    Route("search", SearchHandler),
    Route("explore", SearchHandler),
]
