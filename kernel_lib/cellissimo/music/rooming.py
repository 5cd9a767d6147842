"""Coming into rooms: ``song.join()``, ``cm.join(link)``, and which room a document is in."""

from __future__ import annotations

import atexit
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from cellissimo.client.finding import ROOT, URL
from cellissimo.music.connection import is_same, server_of, speak_with
from cellissimo.music.session import SESSION
from cellissimo.music.storing import open_stored
from cellissimo.widgets.seats import Seat, put_seat

if TYPE_CHECKING:
    from collections.abc import Callable

    from cellissimo.client.http import Client
    from cellissimo.client.links import Link
    from cellissimo.client.room_peer import RoomPeer
    from cellissimo.client.storage import Entry
    from cellissimo.crdt.document import Document
    from cellissimo.music.room import Room
    from cellissimo.music.song import Song
    from cellissimo.music.stored import Stored

JOIN_S = 15.0
"""How long one waits at the door unless told."""

_ROOMS: WeakValueDictionary[int, Room] = WeakValueDictionary()
"""By the identity of the document, which its room holds."""


def room_of(document: Document) -> Room | None:
    """The room that a document is in; None where it is in none."""
    found = _ROOMS.get(id(document))
    return found if found is not None and found.is_open else None


def join(
    thing: Stored,
    *,
    name: str | None = None,
    on: Client | None = None,
    timeout: float = JOIN_S,
) -> Room:
    """The room of a song or loop, which it follows from now on.

    ``name`` is that of a guest who comes by a link. What no server keeps yet is pushed first.

    Raises:
        ServerError: there is no such room for this person, or the server does not answer in time.
    """
    from cellissimo.client.links import link_of  # noqa: PLC0415 - needs pydantic

    held = room_of(thing.document)
    if held is not None:
        return held
    client = server_of(thing.document, on)
    if link_of(thing.document) is None:
        thing.push(on=client)
    link = link_of(thing.document)
    assert link is not None  # noqa: S101 - it was pushed or opened
    speak_with(thing.document, client)
    room = _entered(thing, client, link, name)
    _ROOMS[id(thing.document)] = room
    _wait_inside(room, timeout)
    put_seat(thing.document, _seat(room, client, link))
    return room


def _seat(room: Room, client: Client, link: Link) -> Seat:
    """What pages of this kernel's widgets are told of the room."""
    parts = urlsplit(client.url)
    own = os.environ.get(URL)
    is_own = own is not None and is_same(own, client.url)  # the page knows its way there
    before = "" if is_own else f"{parts.scheme}://{parts.netloc}"
    told = {"piece": link.piece_id, "path": before + parts.path.removesuffix(ROOT)}

    def ticket() -> tuple[str, str]:
        made = client.room_ticket(link.piece_id, "page", link=link.token)
        return made.ticket, before + made.url

    return Seat(json.dumps(told), ticket, room.claim)


def _entered(thing: Stored, client: Client, link: Link, name: str | None) -> Room:
    from cellissimo.client.links import content_of  # noqa: PLC0415 - needs pydantic
    from cellissimo.client.room_door import Door, Entrance  # noqa: PLC0415
    from cellissimo.client.room_peer import RoomPeer  # noqa: PLC0415
    from cellissimo.client.room_session import Coming  # noqa: PLC0415
    from cellissimo.client.storage import blobs_of  # noqa: PLC0415
    from cellissimo.music.room import Room  # noqa: PLC0415

    document = thing.document
    entrance = Entrance(link.piece_id, link.kind, link.token, name)
    coming = Coming(document.encode(), document.epoch, link.seq)

    def peer(told: Callable[[], None]) -> RoomPeer:
        return RoomPeer(Door(client.awaited(), entrance, SESSION.blobs), coming, told)

    room = Room(thing, client, peer)
    if content_of(document) != link.content:
        room.submit_all(document.encode(link.state), frozenset(blobs_of(document.revision)))
    return room


def _wait_inside(room: Room, timeout: float) -> None:
    """Wait until the room is reached, and take in what is there.

    Raises:
        ServerError: it is not, in time.
    """
    from cellissimo.client.errors import ForbiddenError, NoServerError  # noqa: PLC0415

    inside = ("live", "slow", "read-only", "closed")
    room.wait(lambda view: view.state in inside, timeout)
    state, reason = room.state, room.reason
    if state not in inside or state == "closed":
        room.let_go()
        if room.error is not None:
            raise room.error
        kind = ForbiddenError if state == "closed" else NoServerError
        raise kind(f"the room was not reached: {reason or f'no answer in {timeout:g} s'}")
    room.sync(lambda: True)


@atexit.register
def keep_unsaved() -> None:
    """At the end of the process, after all rooms are left: put what was not sent into files."""
    from cellissimo.music.files import save  # noqa: PLC0415 - seldom asked for

    for room in list(_ROOMS.values()):
        if room.unsaved and not room.has_left:
            path = save(cast("Song", room.thing), _unused(room.thing.name))
            sys.stderr.write(f"{room!r}; what is not on the server is in {path}\n")


def _unused(name: str) -> Path:
    plain = "".join("-" if sign in '/\\:*?"<>|\0' else sign for sign in name).strip(" .")[:80]
    numbers = ("", *(f" {number}" for number in range(2, 1000)))
    paths = (Path(f"{plain or 'Song'} not sent{number}.song") for number in numbers)
    return next(path for path in paths if not path.exists())


def join_link(
    what: str | Entry,
    *,
    name: str | None = None,
    on: Client | None = None,
    timeout: float = JOIN_S,
) -> Room:
    """The room of a song by its name, id, address or share link, opened first: ``room.thing``.

    ``name`` is that of a guest who comes by a link.

    Raises:
        ServerError: there is no such room for this person, or the server does not answer in time.
        UnknownNameError: nothing, or more than one thing, has that name.
    """
    return join(open_stored(what, on=on), name=name, timeout=timeout)
