"""What a handler's method declares about itself: who may call it, what goes in and comes out.

The same declaration authenticates, counts, checks the body and writes the OpenAPI document, so
none of the four can forget a route.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from jupyter_server.auth.decorator import allow_unauthenticated
from pydantic import BaseModel

from cellissimo.schema.policy import Action

if TYPE_CHECKING:
    from cellissimo_server.web.handler import Handler

Access = Literal["anyone", "guest", "person", "moderator", "admin"]
"""Who may call it at all; what they may do with a thing the policy says afterwards."""

Cost = Literal["read", "write", "upload", "change", "free"]
"""Which of somebody's buckets it is taken from; what is said in a room has one of its own."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one route."""

    summary: str
    answer: type[BaseModel] | None
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    status: int
    access: Access
    cost: Cost
    media: str
    body_media: str
    errors: tuple[int, ...]
    action: Action | None = None


def operation(  # noqa: PLR0913 - the words of a declaration, all said by name
    summary: str,
    *,
    answer: type[BaseModel] | None = None,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    status: int = 200,
    access: Access = "person",
    cost: Cost | None = None,
    media: str = "application/json",
    body_media: str = "application/json",
    errors: tuple[int, ...] = (),
    action: Action | None = None,
) -> Callable[[Callable[..., Awaitable[Any]]], Callable[..., Awaitable[None]]]:
    """Declare a handler's method.

    The method gets the path's parameters by name, and ``body`` and ``query`` where they are
    declared. What it returns, a model, is the answer; None where it has answered by itself.
    ``access`` "guest" is a guest or a signed-in person. ``cost`` is "read" for GET and HEAD and
    "write" for the rest unless said. ``action`` is what the policy is asked about the piece whose
    id, or whose part's id, is the first parameter of the path.
    """

    def declare(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[None]]:
        usual: Cost = "read" if method.__name__ in {"get", "head"} else "write"
        declared = Operation(
            summary=summary,
            answer=answer,
            body=body,
            query=query,
            status=status,
            access=access,
            cost=cost or usual,
            media=media,
            body_media=body_media,
            errors=errors,
            action=action,
        )

        # Jupyter must let visitors through: ``access`` is what decides here.
        @allow_unauthenticated
        @functools.wraps(method)
        async def run(self: Handler, **path: str) -> None:
            await self.perform(declared, functools.partial(method, self, **path))

        run.operation = declared  # type: ignore[attr-defined]
        return run

    return declare


def operations_of(handler: type[Any]) -> dict[str, Operation]:
    """The operations that a handler declares, by method in lower case."""
    found = {}
    for name in ("get", "head", "post", "put", "patch", "delete"):
        declared = getattr(getattr(handler, name, None), "operation", None)
        if declared is not None:
            found[name] = declared
    return found
