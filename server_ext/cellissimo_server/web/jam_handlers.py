"""The jam page: anybody with a link plays along, in a browser or as an installed page."""

from __future__ import annotations

import json

from cellissimo_server.errors import not_found
from cellissimo_server.publish import jam, protection
from cellissimo_server.publish.exhibit import plain_title
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.public_page import HTML, KEPT, PublicHandler
from cellissimo_server.web.routes import Route

_SCRIPT = "text/javascript; charset=UTF-8"


class JamHandler(PublicHandler):
    """The page of a jam."""

    @operation("The jam page of a share link", access="anyone", media="text/html", errors=(404,))
    async def get(self, key: str) -> None:
        """Show the door; what lies behind it asks for a ticket of its own."""
        found = await self.open(key)
        _ = self.xsrf_token  # sets the cookie by which the page's own requests prove themselves
        places = jam.JamPlaces(self.base_url, self.root, key)
        name = self.person.display_name if self.person.is_known else None
        text = jam.page(found, plain_title(found.piece.name), places, name)
        self.send(text, HTML, jam.headers(self.request.host))

    head = get


class ManifestHandler(PublicHandler):
    """What a browser reads before it installs the page."""

    @operation(
        "The web app manifest of a jam page",
        access="anyone",
        media="application/manifest+json",
        errors=(404,),
    )
    async def get(self, key: str) -> None:
        """Name and icons of the page."""
        found = await self.open(key)
        places = jam.JamPlaces(self.base_url, self.root, key)
        text = json.dumps(jam.manifest(plain_title(found.piece.name), places), ensure_ascii=False)
        self.send(text, "application/manifest+json", protection.headers() | KEPT)


class WorkerHandler(Handler):
    """The script that lets an installed page open where nothing can be reached."""

    @operation(
        "The service worker of jam pages", access="anyone", cost="free", media="text/javascript"
    )
    async def get(self) -> None:
        """Answer with it; browsers ask for it anew each time."""
        self.set_header("Cache-Control", "no-cache")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "default-src 'none'; connect-src 'self'")
        self.finish(jam.worker(f"{self.base_url}cellissimo/"), set_content_type=_SCRIPT)


class IconHandler(Handler):
    """The icon of an installed page."""

    @operation(
        "An icon of jam pages", access="anyone", cost="free", media="image/png", errors=(404,)
    )
    async def get(self, size: str) -> None:
        """Answer with a square of so many pixels."""
        if size not in map(str, jam.ICON_SIZES):
            raise not_found("icon")
        self.set_header("Cache-Control", "public, max-age=86400")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.finish(jam.icon_png(int(size)), set_content_type="image/png")


ROUTES = [
    Route("jam/worker.js", WorkerHandler, is_page=True),
    Route("jam/icon-{size}.png", IconHandler, is_page=True),
    Route("jam/{key}/manifest.webmanifest", ManifestHandler, is_page=True),
    Route("jam/{key}", JamHandler, is_page=True),
]
