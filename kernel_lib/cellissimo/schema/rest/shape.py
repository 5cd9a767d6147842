"""What every JSON shape has in common: camelCase outside, errors that name the field."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel


class Shape(BaseModel):
    """What the server answers: unknown fields of a newer server are passed over."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values with the names that travel."""
        return self.model_dump(mode="json", by_alias=True)


class Request(Shape):
    """What the server accepts: a field it does not know is refused, so that a typo is seen."""

    model_config = ConfigDict(
        alias_generator=to_camel, populate_by_name=True, frozen=True, extra="forbid"
    )

    @property
    def given(self) -> dict[str, Any]:
        """The fields that were sent, by their Python names."""
        return {name: getattr(self, name) for name in self.model_fields_set}


def to_time(ms: int) -> datetime:
    """Milliseconds since 1970 UTC as a time."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def _written(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


Time = Annotated[datetime, PlainSerializer(_written, return_type=str, when_used="json")]
"""A time as "2026-11-21T08:00:00.000Z"."""


class ErrorDetail(Shape):
    """What was wrong: the field and its value, what is accepted, and the cure."""

    code: str
    message: str
    field: str | None = None
    value: Any = None
    accepted: str | None = None
    cure: str
    yours: Any = None
    theirs: Any = None


class ErrorAnswer(Shape):
    """The one shape of every error."""

    error: ErrorDetail


class Done(Shape):
    """It is done, and there is nothing more to say."""

    success: bool = True
