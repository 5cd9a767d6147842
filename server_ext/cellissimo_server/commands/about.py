"""What the server says about itself: settings in force, limits, quotas, who asks."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from cellissimo.schema import limits
from cellissimo.schema.rest.about import About, Features, HourlyLimits, Limits, Quota
from cellissimo.schema.rest.people import User
from cellissimo_server.access.person import Person
from cellissimo_server.commands.profiles import user_shown
from cellissimo_server.settings import Settings
from cellissimo_server.store import users
from cellissimo_server.store.paging import MOST_ROWS
from cellissimo_server.version import VERSION

if TYPE_CHECKING:
    from cellissimo_server.services import Services

SECRET = frozenset({"database_url", "blobs_url", "data", "scan_command", "admins", "username"})
"""Settings whose values stay with the administrator: addresses, paths, commands, names."""

MOST_IN_BATCH = 50
"""Requests of one batch at the most."""


async def about(services: Services, person: Person, *, single_user: bool) -> About:
    """The server as ``person`` may know it."""
    settings = services.settings
    return About(
        version=VERSION,
        user=await _user(services, person),
        single_user=single_user,
        settings=effective(settings),
        limits=limits_of(settings, exempt=person.exempt),
        quota=quota_of(settings),
        features=features_of(settings),
    )


def effective(settings: Settings) -> dict[str, Any]:
    """The settings in force, without those that are nobody else's business."""
    values = dataclasses.asdict(settings)
    return {name: value for name, value in values.items() if name not in SECRET}


def limits_of(settings: Settings, *, exempt: bool) -> Limits:
    """What is accepted."""
    return Limits(
        name_length=limits.NAME_LENGTH,
        bar_counts=list(limits.BAR_COUNTS),
        tempo_range=limits.TEMPO_RANGE,
        color="#RRGGBB",
        page_length=MOST_ROWS,
        batch=MOST_IN_BATCH,
        sample_bytes=settings.sample_bytes,
        recording_bytes=settings.recording_bytes,
        original_bytes=settings.original_bytes,
        hourly=HourlyLimits(
            reads=settings.reads_per_hour,
            writes=settings.writes_per_hour,
            uploads=settings.uploads_per_hour,
            exempt=exempt,
        ),
    )


def quota_of(settings: Settings) -> Quota:
    """What one person may keep."""
    return Quota(
        samples=settings.sample_quota,
        recordings=settings.recording_quota,
        originals=settings.original_quota,
        loops=settings.loop_quota,
        songs=settings.song_quota,
    )


def features_of(settings: Settings) -> Features:
    """What kind of server this is, without its addresses."""
    kind = settings.database_url.partition(":")[0]
    return Features(
        database={"": "duckdb", "memory": "memory"}.get(kind, "postgresql"),
        blobs="s3" if settings.blobs_url else "folder",
        guests=True,
        virus_scan=bool(settings.scan_command),
        jobs=settings.job_workers > 0,
    )


async def _user(services: Services, person: Person) -> User | None:
    if not person.is_known:
        return None
    row = await services.database.read(lambda db: users.by_id(db, person.id))
    return None if row is None else user_shown(row)
