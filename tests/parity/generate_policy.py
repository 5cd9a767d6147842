"""Writes what the policy says of every action, role, flag and right, for Python and the browser.

`make gen` runs it. A verdict is a letter: `1` allowed, `0` refused. Sets of flags (and of rights)
are numbered: bit n of the number is the n-th flag.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from cellissimo.schema.policy import Action, Flag, Right, Role, Standing, may, may_grant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

TARGET = Path(__file__).parent / "policy.json"


def subsets(words: Iterable[T]) -> list[frozenset[T]]:
    """Every set of those words, by its number."""
    listed = list(words)
    return [
        frozenset(word for bit, word in enumerate(listed) if number >> bit & 1)
        for number in range(1 << len(listed))
    ]


def members() -> Iterator[Standing]:
    """Members of every role with every set of flags, role by role."""
    return (Standing(role, flags) for role in Role for flags in subsets(Flag))


def visitors() -> Iterator[Standing]:
    """Strangers with every set of rights, then viewers with the same."""
    return (Standing(role, rights=r) for role in (None, Role.VIEWER) for r in subsets(Right))


def verdicts(answers: Iterable[bool]) -> str:
    """A letter for each answer."""
    return "".join("1" if answer else "0" for answer in answers)


def grants(giver: Standing) -> str:
    """Whether a giver may make somebody each role with each set of flags."""
    return verdicts(may_grant(giver, role, flags) for role in Role for flags in subsets(Flag))


def fixtures() -> str:
    """All verdicts as JSON: actions by name, grants by the giver's role and number of flags."""
    rows = {
        "members": {action: verdicts(may(action, who) for who in members()) for action in Action},
        "visitors": {action: verdicts(may(action, who) for who in visitors()) for action in Action},
        "grants": {
            role: [grants(Standing(role, flags)) for flags in subsets(Flag)] for role in Role
        },
    }
    return json.dumps(rows, indent=1) + "\n"


if __name__ == "__main__":
    TARGET.write_text(fixtures(), encoding="utf-8")
