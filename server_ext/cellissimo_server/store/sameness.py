"""Whether two ways to a document lead to the same one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cellissimo.crdt.document import Document
from cellissimo.domain.errors import CellissimoError
from cellissimo.schema.models import Song


def difference(updates: Sequence[bytes], content: bytes) -> str | None:
    """How the document of ``updates`` differs from the one in ``content``; None where it does not.

    Equal are what they say, and what they have seen of every author's session. One is let go
    before the other is loaded: what people have played over for hours is large.
    """
    try:
        (song, state), (other_song, other_state) = _told(updates), _told([content])
    except CellissimoError as error:
        return f"it does not load ({error})"
    if song != other_song:
        return "it says something else than the journal"
    return None if seen(state) == seen(other_state) else "it has not seen what the journal has"


def _told(updates: Sequence[bytes]) -> tuple[Song, bytes]:
    """What a document says, and what it has seen."""
    document = Document(update=updates[0])
    document.apply_all(updates[1:], origin="journal")
    return document.revision, document.state


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
