"""The JSON door of a room: changes of a song by path, for clients without a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from cellissimo.schema.rest.shape import Request, Shape

MOST_CHANGES = 100
"""Changes that are one edit."""

ChangeId = Annotated[str, Field(min_length=1, max_length=100)]


class PathChange(Request):
    """One change: ``operation`` at a ``path``, docs/rooms.md lists them.

    ``type``: what it is about, as jam systems say it; the first word of the path may be left out
    then. ``id`` is of the sender's making: a change whose id was taken before changes nothing.
    """

    path: Annotated[str, Field(min_length=1, max_length=500)]
    operation: Literal["set", "add", "remove", "update"] = "set"
    value: Any = None
    type: Literal["pattern", "transport", "effect", "instrument"] | None = None
    id: ChangeId | None = None


class NewChanges(Request):
    """Changes that are one edit: all of them are taken, or none.

    One change may also be sent by itself, and a list of them without the object around it.
    """

    changes: Annotated[list[PathChange], Field(min_length=1, max_length=MOST_CHANGES)]

    @model_validator(mode="before")
    @classmethod
    def _plainly_sent(cls, value: Any) -> Any:  # noqa: ANN401 - any JSON
        if isinstance(value, list):
            return {"changes": value}
        is_one = isinstance(value, Mapping) and "changes" not in value
        return {"changes": [value]} if is_one else value


class ChangeTaken(Shape):
    """A change that is on disk since revision ``seq``; ``again``: it was taken before."""

    path: str
    id: str | None
    seq: int
    again: bool


class ChangesTaken(Shape):
    """What became of changes, and the revision of the song with all of them."""

    seq: int
    changes: list[ChangeTaken]
