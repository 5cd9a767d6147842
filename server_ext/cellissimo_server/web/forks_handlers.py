"""Forking over HTTP."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.loops import Loop
from cellissimo.schema.rest.projects import Project
from cellissimo.schema.rest.songs import Song
from cellissimo_server.commands.fork_piece import fork_piece
from cellissimo_server.commands.make_loop import loop_of
from cellissimo_server.commands.open_piece import music_of_piece
from cellissimo_server.commands.show_loop import loop_shown
from cellissimo_server.commands.show_song import song_shown
from cellissimo_server.commands.shown import project_shown
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class ForkProjectHandler(Handler):
    """Forking a project."""

    @operation("Fork a project", answer=Project, status=201, access="guest", action=Action.FORK)
    async def post(self, piece_id: str) -> Project:
        """Make a copy that is mine, and that knows its source."""
        return project_shown(await fork_piece(self.services, self.person, piece_id, "project"))


class ForkLoopHandler(Handler):
    """Forking a loop."""

    @operation("Fork a loop", answer=Loop, status=201, access="guest", action=Action.FORK)
    async def post(self, piece_id: str) -> Loop:
        """Make a copy that is mine, and that knows its source."""
        one = await fork_piece(self.services, self.person, piece_id, "loop")
        return loop_shown(one, loop_of(await music_of_piece(self.services, one)))


class ForkSongHandler(Handler):
    """Forking a song."""

    @operation("Fork a song", answer=Song, status=201, access="guest", action=Action.FORK)
    async def post(self, piece_id: str) -> Song:
        """Make a copy that is mine, and that knows its source."""
        one = await fork_piece(self.services, self.person, piece_id, "project")
        return song_shown(one, await music_of_piece(self.services, one))


ROUTES = [
    Route(
        "projects/{piece_id}/fork", ForkProjectHandler, aliases=("projects/{piece_id}/duplicate",)
    ),
    Route("loops/{piece_id}/fork", ForkLoopHandler, aliases=("loops/{piece_id}/duplicate",)),
    Route("songs/{piece_id}/fork", ForkSongHandler, aliases=("songs/{piece_id}/duplicate",)),
]
