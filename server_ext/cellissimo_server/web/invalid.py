"""What pydantic found wrong, in our one shape of errors."""

from __future__ import annotations

from typing import Any

import pydantic

from cellissimo_server.errors import InvalidError

_ACCEPTED = (
    ("min_length", "at least {} characters"),
    ("max_length", "at most {} characters"),
    ("ge", "{} or more"),
    ("le", "{} or less"),
    ("gt", "more than {}"),
    ("lt", "less than {}"),
    ("pattern", "text like {}"),
    ("expected", "{}"),
)


def invalid(error: pydantic.ValidationError) -> InvalidError:
    """The first of the things that are wrong: its field, its value, what is accepted."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "body"
    value = shown(first.get("input"))
    accepted = _accepted(first.get("ctx", {})) or first["msg"]
    return InvalidError(
        f"{field} is {value!r}; {first['msg']}",
        field=field,
        value=value,
        accepted=accepted,
        cure=f"Send {field} as {accepted}.",
    )


def _accepted(context: dict[str, Any]) -> str:
    found = [words.format(context[name]) for name, words in _ACCEPTED if name in context]
    return " and ".join(found)


def shown(value: object) -> Any:  # noqa: ANN401 - JSON
    """A value as an error shows it: no longer than a line."""
    if isinstance(value, str):
        return value if len(value) <= 200 else f"{value[:200]}…"
    if isinstance(value, int | float | bool) or value is None:
        return value
    return f"{type(value).__name__} of {len(value)}" if hasattr(value, "__len__") else "…"
