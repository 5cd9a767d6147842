"""The link of an invite: it leads into JupyterLab, which asks before anything is accepted."""

from __future__ import annotations

from html import escape
from urllib.parse import quote

from jupyter_server.utils import url_path_join

from cellissimo_server.web.operation import operation
from cellissimo_server.web.public_page import HTML, PublicHandler
from cellissimo_server.web.routes import Route

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="0; url={address}">
<title>An invitation</title>
<p><a href="{address}">Open the invitation in JupyterLab</a></p>
</html>
"""


class InvitationPage(PublicHandler):
    """Where somebody comes in who was sent an invite."""

    @operation("Go to where an invite is accepted", access="anyone", media="text/html")
    async def get(self, token: str) -> None:
        """Lead on. What stands behind # is neither sent to a server nor written into its log."""
        lab = url_path_join(self.base_url, "lab")
        address = f"{lab}#cellissimo-invite={quote(token, safe='')}"
        self.send(_PAGE.format(address=escape(address)), HTML)


ROUTES = [Route("invite/{token}", InvitationPage, is_page=True)]
