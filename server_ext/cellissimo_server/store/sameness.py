"""Whether two ways to a document lead to the same one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cellissimo.crdt.document import Document
from cellissimo.domain.errors import CellissimoError


def difference(updates: Sequence[bytes], content: bytes) -> str | None:
    """How the document of ``updates`` differs from the one in ``content``; None where it does not.

    Equal are what they say, and what they have seen of every author's session.
    """
    try:
        left, right = _document(updates), _document([content])
        if left.revision != right.revision:
            return "it says something else than the journal"
        if seen(left.state) != seen(right.state):
            return "it has not seen what the journal has"
    except CellissimoError as error:
        return f"it does not load ({error})"
    return None


def _document(updates: Sequence[bytes]) -> Document:
    document = Document(update=updates[0])
    document.apply_all(updates[1:], origin="journal")
    return document


def seen(state: bytes) -> dict[int, int]:
    """How much a state vector has of each session. Source: y-protocols, state vector v1."""
    numbers = _numbers(state)
    count = next(numbers)
    return {next(numbers): next(numbers) for _ in range(count)}


def _numbers(data: bytes) -> Iterator[int]:
    """The variable-length numbers that ``data`` is made of, seven bits a byte, low ones first."""
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0
