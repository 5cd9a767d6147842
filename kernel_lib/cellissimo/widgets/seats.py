"""Which room the page of a widget may sit in, beside the kernel; no secret is in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from cellissimo.crdt.document import Document


@dataclass(frozen=True, slots=True)
class Seat:
    """The room of a document: ``told`` is JSON for the page.

    ``ticket`` asks for a ticket and gives it with the room's address; for a page that cannot ask
    the server by itself. ``claim`` is told the keys that a gesture in a page has changed.
    """

    told: str
    ticket: Callable[[], tuple[str, str]]
    claim: Callable[[str, Sequence[Sequence[str]]], None] = lambda _gesture, _keys: None


_SEATS: WeakKeyDictionary[Document, Seat] = WeakKeyDictionary()
_WATCHERS: WeakKeyDictionary[Document, list[Callable[[], None]]] = WeakKeyDictionary()


def seat_of(document: Document) -> Seat | None:
    """The room that pages of a document may sit in; None where it is in none."""
    return _SEATS.get(document)


def put_seat(document: Document, seat: Seat | None) -> None:
    """From now on pages of a document may sit in a room; None: in none any more."""
    if seat is None:
        _SEATS.pop(document, None)
    else:
        _SEATS[document] = seat
    for watcher in list(_WATCHERS.get(document, ())):
        watcher()


def watch_seat(document: Document, watcher: Callable[[], None]) -> Callable[[], None]:
    """Call ``watcher`` when a document comes into a room or leaves it; gives what ends that."""
    watchers = _WATCHERS.setdefault(document, [])
    watchers.append(watcher)
    return lambda: watchers.remove(watcher) if watcher in watchers else None
