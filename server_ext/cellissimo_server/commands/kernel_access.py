"""How kernels find their server: its address and a token of their own, in the environment.

A kernel inherits the environment of the server that starts it. Only where everybody is one person:
elsewhere a kernel comes with the token that the hub gave its owner.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cellissimo_server.access import meeting
from cellissimo_server.access.identity import PREFIX, server_username
from cellissimo_server.access.secrets import fresh_token
from cellissimo_server.commands import tokens
from cellissimo_server.settings import DAY_S
from cellissimo_server.store import api_tokens, relay_note
from cellissimo_server.store.api_tokens import ApiToken
from cellissimo_server.store.database import Connection
from cellissimo_server.store.errors import StoreError
from cellissimo_server.store.relay_note import RelayNote

if TYPE_CHECKING:
    from cellissimo_server.services import Services

URL = "CELLISSIMO_URL"
TOKEN = "CELLISSIMO_TOKEN"  # noqa: S105 - the name of a variable
SCOPES = ["kernel", "read", "upload", "write"]


_LOG = logging.getLogger("cellissimo.commands")

RELAY_SCOPES = ["read", "relay", "upload", "write"]


@dataclass(frozen=True, slots=True)
class _Given:
    """A token that was handed out."""

    name: str
    scopes: list[str]
    secret: str

    def token(self, user_id: str, now: int) -> ApiToken:
        """Its row."""
        expires = now + meeting.KERNEL_DAYS * DAY_S * 1000
        return tokens.fresh(user_id, self.name, self.scopes, self.secret, now, expires)


class KernelAccess:
    """Tokens that live as long as the server: its kernels', and that of a second server."""

    def __init__(
        self, services: Services, environment: MutableMapping[str, str] = os.environ
    ) -> None:
        """Nothing is in ``environment`` yet."""
        self._services = services
        self._environment = environment
        self._before: dict[str, str | None] = {}
        self._given: list[_Given] = []
        self._made: list[ApiToken] = []

    def begin(self, url: str, *, kernels: bool, folder: Path | None) -> None:
        """Make fresh tokens, which are valid from ``keep`` on.

        ``url`` ends with a slash and has the prefix, if there is one. With ``kernels`` it stands
        in the environment with a token; both tokens are noted in ``folder``, where there is one.
        """
        if not kernels and folder is None:
            return
        kernel = _Given(f"kernel {url}", SCOPES, fresh_token(PREFIX))
        self._given.append(kernel)
        if kernels:
            self._put({URL: f"{url}cellissimo", TOKEN: kernel.secret})
        if folder is not None:
            relay = _Given(f"relay {url}", RELAY_SCOPES, fresh_token(PREFIX))
            self._given.append(relay)
            relay_note.write(folder, RelayNote(relay.secret, kernel.secret))

    async def keep(self) -> None:
        """Write the tokens down; those that a crashed server of this address has left end here."""
        if not self._given:
            return
        now = self._services.clock()
        username = server_username(self._services.settings.username)
        person = await meeting.server_user(self._services, username)
        made = [given.token(person.id, now) for given in self._given]

        def work(db: Connection) -> None:
            for token in made:
                _replace(db, token, now)

        await self._services.database.write(work)
        self._made = made

    async def end(self) -> None:
        """Take everything out again; the tokens are not valid any more."""
        if not self._given:
            return
        now = self._services.clock()

        def work(db: Connection) -> None:
            for token in self._made:
                api_tokens.revoke(db, token.id, token.user_id, now)

        try:
            if self._made:
                await self._services.database.write(work)
        except StoreError as error:  # a server has to stop all the same
            _LOG.error(
                "tokens of this server stay valid for %d days: %s", meeting.KERNEL_DAYS, error
            )
        finally:
            self._made, self._given = [], []
            relay_note.remove(self._services.settings.data)
            _restore(self._environment, self._before)

    def _put(self, values: dict[str, str]) -> None:
        self._before = {name: self._environment.get(name) for name in values}
        self._environment.update(values)


class BorrowedAccess:
    """The same for the kernels of a second server: the first one's address and token."""

    def __init__(self, environment: MutableMapping[str, str] = os.environ) -> None:
        """Nothing is in ``environment`` yet."""
        self._environment = environment
        self._before: dict[str, str | None] = {}

    def begin(self, url: str, note: RelayNote) -> None:
        """Put the first server's address and its kernels' token into the environment."""
        values = {URL: f"{url}cellissimo", TOKEN: note.kernel}
        self._before = {name: self._environment.get(name) for name in values}
        self._environment.update(values)

    def end(self) -> None:
        """Take both out again."""
        _restore(self._environment, self._before)


def _restore(environment: MutableMapping[str, str], before: Mapping[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            environment.pop(name, None)
        else:
            environment[name] = value


def _replace(db: Connection, token: ApiToken, now: int) -> None:
    for other in api_tokens.of_user(db, token.user_id):
        if other.name == token.name and other.scopes == token.scopes:
            api_tokens.revoke(db, other.id, other.user_id, now)
    api_tokens.insert(db, token)
