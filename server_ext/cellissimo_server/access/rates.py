"""How much one person may ask for in an hour: a bucket for reads, writes and uploads each."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from cellissimo_server.errors import TooManyError

HOUR_MS = 3_600_000
_MOST = 20_000
"""Buckets that are remembered; those unused for longest are forgotten first."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: int


class Rates:
    """Token buckets that fill evenly: ``per_hour`` by kind of request."""

    def __init__(self, per_hour: Mapping[str, int]) -> None:
        """Full buckets for everybody."""
        self._per_hour = per_hour
        self._buckets: OrderedDict[tuple[str, str], _Bucket] = OrderedDict()

    def spend(self, who: str, kind: str, now: int) -> None:
        """Take one request of ``kind`` ("read", "write", "upload") from somebody's hour.

        Raises:
            TooManyError: the hour is used up; it says when the next one is taken.
        """
        most = self._per_hour[kind]
        bucket = self._bucket(who, kind, now)
        bucket.left = min(most, bucket.left + max(0, now - bucket.at) * most / HOUR_MS)
        bucket.at = now
        if bucket.left < 1:
            wait = math.ceil((1 - bucket.left) * HOUR_MS / most / 1000)
            raise TooManyError(
                f"That was more than {most} {kind}s an hour.",
                cure=f"Wait {wait} s, or send several changes as one batch.",
                retry_after_s=wait,
            )
        bucket.left -= 1

    def _bucket(self, who: str, kind: str, now: int) -> _Bucket:
        found = self._buckets.setdefault((who, kind), _Bucket(self._per_hour[kind], now))
        self._buckets.move_to_end((who, kind))
        while len(self._buckets) > _MOST:
            self._buckets.popitem(last=False)
        return found
