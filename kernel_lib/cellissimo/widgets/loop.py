"""The Loop widget: a loop's values as traits, and what the page needs to show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import traitlets

from cellissimo.crdt.document import Document
from cellissimo.schema import checks
from cellissimo.schema.parameters import BY_KEY
from cellissimo.widgets.live import LiveWidget

SWING_TYPE, SWING, LEVEL = "master.groove.type", "master.groove.amount", "master.amp.level"


class LoopWidget(LiveWidget):
    """A loop as an ipywidget: its traits are the document's values, both ways.

    ``tempo`` quarter notes a minute, 20 … 400. ``swing`` 0 … 1. ``level`` 0 … 1, of the whole
    loop. ``bars`` 1, 2, 4 or 8. ``key`` such as "C major". ``name`` of the loop. ``playing``
    starts and stops the sound in the page. ``gesture`` is the line of Python that does what the
    last gesture in the page did.
    """

    name = traitlets.Unicode().tag(sync=True, echo_update=False)
    tempo = traitlets.Float(120.0).tag(sync=True, echo_update=False)
    swing = traitlets.Float(0.0).tag(sync=True, echo_update=False)
    level = traitlets.Float(0.8).tag(sync=True, echo_update=False)
    bars = traitlets.Int(4).tag(sync=True, echo_update=False)
    key = traitlets.Unicode("C major").tag(sync=True, echo_update=False)

    _kind = traitlets.Unicode("loop").tag(sync=True)
    _loop_id = traitlets.Unicode().tag(sync=True)

    def __init__(self, document: Document, loop_id: str) -> None:
        """Show the loop ``loop_id`` of ``document``."""
        super().__init__(document, _loop_id=loop_id)

    def attach(self, document: Document, loop_id: str) -> None:
        """Show a loop of another document from now on."""
        self.follow(document, _loop_id=loop_id)

    def trait_values_now(self) -> dict[str, Any] | None:
        """What the document says of each trait; None where the loop was removed."""
        song = self._document.revision
        loop = song.loops.get(self._loop_id)
        if loop is None:
            return None
        return {
            "name": loop.name,
            "tempo": float(loop.tempo or song.tempo),
            "swing": _swing(loop.settings),
            "level": float(loop.settings.get(LEVEL, BY_KEY["amp.level"].default)),
            "bars": loop.bars,
            "key": loop.key,
        }

    def write_field(self, field: str, value: float | str) -> None:
        """Write a plain field of the loop into the document."""
        with self._document.edit() as edit:
            edit.set_loop_field(self._loop_id, field, value)

    def write_swing(self, value: float) -> None:
        """Write the loop's swing into the document."""
        amount = checks.setting("master", "groove.amount", value)
        with self._document.edit() as edit:
            edit.set_setting(self._loop_id, SWING_TYPE, "swing" if amount else None)
            edit.set_setting(self._loop_id, SWING, amount or None)

    def write_level(self, value: float) -> None:
        """Write the loop's level into the document."""
        level = checks.setting("master", "amp.level", value)
        with self._document.edit() as edit:
            edit.set_setting(self._loop_id, LEVEL, level)


def _swing(settings: Mapping[str, Any]) -> float:
    """How far a loop swings; one with another groove, or none, does not."""
    swings = settings.get(SWING_TYPE) == "swing"
    return float(settings.get(SWING, BY_KEY["groove.amount"].default)) if swings else 0.0


def _field(field: str, check: Callable[[Any], Any]) -> Callable[[LoopWidget, Any], None]:
    return lambda widget, value: widget.write_field(field, check(value))


LoopWidget.WRITERS = {
    "name": _field("name", checks.name),
    "tempo": _field("tempo", checks.tempo),
    "bars": _field("bars", checks.bars),
    "key": _field("key", checks.key),
    "swing": LoopWidget.write_swing,
    "level": LoopWidget.write_level,
}
