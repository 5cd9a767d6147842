"""Members of pieces over HTTP."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.members import Member, MemberChange, MemberList, NewMember
from cellissimo.schema.rest.shape import Done
from cellissimo_server.commands.change_members import (
    add_member,
    change_member,
    list_members,
    remove_member,
)
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import of_every_piece


class MembersHandler(Handler):
    """The members of a piece."""

    @operation(
        "The members of a piece, its owner first",
        answer=MemberList,
        access="guest",
        action=Action.LIST_MEMBERS,
    )
    async def get(self, piece_id: str) -> MemberList:
        """All of them."""
        found = await list_members(self.services, self.person, piece_id)
        return MemberList(collaborators=found)

    @operation(
        "Add a member by name",
        body=NewMember,
        answer=Member,
        status=201,
        action=Action.INVITE,
    )
    async def post(self, piece_id: str, body: NewMember) -> Member:
        """Add them at once, and tell them."""
        return await add_member(self.services, self.person, piece_id, body)


class MemberHandler(Handler):
    """One member of a piece."""

    @operation(
        "Change a member's role and flags",
        body=MemberChange,
        answer=Member,
        action=Action.CHANGE_MEMBER,
    )
    async def patch(self, piece_id: str, user_id: str, body: MemberChange) -> Member:
        """Change what was sent."""
        return await self._change(piece_id, user_id, body)

    @operation(
        "Change a member's role and flags",
        body=MemberChange,
        answer=Member,
        action=Action.CHANGE_MEMBER,
    )
    async def put(self, piece_id: str, user_id: str, body: MemberChange) -> Member:
        """Change what was sent, like PATCH."""
        return await self._change(piece_id, user_id, body)

    @operation(
        "Remove a member, or leave", answer=Done, access="guest", action=Action.REMOVE_MEMBER
    )
    async def delete(self, piece_id: str, user_id: str) -> Done:
        """End the membership; one's own always."""
        await remove_member(self.services, self.person, piece_id, user_id, self.if_match)
        return Done()

    async def _change(self, piece_id: str, user_id: str, body: MemberChange) -> Member:
        return await change_member(
            self.services, self.person, piece_id, user_id, body, self.if_match
        )


ROUTES = [
    *of_every_piece("collaborators", MembersHandler, "members"),
    *of_every_piece("collaborators/{user_id}", MemberHandler, "members/{user_id}"),
]
