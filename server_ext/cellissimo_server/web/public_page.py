"""What all public pages and their files have in common: the key that opens them, and refusals."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jupyter_server.utils import url_path_join

from cellissimo_server.errors import GoneError, NotFoundError, RefusalError, TooManyError
from cellissimo_server.publish import pages, protection, showing
from cellissimo_server.publish.exhibit import Exhibit
from cellissimo_server.publish.kept import Galleries
from cellissimo_server.publish.showing import Opened
from cellissimo_server.publish.visits import Visitors
from cellissimo_server.web.handler import Handler

HTML = "text/html; charset=UTF-8"
KEPT = {"Cache-Control": "private, max-age=300"}
"""For what may be five minutes old."""

_VISITORS = "cellissimo-visitors"
_GALLERIES = "cellissimo-galleries"
_BY_ID = re.compile(r"(?:^|/)p/\{key\}")
_LATER = "Something went wrong here. Try again in a moment."


async def opened(handler: Handler, key: str, *, by_id: bool) -> Opened:
    """What a key opens: a piece by its id, or whatever a share link leads to.

    Raises:
        NotFoundError: nothing, or nothing for this person.
    """
    if by_id:
        return await showing.open_by_id(handler.services, handler.person, key)
    return await showing.open_by_link(handler.services, key)


async def shown(handler: Handler, key: str, *, by_id: bool) -> Exhibit:
    """The same as its page shows it."""
    found = await opened(handler, key, by_id=by_id)
    return await showing.exhibit_of(handler.services, found, galleries_of(handler).codes)


def galleries_of(handler: Handler) -> Galleries:
    """What the pages of this server keep."""
    found: Galleries = handler.settings.setdefault(_GALLERIES, Galleries())
    return found


class PublicHandler(Handler):
    """A page or a file of one: found by a key, refused in words that people read."""

    @property
    def by_id(self) -> bool:
        """Whether the key in this address is a piece's id; otherwise it is a link's token."""
        return _BY_ID.search(self.route) is not None

    async def open(self, key: str) -> Opened:
        """What the key opens for whoever asks."""
        return await opened(self, key, by_id=self.by_id)

    async def show(self, key: str) -> Exhibit:
        """What the key opens, as its page shows it."""
        return await shown(self, key, by_id=self.by_id)

    @property
    def root(self) -> str:
        """The path of everything of ours, with a slash at its end."""
        return url_path_join(self.base_url, "cellissimo/")

    def places(self, exhibit: Exhibit, key: str) -> pages.Places:
        """The addresses of the page that the key opens."""
        api = f"{self.root}api/v1/"
        noun = "loops" if exhibit.kind == "loop" else "songs"
        return pages.Places(
            origin=f"{self.request.protocol}://{self.request.host}",
            home=self.base_url,
            root=self.root,
            api=api,
            here=f"{self.root}{'p' if self.by_id else 's'}/{key}",
            music=f"{api}{noun if self.by_id else 'shared'}/{key}",
            subject=("pieceId", exhibit.id) if self.by_id else ("shareToken", key),
            notebooks=self._has_notebooks,
            jam=None if self.by_id else f"{self.root}jam/{key}",
        )

    @property
    def _has_notebooks(self) -> bool:
        """Whether this visitor has a JupyterLab on this server."""
        is_person = self.current_user is not None and self.person.kind == "person"
        server = self.serverapp
        return (
            is_person and server is not None and "jupyterlab" in server.extension_manager.extensions
        )

    async def count(self, exhibit: Exhibit) -> None:
        """Count whoever looks, and not who only asks whether there is something to see."""
        if self.request.method != "GET":
            return
        visitors = self.settings.setdefault(_VISITORS, Visitors())
        ip = self.request.remote_ip or ""
        await showing.count_view(self.services, exhibit.id, visitors, self.request.headers, ip)

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
            if isinstance(error, TooManyError):
                self.set_header("Retry-After", str(error.retry_after_s))
            text = pages.refused(self.base_url, self.root, words)
        self.send(text, HTML)
