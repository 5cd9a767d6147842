"""What share links open, over HTTP: no login, nothing of its owner but the chosen name."""

from __future__ import annotations

from cellissimo.notation.song_file import print_song
from cellissimo.schema.policy import Action
from cellissimo.schema.rest.documents import DocumentQuery
from cellissimo.schema.rest.projects import Card
from cellissimo.schema.rest.shares import Shared
from cellissimo_server.commands.document_access import content_of
from cellissimo_server.commands.file_names import plain_name
from cellissimo_server.commands.fork_piece import fork_shared
from cellissimo_server.commands.midi_of_piece import midi_of_piece
from cellissimo_server.commands.open_shared import blob_of_shared, open_shared, used
from cellissimo_server.commands.shown import card_shown
from cellissimo_server.web.blob_answer import BlobHandler, saved_as
from cellissimo_server.web.documents_handlers import EPOCH, SEQ, decoded, send_text
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route

OCTETS = "application/octet-stream"
MIDI = "audio/midi"


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
        query=DocumentQuery,
        access="anyone",
        media=OCTETS,
    )
    async def get(self, token: str, query: DocumentQuery) -> None:
        """All of it, or what is missing from a replica's state."""
        state = None if query.state is None else decoded(query.state)
        found = await used(self.services, token, Action.READ)
        content = await content_of(self.services, found.piece.id, state)
        self.set_header("Cache-Control", "no-store")
        self.set_header(SEQ, str(content.seq))
        self.set_header(EPOCH, content.epoch)
        self.finish(content.update, set_content_type=OCTETS)


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
        self.set_header("Content-Disposition", saved_as(plain_name(found.piece.name, ".song")))
        send_text(self, print_song(song.value), song.seq)


class SharedMidiHandler(Handler):
    """The MIDI file that a link opens."""

    @operation(
        "The notes behind a share link that allows downloads, as a MIDI file",
        access="anyone",
        media=MIDI,
    )
    async def get(self, token: str) -> None:
        """The file."""
        found = await used(self.services, token, Action.DOWNLOAD)
        content = await midi_of_piece(self.services, found.piece.id)
        self.set_header("Cache-Control", "no-store")
        self.set_header("Content-Disposition", saved_as(plain_name(found.piece.name, ".mid")))
        self.finish(content, set_content_type=MIDI)


class SharedBlobHandler(BlobHandler):
    """Audio of what a link opens."""

    @operation("Audio behind a share link", access="anyone", media="audio/wav")
    async def get(self, token: str, sha256: str) -> None:
        """Send it, or a range of it."""
        await self.send_blob(await blob_of_shared(self.services, token, sha256))

    @operation("What audio behind a share link is", access="anyone", media="audio/wav")
    async def head(self, token: str, sha256: str) -> None:
        """Tell its size."""
        await self.send_blob(await blob_of_shared(self.services, token, sha256))


class SharedForkHandler(Handler):
    """Forking what a link opens."""

    @operation("Fork what a share link opens", answer=Card, status=201, access="guest")
    async def post(self, token: str) -> Card:
        """Make a copy that is mine; guests may too."""
        return card_shown(await fork_shared(self.services, self.person, token))


ROUTES = [
    Route("shared/{token}", SharedHandler, aliases=("share/{token}",)),
    Route("shared/{token}/document", SharedDocumentHandler),
    Route("shared/{token}/song", SharedSongHandler),
    Route("shared/{token}/midi", SharedMidiHandler),
    Route("shared/{token}/blobs/{sha256}", SharedBlobHandler),
    Route("shared/{token}/fork", SharedForkHandler),
]
