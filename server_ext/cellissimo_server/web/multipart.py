"""Forms with a file, read while they come [RFC 7578, RFC 2046 section 5.1]."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from cellissimo_server.errors import InvalidError

MOST_HEADERS = 8192
"""Bytes of the headers of one part."""

MOST_PARTS = 32
"""Parts of one form."""

_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")

_SAID = re.compile(r';\s*([\w*-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;"\s]+))')


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a form: its name, and the name of the file that it is, if it is one."""

    name: str
    filename: str | None


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a part; ``is_last`` ends it."""

    part: Part
    content: bytes
    is_last: bool


def boundary_of(content_type: str) -> bytes:
    """What stands between the parts, by the header of the request.

    Raises:
        InvalidError: it is no form with files, or names no boundary.
    """
    kind, _, rest = content_type.partition(";")
    said = {key.lower(): plain or quoted for key, quoted, plain in _SAID.findall(f";{rest}")}
    found: str = said.get("boundary", "")
    if kind.strip().lower() != "multipart/form-data" or not _BOUNDARY.fullmatch(found):
        raise InvalidError(
            "The body is no form with a file.",
            field="Content-Type",
            value=content_type[:100],
            accepted="multipart/form-data; boundary=…",
            cure="Send a form whose field 'file' is the file.",
        )
    return found.encode("latin-1")


class Form:
    """A form that comes in chunks of any size."""

    def __init__(self, boundary: bytes) -> None:
        """Nothing has come yet."""
        self._mark = b"\r\n--" + boundary
        self._held = bytearray(b"\r\n")  # so that the first mark looks like the others
        self._part: Part | None = None
        self._read = self._content
        self._parts = 0
        self.is_over = False

    def feed(self, chunk: bytes) -> Iterator[Piece]:
        """The pieces that are there with these bytes.

        Raises:
            InvalidError: this is no form.
        """
        self._held += chunk
        while not self.is_over:
            before = (len(self._held), self._read)
            yield from self._read()
            if (len(self._held), self._read) == before:
                return

    def end(self) -> None:
        """Say that nothing more comes.

        Raises:
            InvalidError: the form was cut off.
        """
        if not self.is_over:
            raise _broken("it was cut off")

    def _content(self) -> Iterator[Piece]:
        """What stands before the next mark; of the rest, what cannot be a mark's beginning."""
        place = self._held.find(self._mark)
        if place >= 0:
            content = self._taken(place, len(self._mark))
            self._read = self._behind_mark
        else:
            content = self._taken(max(len(self._held) - len(self._mark) + 1, 0), 0)
        if self._part is not None and (content or place >= 0):
            yield Piece(self._part, content, place >= 0)

    def _behind_mark(self) -> Iterator[Piece]:
        """Two bytes tell whether another part follows."""
        if len(self._held) >= 2:
            sign = self._taken(2, 0)
            if sign == b"--":
                self.is_over = True
            elif sign == b"\r\n":
                self._read = self._headers
            else:
                raise _broken("behind a boundary stands something else than a part")
        yield from ()

    def _headers(self) -> Iterator[Piece]:
        place = self._held.find(b"\r\n\r\n")
        if max(place, len(self._held) if place < 0 else 0) > MOST_HEADERS:
            raise _broken("the headers of a part are too long")
        if place >= 0:
            self._part = _part(self._taken(place, 2))  # the second line break may be a mark's
            self._parts += 1
            self._read = self._first_break
        if self._parts > MOST_PARTS:
            raise _broken(f"it has more than {MOST_PARTS} parts")
        yield from ()

    def _first_break(self) -> Iterator[Piece]:
        """The line break between headers and content; of an empty part it begins the mark."""
        if len(self._held) >= len(self._mark):
            if not self._held.startswith(self._mark):
                self._taken(2, 0)
            self._read = self._content
        yield from ()

    def _taken(self, count: int, skipped: int) -> bytes:
        content = bytes(self._held[:count])
        del self._held[: count + skipped]
        return content


def _part(headers: bytes) -> Part:
    """The name and file name that a part's headers say."""
    for line in headers.decode("utf-8", "replace").split("\r\n"):
        field, _, value = line.partition(":")
        if field.strip().lower() == "content-disposition":
            said = {key.lower(): plain or quoted for key, quoted, plain in _SAID.findall(value)}
            if "name" in said:
                return Part(_unescaped(said["name"]), _filename(said))
    raise _broken("a part has no name")


def _filename(said: dict[str, str]) -> str | None:
    if "filename*" in said:
        charset, _, rest = said["filename*"].partition("'")
        encoded = rest.partition("'")[2]
        return unquote(encoded, "utf-8" if charset.lower() != "iso-8859-1" else "latin-1")
    return _unescaped(said["filename"]) if "filename" in said else None


def _unescaped(text: str) -> str:
    """A quoted text as browsers write it: they escape quotes and line breaks alone."""
    return text.replace("%22", '"').replace("%0D", "\r").replace("%0A", "\n").replace('\\"', '"')


def _broken(what: str) -> InvalidError:
    return InvalidError(
        f"The form does not read: {what}.",
        field="body",
        cure="Send it as browsers do: multipart/form-data with a part 'file'.",
    )
