"""What share links open, over HTTP: no login, nothing of its owner but the chosen name."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from pydantic import Field

from cellissimo.notation.song_file import print_song
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.projects import Card
from cellissimo.schema.rest.shape import Request
from cellissimo.schema.rest.shares import Shared
from cellissimo_server.commands.fork_piece import fork_shared
from cellissimo_server.commands.open_shared import open_shared, used
from cellissimo_server.commands.shown import card_shown
from cellissimo_server.errors import InvalidError
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route

OCTETS = "application/octet-stream"


class StateQuery(Request):
    """What of a document is there already: its state vector, as base64url."""

    state: Annotated[str, Field(max_length=100_000)] | None = None


def state_of(query: StateQuery) -> bytes | None:
    """The state vector of a query.

    Raises:
        InvalidError: it is no base64url.
    """
    if not query.state:
        return None
    try:
        padded = query.state + "=" * (-len(query.state) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise InvalidError(
            "state does not read.",
            field="state",
            accepted="a state vector as base64url",
            cure="Leave it out to get the whole document.",
        ) from None


class SharedHandler(Handler):
    """What a link opens."""

    @operation("What a share link opens", answer=Shared, access="anyone")
    async def get(self, token: str) -> Shared:
        """The music, whose it is, and what may be done with it."""
        return await open_shared(self.services, token)


class SharedDocumentHandler(Handler):
    """The document that a link opens."""

    @operation(
        "The document behind a share link, as a Y update",
        query=StateQuery,
        access="anyone",
        media=OCTETS,
    )
    async def get(self, token: str, query: StateQuery) -> None:
        """All of it, or what is missing from a replica's state."""
        state = state_of(query)
        found = await used(self.services, token, Action.READ)
        seq, epoch, content = await self.services.documents.look(
            found.piece.id,
            lambda held: (held.seq, held.document.epoch, held.document.encode(state)),
        )
        self.set_header("X-Cellissimo-Seq", str(seq))
        self.set_header("X-Cellissimo-Epoch", epoch)
        self.send_bytes(content, OCTETS)

    def send_bytes(self, content: bytes, media: str) -> None:
        """Answer with bytes that nobody keeps."""
        self.set_header("Cache-Control", "no-store")
        self.finish(content, set_content_type=media)


class SharedSongHandler(Handler):
    """The song file that a link opens."""

    @operation(
        "The song file behind a share link that allows downloads",
        access="anyone",
        media="text/plain",
    )
    async def get(self, token: str) -> None:
        """The canonical text."""
        found = await used(self.services, token, Action.DOWNLOAD)
        song = await self.services.documents.revision(found.piece.id)
        self.set_header("ETag", f'"{song.seq}"')
        self.set_header("Cache-Control", "no-store")
        self.finish(print_song(song.value), set_content_type="text/plain; charset=UTF-8")


class SharedForkHandler(Handler):
    """Forking what a link opens."""

    @operation("Fork what a share link opens", answer=Card, status=201, access="guest")
    async def post(self, token: str) -> Card:
        """Make a copy that is mine; guests may too."""
        return card_shown(await fork_shared(self.services, self.person, token))


ROUTES = [
    Route("shared/{token}", SharedHandler),
    Route("shared/{token}/document", SharedDocumentHandler),
    Route("shared/{token}/song", SharedSongHandler),
    Route("shared/{token}/fork", SharedForkHandler),
]
