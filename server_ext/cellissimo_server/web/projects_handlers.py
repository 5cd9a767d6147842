"""Projects over HTTP."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.lists import OneQuery
from cellissimo.schema.rest.projects import (
    NewProject,
    Project,
    ProjectChange,
    ProjectList,
    ProjectsQuery,
)
from cellissimo.schema.rest.shape import Done
from cellissimo_server.commands.change_project import change_project
from cellissimo_server.commands.include import INCLUDED, include
from cellissimo_server.commands.list_pieces import list_mine
from cellissimo_server.commands.make_project import make_project
from cellissimo_server.commands.open_piece import open_piece
from cellissimo_server.commands.shown import project_shown
from cellissimo_server.commands.trash_piece import trash_piece
from cellissimo_server.store.piece_lists import ORDERS, Wanted
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.paging import included, paging_of
from cellissimo_server.web.routes import Route


class ProjectsHandler(Handler):
    """Somebody's projects."""

    @operation(
        "My projects, and those shared with me",
        answer=ProjectList,
        query=ProjectsQuery,
        access="guest",
    )
    async def get(self, query: ProjectsQuery) -> ProjectList:
        """One page of them."""
        wanted = Wanted(
            kind="project",
            role=query.role,
            archived=query.archived,
            name=query.q,
            order=ORDERS[query.sort],
        )
        found = await list_mine(self.services, self.person, wanted, paging_of(query))
        return ProjectList(projects=[project_shown(one) for one in found.pieces], **found.place)

    @operation("Make a project", body=NewProject, answer=Project, status=201)
    async def post(self, body: NewProject) -> Project:
        """Make it."""
        return project_shown(await make_project(self.services, self.person, body))


class ProjectHandler(Handler):
    """One project."""

    @operation("A project", answer=Project, query=OneQuery, access="anyone", action=Action.READ)
    async def get(self, piece_id: str, query: OneQuery) -> Project:
        """What its row says, and what was asked for beside it."""
        wanted = included(query.include, INCLUDED)
        one = await open_piece(self.services, self.person, piece_id, "project")
        return project_shown(one, **await include(self.services, self.person, one, wanted))

    @operation(
        "Change a project",
        body=ProjectChange,
        answer=Project,
        action=Action.DESCRIBE,
        access="guest",
    )
    async def patch(self, piece_id: str, body: ProjectChange) -> Project:
        """Change what was sent."""
        return await self._change(piece_id, body)

    @operation(
        "Change a project",
        body=ProjectChange,
        answer=Project,
        action=Action.DESCRIBE,
        access="guest",
    )
    async def put(self, piece_id: str, body: ProjectChange) -> Project:
        """Change what was sent, like PATCH."""
        return await self._change(piece_id, body)

    @operation("Put a project in the trash", answer=Done, action=Action.TRASH, access="guest")
    async def delete(self, piece_id: str) -> Done:
        """Put it there; it can be restored for some weeks."""
        await trash_piece(self.services, self.person, piece_id, "project", self.if_match)
        return Done()

    async def _change(self, piece_id: str, body: ProjectChange) -> Project:
        changed = await change_project(self.services, self.person, piece_id, body, self.if_match)
        return project_shown(changed)


ROUTES = [
    Route("projects", ProjectsHandler),
    Route("projects/{piece_id}", ProjectHandler),
]
