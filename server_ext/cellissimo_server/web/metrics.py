"""What Prometheus may know: how many, how fast, how full. No names of anybody or anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:
    from cellissimo_server.services import Services
    from cellissimo_server.web.traffic import Traffic

REQUESTS = Counter(
    "cellissimo_requests", "Requests by route and status", ["method", "route", "status"]
)
LATENCY = Histogram(
    "cellissimo_request_seconds",
    "How long a request took, by route",
    ["method", "route"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
UNDER_WAY = Gauge("cellissimo_requests_under_way", "Requests that are being answered")
OPEN_DOCUMENTS = Gauge("cellissimo_open_documents", "Documents that are in memory")
JOURNAL_LAG = Gauge(
    "cellissimo_journal_lag_seconds", "Age of the oldest change that is not yet on disk"
)
LISTENERS = Gauge("cellissimo_event_listeners", "Pages and scripts that listen for events")
JOBS = Gauge("cellissimo_jobs_running", "Jobs that workers are at")
ROOMS = Gauge("cellissimo_rooms", "Rooms in which somebody is, or was a moment ago")
SESSIONS = Gauge("cellissimo_room_sessions", "Sessions in rooms")
OUTBOXES = Gauge("cellissimo_room_outbox_bytes", "Bytes that wait for sessions that read slowly")
EDITS = Counter("cellissimo_room_edits", "Edits in rooms that became durable")
CLOSED = Counter(
    "cellissimo_room_refusals", "Sessions closed for what they sent, by code", ["code"]
)
TOLD = Histogram(
    "cellissimo_room_told_seconds",
    "From an edit's arrival until it is durable and the others are told of it",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5),
)


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request; methods that visitors invent are one, so that they fill no memory."""
    method = method if method in _METHODS else "other"
    REQUESTS.labels(method, route, str(status)).inc()
    LATENCY.labels(method, route).observe(seconds)


class RoomMeter:
    """Counts what happens in rooms, by no names."""

    def edited(self, count: int) -> None:
        """So many edits have become durable."""
        EDITS.inc(count)

    def told(self, ms: float) -> None:
        """The others were told of an edit so long after it came in."""
        TOLD.observe(ms / 1000)

    def refused(self, code: int) -> None:
        """A session was closed with a code."""
        CLOSED.labels(str(code)).inc()


def watch(services: Services, traffic: Traffic) -> None:
    """Read what there is now whenever somebody scrapes."""
    UNDER_WAY.set_function(lambda: traffic.inside)
    OPEN_DOCUMENTS.set_function(lambda: services.documents.open_count)
    JOURNAL_LAG.set_function(lambda: services.database.lag_s)
    LISTENERS.set_function(lambda: services.events.listeners)
    JOBS.set_function(lambda: services.jobs.running)
    rooms = services.rooms
    rooms.meter = RoomMeter()
    ROOMS.set_function(lambda: len(list(rooms)))
    SESSIONS.set_function(lambda: sum(len(room.places) for room in rooms))
    OUTBOXES.set_function(
        lambda: sum(place.outbox.waiting for room in rooms for place in room.places.values())
    )
