"""Writes the tempo maps, meter maps and fractional keys that Python and the browser read alike.

`make gen` runs it.
"""

from __future__ import annotations

import json
import random
from pathlib import Path

from cellissimo.domain.order import DIGITS, key_between
from cellissimo.domain.tempo_map import MeterMap, TempoMap

TARGET = Path(__file__).parent / "times.json"

TEMPOS: tuple[dict[int, tuple[float, bool]], ...] = (
    {0: (120, False)},
    {0: (120, True)},
    {0: (60, True), 3840: (240, False)},
    {0: (90, False), 1000: (140.5, True), 7680: (20, True), 9600: (400, True), 20000: (400, False)},
    {
        0: (333.3, True),
        1: (20.25, False),
        2: (399, True),
        50000: (398.999999, True),
        99999: (61, True),
    },
)
METERS: tuple[dict[int, str], ...] = (
    {0: "4/4"},
    {0: "6/8", 5760: "3/4"},
    {0: "4/4", 4000: "7/16", 5000: "1/1", 90000: "5/32"},
)
PLACES = (0, 1, 479, 480, 960, 999, 1000, 1001, 3839, 3840, 7680, 9601, 20001, 54321, 123456.5)
TIMES = (0, 0.001, 0.25, 1, 2, 2.5, 3.999, 7.25, 30, 61.7, 600)


def tempo_rows(tempos: dict[int, tuple[float, bool]]) -> dict[str, object]:
    """What a tempo map says at many places and times."""
    made = TempoMap(tempos)
    return {
        "tempos": {str(tick): list(tempo) for tick, tempo in tempos.items()},
        "seconds": [[tick, made.seconds_at(tick)] for tick in PLACES],
        "tempo": [[tick, made.tempo_at(tick)] for tick in PLACES],
        "ticks": [[seconds, made.tick_at(seconds)] for seconds in TIMES],
    }


def meter_rows(meters: dict[int, str]) -> dict[str, object]:
    """What a meter map says at many places and bars."""
    made = MeterMap(meters)
    return {
        "meters": {str(tick): meter for tick, meter in meters.items()},
        "bars": [[tick, *made.bar_at(tick)] for tick in PLACES],
        "ticks": [
            [bar, beat, made.tick_of(bar, beat)] for bar in (1, 2, 3, 9, 40) for beat in (1, 1.5)
        ],
        "starts": made.bar_starts(30000),
    }


def key_rows(seed: int = 7, count: int = 60) -> list[list[str | None]]:
    """Keys between others, each put in at a place by chance: `[low, high, between]`."""
    rng = random.Random(seed)
    keys: list[str] = []
    rows: list[list[str | None]] = [["Az", "B", key_between("Az", "B")]]
    for _ in range(count):
        place = rng.choice((0, len(keys), rng.randint(0, len(keys))))
        low = keys[place - 1] if place else None
        high = keys[place] if place < len(keys) else None
        keys.insert(place, key_between(low, high))
        rows.append([low, high, keys[place]])
    return rows


def fixtures() -> str:
    """All rows as JSON, one map or key a line."""
    parts = {
        "tempoMaps": [tempo_rows(tempos) for tempos in TEMPOS],
        "meterMaps": [meter_rows(meters) for meters in METERS],
        "keys": key_rows(),
        "texts": sorted(
            ["", "a", "Z", "z", "10", "9", "é", "\uffee", "\U0001f600", DIGITS[-1] * 2]
        ),
    }
    printed = [
        f"{json.dumps(name)}: [\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]"
        for name, rows in parts.items()
    ]
    return "{\n" + ",\n".join(printed) + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(fixtures(), encoding="utf-8")
