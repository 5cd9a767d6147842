"""Whose request it is: Jupyter's user, the owner of one of our tokens, or a guest."""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from cellissimo_server.access import meeting
from cellissimo_server.access.person import VISITOR, Person
from cellissimo_server.errors import UnauthenticatedError

if TYPE_CHECKING:
    from cellissimo_server.services import Services

PREFIX = "cel_"
"""What all our tokens begin with."""

GUEST_COOKIE = "cellissimo-guest"

ON_BEHALF = "Cellissimo-On-Behalf-Of"
DISPLAY_NAME = "Cellissimo-Display-Name"
"""For whom a second server asks; believed with the token of a relay alone, %-encoded."""

_STOCK = "jupyter_server.auth."
"""Where Jupyter's own identity providers live: they know one person, the server's user."""


def is_single_user(provider: object, setting: str) -> bool:
    """Whether everybody who may use this server is one person, as in a plain ``jupyter lab``."""
    return setting == "yes" or (setting == "auto" and type(provider).__module__.startswith(_STOCK))


def server_username(setting: str) -> str:
    """The name of the one person of a plain ``jupyter lab``."""
    return setting or getpass.getuser()


async def person_of(handler: Any, services: Services) -> Person:  # noqa: ANN401 - tornado's
    """Who asks; a visitor where nobody signed in.

    Raises:
        UnauthenticatedError: a token of ours came along that is not valid any more.
    """
    if handler.bearer is not None:
        found = await meeting.by_token(services, handler.bearer)
        return await _behind(handler, services) if "relay" in found.scopes else found
    user = handler.current_user
    if user is not None:
        if is_single_user(handler.identity_provider, services.settings.single_user):
            return await meeting.server_user(services, server_username(services.settings.username))
        name, picture = user.display_name, user.avatar_url
        return await meeting.jupyter_user(services, user.username, name, picture)
    guest = handler.get_cookie(GUEST_COOKIE)
    return await meeting.by_guest_token(services, guest) if guest else VISITOR


async def _behind(handler: Any, services: Services) -> Person:  # noqa: ANN401 - tornado's
    """Whom the second server has signed in."""
    headers = handler.request.headers
    username = unquote(headers.get(ON_BEHALF, ""))
    if is_single_user(handler.identity_provider, services.settings.single_user):
        return await meeting.server_user(services, server_username(services.settings.username))
    if not username:
        raise UnauthenticatedError("A relay speaks for nobody.", cure="Say for whom it asks.")
    name = unquote(headers.get(DISPLAY_NAME, "")) or username
    return await meeting.jupyter_user(services, username, name, None)
