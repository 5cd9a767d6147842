"""Invites over HTTP."""

from __future__ import annotations

import json

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.members import (
    Invitation,
    Invite,
    InviteList,
    MadeInvite,
    Member,
    NewInvite,
)
from cellissimo.schema.rest.shape import Done, to_time
from cellissimo_server.commands.invite import (
    accept_invite,
    list_invites,
    look_at_invite,
    make_invite,
    revoke_invite,
)
from cellissimo_server.commands.shown import person_shown
from cellissimo_server.store import invites
from cellissimo_server.web.addresses import address_of
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route, of_every_piece


class InvitesHandler(Handler):
    """The invites to a piece."""

    @operation("The invites to a piece", answer=InviteList, access="guest", action=Action.INVITE)
    async def get(self, piece_id: str) -> InviteList:
        """All of them, newest first; their links are not shown again."""
        found = await list_invites(self.services, self.person, piece_id)
        return InviteList(invites=[_shown(one) for one in found])

    @operation(
        "Make a link by which one person becomes a member",
        body=NewInvite,
        answer=MadeInvite,
        status=201,
        action=Action.INVITE,
    )
    async def post(self, piece_id: str, body: NewInvite) -> MadeInvite:
        """Make it; its token is shown this once."""
        made, token = await make_invite(self.services, self.person, piece_id, body)
        return MadeInvite(
            **_shown(made).model_dump(),
            invite_token=token,
            invite_url=address_of(self, "invite", token),
        )


class InviteHandler(Handler):
    """One invite."""

    @operation("Make an invite invalid", answer=Done, access="guest")
    async def delete(self, invite_id: str) -> Done:
        """Nobody can accept it any more."""
        await revoke_invite(self.services, self.person, invite_id)
        return Done()


class InvitationHandler(Handler):
    """An invite as the invited sees it."""

    @operation("What an invite is to", answer=Invitation)
    async def get(self, token: str) -> Invitation:
        """The name of the piece, and who invites."""
        found = await look_at_invite(self.services, self.person, token)
        expires = found.invite.expires_at
        return Invitation.model_validate(
            {
                "project": {"name": found.piece.name, "kind": found.piece.kind},
                "by": person_shown(found.giver),
                "role": found.invite.role,
                "expires_at": None if expires is None else to_time(expires),
            }
        )


class AcceptanceHandler(Handler):
    """Accepting an invite."""

    @operation("Accept an invite", answer=Member)
    async def post(self, token: str) -> Member:
        """Become a member; once."""
        return await accept_invite(self.services, self.person, token)


def _shown(row: invites.Invite) -> Invite:
    times = {
        name: None if (at := getattr(row, name)) is None else to_time(at)
        for name in ("expires_at", "accepted_at", "revoked_at")
    }
    return Invite.model_validate(
        {
            "id": row.id,
            "role": row.role,
            "flags": json.loads(row.flags),
            "username": row.username,
            "created_at": to_time(row.created_at),
            **times,
        }
    )


ROUTES = [
    *of_every_piece("invites", InvitesHandler),
    Route("invites/by-token/{token}", InvitationHandler),
    Route("invites/by-token/{token}/accept", AcceptanceHandler),
    Route("invites/{invite_id}", InviteHandler),
]
