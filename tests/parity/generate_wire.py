"""Writes frames of a room's wire as bytes and in words, for Python and the browser.

`make gen` runs it. Every kind in both directions, numbers at the edges of their bytes, and frames
that nobody may take for one. Bytes are hexadecimal.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from cellissimo.crdt import wire
from cellissimo.crdt.lib0 import MOST_NUMBER
from cellissimo.crdt.wire import Kind

TARGET = Path(__file__).parent / "wire.json"
EDGES = (0, 1, 127, 128, 16_383, 16_384, 2**31 - 1, 2**32, MOST_NUMBER)
TIMES = (0.0, 0.1, -1.5, 1_234_567.890_625, 1e300)
SAID: tuple[Mapping[str, Any], ...] = (
    {},
    {"a": [1, 2.5, None, True], "b": {"c": "d"}},
    {"text": "Größe 🎵 \u2028 \"'\\"},
)
LONG = bytes(range(256)) * 2

FROM_CLIENT: tuple[wire.FromClient, ...] = (
    *(wire.Sync(step, content) for step in range(3) for content in (b"", b"\x00\x00", LONG)),
    wire.Presence(b"\x01\x02\x03"),
    wire.AskPresence(),
    *(wire.Edit(number, b"\x00\x00") for number in EDGES),
    wire.Edit(5, LONG),
    wire.Cursor(b"\x02\x03\x07"),
    *(wire.Probe(number) for number in EDGES),
    *(wire.Said(kind, s) for kind in (Kind.HELLO, Kind.TRANSPORT, Kind.COMMAND) for s in SAID),
)
FROM_ROOM: tuple[wire.FromRoom, ...] = (
    *(wire.Sync(step, content) for step in range(3) for content in (b"", LONG)),
    wire.Presence(LONG),
    *(wire.Kept(number, 300, time) for number in EDGES for time in TIMES[:2]),
    *(wire.Refused(number, said) for number in (0, 300) for said in SAID),
    *(wire.Changes(7, time, (b"\x00\x00", LONG)) for time in TIMES),
    wire.Changes(0, 0.5, ()),
    wire.Cursors(()),
    wire.Cursors(((1, b"\x00\x00\x00"), (300, b"\x01\x02\x03"))),
    *(wire.Time(number, time) for number in EDGES[:4] for time in TIMES),
    *(
        wire.Said(kind, said)
        for kind in (Kind.HELLO, Kind.TRANSPORT, Kind.NEWS, Kind.COMMAND)
        for said in SAID
    ),
)
NO_FRAMES = (
    "", "02", "05", "0003", "000000ff", "0001", "00000200", "0001ff", "03ff", "6501", "650100ff",
    "64", "6400", "64026e6f", "64025b5d", "640431653939", "64077b2261223a317d7d", "6403efbfbe",
    "6a80", "6a8000", "6affffffffffffff7f", "6affffffffffffffffff7f", "66", "6601", "660101",
    "680100000000000000000501", "69ff", "690201", "ff", "8001", "e400",
)  # fmt: skip


def words(frame: wire.FromClient | wire.FromRoom) -> dict[str, Any]:
    """A frame as JSON: its kind and its fields, bytes as hexadecimal."""
    found = {"frame": type(frame).__name__, "kind": int(frame.kind)}
    return found | {key: _plain(value) for key, value in asdict(frame).items() if key != "kind"}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value


def fixtures() -> str:
    """All frames as JSON."""
    rows = {
        "fromClient": [{"bytes": f.pack().hex(), **words(f)} for f in FROM_CLIENT],
        "fromRoom": [{"bytes": f.pack().hex(), **words(f)} for f in FROM_ROOM],
        "noFrames": NO_FRAMES,
    }
    lists = ",\n".join(
        f'"{name}": [\n' + ",\n".join(map(json.dumps, rows[name])) + "\n]" for name in rows
    )
    return "{\n" + lists + "\n}\n"


if __name__ == "__main__":
    TARGET.write_text(fixtures(), encoding="utf-8")
