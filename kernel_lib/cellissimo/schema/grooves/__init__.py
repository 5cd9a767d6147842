"""The groove templates: each a JSON file beside this one, in the order of `GROOVE_TEMPLATES`.

`c_grooves.py` writes them into the engine; nothing else knows their numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cellissimo.schema.parameters import GROOVE_TEMPLATES

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Groove:
    """How a bar, or two, are played: what is early, late, loud and soft.

    ``step`` is the length of a cell in ticks: 240, a sixteenth, or 320, a twelfth of a bar (of
    any meter: offsets stretch with it). ``offsets`` are ticks by cell, later when positive;
    ``velocities`` are factors by cell. ``source`` says what the numbers were taken from.
    """

    id: str
    name: str
    bars: int
    step: int
    offsets: tuple[int, ...]
    velocities: tuple[float, ...]
    source: str

    def __repr__(self) -> str:
        """What the groove is called and where it comes from."""
        return f"{self.id} · {self.name}: {self.source}"


def _read(groove_id: str) -> Groove:
    stored = json.loads((_FOLDER / f"{groove_id}.json").read_text("utf-8"))
    stored["offsets"] = tuple(stored["offsets"])
    stored["velocities"] = tuple(stored["velocities"])
    return Groove(**stored)


GROOVES: Mapping[str, Groove] = MappingProxyType(
    {groove_id: _read(groove_id) for groove_id in GROOVE_TEMPLATES.split()}
)
"""All templates by id, in the order of the parameter ``groove.template``."""
