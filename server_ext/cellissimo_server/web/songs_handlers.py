"""Songs over HTTP: the same pieces as projects, seen as loops on a timeline."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.lists import OneQuery
from cellissimo.schema.rest.loops import LoopsQuery
from cellissimo.schema.rest.shape import Done
from cellissimo.schema.rest.songs import NewSong, Song, SongChange, SongList
from cellissimo_server.access.person import known
from cellissimo_server.commands.list_pieces import list_mine, list_public
from cellissimo_server.commands.make_song import change_song, make_song
from cellissimo_server.commands.open_piece import music_of_piece, open_piece
from cellissimo_server.commands.show_song import song_shown
from cellissimo_server.commands.shown import Seen
from cellissimo_server.commands.trash_piece import trash_piece
from cellissimo_server.store.piece_lists import ORDERS, Wanted
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.paging import included, paging_of
from cellissimo_server.web.routes import Route


class SongsHandler(Handler):
    """My songs, or everybody's public ones."""

    @operation(
        "Songs: mine, or everybody's public ones",
        answer=SongList,
        query=LoopsQuery,
        access="anyone",
    )
    async def get(self, query: LoopsQuery) -> SongList:
        """One page of them, without timeline and loops unless ``include=content`` asks."""
        wanted = Wanted(
            kind="project",
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
        songs = [await self._shown(one) if whole else song_shown(one) for one in found.pieces]
        return SongList(songs=songs, **found.place)

    @operation("Make a song", body=NewSong, answer=Song, status=201)
    async def post(self, body: NewSong) -> Song:
        """Make it of loops that came along, and of loops of libraries."""
        return await self._shown(await make_song(self.services, self.person, body))

    async def _shown(self, one: Seen) -> Song:
        return song_shown(one, await music_of_piece(self.services, one))


class SongHandler(Handler):
    """One song."""

    @operation("A song", answer=Song, query=OneQuery, access="anyone", action=Action.READ)
    async def get(self, piece_id: str, query: OneQuery) -> Song:
        """Its timeline and its loops, and whose it is."""
        included(query.include, ())
        return await self._shown(await open_piece(self.services, self.person, piece_id, "project"))

    @operation(
        "Change a song", body=SongChange, answer=Song, action=Action.DESCRIBE, access="guest"
    )
    async def patch(self, piece_id: str, body: SongChange) -> Song:
        """Change what was sent."""
        return await self._change(piece_id, body)

    @operation(
        "Change a song", body=SongChange, answer=Song, action=Action.DESCRIBE, access="guest"
    )
    async def put(self, piece_id: str, body: SongChange) -> Song:
        """Change what was sent, like PATCH."""
        return await self._change(piece_id, body)

    @operation("Put a song in the trash", answer=Done, action=Action.TRASH, access="guest")
    async def delete(self, piece_id: str) -> Done:
        """Put it there; it can be restored for some weeks."""
        await trash_piece(self.services, self.person, piece_id, "project", self.if_match)
        return Done()

    async def _change(self, piece_id: str, body: SongChange) -> Song:
        return await self._shown(
            await change_song(self.services, self.person, piece_id, body, self.if_match)
        )

    async def _shown(self, one: Seen) -> Song:
        return song_shown(one, await music_of_piece(self.services, one))


ROUTES = [
    Route("songs", SongsHandler),
    Route("songs/{piece_id}", SongHandler),
]
