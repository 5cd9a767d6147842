"""Plans about what a piece says: its text, its document, its history and versions."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Any

from cellissimo.client.call import (
    Answer,
    Call,
    Plan,
    as_json,
    as_model,
    as_nothing,
    as_text,
    ask,
    at,
    given,
    if_match,
    query_of,
)
from cellissimo.schema.rest.shape import Shape, Time

BYTES = {"Content-Type": "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class Update:
    """A Y update of a document, the revision it leads to, and the name of its founding."""

    content: bytes
    seq: int
    epoch: str


class Revision(Shape):
    """Something that happened to a piece: what, when, by whom; ``version`` where it has a name."""

    seq: int
    from_seq: int | None = None
    at: Time
    author: dict[str, Any] | None = None
    words: str = ""
    version: dict[str, Any] | None = None


class History(Shape):
    """The history of a piece, newest first."""

    revisions: list[Revision]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """An edit that is on the server's disk: its revision, and what the server now has."""

    seq: int
    state: bytes | None = None


def song_text(piece_id: str) -> Plan[str]:
    """The canonical song text of a piece."""
    return ask(Call("GET", _below(piece_id, "song"), as_text))


def write_song_text(piece_id: str, text: str, *, seq: int | None = None) -> Plan[Kept]:
    """Let a text become what a piece says, by a minimal difference; with ``seq``, only of that."""
    headers = {"Content-Type": "text/plain; charset=utf-8"} | if_match(seq)
    path = _below(piece_id, "song")
    return ask(Call("PUT", path, _kept, content=text.encode(), headers=headers))


def document(piece_id: str, state: bytes | None = None) -> Plan[Update]:
    """The document of a piece as an update: whole, or what is missing from a ``state``."""
    query = query_of(state=None if state is None else encoded(state))
    return ask(Call("GET", _below(piece_id, "document"), read_update, query=query))


def read_update(answer: Answer) -> Update:
    """An update out of an answer and its headers."""
    headers = answer.headers
    seq = int(headers.get("x-cellissimo-seq", "0"))
    return Update(answer.content, seq, headers.get("x-cellissimo-epoch", ""))


def send_update(piece_id: str, update: bytes) -> Plan[Kept]:
    """Send an edit; it comes back once it is on the server's disk.

    Raises:
        ForbiddenError: it touches what this person may not change; nothing of it was taken.
    """
    path = _below(piece_id, "updates")
    return ask(Call("POST", path, _kept, content=update, headers=BYTES))


def _kept(answer: Answer) -> Kept:
    told = answer.json() or {}
    state = told.get("state")
    return Kept(int(told.get("seq", 0)), decoded(state) if state else None)


def history(piece_id: str, *, before: int | None = None, limit: int = 50) -> Plan[History]:
    """What happened to a piece, newest first."""
    query = query_of(before=before, limit=limit)
    return ask(Call("GET", _below(piece_id, "history"), as_model(History), query=query))


def text_at(piece_id: str, seq: int) -> Plan[str]:
    """The song text of a piece as it was at a revision."""
    return ask(Call("GET", _below(piece_id, "history", str(seq)), as_text))


def compare(piece_id: str, first: int, last: int) -> Plan[dict[str, Any]]:
    """How two revisions of a piece differ, in words and one change after the other."""
    query = query_of(**{"from": first, "to": last})
    return ask(Call("GET", _below(piece_id, "history", "compare"), as_json, query=query))


def restore(
    piece_id: str, seq: int, *, stem: str | None = None, bars: tuple[int, int] | None = None
) -> Plan[Kept]:
    """Bring a revision back as a new edit: the whole, one stem, or some bars."""
    body = given(stem=stem, bars=None if bars is None else list(bars))
    path = _below(piece_id, "history", str(seq), "restore")
    return ask(Call("POST", path, _kept, body=body))


def versions(piece_id: str) -> Plan[list[dict[str, Any]]]:
    """The named versions of a piece."""
    told = yield Call("GET", _below(piece_id, "versions"), as_json)
    found: list[dict[str, Any]] = told["versions"]
    return found


def name_version(piece_id: str, name: str) -> Plan[dict[str, Any]]:
    """Give the present revision a name, by which it is kept for ever."""
    return ask(Call("POST", _below(piece_id, "versions"), as_json, body={"name": name}))


def forget_version(version_id: str) -> Plan[None]:
    """Take the name from a version."""
    return ask(Call("DELETE", at("versions", version_id), as_nothing))


def authors(piece_id: str) -> Plan[dict[str, Any]]:
    """Who wrote what of a piece."""
    return ask(Call("GET", _below(piece_id, "authors"), as_json))


def _below(piece_id: str, *parts: str) -> str:
    """Documents of projects and of loops are under one path."""
    return at("projects", piece_id, *parts)


def encoded(content: bytes) -> str:
    """Bytes as they stand in an address."""
    return urlsafe_b64encode(content).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Bytes as they stand in an address, or in plain base64."""
    plain = text.replace("+", "-").replace("/", "_").rstrip("=")
    return urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
