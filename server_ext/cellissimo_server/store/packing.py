"""Bytes as they are kept: packed where that makes them smaller; their first byte says which."""

from __future__ import annotations

import zlib

_PLAIN, _DEFLATED = b"\x00", b"\x01"

_SHORT = 128
"""Bytes below which packing saves less than it costs: an edit of one step is shorter."""


def packed(content: bytes) -> bytes:
    """``content`` as it is kept, at most one byte longer."""
    if len(content) >= _SHORT:
        smaller = zlib.compress(content)
        if len(smaller) < len(content):
            return _DEFLATED + smaller
    return _PLAIN + content


def unpacked(kept: bytes) -> bytes:
    """What was given to ``packed``."""
    return zlib.decompress(kept[1:]) if kept[:1] == _DEFLATED else kept[1:]
