"""Loops as answers show them."""

from __future__ import annotations

from typing import Any

from cellissimo.notation.playground import playground_of_loop
from cellissimo.schema.models import Loop
from cellissimo.schema.rest.loops import Loop as LoopShape
from cellissimo.schema.rest.loops import LoopContent
from cellissimo_server.commands.shown import Seen, card_fields

_CONTENT = ("chordProgression", "iconSequence", "stepsPerBar")


def loop_shown(one: Seen, loop: Loop | None = None) -> LoopShape:
    """A loop of a library; with ``loop``, what its document says, its chords and steps too."""
    fields: dict[str, Any] = {**card_fields(one), "length": one.piece.bars}
    if loop is None:
        return LoopShape(**fields)
    told = playground_of_loop(loop)
    fields |= {"length": loop.bars, "color": loop.color, "name": loop.name}
    return LoopShape.model_validate({**fields, **{name: told[name] for name in _CONTENT}})


def loop_content(loop: Loop) -> LoopContent:
    """A loop as a song holds it."""
    return LoopContent.model_validate(playground_of_loop(loop))
