"""The trash: what was deleted and can come back for some weeks."""

from __future__ import annotations

from typing import Literal

from cellissimo.schema.rest.shape import Shape, Time

Kind = Literal["project", "loop", "sample"]


class Trashed(Shape):
    """Something in the trash, and when it goes for good."""

    id: str
    kind: Kind
    name: str
    trashed_at: Time
    gone_at: Time


class Trash(Shape):
    """What somebody has in the trash, newest first."""

    pieces: list[Trashed]
    samples: list[Trashed]


class Restored(Shape):
    """Something that came back from the trash."""

    id: str
    kind: Kind
    name: str
