"""Public pages: what anybody with a link sees, hears and embeds, without signing in."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from jupyter_server.utils import url_path_join

from cellissimo_server.errors import GoneError, NotFoundError, RefusalError, not_found
from cellissimo_server.publish import notebooks, oembed, pages, protection, showing
from cellissimo_server.publish.assets import asset
from cellissimo_server.publish.exhibit import Exhibit
from cellissimo_server.publish.previews import Previews
from cellissimo_server.publish.visits import Visitors
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.operation import operation
from cellissimo_server.web.routes import Route

if TYPE_CHECKING:
    from cellissimo_server.publish.pages import Theme

HTML = "text/html; charset=UTF-8"
_VISITORS = "cellissimo-visitors"
_PREVIEWS = "cellissimo-previews"
_ACCENT = re.compile(r"#[0-9a-fA-F]{6}")
_FOREVER = "public, max-age=31536000, immutable"
_KEPT = {"Cache-Control": "private, max-age=300"}
_FOR_OTHERS = _KEPT | {"Cross-Origin-Resource-Policy": "cross-origin"}


class PublicHandler(Handler):
    """A page or a file of one: found by a key, refused in words that people read."""

    opens: ClassVar[str]
    """The part of the address before the key: which kind of key it is."""

    async def find(self, key: str) -> Exhibit:
        """What the key opens for whoever asks."""
        return await found(self, self.opens, key)

    @property
    def root(self) -> str:
        """The path of everything of ours, with a slash at its end."""
        return url_path_join(self.base_url, "cellissimo/")

    @property
    def origin(self) -> str:
        """The server as this visitor reaches it."""
        return f"{self.request.protocol}://{self.request.host}"

    def places(self, exhibit: Exhibit, key: str) -> pages.Places:
        """The addresses of the page that the key opens."""
        here = f"{self.root}{self.opens}/{key}"
        is_piece = self.opens == "p"
        noun = "loops" if exhibit.kind == "loop" else "songs"
        api = f"{self.root}api/v1/"
        return pages.Places(
            origin=self.origin,
            home=self.base_url,
            root=self.root,
            api=api,
            here=here,
            music=f"{api}{noun if is_piece else 'shared'}/{key}",
            outlines=f"{here}/outlines/",
            subject=("pieceId", exhibit.id) if is_piece else ("shareToken", key),
            notebooks=self._has_notebooks,
        )

    @property
    def _has_notebooks(self) -> bool:
        """Whether this visitor has a JupyterLab on this server."""
        is_person = self.current_user is not None and self.person.kind == "person"
        server = self.serverapp
        return (
            is_person and server is not None and "jupyterlab" in server.extension_manager.extensions
        )

    def send(
        self, content: str | bytes, media: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer with the headers that keep a page harmless, or with those given."""
        for name, value in (headers or protection.headers()).items():
            self.set_header(name, value)
        self.finish(content, set_content_type=media)

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 - tornado's
        """A page in plain words; a link that ended and one that never was look the same."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        is_gone = status_code == 404 or isinstance(error, NotFoundError | GoneError)
        self.set_status(404 if is_gone else getattr(error, "status", status_code))
        if is_gone:
            text = pages.gone(self.base_url, self.root)
        else:
            words = f"{error.message} {error.cure}" if isinstance(error, RefusalError) else _LATER
            text = pages.refused(self.base_url, self.root, words)
        self.send(text, HTML)


_LATER = "Something went wrong here. Try again in a moment."


async def found(handler: Handler, opens: str, key: str) -> Exhibit:
    """What a key opens: a piece by its id, or whatever a share link leads to.

    Raises:
        NotFoundError: nothing, or nothing for this person.
    """
    if opens == "p":
        return await showing.of_piece(handler.services, handler.person, key)
    return await showing.of_share(handler.services, key)


class ShowHandler(PublicHandler):
    """The page of a piece."""

    @operation("The page of a piece", access="anyone", media="text/html", errors=(404,))
    async def get(self, key: str) -> None:
        """Show it, and count the visitor."""
        exhibit = await self.find(key)
        await count(self, exhibit)
        _ = self.xsrf_token  # sets the cookie by which the page's own requests prove themselves
        is_listed = self.opens == "p" and exhibit.is_public
        headers = protection.headers(is_listed=is_listed)
        self.send(pages.shown(exhibit, self.places(exhibit, key)), HTML, headers)


async def count(handler: Handler, exhibit: Exhibit) -> None:
    """Count who looks at somebody else's piece."""
    visitors = handler.settings.setdefault(_VISITORS, Visitors())
    await showing.count_view(
        handler.services,
        exhibit,
        visitors,
        handler.request.headers,
        handler.request.remote_ip or "",
    )


class EmbedHandler(PublicHandler):
    """The small page that other sites show in a frame."""

    @operation(
        "The player of a piece, to be framed", access="anyone", media="text/html", errors=(404,)
    )
    async def get(self, key: str) -> None:
        """Show it, framed by this server and by the origins that its owner has named."""
        exhibit = await self.find(key)
        await count(self, exhibit)
        asked = self.get_query_argument("theme", "auto")
        theme: Theme = "light" if asked == "light" else "dark" if asked == "dark" else "auto"
        accent = self.get_query_argument("accent", "")
        text = pages.embedded(
            exhibit,
            self.places(exhibit, key),
            theme,
            accent if _ACCENT.fullmatch(accent) else None,
        )
        origins = (*self.services.settings.embed_origins.split(), *exhibit.embed_origins)
        self.send(text, HTML, protection.headers(protection.framed_by(origins)))


class PreviewHandler(PublicHandler):
    """The picture beside a link."""

    @operation("The preview picture of a piece", access="anyone", media="image/png", errors=(404,))
    async def get(self, key: str) -> None:
        """Answer with 1200 by 630 pixels."""
        exhibit = await self.find(key)
        previews: Previews = self.settings.setdefault(_PREVIEWS, Previews())
        picture = await previews.of(exhibit)
        self.send(picture, "image/png", protection.headers() | _FOR_OTHERS)


class NotebookHandler(PublicHandler):
    """The piece as a notebook."""

    @operation(
        "A notebook that makes a piece again", access="anyone", media="application/x-ipynb+json",
        errors=(404,),
    )  # fmt: skip
    async def get(self, key: str) -> None:
        """Answer with its code in a cell."""
        exhibit = await self.find(key)
        text = json.dumps(notebooks.notebook_of(exhibit), ensure_ascii=False, indent=1)
        self.set_header("Content-Disposition", f'attachment; filename="{exhibit.kind}.ipynb"')
        self.send(text, "application/x-ipynb+json")


class OutlineHandler(PublicHandler):
    """The outlines of a piece's recordings."""

    @operation("The outline of a recording of a piece", access="anyone", errors=(404,))
    async def get(self, key: str, blob: str) -> None:
        """Answer with the lowest and highest samples of each stretch."""
        exhibit = await self.find(key)
        content = await showing.outline(self.services, exhibit, blob)
        self.send(content, "application/json", protection.headers() | _KEPT)


class PieceShow(ShowHandler):
    """The page of a piece that is public, unlisted, or the visitor's own."""

    opens = "p"


class PieceEmbed(EmbedHandler):
    """Its player."""

    opens = "p"


class PiecePreview(PreviewHandler):
    """Its picture."""

    opens = "p"


class PieceNotebook(NotebookHandler):
    """Its notebook."""

    opens = "p"


class PieceOutline(OutlineHandler):
    """The outlines of its recordings."""

    opens = "p"


class SharedShow(ShowHandler):
    """The page that a share link opens."""

    opens = "s"


class SharedEmbed(EmbedHandler):
    """Its player."""

    opens = "s"


class SharedPreview(PreviewHandler):
    """Its picture."""

    opens = "s"


class SharedNotebook(NotebookHandler):
    """Its notebook."""

    opens = "s"


class SharedOutline(OutlineHandler):
    """The outlines of its recordings."""

    opens = "s"


class OembedHandler(Handler):
    """What other sites ask to show one of our links as a player."""

    @operation("The oEmbed answer for a page", access="anyone", errors=(404, 501))
    async def get(self) -> None:
        """Answer for a page of this server that the visitor may see."""
        if self.get_query_argument("format", "json") != "json":
            self.set_status(501)
            self.finish("{}")
            return
        opens, key = self._page(self.get_query_argument("url", ""))
        exhibit = await found(self, opens, key)
        origin = f"{self.request.protocol}://{self.request.host}"
        root = f"{origin}{url_path_join(self.base_url, 'cellissimo/')}"
        embed = f"{root}embed/{'p/' if opens == 'p' else ''}{key}"
        most = (self._number("maxwidth"), self._number("maxheight"))
        answer = oembed.oembed(exhibit, f"{root}{opens}/{key}", embed, most)
        for name, value in (_KEPT | {"Referrer-Policy": "no-referrer"}).items():
            self.set_header(name, value)
        self.finish(json.dumps(answer, ensure_ascii=False))

    def _page(self, address: str) -> tuple[str, str]:
        parts = urlsplit(address)
        root = re.escape(url_path_join(self.base_url, "cellissimo/"))
        page = re.fullmatch(rf"{root}(?:embed/)?(?:(p|s|loop|song)/)?([\w-]+)/?", parts.path)
        if parts.netloc != self.request.host or page is None:
            raise not_found("page")
        return ("p" if page[1] == "p" else "s"), page[2]

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
    Route("p/{key}", PieceShow, is_page=True),
    Route("p/{key}/preview.png", PiecePreview, is_page=True),
    Route("p/{key}/notebook.ipynb", PieceNotebook, is_page=True),
    Route("p/{key}/outlines/{blob}", PieceOutline, is_page=True),
    Route("embed/p/{key}", PieceEmbed, is_page=True),
    Route("s/{key}", SharedShow, ("loop/{key}", "song/{key}"), is_page=True),
    Route("s/{key}/preview.png", SharedPreview, is_page=True),
    Route("s/{key}/notebook.ipynb", SharedNotebook, is_page=True),
    Route("s/{key}/outlines/{blob}", SharedOutline, is_page=True),
    Route("embed/{key}", SharedEmbed, is_page=True),
]
