"""People as everybody in a room sees them, and what each may say in an hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from cellissimo.schema.rest.said import RoomPerson
from cellissimo_server.access.person import Person
from cellissimo_server.rooms.seat import color_of
from cellissimo_server.store import users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from cellissimo_server.services import Services

GONE = RoomPerson(id="", name="Somebody who left", color=color_of(""), kind="user")
"""Who has deleted their account."""


def room_person(user: User | None) -> RoomPerson:
    """Somebody in a room."""
    if user is None or user.deleted_at is not None:
        return GONE
    kind = "guest" if user.kind == "guest" else "user"
    name = user.display_name or user.username
    return RoomPerson(id=user.id, name=name, color=color_of(user.id), kind=kind)


def room_people(db: Connection, ids: Iterable[str | None]) -> Mapping[str, RoomPerson]:
    """Those people by id, with one statement; whoever is unknown is somebody who left."""
    wanted = {one for one in ids if one}
    found = users.by_ids(db, wanted)
    return {one: room_person(found.get(one)) for one in wanted}


def spend_message(services: Services, person: Person) -> None:
    """Count that somebody says something, or changes what they have said.

    Raises:
        TooManyError: they have said as much as an hour allows.
    """
    if not person.exempt:
        services.rates.spend(person.id, "message", services.clock())
