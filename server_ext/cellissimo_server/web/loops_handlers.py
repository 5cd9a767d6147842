"""Loops over HTTP."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.lists import OneQuery
from cellissimo.schema.rest.loops import Loop, LoopChange, LoopList, LoopsQuery, NewLoop
from cellissimo.schema.rest.shape import Done
from cellissimo_server.access.person import known
from cellissimo_server.commands.change_loop import change_loop
from cellissimo_server.commands.list_pieces import list_mine, list_public
from cellissimo_server.commands.make_loop import loop_of, make_loop
from cellissimo_server.commands.open_piece import music_of_piece, open_piece
from cellissimo_server.commands.show_loop import loop_shown
from cellissimo_server.commands.shown import Seen
from cellissimo_server.commands.trash_piece import trash_piece
from cellissimo_server.store.piece_lists import ORDERS, Wanted
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.paging import included, paging_of
from cellissimo_server.web.routes import Route


class LoopsHandler(Handler):
    """The loops of a library, or everybody's public ones."""

    @operation(
        "Loops: mine, or everybody's public ones",
        answer=LoopList,
        query=LoopsQuery,
        access="anyone",
    )
    async def get(self, query: LoopsQuery) -> LoopList:
        """One page of them, without their chords and steps unless ``include=content`` asks."""
        wanted = Wanted(
            kind="loop",
            archived=query.archived,
            tag=query.tag,
            name=query.q,
            order=ORDERS[query.sort],
        )
        if not query.public:
            known(self.person)
        list_them = list_public if query.public else list_mine
        found = await list_them(self.services, self.person, wanted, paging_of(query))
        whole = "content" in included(query.include, {"content"})
        loops = [await self._shown(one) if whole else loop_shown(one) for one in found.pieces]
        return LoopList(loops=loops, **found.place)

    @operation("Make a loop", body=NewLoop, answer=Loop, status=201)
    async def post(self, body: NewLoop) -> Loop:
        """Make it."""
        return loop_shown(*await make_loop(self.services, self.person, body))

    async def _shown(self, one: Seen) -> Loop:
        return loop_shown(one, loop_of(await music_of_piece(self.services, one)))


class LoopHandler(Handler):
    """One loop."""

    @operation("A loop", answer=Loop, query=OneQuery, access="anyone", action=Action.READ)
    async def get(self, piece_id: str, query: OneQuery) -> Loop:
        """What it plays, and whose it is."""
        included(query.include, ())
        return await self._shown(await open_piece(self.services, self.person, piece_id, "loop"))

    @operation(
        "Change a loop", body=LoopChange, answer=Loop, action=Action.DESCRIBE, access="guest"
    )
    async def patch(self, piece_id: str, body: LoopChange) -> Loop:
        """Change what was sent."""
        return await self._change(piece_id, body)

    @operation(
        "Change a loop", body=LoopChange, answer=Loop, action=Action.DESCRIBE, access="guest"
    )
    async def put(self, piece_id: str, body: LoopChange) -> Loop:
        """Change what was sent, like PATCH."""
        return await self._change(piece_id, body)

    @operation("Put a loop in the trash", answer=Done, action=Action.TRASH, access="guest")
    async def delete(self, piece_id: str) -> Done:
        """Put it there; it can be restored for some weeks."""
        await trash_piece(self.services, self.person, piece_id, "loop", self.if_match)
        return Done()

    async def _change(self, piece_id: str, body: LoopChange) -> Loop:
        changed = await change_loop(self.services, self.person, piece_id, body, self.if_match)
        return await self._shown(changed)

    async def _shown(self, one: Seen) -> Loop:
        return loop_shown(one, loop_of(await music_of_piece(self.services, one)))


ROUTES = [
    Route("loops", LoopsHandler),
    Route("loops/{piece_id}", LoopHandler),
]
