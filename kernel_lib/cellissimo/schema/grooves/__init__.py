"""The groove templates: each a JSON file beside this one, in the order of `GROOVE_TEMPLATES`.

`c_grooves.py` writes them into the engine; nothing else knows their numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

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


class Grooves(Mapping[str, Groove]):
    """The templates by id, in the order in which they are offered."""

    def __init__(self, grooves: Iterable[Groove]) -> None:
        """Hold the templates in the order given."""
        self._grooves = {groove.id: groove for groove in grooves}

    def __getitem__(self, groove_id: str) -> Groove:
        """The template of an id."""
        return self._grooves[groove_id]

    def __iter__(self) -> Iterator[str]:
        """The ids, in order."""
        return iter(self._grooves)

    def __len__(self) -> int:
        """How many templates there are."""
        return len(self._grooves)

    def __repr__(self) -> str:
        """One line a template."""
        return "\n".join(map(repr, self.values()))


GROOVES = Grooves(map(_read, GROOVE_TEMPLATES.split()))
"""All templates by id, in the order of the parameter ``groove.template``."""
