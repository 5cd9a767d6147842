"""From version 1 to 2: songs get stems and a timeline, and loops sound as they did.

Two defaults changed. An amount of swing that was not given was 0 and is 0.5 now; a compressor's
ratio was 4 and is 1 now, which is off. Where a loop of version 1 relied on them, they are written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROOTS = ("blocks", "stems", "returns", "segments", "sections", "markers", "master", "lanes")
"""The root maps that version 2 adds."""


def migrate(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The document as maps of version 2; the maps given are left as they were."""
    loops = {key: _loop(loop) for key, loop in stored.get("loops", {}).items()}
    added: dict[str, Any] = {root: {} for root in ROOTS}
    return {**added, **stored, "meta": dict(stored["meta"]), "loops": loops}


def _loop(stored: object) -> object:
    if not isinstance(stored, Mapping) or not isinstance(stored.get("settings"), Mapping):
        return stored
    return {**stored, "settings": settings(stored["settings"])}


def settings(stored: Mapping[str, Any]) -> dict[str, Any]:
    """The settings of a loop by ``target.section.parameter``, as they meant in version 1."""
    found = dict(stored)
    for key, value in stored.items():
        target, _, parameter = key.partition(".")
        if parameter == "groove.type" and value == "swing":
            found.setdefault(f"{target}.groove.amount", 0)
        if parameter.startswith("comp."):
            found.setdefault(f"{target}.comp.ratio", 4)
    return found
