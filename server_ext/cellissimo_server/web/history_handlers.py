"""The history of pieces over HTTP: revisions, versions, restoring, and who wrote what."""

from __future__ import annotations

from cellissimo.schema.policy import Action
from cellissimo.schema.rest.documents import Taken
from cellissimo.schema.rest.history import (
    Authors,
    CompareQuery,
    Comparison,
    History,
    HistoryQuery,
    NewVersion,
    Restore,
    Version,
    VersionChange,
    VersionList,
)
from cellissimo.schema.rest.shape import Done
from cellissimo_server.commands.keep_versions import (
    forget_version,
    list_versions,
    name_version,
    rename_version,
)
from cellissimo_server.commands.read_history import (
    compare,
    document_at,
    read_history,
    text_at,
)
from cellissimo_server.commands.restore_revision import restore_revision
from cellissimo_server.commands.show_authors import show_authors
from cellissimo_server.errors import not_found
from cellissimo_server.web.documents_handlers import send_text, taken
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route, of_every_piece

_MOST_DIGITS = 15


class HistoryHandler(Handler):
    """What was done to a piece."""

    @operation(
        "The history of a piece in words, newest first",
        query=HistoryQuery,
        answer=History,
        access="guest",
        action=Action.READ_HISTORY,
    )
    async def get(self, piece_id: str, query: HistoryQuery) -> History:
        """What came before ``before``, or the newest."""
        return await read_history(self.services, self.person, piece_id, query)


class CompareHandler(Handler):
    """How two revisions differ."""

    @operation(
        "How two revisions of a piece differ",
        query=CompareQuery,
        answer=Comparison,
        access="guest",
        action=Action.READ_HISTORY,
    )
    async def get(self, piece_id: str, query: CompareQuery) -> Comparison:
        """In words, and change by change."""
        return await compare(self.services, self.person, piece_id, query.from_, query.to)


class RevisionHandler(Handler):
    """One revision."""

    @operation(
        "The song text of a piece at a revision",
        access="guest",
        media="text/plain",
        action=Action.READ_HISTORY,
        errors=(410,),
    )
    async def get(self, piece_id: str, seq: str) -> None:
        """The text as it was."""
        number = _seq(seq)
        send_text(self, await text_at(self.services, self.person, piece_id, number), number)


class RevisionDocumentHandler(Handler):
    """One revision, as it is played."""

    @operation(
        "The document of a piece at a revision, as a Y update",
        access="guest",
        media="application/octet-stream",
        action=Action.READ_HISTORY,
        errors=(410,),
    )
    async def get(self, piece_id: str, seq: str) -> None:
        """A document of its own: it does not merge with the piece's."""
        update = await document_at(self.services, self.person, piece_id, _seq(seq))
        self.set_header("Cache-Control", "private, no-cache")
        self.finish(update, set_content_type="application/octet-stream")


class RestoreHandler(Handler):
    """Bringing a revision back."""

    @operation(
        "Restore a revision, one of its stems, or some of its bars",
        body=Restore,
        answer=Taken,
        access="guest",
        action=Action.RESTORE,
        errors=(400, 410),
    )
    async def post(self, piece_id: str, seq: str, body: Restore) -> Taken:
        """Make it a new edit."""
        return taken(await restore_revision(self.services, self.person, piece_id, _seq(seq), body))


class VersionsHandler(Handler):
    """The versions of a piece."""

    @operation(
        "The versions of a piece, newest first",
        answer=VersionList,
        access="guest",
        action=Action.READ_HISTORY,
    )
    async def get(self, piece_id: str) -> VersionList:
        """All of them."""
        return VersionList(versions=await list_versions(self.services, self.person, piece_id))

    @operation(
        "Give a revision a name",
        body=NewVersion,
        answer=Version,
        status=201,
        access="guest",
        action=Action.NAME_VERSION,
    )
    async def post(self, piece_id: str, body: NewVersion) -> Version:
        """Keep the present revision, or another, for ever."""
        return await name_version(self.services, self.person, piece_id, body)


class VersionHandler(Handler):
    """One version."""

    @operation(
        "Rename a version",
        body=VersionChange,
        answer=Version,
        access="guest",
        action=Action.NAME_VERSION,
    )
    async def patch(self, version_id: str, body: VersionChange) -> Version:
        """Give it another name."""
        return await rename_version(self.services, self.person, version_id, body.name)

    @operation("Forget a version", answer=Done, access="guest", action=Action.NAME_VERSION)
    async def delete(self, version_id: str) -> Done:
        """Take the name away; the history stays."""
        await forget_version(self.services, self.person, version_id)
        return Done()


class AuthorsHandler(Handler):
    """Who wrote what."""

    @operation(
        "Who wrote what of a piece",
        answer=Authors,
        access="guest",
        action=Action.READ_HISTORY,
    )
    async def get(self, piece_id: str) -> Authors:
        """Each thing's last author, and everybody's share."""
        return await show_authors(self.services, self.person, piece_id)


def _seq(text: str) -> int:
    """A revision out of an address."""
    if not text.isascii() or not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise not_found("revision")
    return int(text)


ROUTES = [
    *of_every_piece("history", HistoryHandler),
    *of_every_piece("history/compare", CompareHandler),
    *of_every_piece("history/{seq}", RevisionHandler),
    *of_every_piece("history/{seq}/document", RevisionDocumentHandler),
    *of_every_piece("history/{seq}/restore", RestoreHandler),
    *of_every_piece("versions", VersionsHandler),
    Route("versions/{version_id}", VersionHandler),
    *of_every_piece("authors", AuthorsHandler),
]
