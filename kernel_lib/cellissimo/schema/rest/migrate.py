"""Migration: what a browser has kept of the playground, moved to the server in one go."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from cellissimo.schema.rest.shape import Request, Shape

Items = Annotated[list[dict[str, Any]], Field(max_length=1000)]
"""Things as the playground has them, each with a local ``id``."""


class LocalSample(Request):
    """A sample of the playground: its bytes as base64."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore"
    )

    id: Annotated[str, Field(min_length=1, max_length=100)]
    name: Annotated[str, Field(min_length=1, max_length=255)]
    data: str
    mime_type: Annotated[str, Field(max_length=100)] | None = None


class Migration(Request):
    """What is to move; whatever else the playground has kept is passed over.

    ``dry_run`` says what would happen, and changes nothing.
    """

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="ignore"
    )

    loops: Items = Field(default_factory=list)
    songs: Items = Field(default_factory=list)
    samples: Annotated[list[LocalSample], Field(max_length=200)] = Field(default_factory=list)
    dry_run: bool = False


class Counts(Shape):
    """How many of each."""

    loops: int
    songs: int
    samples: int


class Migrated(Shape):
    """What moved, what was here already, and under which ids it is known from now on."""

    migrated: Counts
    skipped: Counts
    id_mapping: dict[str, str]
    warnings: list[str]
    dry_run: bool
