"""What Prometheus may know: how many, how fast, how full. No names of anybody or anything."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import Counter, Gauge, Histogram

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
    "cellissimo_journal_lag_seconds", "Age of the oldest edit that is not yet on disk"
)
LISTENERS = Gauge("cellissimo_event_listeners", "Pages and scripts that listen for events")
JOBS = Gauge("cellissimo_jobs", "Jobs by state", ["state"])


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request."""
    REQUESTS.labels(method, route, str(status)).inc()
    LATENCY.labels(method, route).observe(seconds)


def watch(gauges: dict[Gauge, Callable[[], float]]) -> None:
    """Let gauges read their values when somebody scrapes."""
    for gauge, value in gauges.items():
        gauge.set_function(value)
