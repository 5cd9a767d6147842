"""A second server on the same files: it signs people in, and hands their requests to the first."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jupyter_server.auth.decorator import allow_unauthenticated
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.httputil import HTTPHeaders

from cellissimo.schema.rest.about import Holder as HolderShape
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access import identity
from cellissimo_server.errors import UnavailableError
from cellissimo_server.settings import Settings
from cellissimo_server.store import relay_note
from cellissimo_server.store.holding import Holder
from cellissimo_server.web.handler import Handler
from cellissimo_server.web.room_relay import HOLDER_KEY, RelaySocket

_DROPPED = frozenset(
    {"host", "connection", "authorization", "cookie", "origin", "referer", "x-xsrftoken"}
    | {"content-length", "transfer-encoding", "keep-alive", "upgrade", "accept-encoding"}
    | {identity.ON_BEHALF.lower(), identity.DISPLAY_NAME.lower()}
)
_KEPT_BACK = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})
_MOST_BYTES = 1 << 40
_CONNECT_S = 5.0


@dataclass(frozen=True, slots=True)
class First:
    """The server that has the files: who it is, and how this one speaks to it."""

    holder: Holder
    folder: Path
    settings: Settings

    @property
    def origin(self) -> str:
        """Its scheme, host and port."""
        parts = urlsplit(self.holder.url)
        return f"{parts.scheme}://{parts.netloc}"

    @property
    def relay_token(self) -> str:
        """What shows that this server is of the same user.

        Raises:
            UnavailableError: there is none, or not for this user.
        """
        note = relay_note.read(self.folder)
        if note is None or not self.holder.url:
            raise UnavailableError(
                "The server that holds the files has left no way to reach it.",
                cure="Start this server again once that one runs or has stopped.",
            )
        return note.relay


class RelayHandler(Handler):
    """Every address of ours: asked of the first server, for whoever is signed in here."""

    @property
    def _first(self) -> First:
        found: First = self.settings[HOLDER_KEY]
        return found

    @property
    def _methods(self) -> set[str]:
        return {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}

    @allow_unauthenticated
    async def get(self) -> None:
        """Hand the request on."""
        path = self.request.path.rstrip("/")
        if path.endswith("/about"):
            await self._about()
        elif path.endswith("/tickets") and self.request.method == "POST":
            await self._ticket()
        else:
            await self._stream()

    head = post = put = patch = delete = get

    async def _about(self) -> None:
        """The first server's answer, and that it is the first server's."""
        answer = await _client().fetch(self._request(), raise_error=False)
        said = json.loads(answer.body or b"{}")
        holder = self._first.holder
        shown = HolderShape(url=holder.url, process=holder.pid, since=to_time(holder.since))
        said["heldBy"] = shown.to_json()
        self.set_status(answer.code if answer.code < 599 else 503)
        self.finish(json.dumps(said))

    async def _ticket(self) -> None:
        """The first server's ticket; it is used here, and the room's address is this server's."""
        head = _Head(self)
        request = self._request(header_callback=head.take)
        answer = await _client().fetch(request, raise_error=False)
        body = answer.body or b""
        if answer.code == 201:
            said = json.loads(body)
            said["url"] = self.base_url + said["url"].removeprefix(
                urlsplit(self._first.holder.url).path
            )
            body = json.dumps(said).encode()
        self.set_status(answer.code if answer.code < 599 else 503)
        self.finish(body, set_content_type="application/json")

    async def _stream(self) -> None:
        head = _Head(self)
        request = self._request(header_callback=head.take, streaming_callback=self._pass_on)
        try:
            await _client().fetch(request, raise_error=False)
        except OSError as error:
            raise UnavailableError(
                "The server that held the files does not answer.",
                cure="Start this server again: it takes the files when nobody holds them.",
            ) from error
        if not head.is_there:
            raise UnavailableError(
                "The server that held the files does not answer.",
                cure="Start this server again: it takes the files when nobody holds them.",
            )
        kind = self._headers.get("Content-Type", "application/json")
        self.finish(set_content_type=kind)

    def _pass_on(self, chunk: bytes) -> None:
        self.write(chunk)
        self.flush()

    def _request(self, **callbacks: Any) -> HTTPRequest:  # noqa: ANN401 - tornado's
        prefix = urlsplit(self._first.holder.url).path
        path = (self.request.uri or "").removeprefix(self.base_url)
        takes_body = self.request.method in {"POST", "PUT", "PATCH"}
        return HTTPRequest(
            f"{self._first.origin}{prefix}{path}",
            method=self.request.method or "GET",
            headers=self._sent_headers(),
            body=self.request.body if takes_body or self.request.body else None,
            allow_nonstandard_methods=True,
            follow_redirects=False,
            decompress_response=False,
            connect_timeout=_CONNECT_S,
            request_timeout=0,
            **callbacks,
        )

    def _sent_headers(self) -> HTTPHeaders:
        headers = HTTPHeaders()
        for name, value in self.request.headers.get_all():
            if name.lower() not in _DROPPED:
                headers.add(name, value)
        guest = self.get_cookie(identity.GUEST_COOKIE)
        if self.bearer is not None:
            headers["Authorization"] = self.request.headers["Authorization"]
        elif self.current_user is not None:
            headers["Authorization"] = f"Bearer {self._first.relay_token}"
            headers[identity.ON_BEHALF] = quote(self._username())
            headers[identity.DISPLAY_NAME] = quote(self.current_user.display_name or "")
        if guest:
            headers["Cookie"] = f"{identity.GUEST_COOKIE}={guest}"
            headers["Origin"] = self._first.origin
        return headers

    def _username(self) -> str:
        settings = self._first.settings
        if identity.is_single_user(self.identity_provider, settings.single_user):
            return identity.server_username(settings.username)
        return str(self.current_user.username)


class _Head:
    """The status and headers of the first server's answer, as they come in."""

    def __init__(self, handler: RelayHandler) -> None:
        self._handler = handler
        self.is_there = False

    def take(self, line: str) -> None:
        """One line of them."""
        handler = self._handler
        status = re.match(r"HTTP/\S+ (\d{3})", line)
        if status:
            self.is_there = True
            handler.clear()
            handler.set_status(int(status[1]))
            return
        name, _, value = line.strip().partition(": ")
        if name.lower() == "set-cookie":
            first = urlsplit(handler._first.holder.url).path  # noqa: SLF001 - its other half
            handler.add_header(name, value.replace(f"Path={first}", f"Path={handler.base_url}"))
        elif name and name.lower() not in _KEPT_BACK:
            handler.set_header(name, value)


def _client() -> AsyncHTTPClient:
    return AsyncHTTPClient(force_instance=True, max_body_size=_MOST_BYTES, max_header_size=1 << 16)


def handlers() -> list[tuple[str, type[Any], dict[str, str]]]:
    """One handler for the rooms, and one for everything else below /cellissimo."""
    return [
        (r"/cellissimo/rooms/[^/]+/?", RelaySocket, {}),
        (r"/cellissimo(?:/.*)?", RelayHandler, {"route": "relay"}),
    ]
