"""What the use cases work with; ``app.py`` puts it together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cellissimo_server.access.caches import Caches
from cellissimo_server.access.link_uses import LinkUses
from cellissimo_server.access.rates import Rates
from cellissimo_server.access.tickets import Tickets
from cellissimo_server.commands.announcing import Told
from cellissimo_server.commands.events import Events
from cellissimo_server.jobs.queue import Jobs
from cellissimo_server.rooms.documents import Documents
from cellissimo_server.rooms.registry import Rooms
from cellissimo_server.settings import Settings
from cellissimo_server.store.blobs import Blobs
from cellissimo_server.store.measured import Measured
from cellissimo_server.store.upload_files import UploadFiles

Clock = Callable[[], int]
"""Milliseconds since 1970 UTC."""


@dataclass(slots=True)
class Services:
    """Everything that a use case may need, made once for a server."""

    settings: Settings
    clock: Clock
    database: Measured
    documents: Documents
    rates: Rates
    caches: Caches
    link_uses: LinkUses
    events: Events
    blobs: Blobs
    upload_files: UploadFiles
    jobs: Jobs
    rooms: Rooms
    tickets: Tickets
    base_url: str
    told: Told = field(default_factory=Told)
