"""Several people at one Jupyter server: whose token begins with a name is that person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jupyter_server.auth import User
from jupyter_server.auth.identity import PasswordIdentityProvider

if TYPE_CHECKING:
    from tornado.web import RequestHandler


class People(PasswordIdentityProvider):
    """With the server's token behind it, ``ada-<token>`` signs in Ada, and keeps her signed in."""

    async def get_user_token(self, handler: RequestHandler) -> User | None:
        """The person that a token names; without a name, whoever signed in before."""
        name, _, token = (self.get_token(handler) or "").partition("-")
        if token != self.token:
            return await super().get_user_token(handler)
        return User(username=name, name=name.title(), display_name=name.title())
