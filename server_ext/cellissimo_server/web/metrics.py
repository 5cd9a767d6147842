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


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request; methods that visitors invent are one, so that they fill no memory."""
    method = method if method in _METHODS else "other"
    REQUESTS.labels(method, route, str(status)).inc()
    LATENCY.labels(method, route).observe(seconds)


def watch(services: Services, traffic: Traffic) -> None:
    """Read what there is now whenever somebody scrapes."""
    UNDER_WAY.set_function(lambda: traffic.inside)
    OPEN_DOCUMENTS.set_function(lambda: services.documents.open_count)
    JOURNAL_LAG.set_function(lambda: services.database.lag_s)
    LISTENERS.set_function(lambda: services.events.listeners)
    JOBS.set_function(lambda: services.jobs.running)
