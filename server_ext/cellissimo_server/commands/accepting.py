"""What the domain refuses, said of the field of the request that it came in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from cellissimo.domain.errors import CellissimoError
from cellissimo.notation.playground import PlaygroundError
from cellissimo_server.errors import InvalidError

T = TypeVar("T")
_SHOWN = 200


def accepted(field: str, value: object, check: Callable[[Any], T]) -> T:
    """``value`` as ``check`` gives it.

    Raises:
        InvalidError: ``check`` refuses it; the error names the field.
    """
    with refusing(field, value):
        return check(value)


@contextmanager
def refusing(field: str, value: object = None, *, within: str = "") -> Iterator[None]:
    """Whatever the domain refuses inside is an ``InvalidError`` about this field.

    ``within``: where in the request the JSON stands whose fields the domain names.
    """
    try:
        yield
    except PlaygroundError as error:
        raise InvalidError(
            str(error),
            field=f"{within}.{error.field}" if within else error.field,
            value=_short(error.value),
            accepted=error.accepted,
            cure=error.cure,
        ) from error
    except CellissimoError as error:
        cure = f"Change {field} and send it again."
        raise InvalidError(str(error), field=field, value=_short(value), cure=cure) from error


def _short(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 1 << 63 else "a number of many digits"
    text = value if isinstance(value, str) else f"{type(value).__name__}"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
