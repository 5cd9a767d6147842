"""What a server says about itself."""

from __future__ import annotations

from typing import Any

from cellissimo.schema.rest.people import Person
from cellissimo.schema.rest.shape import Shape


class About(Shape):
    """A server: its version, what it accepts, and who is asking."""

    version: str
    user: Person | None
    single_user: bool
    settings: dict[str, Any]
    limits: dict[str, Any]


class Health(Shape):
    """Whether something is as it should be."""

    status: str
