"""The link of an invite: it leads into JupyterLab, which asks before anything is accepted."""

from __future__ import annotations

from urllib.parse import quote

from jupyter_server.utils import url_path_join

from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route


class InvitationPage(Handler):
    """Where somebody comes in who was sent an invite."""

    @operation("Go to where an invite is accepted", access="anyone", status=302, media="text/html")
    async def get(self, token: str) -> None:
        """Lead on. What stands behind # is neither sent to a server nor written into its log."""
        lab = url_path_join(self.base_url, "lab")
        self.redirect(f"{lab}#cellissimo-invite={quote(token, safe='')}")


ROUTES = [Route("invite/{token}", InvitationPage, is_page=True)]
