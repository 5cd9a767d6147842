"""The door of a room: a fresh ticket for every line, and recordings before what names them."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from cellissimo.client.errors import NoServerError, ServerError, TooManyError, UnavailableError
from cellissimo.client.pieces import Kind
from cellissimo.media.blobs import Blobs
from cellissimo.media.wav import BlobError

if TYPE_CHECKING:
    from websockets.asyncio.client import connect

    from cellissimo.client.http import AsyncClient

_OPEN_S = 10.0


@dataclass(frozen=True, slots=True)
class Entrance:
    """Whose room, and how one comes in: as oneself, or by a link's token with a chosen name."""

    piece_id: str
    kind: Kind = "project"
    token: str | None = None
    guest: str | None = None
    via: str = "kernel"


class Door:
    """How a peer gets in; for the thread and loop that first asks it."""

    def __init__(self, client: AsyncClient, entrance: Entrance, blobs: Blobs) -> None:
        """Through the server of ``client``; recordings come out of ``blobs``."""
        self._client = client
        self._entrance = entrance
        self._blobs = blobs

    async def line(self, most: int) -> connect:
        """A websocket into the room, to be opened; its frames have ``most`` bytes.

        Raises:
            ServerError: there is no ticket for this person.
            ImportError: websockets is not installed.
        """
        from websockets.asyncio.client import connect  # noqa: PLC0415 - an extra

        from cellissimo.client.room_line import RoomLine  # noqa: PLC0415 - needs the extra

        entrance = self._entrance
        ticket = await self._client.room_ticket(
            entrance.piece_id, entrance.via, link=entrance.token, name=entrance.guest
        )
        parts = urlsplit(self._client.url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        path = f"{parts.path}/rooms/{entrance.piece_id}"
        query = urlencode({"ticket": ticket.ticket})
        return connect(
            f"{scheme}://{parts.netloc}{path}?{query}",
            compression=None,
            max_size=most,
            open_timeout=_OPEN_S,
            close_timeout=1,
            ping_interval=None,
            create_connection=RoomLine,
            proxy=None if self._client.is_here else True,
        )

    async def deliver(self, names: AbstractSet[str]) -> frozenset[str]:
        """Put recordings on the server; gives their names.

        What the server refuses for good, and what does not read here, is given too: the edit that
        names it goes its way.

        Raises:
            NoServerError: it does not answer; it is tried again.
            UnavailableError, TooManyError, OSError: not now.
        """
        entrance = self._entrance
        for name in sorted(names):
            try:
                if self._blobs.has(name):
                    await self._client.deliver_blob(
                        entrance.piece_id, name, self._blobs.get(name), entrance.kind
                    )
            except (NoServerError, UnavailableError, TooManyError):
                raise
            except (ServerError, BlobError):
                continue
        return frozenset(names)

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._client.close()
