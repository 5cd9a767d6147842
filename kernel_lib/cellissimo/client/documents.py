"""Plans about what a piece says: its text, its document, its history and versions."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from cellissimo.client.call import (
    Answer,
    Call,
    Plan,
    as_model,
    as_nothing,
    as_text,
    ask,
    at,
    given,
    if_match,
    query_of,
)
from cellissimo.schema.rest.history import Authors, Comparison, History, Version, VersionList

BYTES = {"Content-Type": "application/octet-stream"}


@dataclass(frozen=True, slots=True)
class Update:
    """A Y update of a document, the revision it leads to, and the name of its founding."""

    content: bytes
    seq: int
    epoch: str


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


def send_update(piece_id: str, update: bytes, epoch: str = "") -> Plan[Kept]:
    """Send an edit of the history called ``epoch``; it comes back once it is on the server's disk.

    Raises:
        ConflictError: the server has another history of the piece by now.
        ForbiddenError: it touches what this person may not change; nothing of it was taken.
    """
    path = _below(piece_id, "updates")
    headers = BYTES | ({"X-Cellissimo-Epoch": epoch} if epoch else {})
    return ask(Call("POST", path, _kept, content=update, headers=headers))


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


def compare(piece_id: str, first: int, last: int | None = None) -> Plan[Comparison]:
    """How two revisions of a piece differ, in words and one change after the other."""
    query = query_of(**{"from": first, "to": last})
    path = _below(piece_id, "history", "compare")
    return ask(Call("GET", path, as_model(Comparison), query=query))


def restore(
    piece_id: str, seq: int, *, stem: str | None = None, bars: tuple[int, int] | None = None
) -> Plan[Kept]:
    """Bring a revision back as a new edit: the whole, one stem, or some bars."""
    body = given(stem=stem, bars=None if bars is None else list(bars))
    path = _below(piece_id, "history", str(seq), "restore")
    return ask(Call("POST", path, _kept, body=body))


def versions(piece_id: str) -> Plan[VersionList]:
    """The versions of a piece, newest first."""
    return ask(Call("GET", _below(piece_id, "versions"), as_model(VersionList)))


def name_version(piece_id: str, name: str, seq: int | None = None) -> Plan[Version]:
    """Give a revision a name, the present one where none is said; it is kept for ever."""
    body = given(name=name, seq=seq)
    return ask(Call("POST", _below(piece_id, "versions"), as_model(Version), body=body))


def forget_version(version_id: str) -> Plan[None]:
    """Take the name from a version."""
    return ask(Call("DELETE", at("versions", version_id), as_nothing))


def authors(piece_id: str) -> Plan[Authors]:
    """Who wrote what of a piece."""
    return ask(Call("GET", _below(piece_id, "authors"), as_model(Authors)))


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
