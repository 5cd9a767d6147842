"""What administrators see and set: the audit log, what the site keeps, people's roles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cellissimo.schema.rest.administration import Act as ActShape
from cellissimo.schema.rest.administration import (
    Audit,
    AuditQuery,
    PersonUsage,
    RoleChange,
    SiteUsage,
)
from cellissimo.schema.rest.people import User as UserShape
from cellissimo.schema.rest.shape import to_time
from cellissimo_server.access.person import Person
from cellissimo_server.commands import audit as acts
from cellissimo_server.commands.profiles import user_shown
from cellissimo_server.commands.shown import person_shown
from cellissimo_server.errors import not_found
from cellissimo_server.settings import DAY_S
from cellissimo_server.store import audit, site_usage, users
from cellissimo_server.store.database import Connection
from cellissimo_server.store.paging import Paging

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_ACTIVE_DAYS = 30
"""Whoever was here in so many days is active."""

_LARGEST = 20
"""How many of those who keep most are named."""


async def read_audit(services: Services, wanted: AuditQuery) -> Audit:
    """One page of the audit log, newest first."""
    paging = Paging(wanted.page, wanted.limit, wanted.after)

    def work(db: Connection) -> Audit:
        found = audit.listed(db, paging, action=wanted.action, subject=wanted.subject)
        people = users.by_ids(db, {act.actor_id for act in found.rows if act.actor_id})
        shown = {key: person_shown(user) for key, user in people.items()}
        rows = [
            ActShape(
                id=act.id,
                at=to_time(act.made_at),
                actor_id=act.actor_id,
                actor=shown.get(act.actor_id),
                action=act.action,
                subject=act.subject,
                detail=json.loads(act.detail),
            )
            for act in found.rows
        ]
        return Audit(
            acts=rows,
            total=found.total,
            page=found.page,
            limit=found.limit,
            has_more=found.has_more,
            next=found.next,
        )

    return await services.database.read(work)


async def read_usage(services: Services) -> SiteUsage:
    """What the site keeps in all, and who keeps most."""
    since = services.clock() - _ACTIVE_DAYS * DAY_S * 1000

    def work(db: Connection) -> SiteUsage:
        total = site_usage.totals(db, since)
        largest = [
            PersonUsage(
                username=one.username,
                kind=one.kind,
                loops=one.loops,
                songs=one.songs,
                sample_bytes=one.sample_bytes,
            )
            for one in site_usage.largest(db, _LARGEST)
        ]
        return SiteUsage(**total, largest=largest)

    return await services.database.read(work)


async def change_role(
    services: Services, admin: Person, username: str, wanted: RoleChange
) -> UserShape:
    """Make somebody a member, a moderator or an administrator of the site.

    Raises:
        NotFoundError: there is nobody of that name, or only a guest.
    """
    now = services.clock()

    def work(db: Connection) -> UserShape:
        user = users.by_username(db, username)
        if user is None or user.deleted_at is not None or user.kind == "guest":
            raise not_found("person")
        changed = users.change(db, user.id, None, site_role=wanted.site_role) or user
        detail = {"from": user.site_role, "to": wanted.site_role}
        acts.record(db, admin.id, "person.role", user.id, detail, now)
        return user_shown(changed)

    return await services.database.write(work)
