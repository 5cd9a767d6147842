"""How kernels find their server: its address and a token of their own, in the environment.

A kernel inherits the environment of the server that starts it. Only where everybody is one person:
elsewhere a kernel comes with the token that the hub gave its owner.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import TYPE_CHECKING

from cellissimo_server.access import meeting
from cellissimo_server.access.identity import PREFIX, server_username
from cellissimo_server.access.secrets import fresh_token
from cellissimo_server.commands import tokens
from cellissimo_server.settings import DAY_S
from cellissimo_server.store import api_tokens
from cellissimo_server.store.api_tokens import ApiToken
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from cellissimo_server.services import Services

URL = "CELLISSIMO_URL"
TOKEN = "CELLISSIMO_TOKEN"  # noqa: S105 - the name of a variable
SCOPES = ["kernel", "read", "upload", "write"]


class KernelAccess:
    """A token that lives as long as the server, and stands in its environment."""

    def __init__(
        self, services: Services, environment: MutableMapping[str, str] = os.environ
    ) -> None:
        """Nothing is in ``environment`` yet."""
        self._services = services
        self._environment = environment
        self._before: dict[str, str | None] = {}
        self._token: ApiToken | None = None

    async def begin(self, url: str) -> None:
        """Put the address and a fresh token into the environment.

        ``url`` ends with a slash and has the prefix, if there is one; the token that a crashed
        server of this address has left ends here.
        """
        services, now = self._services, self._services.clock()
        username = server_username(services.settings.username)
        person = await meeting.server_user(services, username)
        secret = fresh_token(PREFIX)
        expires = now + meeting.KERNEL_DAYS * DAY_S * 1000
        token = tokens.fresh(person.id, f"kernel {url}", SCOPES, secret, now, expires)
        await services.database.write(lambda db: _replace(db, token, now))
        self._token = token
        self._put({URL: f"{url}cellissimo", TOKEN: secret})

    async def end(self) -> None:
        """Take both out again; the token is not valid any more."""
        if self._token is None:
            return
        token, now = self._token, self._services.clock()
        await self._services.database.write(
            lambda db: api_tokens.revoke(db, token.id, token.user_id, now)
        )
        self._token = None
        for name, value in self._before.items():
            if value is None:
                self._environment.pop(name, None)
            else:
                self._environment[name] = value

    def _put(self, values: dict[str, str]) -> None:
        self._before = {name: self._environment.get(name) for name in values}
        self._environment.update(values)


def _replace(db: Connection, token: ApiToken, now: int) -> None:
    for other in api_tokens.of_user(db, token.user_id):
        if other.name == token.name and other.scopes == token.scopes:
            api_tokens.revoke(db, other.id, other.user_id, now)
    api_tokens.insert(db, token)
