"""The files of public pages: previews, notebooks, and what the page plays."""

from __future__ import annotations

import json
from urllib.parse import quote

from cellissimo.notation.song_file import print_song
from cellissimo_server.errors import not_found
from cellissimo_server.publish import notebooks, protection, showing
from cellissimo_server.publish.preview import preview_png
from cellissimo_server.web.blob_answer import BlobHandler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.public_page import KEPT, PublicHandler, galleries_of
from cellissimo_server.web.routes import Route

_OCTETS = "application/octet-stream"
_FOR_OTHERS = KEPT | {"Cross-Origin-Resource-Policy": "cross-origin"}


class PreviewHandler(PublicHandler):
    """The picture beside a link."""

    @operation("The preview picture of a piece", access="anyone", media="image/png", errors=(404,))
    async def get(self, key: str) -> None:
        """Answer with 1200 by 630 pixels."""
        exhibit = await self.show(key)
        previews = galleries_of(self).previews
        picture = await previews.of((exhibit.id, exhibit.seq), lambda: preview_png(exhibit))
        self.send(picture, "image/png", protection.headers() | _FOR_OTHERS)

    head = get


class NotebookHandler(PublicHandler):
    """The piece as a notebook."""

    @operation(
        "A notebook that makes a piece again", access="anyone", media="application/x-ipynb+json",
        errors=(404,),
    )  # fmt: skip
    async def get(self, key: str) -> None:
        """Answer with its code in a cell."""
        exhibit = await self.show(key)
        text = json.dumps(notebooks.notebook_of(exhibit), ensure_ascii=False, indent=1)
        name = quote(f"{exhibit.title}.ipynb", safe="")
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{name}")
        self.send(text, "application/x-ipynb+json")


class SongFileHandler(PublicHandler):
    """The piece as its canonical text."""

    @operation("The song file of a piece", access="anyone", media="text/plain", errors=(404,))
    async def get(self, key: str) -> None:
        """Answer with it, where it may be downloaded."""
        exhibit = await self.show(key)
        if "download" not in exhibit.rights:
            raise not_found("file")
        name = quote(f"{exhibit.title}.song", safe="")
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{name}")
        self.send(print_song(exhibit.song), "text/plain; charset=UTF-8")


class DocumentHandler(PublicHandler):
    """What the page reads the music from."""

    @operation(
        "The document of a piece, as its page reads it", access="anyone", media=_OCTETS,
        errors=(404,),
    )  # fmt: skip
    async def get(self, key: str) -> None:
        """Answer with all of it as one Y update."""
        content = await showing.document_of(self.services, await self.open(key))
        self.send(content, _OCTETS)


class RecordingHandler(PublicHandler, BlobHandler):
    """The recordings that the page plays, by stretches."""

    # A song asks for hundreds of stretches while it plays: they count as the one page they are.
    @operation(
        "A recording of a piece, as its page plays it", access="anyone", cost="free",
        media="audio/wav", errors=(404,),
    )  # fmt: skip
    async def get(self, key: str, blob: str) -> None:
        """Answer with the bytes that are asked for."""
        found = await showing.recording_of(self.services, await self.open(key), blob)
        for name, value in protection.headers().items():
            self.set_header(name, value)
        await self.send_blob(found)


class OutlineHandler(PublicHandler):
    """The outlines of a piece's recordings."""

    @operation("The outline of a recording of a piece", access="anyone", errors=(404,))
    async def get(self, key: str, blob: str) -> None:
        """Answer with the lowest and highest samples of each stretch."""
        content = await showing.outline_of(self.services, await self.open(key), blob)
        self.send(content, "application/json", protection.headers() | KEPT)


ROUTES = [
    Route(f"{opens}/{{key}}/{file}", handler, is_page=True)
    for opens in ("p", "s")
    for file, handler in (
        ("preview.png", PreviewHandler),
        ("notebook.ipynb", NotebookHandler),
        ("song", SongFileHandler),
        ("document", DocumentHandler),
        ("blobs/{blob}", RecordingHandler),
        ("outlines/{blob}", OutlineHandler),
    )
]
