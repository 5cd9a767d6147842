"""A loopback server of public pages: the real HTML, headers, script and documents, no accounts."""

from __future__ import annotations

import contextlib
import dataclasses
import http.server
import json
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from cellissimo.crdt.document import Document
from cellissimo_server.publish import assets, notebooks, pages, protection
from cellissimo_server.publish.exhibit import Exhibit, Owner, plain_title

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cellissimo.schema.models import Song

ALL_RIGHTS = frozenset({"listen", "download", "fork"})
ROOT = "/base/cellissimo/"


def exhibit_of(song: Song, title: str, **more: Any) -> Exhibit:
    """What a page shows of a song or of a loop made alone."""
    given: dict[str, Any] = {
        "id": song.id,
        "kind": "loop" if song.kind == "loop" else "song",
        "title": plain_title(title),
        "owner": Owner("Ada Lovelace"),
        "song": song,
        "seq": 1,
        "digest": "",
        "code": "",
        "rights": ALL_RIGHTS,
    }
    return Exhibit(**given | more)


@dataclasses.dataclass
class Exhibition:
    """What is shown, by number; and what pages have asked for."""

    url: str = ""
    exhibits: list[Exhibit] = dataclasses.field(default_factory=list)
    documents: list[bytes] = dataclasses.field(default_factory=list)
    blobs: dict[str, bytes] = dataclasses.field(default_factory=dict)
    ranges: list[str] = dataclasses.field(default_factory=list)
    answer: Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]]] = lambda *_: (201, {})
    notebooks: bool = False
    files: set[str] = dataclasses.field(default_factory=set)

    def show(self, exhibit: Exhibit) -> str:
        """Hang up an exhibit; gives the address of its page."""
        self.exhibits.append(exhibit)
        self.documents.append(Document(exhibit.song).encode())
        return f"{self.url}{ROOT}s/{len(self.exhibits) - 1}"

    def places(self, number: int) -> pages.Places:
        """The addresses of a page."""
        music = f"{ROOT}api/v1/shared/{number}"
        return pages.Places(
            origin=self.url,
            home="/base/",
            root=ROOT,
            api=f"{ROOT}api/v1/",
            here=f"{ROOT}s/{number}",
            music=music,
            subject=("shareToken", str(number)),
            notebooks=self.notebooks,
        )


@contextlib.contextmanager
def exhibition() -> Iterator[Exhibition]:
    """Run an exhibition until the block ends."""
    held = Exhibition()

    class Handler(_Handler):
        shown = held

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    held.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield held
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(http.server.BaseHTTPRequestHandler):
    shown: Exhibition

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        for pattern, answer in _GETS:
            if found := re.fullmatch(pattern, path):
                return answer(self, query, *found.groups())
        return self.send("text/plain", b"", status=404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, said = self.shown.answer(self.path.removeprefix(ROOT), body)
        self.send("application/json", json.dumps(said).encode(), status=status)

    def do_PUT(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert body["type"] == "notebook"
        assert body["content"]["nbformat"] == 4
        self.shown.files.add(unquote(self.path.rpartition("/")[2]))
        self.send("application/json", b"{}", status=201)

    def contents(self, _query: str, name: str) -> None:
        self.send(
            "application/json", b"{}", status=200 if unquote(name) in self.shown.files else 404
        )

    def notebook(self, _query: str, number: str) -> None:
        found = notebooks.notebook_of(self.shown.exhibits[int(number)])
        self.send("application/json", json.dumps(found).encode())

    def page(self, _query: str, number: str) -> None:
        exhibit = self.shown.exhibits[int(number)]
        text = pages.shown(exhibit, self.shown.places(int(number)))
        self.send("text/html; charset=UTF-8", text.encode(), protection.headers())

    def embed(self, query: str, number: str) -> None:
        given = dict(part.split("=") for part in query.split("&") if part)
        exhibit = self.shown.exhibits[int(number)]
        accent = given.get("accent", "").replace("%23", "#") or None
        text = pages.embedded(
            exhibit, self.shown.places(int(number)), given.get("theme", "auto"), accent
        )
        headers = protection.headers(protection.framed_by(exhibit.embed_origins))
        self.send("text/html; charset=UTF-8", text.encode(), headers)

    def static(self, _query: str, name: str) -> None:
        found = assets.asset(name)
        self.send(found.type, found.compressed, {"Content-Encoding": "gzip"})

    def document(self, _query: str, number: str) -> None:
        self.send("application/octet-stream", self.shown.documents[int(number)])

    def blob(self, _query: str, _number: str, name: str) -> None:
        asked = self.headers.get("Range", "")
        self.shown.ranges.append(asked)
        first, last = (int(part) for part in asked.removeprefix("bytes=").split("-"))
        content = self.shown.blobs[name][first : last + 1]
        self.send("audio/wav", content, status=206)

    def outline(self, _query: str, _number: str, _name: str) -> None:
        flat = {"perSecond": 100, "low": [-0.3] * 300, "high": [0.3] * 300}
        self.send("application/json", json.dumps(flat).encode())

    def send(
        self, kind: str, content: bytes, headers: dict[str, str] | None = None, status: int = 200
    ) -> None:
        self.send_response(status)
        given = {"Content-Type": kind, "Content-Length": str(len(content))} | (headers or {})
        for name, value in given.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing."""


_GETS = (
    (rf"{ROOT}[ps]/(\d+)", _Handler.page),
    (rf"{ROOT}embed/(\d+)", _Handler.embed),
    (rf"{ROOT}static/([\w.]+)", _Handler.static),
    (rf"{ROOT}s/(\d+)/notebook.ipynb", _Handler.notebook),
    (r"/base/api/contents/([^/]+)", _Handler.contents),
    (rf"{ROOT}s/(\d+)/document", _Handler.document),
    (rf"{ROOT}s/(\d+)/blobs/(\w+)", _Handler.blob),
    (rf"{ROOT}s/(\d+)/outlines/(\w+)", _Handler.outline),
)

SCREENSHOTS = Path(__file__).resolve().parents[2] / "shots"
