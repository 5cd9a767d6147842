"""A second replica of a document that only takes in and gives out updates: it is never read.

A shared document belongs to the thread that made it. What speaks with a room in the background
has a replica of its own, so that it can come back after a cut while the document itself is busy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pycrdt

from cellissimo.crdt.document import DocumentError

NOTHING = b"\x00"
"""The state vector of a replica that has seen nothing."""


class Shadow:
    """What a document has seen, as updates; for the thread that made it."""

    def __init__(self, content: bytes | None = None) -> None:
        """A replica that has seen ``content``, a whole document as one update.

        Raises:
            DocumentError: it is none.
        """
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc()
        if content is not None:
            self.apply(content)

    def apply(self, update: bytes) -> None:
        """Take in an update.

        Raises:
            DocumentError: the bytes are none.
        """
        try:
            self._doc.apply_update(update)
        except (ValueError, RuntimeError) as error:
            message = f"these {len(update)} bytes are no update of a document"
            raise DocumentError(message) from error

    def encode(self, state: bytes | None = None) -> bytes:
        """The whole as one update, or what is missing from a replica's ``state``."""
        return self._doc.get_update(state)

    @property
    def state(self) -> bytes:
        """The state vector: what this replica has seen."""
        return self._doc.get_state()


def merged(updates: Iterable[bytes]) -> bytes:
    """Several updates of one replica, in their order, as one. Cost: more than linear; take few."""
    held = list(updates)
    return held[0] if len(held) == 1 else pycrdt.merge_updates(*held)
