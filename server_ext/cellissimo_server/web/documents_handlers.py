"""What pieces say, over HTTP: as song text, and as updates of a shared document."""

from __future__ import annotations

import base64
import binascii

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.documents import MOST_TEXT, MOST_UPDATE, DocumentQuery, Taken
from cellissimo_server.commands.document_access import (
    document_of,
    song_text,
    take_update,
    write_song_text,
)
from cellissimo_server.errors import InvalidError, TooLargeError
from cellissimo_server.rooms.documents import Edited
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import of_every_piece

EPOCH, SEQ = "X-Cellissimo-Epoch", "X-Cellissimo-Seq"


class SongTextHandler(Handler):
    """A piece as canonical song text."""

    @operation(
        "The canonical song text of a piece",
        access="anyone",
        media="text/plain",
        action=Action.READ,
    )
    async def get(self, piece_id: str) -> None:
        """The text, with its revision as ETag."""
        found = await song_text(self.services, self.person, piece_id)
        send_text(self, found.value, found.seq)

    @operation(
        "Let a piece say what a song text says",
        answer=Taken,
        access="guest",
        body_media="text/plain",
        action=Action.EDIT_MUSIC,
        errors=(400, 412, 413),
    )
    async def put(self, piece_id: str) -> Taken:
        """Write the smallest difference; ``If-Match`` says of which revision it is."""
        text = self._text()
        edited = await write_song_text(self.services, self.person, piece_id, text, self.if_match)
        self.set_header("ETag", f'"{edited.seq}"')
        return taken(edited)

    def _text(self) -> str:
        body = bounded(self.request.body, MOST_TEXT)
        try:
            return body.decode()
        except UnicodeDecodeError as error:
            raise InvalidError(
                "The text is no UTF-8.", field="song", cure=f"Save it as UTF-8; {error}."
            ) from None


class DocumentHandler(Handler):
    """A piece's document as an update."""

    @operation(
        "The document of a piece as a Y update",
        query=DocumentQuery,
        access="anyone",
        media="application/octet-stream",
        action=Action.READ,
    )
    async def get(self, piece_id: str, query: DocumentQuery) -> None:
        """All of it, or what a replica of ``state`` lacks."""
        state = None if query.state is None else decoded(query.state)
        found = await document_of(self.services, self.person, piece_id, state)
        self.set_header("Cache-Control", "no-store")
        self.set_header(SEQ, str(found.seq))
        self.set_header(EPOCH, found.epoch)
        self.finish(found.update, set_content_type="application/octet-stream")


class UpdatesHandler(Handler):
    """What replicas send."""

    @operation(
        "Send an update of a replica",
        answer=Taken,
        access="guest",
        body_media="application/octet-stream",
        action=Action.EDIT_MUSIC,
        errors=(400, 409, 413),
    )
    async def post(self, piece_id: str) -> Taken:
        """Take it in as a whole, or refuse it as a whole."""
        update = bounded(self.request.body, MOST_UPDATE)
        epoch = self.request.headers.get(EPOCH)
        return taken(await take_update(self.services, self.person, piece_id, bytes(update), epoch))


def taken(edited: Edited[bytes]) -> Taken:
    """The answer to an edit that is durable."""
    state = base64.urlsafe_b64encode(edited.value).decode().rstrip("=")
    return Taken(seq=edited.seq, state=state)


def send_text(handler: Handler, text: str, seq: int) -> None:
    """Answer with a song text, whose ETag is its revision."""
    handler.set_header("Cache-Control", "no-store")
    handler.set_header("ETag", f'"{seq}"')
    handler.finish(text, set_content_type="text/plain; charset=utf-8")


def bounded(body: bytes, most: int) -> bytes:
    """The body of a request.

    Raises:
        TooLargeError: it has more than ``most`` bytes.
    """
    if len(body) > most:
        raise TooLargeError(
            f"The body has {len(body)} bytes.",
            field="body",
            value=len(body),
            accepted=f"at most {most} bytes",
            cure="Send less at once.",
        )
    return body


def decoded(text: str) -> bytes:
    """Bytes out of base64url, with or without its padding.

    Raises:
        InvalidError: it is none.
    """
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise InvalidError(
            f"The state is no base64url: {error}.",
            field="state",
            value=text[:100],
            accepted="base64url",
            cure="Encode your replica's state vector as base64url.",
        ) from None


ROUTES = [
    *of_every_piece("song", SongTextHandler),
    *of_every_piece("document", DocumentHandler),
    *of_every_piece("updates", UpdatesHandler),
]
