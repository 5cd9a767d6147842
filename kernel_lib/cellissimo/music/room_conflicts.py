"""Fields that somebody else set too, a moment before or after: which of the two it is to be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from cellissimo.client.room_values import Person, Told
from cellissimo.crdt.mirror import GONE, Change
from cellissimo.notation.field_words import value_words

if TYPE_CHECKING:
    from cellissimo.crdt.document import Document

Side = Literal["mine", "theirs"]

MOST = 100
"""Conflicts that are remembered; the oldest go first."""


class Conflict:
    """One field that two people set: ``words`` says which, ``by`` who the other is.

    ``mine`` and ``theirs`` are the stored values, None where one took it out; ``stands`` tells
    which of the two the song says.
    """

    def __init__(self, told: Told, settle: Callable[[Conflict, Side], None]) -> None:
        """Out of news of a room; ``settle`` makes the song say one side."""
        self.id = str(told.get("id"))
        self.words = str(told.get("words", ""))
        self.by = Person.of(told.get("by"))
        self.stands: Side = "theirs" if told.get("stands") == "theirs" else "mine"
        self.path = tuple(map(str, told.get("path", ())))
        self.key = str(told.get("key", ""))
        self._values: Mapping[Side, Any] = {
            "mine": _value(told.get("mine")), "theirs": _value(told.get("theirs"))
        }  # fmt: skip
        self._settle = settle

    @property
    def mine(self) -> Any:  # noqa: ANN401 - a stored value
        """What you set; None: you took it out."""
        return None if self._values["mine"] is GONE else self._values["mine"]

    @property
    def theirs(self) -> Any:  # noqa: ANN401 - a stored value
        """What they set; None: they took it out."""
        return None if self._values["theirs"] is GONE else self._values["theirs"]

    def keep_mine(self) -> None:
        """Let the song say what you set: an ordinary edit, which undo takes back."""
        self._settle(self, "mine")

    def keep_theirs(self) -> None:
        """Let the song say what they set: an ordinary edit, which undo takes back."""
        self._settle(self, "theirs")

    def change(self, document: Document, side: Side) -> Change:
        """What makes a document say one side, from what it says now."""
        held: Any = document.stored
        for part in self.path:
            held = held.get(part) if isinstance(held, dict) else None
        before = held.get(self.key, GONE) if isinstance(held, dict) else GONE
        return Change(self.path, self.key, before, self._values[side])

    def __repr__(self) -> str:
        """What both of you set, and which of the two stands."""
        mine, theirs = (
            value_words(self.path, self.key, value) for value in (self.mine, self.theirs)
        )
        now = {"mine": ("as it is now", ""), "theirs": ("", "as it is now")}[self.stands]
        sides = (("yours", mine, now[0]), (f"of {self.by.name}", theirs, now[1]))
        return f"{self.words}: " + " or ".join(
            f"{value} ({', '.join(filter(None, (whose, is_now)))})"
            for whose, value, is_now in sides
        )


class Conflicts(Sequence[Conflict]):
    """What you and somebody else set both, the newest last: ``room.conflicts[0].keep_mine()``."""

    def __init__(self, document: Document, take: Callable[[], None]) -> None:
        """Of the fields of a document; ``take`` takes in what the room has told meanwhile."""
        self._document = document
        self._take = take
        self._held: dict[str, Conflict] = {}
        self._answers: dict[str, Side] = {}

    def heard(self, told: Told) -> None:
        """Take in a notice; one that is settled, or was answered like that, goes."""
        conflict = Conflict(told, self._settle)
        self._held.pop(conflict.id, None)
        if told.get("settled") or self._answers.get(conflict.id) == conflict.stands:
            return
        self._answers.pop(conflict.id, None)
        self._held[conflict.id] = conflict
        while len(self._held) > MOST:
            del self._held[next(iter(self._held))]

    def _settle(self, conflict: Conflict, side: Side) -> None:
        self._held.pop(conflict.id, None)
        self._answers[conflict.id] = side
        while len(self._answers) > MOST:
            del self._answers[next(iter(self._answers))]
        change = conflict.change(self._document, side)
        if not self._document.holds(change):
            self._document.merge([change])

    @overload
    def __getitem__(self, place: int) -> Conflict: ...
    @overload
    def __getitem__(self, place: slice) -> list[Conflict]: ...
    def __getitem__(self, place: int | slice) -> Conflict | list[Conflict]:
        """One, the oldest at 0; or several."""
        self._take()
        return list(self._held.values())[place]

    def __len__(self) -> int:
        """How many are open."""
        self._take()
        return len(self._held)

    def __repr__(self) -> str:
        """One a line."""
        return "\n".join(map(repr, self)) or "nobody else has set what you set"


def _value(told: object) -> Any:  # noqa: ANN401 - a stored value, GONE where it was taken out
    return told["value"] if isinstance(told, Mapping) and "value" in told else GONE
