"""Requests as values: what is sent, and how its answer is read. Nothing here knows a socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeAlias, TypeVar
from urllib.parse import quote

from cellissimo.client.errors import ServerError, refusal
from cellissimo.schema.rest.shape import Shape

T = TypeVar("T")
Made = TypeVar("Made", bound=Shape)

READS = frozenset({"GET", "HEAD"})
"""Methods that change nothing, so that they may be sent again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers by their names in lower case, and the body."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:  # noqa: ANN401 - any JSON
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.content)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One request. ``path`` is below the interface's root; ``read`` makes of the answer what it is.

    ``body`` is sent as JSON, ``content`` as it is, ``files`` (name and bytes) with ``form``.
    """

    method: str
    path: str
    read: Callable[[Answer], T]
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float | None = None

    @property
    def is_read(self) -> bool:
        """Whether it changes nothing."""
        return self.method in READS

    def result(self, answer: Answer) -> T:
        """What the answer gives.

        Raises:
            ServerError: it is a refusal, or no answer of ours.
        """
        where = f"{self.method} {self.path}"
        if not 200 <= answer.status < 300:
            raise refusal(answer.status, answer.json(), where)
        try:
            return self.read(answer)
        except ValueError as error:
            if isinstance(error, ServerError):
                raise
            message = (
                f"{where} was answered by something that this version does not read; "
                "update cellissimo here or on the server"
            )
            raise ServerError(message, status=answer.status) from error


Plan: TypeAlias = Generator[Call[Any], Any, T]
"""Several calls, each made from the answers before it; the return value is what they give."""


def ask(call: Call[T]) -> Plan[T]:
    """A plan of one call."""
    found: T = yield call
    return found


def as_model(kind: type[Made]) -> Callable[[Answer], Made]:
    """Reads an answer as a model of the interface."""
    return lambda answer: kind.model_validate(answer.json())


def as_json(answer: Answer) -> Any:  # noqa: ANN401 - any JSON
    """Reads an answer as JSON."""
    return answer.json()


def as_text(answer: Answer) -> str:
    """Reads an answer as text."""
    return answer.content.decode()


def as_bytes(answer: Answer) -> bytes:
    """Reads an answer as it is."""
    return answer.content


def as_nothing(_answer: Answer) -> None:
    """There is nothing to read."""


def at(*parts: str) -> str:
    """A path of parts, each of which stays one whatever is in it."""
    return "/".join(quote(part, safe="") for part in parts)


def query_of(**given: object) -> dict[str, str]:
    """What stands behind the question mark: without what is None, with yes and no as JSON's."""
    return {name: _written(value) for name, value in given.items() if value is not None}


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple | list):
        return ",".join(map(str, value))
    return str(value)


def given(**fields: object) -> dict[str, Any]:
    """A body of the fields that were given: those that are None are left out."""
    return {name: value for name, value in fields.items() if value is not None}


def if_match(rev: int | None) -> dict[str, str]:
    """The header that lets a change happen only to the revision it was made for."""
    return {} if rev is None else {"If-Match": f'"{rev}"'}
