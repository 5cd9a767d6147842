"""What this process knows of the documents that a server keeps: which piece, and what is sent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from cellissimo.client.pieces import Kind
from cellissimo.crdt.document import Document


@dataclass(slots=True)
class Link:
    """A document's piece on a server.

    ``state`` is what the server is known to have, ``content`` the document as it was when nothing
    was left to send. ``blobs`` are recordings that are there for sure. ``token`` is that of the
    share link by which it was opened.
    """

    piece_id: str
    kind: Kind
    seq: int
    state: bytes
    content: str
    blobs: set[str] = field(default_factory=set)
    token: str | None = None


_LINKS: WeakKeyDictionary[Document, Link] = WeakKeyDictionary()
_BEGUN: WeakKeyDictionary[Document, str] = WeakKeyDictionary()
"""Pieces that were made for a document, and that it could not go on with yet."""


def link_of(document: Document) -> Link | None:
    """The piece of a document; None where no server keeps it, as far as is known here."""
    return _LINKS.get(document)


def put_link(document: Document, link: Link) -> Link:
    """Remember the piece of a document, for as long as the document is held."""
    _LINKS[document] = link
    return link


def begun(document: Document) -> str | None:
    """The id of the piece that was made for a document by a push that did not end."""
    return _BEGUN.get(document)


def begin(document: Document, piece_id: str) -> None:
    """A piece was made for a document: the next push goes on from here."""
    _BEGUN[document] = piece_id


def content_of(document: Document) -> str:
    """What tells whether anything was changed since: also what was only removed."""
    return hashlib.sha256(document.encode()).hexdigest()
