"""Tickets: who has one may come into one room, as one person, for a minute, once [WIRE-1]."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cellissimo_server.access.asking import Asked
from cellissimo_server.access.secrets import fresh_token
from cellissimo_server.errors import UnauthenticatedError
from cellissimo_server.store import signing_keys
from cellissimo_server.store.database import Database
from cellissimo_server.store.signing_keys import SigningKey

LIFE_MS = 60_000
"""How long a ticket opens its room."""

_ASTRAY_MS = 60_000
"""The clocks of two servers of one database may differ by so much."""

KEY = "room tickets"

_MOST_USED = 100_000
"""Tickets that are remembered as used; each for a minute."""

_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whom a ticket lets in where, and how they come; ``expires_at`` in ms UTC."""

    asked: Asked
    via: str
    expires_at: int
    nonce: str


class Tickets:
    """Makes tickets and takes them; all servers of one database know each other's."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        """``clock`` gives ms UTC."""
        self._database = database
        self._clock = clock
        self._key: bytes | None = None
        self._used: OrderedDict[str, int] = OrderedDict()

    async def issue(self, asked: Asked, via: str) -> tuple[str, int]:
        """A ticket, and when it ends."""
        expires = self._clock() + LIFE_MS
        said = [
            asked.piece_id, asked.person_id, asked.link, asked.token_id, asked.exempt,
            via, expires, fresh_token()[:22],
        ]  # fmt: skip
        body = _lettered(json.dumps(said, separators=(",", ":")).encode())
        return f"{body}.{_lettered(await self._signed(body))}", expires

    async def redeem(self, text: str, piece_id: str) -> Ticket:
        """Whom a ticket lets into this room; it is used up then.

        Raises:
            UnauthenticatedError: it is none of ours, is old or used, or is for another room.
        """
        body, _, mark = text.partition(".")
        if len(text) > _LONGEST or not hmac.compare_digest(
            mark.encode(), _lettered(await self._signed(body)).encode()
        ):
            raise _no_ticket("It is none that this server has made.")
        found = _read(body)
        now = self._clock()
        if not now < found.expires_at <= now + LIFE_MS + _ASTRAY_MS:  # or the clock was set back
            raise _no_ticket("It is older than a minute.")
        if found.asked.piece_id != piece_id:
            raise _no_ticket("It is for another room.")
        self._use(found, now)
        return found

    def _use(self, ticket: Ticket, now: int) -> None:
        while self._used and next(iter(self._used.values())) <= now:
            self._used.popitem(last=False)
        if ticket.nonce in self._used:
            raise _no_ticket("It was used before.")
        if len(self._used) >= _MOST_USED:
            raise _no_ticket("Too many have come in this minute.")
        self._used[ticket.nonce] = ticket.expires_at

    async def _signed(self, body: str) -> bytes:
        if self._key is None:
            fresh = SigningKey(KEY, fresh_token(), self._clock())
            held = await self._database.write(partial(signing_keys.kept, fresh=fresh))
            self._key = held.secret.encode()
        return hmac.new(self._key, body.encode(), hashlib.sha256).digest()


def _read(body: str) -> Ticket:
    """What stands in a ticket of ours."""
    try:
        said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error) as error:  # signed, and not by this version
        raise _no_ticket("It does not read.") from error
    *asked, via, expires, nonce = said
    return Ticket(Asked(*asked), via, expires, nonce)


def _lettered(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _no_ticket(why: str) -> UnauthenticatedError:
    return UnauthenticatedError(
        f"This ticket opens nothing. {why}",
        field="ticket",
        cure="Ask for another one: POST /cellissimo/api/v1/rooms/{id}/tickets.",
    )
