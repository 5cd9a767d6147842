"""What a server says about itself."""

from __future__ import annotations

from typing import Any

from cellissimo.schema.rest.people import User
from cellissimo.schema.rest.shape import Shape, Time


class HourlyLimits(Shape):
    """Requests of one person in an hour; the person of a plain JupyterLab is exempt."""

    reads: int
    writes: int
    uploads: int
    exempt: bool


class Limits(Shape):
    """What is accepted: lengths, ranges, bytes of one file by class, requests an hour."""

    name_length: int
    bar_counts: list[int]
    tempo_range: tuple[float, float]
    color: str
    page_length: int
    batch: int
    sample_bytes: int
    recording_bytes: int
    original_bytes: int
    hourly: HourlyLimits


class Quota(Shape):
    """What one person may keep: bytes by class, loops and songs."""

    samples: int
    recordings: int
    originals: int
    loops: int
    songs: int


class Features(Shape):
    """What this server can do beside the usual."""

    database: str
    blobs: str
    guests: bool
    virus_scan: bool
    jobs: bool


class Holder(Shape):
    """The server that holds the files of this one, and does its work."""

    url: str
    process: int
    since: Time


class About(Shape):
    """A server: its version, what it accepts, what it can do, and who is asking."""

    version: str
    user: User | None
    single_user: bool
    settings: dict[str, Any]
    limits: Limits
    quota: Quota
    features: Features
    held_by: Holder | None = None


class Health(Shape):
    """Whether something is as it should be."""

    status: str
