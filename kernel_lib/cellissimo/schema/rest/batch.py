"""Several requests in one: each with its own rights and its own answer."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cellissimo.schema.rest.shape import Request, Shape

MOST_REQUESTS = 50
"""Requests of one batch."""


class BatchedRequest(Request):
    """One request: its path below ``/cellissimo/api/v1``, and the ETag it was made for."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[!-~]+$")]
    body: dict[str, Any] | None = None
    if_match: Annotated[str, Field(max_length=100, pattern=r"^[!-~]+$")] | None = None


class Batch(Request):
    """Requests that are answered one after the other."""

    requests: Annotated[list[BatchedRequest], Field(min_length=1, max_length=MOST_REQUESTS)]


class BatchedAnswer(Shape):
    """The answer to one request, as it would have come alone."""

    status: int
    body: Any
    etag: str | None


class BatchAnswer(Shape):
    """The answers, in the order of the requests."""

    responses: list[BatchedAnswer]
