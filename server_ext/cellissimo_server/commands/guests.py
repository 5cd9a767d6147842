"""Guests: people without an account, remembered by a cookie, who may keep what they made."""

from __future__ import annotations

import json
import secrets
import uuid
from typing import TYPE_CHECKING

from cellissimo.schema.rest.people import Claimed, GuestMade
from cellissimo_server.access.identity import PREFIX
from cellissimo_server.access.meeting import by_guest_token
from cellissimo_server.access.person import Person
from cellissimo_server.access.secrets import fresh_token
from cellissimo_server.commands import audit, tokens
from cellissimo_server.commands.accounts import farewell
from cellissimo_server.commands.profiles import user_shown
from cellissimo_server.errors import InvalidError
from cellissimo_server.settings import DAY_S
from cellissimo_server.store import api_tokens, ownership, pieces, samples, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.users import User

if TYPE_CHECKING:
    from cellissimo_server.services import Services

SCOPES = ["guest", "read", "upload", "write"]
"""What a guest may do at all; what with a piece, the policy says. Never a kernel."""


LEFT_NOTHING_MS = 2 * DAY_S * 1000
"""So long a guest is remembered after the last visit who has made nothing."""


async def make_guest(services: Services, display_name: str, address: str) -> GuestMade:
    """A new guest, who has come from an address, and the token that shows it is them.

    Raises:
        TooManyError: too many have come from there within the hour.
    """
    now = services.clock()
    services.rates.spend(address, "guest", now)
    guest = User(
        id=str(uuid.uuid4()),
        username=f"guest-{secrets.token_hex(6)}",
        kind="guest",
        display_name=display_name,
        avatar_url=None,
        bio="",
        email=None,
        site_role="member",
        preferences=json.dumps({}),
        rev=1,
        created_at=now,
        seen_at=now,
        deleted_at=None,
    )
    secret = fresh_token(PREFIX)
    expires = now + services.settings.guest_days * DAY_S * 1000
    token = tokens.fresh(guest.id, "guest", SCOPES, secret, now, expires)

    def work(db: Connection) -> None:
        users.insert(db, guest)
        api_tokens.insert(db, token)

    await services.database.write(work)
    return GuestMade(user=user_shown(guest), token=secret)


async def claim(services: Services, person: Person, guest_token: str) -> Claimed:
    """Make everything that a guest has made ``person``'s; the guest is gone then.

    Raises:
        InvalidError: the token is no guest's, or not any more.
    """
    guest = await by_guest_token(services, guest_token)
    if guest.kind != "guest":
        raise InvalidError(
            "This is not the token of a guest.",
            field="guestToken",
            accepted="the token that POST /guests gave",
            cure="Send the token, or claim from the browser in which the guest worked.",
        )
    now = services.clock()
    claimed = await services.database.write(lambda db: _claimed(db, guest.id, person.id, now))
    services.caches.profiles.clear()
    services.caches.public.clear()
    return claimed


def _claimed(db: Connection, guest_id: str, person_id: str, now: int) -> Claimed:
    counts = {
        "loops": pieces.count_owned(db, guest_id, "loop"),
        "songs": pieces.count_owned(db, guest_id, "project"),
        "samples": len(samples.all_of(db, guest_id)),
    }
    memberships = ownership.move(db, guest_id, person_id)
    guest = users.by_id(db, guest_id)
    if guest is not None:
        farewell(db, guest, now)
    audit.record(db, person_id, "guest.claim", guest_id, counts, now)
    return Claimed(**counts, memberships=memberships)


async def purge_guests(services: Services) -> int:
    """Say farewell to guests who have not been here for long; gives how many there were.

    Those who have made nothing leave nothing behind, and sooner.
    """
    now = services.clock()
    before = now - services.settings.guest_days * DAY_S * 1000
    here = {place.asker.id for room in services.rooms for place in room.places.values()}

    def work(db: Connection) -> int:
        passers = [
            one for one in ownership.passers_by(db, now - LEFT_NOTHING_MS) if one not in here
        ]
        for guest_id in passers:
            api_tokens.delete_of_user(db, guest_id)
            users.delete(db, guest_id)
        gone = users.unseen_guests(db, before)
        for guest in gone:
            farewell(db, guest, now)
        api_tokens.forget_dead(db, before)
        return len(gone) + len(passers)

    return await services.database.write(work)
