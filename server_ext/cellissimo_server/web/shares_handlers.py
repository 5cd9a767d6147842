"""Share links over HTTP: making and revoking them."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.shape import Done
from cellissimo.schema.rest.shares import MadeShare, NewShare, Share, ShareChange, ShareList
from cellissimo_server.commands.share import change_share, list_shares, make_share, revoke_share
from cellissimo_server.commands.show_share import share_shown
from cellissimo_server.web.addresses import address_of
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route, of_every_piece


class MakeShareHandler(Handler):
    """Making a link to a piece."""

    @operation(
        "Make a share link",
        body=NewShare,
        answer=MadeShare,
        status=201,
        access="guest",
        action=Action.SHARE,
    )
    async def post(self, piece_id: str, body: NewShare) -> MadeShare:
        """Make it; its token is shown this once."""
        made, token = await make_share(self.services, self.person, piece_id, body)
        shown = share_shown(made)
        return MadeShare(
            id=shown.id,
            share_url=address_of(self, "s", token),
            share_token=token,
            expires_at=shown.expires_at,
            rights=shown.rights,
        )


class SharesHandler(Handler):
    """The links to a piece."""

    @operation(
        "The share links to a piece", answer=ShareList, access="guest", action=Action.READ_SHARES
    )
    async def get(self, piece_id: str) -> ShareList:
        """All of them, newest first, with their last use."""
        found = await list_shares(self.services, self.person, piece_id)
        return ShareList(shares=[share_shown(one) for one in found])


class ShareHandler(Handler):
    """One link."""

    @operation(
        "Change what a share link allows, or until when",
        body=ShareChange,
        answer=Share,
        access="guest",
    )
    async def patch(self, share_id: str, body: ShareChange) -> Share:
        """Change what was sent; it is in force at once."""
        return share_shown(await change_share(self.services, self.person, share_id, body))

    @operation("Revoke a share link", answer=Done, access="guest")
    async def delete(self, share_id: str) -> Done:
        """Make it invalid at once."""
        await revoke_share(self.services, self.person, share_id)
        return Done()


ROUTES = [
    *of_every_piece("share", MakeShareHandler),
    *of_every_piece("shares", SharesHandler),
    Route("shares/{share_id}", ShareHandler),
]
