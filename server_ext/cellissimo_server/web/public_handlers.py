"""Public pages: what anybody with a link sees, hears and embeds, without signing in."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from jupyter_server.utils import url_path_join

from cellissimo_server.errors import not_found
from cellissimo_server.publish import oembed, pages, protection
from cellissimo_server.publish.assets import asset
from cellissimo_server.web.addresses import parts_of
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.public_page import HTML, KEPT, PublicHandler, shown
from cellissimo_server.web.routes import Route

if TYPE_CHECKING:
    from cellissimo_server.publish.pages import Theme

_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_FOREVER = "public, max-age=31536000, immutable"


class ShowHandler(PublicHandler):
    """The page of a piece."""

    @operation("The page of a piece", access="anyone", media="text/html", errors=(404,))
    async def get(self, key: str) -> None:
        """Show it, and count the visitor."""
        exhibit = await self.show(key)
        await self.count(exhibit)
        _ = self.xsrf_token  # sets the cookie by which the page's own requests prove themselves
        headers = protection.headers(is_listed=self.by_id and exhibit.is_public)
        self.send(pages.shown(exhibit, self.places(exhibit, key)), HTML, headers)

    head = get


class EmbedHandler(PublicHandler):
    """The small page that other sites show in a frame."""

    @operation(
        "The player of a piece, to be framed", access="anyone", media="text/html", errors=(404,)
    )
    async def get(self, key: str) -> None:
        """Show it, framed by this server and by the origins that its owner has named."""
        exhibit = await self.show(key)
        await self.count(exhibit)
        asked = self.get_query_argument("theme", "auto")
        theme: Theme = "light" if asked == "light" else "dark" if asked == "dark" else "auto"
        accent = self.get_query_argument("accent", "")
        given = accent if _ACCENT.fullmatch(accent) else None
        text = pages.embedded(exhibit, self.places(exhibit, key), theme, given)
        origins = (*self.services.settings.embed_origins.split(), *exhibit.embed_origins)
        self.send(text, HTML, protection.headers(protection.framed_by(origins)))

    head = get


class OembedHandler(Handler):
    """What other sites ask to show one of our links as a player."""

    @operation("The oEmbed answer for a page", access="anyone", errors=(404, 501))
    async def get(self) -> None:
        """Answer for a page of this server that the visitor may see."""
        if self.get_query_argument("format", "json") != "json":
            self.set_status(501)
            self.finish("{}")
            return
        by_id, key = self._page(self.get_query_argument("url", ""))
        exhibit = await shown(self, key, by_id=by_id)
        origin = f"{self.request.protocol}://{self.request.host}"
        root = f"{origin}{url_path_join(self.base_url, 'cellissimo/')}"
        page, embed = (f"{root}p/{key}", "embed/p/") if by_id else (f"{root}s/{key}", "embed/")
        most = (self._number("maxwidth"), self._number("maxheight"))
        answer = oembed.oembed(exhibit, page, f"{root}{embed}{key}", most)
        for name, value in (KEPT | {"Referrer-Policy": "no-referrer"}).items():
            self.set_header(name, value)
        self.finish(json.dumps(answer, ensure_ascii=False))

    def _page(self, address: str) -> tuple[bool, str]:
        parts = parts_of(address)
        root = re.escape(url_path_join(self.base_url, "cellissimo/"))
        page = re.fullmatch(rf"{root}(?:embed/)?(?:(p|s|loop|song)/)?([\w-]+)/?", parts.path)
        if parts.netloc != self.request.host or page is None:
            raise not_found("page")
        return page[1] == "p", page[2]

    def _number(self, name: str) -> int | None:
        given = self.get_query_argument(name, "")
        return int(given) if re.fullmatch(r"[1-9]\d{1,4}", given) else None


class StaticHandler(Handler):
    """The built script and style of pages."""

    @operation(
        "A file of the public pages", access="anyone", cost="free", media="text/javascript",
        errors=(404,),
    )  # fmt: skip
    async def get(self, name: str) -> None:
        """Answer with a file whose name holds its hash: it never changes."""
        found = asset(name)
        self.set_header("Cache-Control", _FOREVER)
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Vary", "Accept-Encoding")
        is_compressed = "gzip" in self.request.headers.get("Accept-Encoding", "")
        if is_compressed:
            self.set_header("Content-Encoding", "gzip")
        self.finish(
            found.compressed if is_compressed else found.content, set_content_type=found.type
        )


ROUTES = [
    Route("static/{name}", StaticHandler, is_page=True),
    Route("oembed", OembedHandler, is_page=True),
    Route("p/{key}", ShowHandler, is_page=True),
    Route("s/{key}", ShowHandler, ("loop/{key}", "song/{key}"), is_page=True),
    Route("embed/p/{key}", EmbedHandler, is_page=True),
    Route("embed/{key}", EmbedHandler, is_page=True),
]
