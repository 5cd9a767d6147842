"""Values of the playground's JSON: each check gives the value, or names its field and the cure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from cellissimo.domain.errors import CellissimoError
from cellissimo.schema import checks

Json = Mapping[str, Any]
"""An object of JSON."""

Checked = TypeVar("Checked")

_SHOWN, _TOLD = 80, 300
"""Characters of a value, and of a cure, in a message."""

_HUGE = 1 << 64


class PlaygroundError(CellissimoError):
    """JSON that is no loop and no song: the field's path, its value, what is accepted, the cure."""

    def __init__(self, field: str, value: object, accepted: str, cure: str) -> None:
        """Keep the parts apart, so that an answer over HTTP can name them."""
        super().__init__(f"{field} is {_shown(value)}; accepted: {accepted}. {cure}")
        self.field = field
        self.value = value
        self.accepted = accepted
        self.cure = cure


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except ValueError:  # an int of more digits than Python prints
        text = "a number of thousands of digits"
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def fields(value: object, path: str) -> Json:
    """``value``, where it is an object."""
    if not isinstance(value, Mapping):
        raise PlaygroundError(path, value, "an object", "Send {…} with named fields.")
    return value


def items(value: object, path: str, most: int) -> Sequence[Any]:
    """``value``, where it is a list of at most ``most`` items."""
    if not isinstance(value, list | tuple):
        raise PlaygroundError(path, value, "a list", "Send […], empty where there is nothing.")
    if len(value) > most:
        raise PlaygroundError(
            path, f"a list of {len(value)}", f"at most {most} items", "Send fewer."
        )
    return value


def required(given: Json, name: str, path: str) -> Any:  # noqa: ANN401 - any JSON
    """The value of a field that has to be there."""
    if given.get(name) is None:
        raise PlaygroundError(
            within(path, name), given.get(name), "a value", f"Send {name}; it is missing."
        )
    return given[name]


def within(path: str, name: str) -> str:
    """The path of a field of the object at ``path``; "" is the whole."""
    return f"{path}.{name}" if path else name


def whole(value: object, low: int, high: int, path: str) -> int:
    """``value`` as a whole number from ``low`` to ``high``."""
    accepted = f"a whole number from {low} to {high}"
    return checked(path, value, accepted, lambda: checks.whole(value, low, high, path))


def number(value: object, low: float, high: float, path: str) -> float:
    """``value`` as a finite number from ``low`` to ``high``."""
    accepted = f"a number from {low:g} to {high:g}"
    return checked(path, value, accepted, lambda: checks.number(value, low, high, path))


def text(value: object, most: int, path: str) -> str:
    """``value`` as a text of 1 to ``most`` characters."""
    if not isinstance(value, str) or not 1 <= len(value) <= most:
        raise PlaygroundError(path, value, f"a text of 1 to {most} characters", "Send such a text.")
    return value


def checked(path: str, value: object, accepted: str, check: Callable[[], Checked]) -> Checked:
    """What ``check`` gives; what it refuses is told with the field's path."""
    if isinstance(value, int) and abs(value) >= _HUGE:  # Python prints no longer ones
        raise PlaygroundError(path, value, accepted, "Send a smaller number.")
    try:
        return check()
    except PlaygroundError:
        raise
    except CellissimoError as error:
        raise PlaygroundError(path, value, accepted, _sentence(str(error))) from error


def _sentence(words: str) -> str:
    text = " ".join(words[: 2 * _TOLD].split())
    if len(text) > _TOLD:
        return f"{text[:_TOLD]}…"
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"
