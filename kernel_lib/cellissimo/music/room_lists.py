"""Who is in a room, and what others did there: small values that show themselves in text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, overload

from cellissimo.client.room_values import Member, Person
from cellissimo.music.table_text import html_table, text_table
from cellissimo.notation.diff import diff_songs

if TYPE_CHECKING:
    from cellissimo.notation.diff_words import Changes
    from cellissimo.schema.models import Song

_HEAD = ("name", "role", "in a")


class Members(Sequence[Member]):
    """Who is in a room, in the order in which they came: ``room.members["Ben"]``."""

    def __init__(self, members: Sequence[Member]) -> None:
        """These."""
        self._members = tuple(members)

    @overload
    def __getitem__(self, place: int | str) -> Member: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Member, ...]: ...
    def __getitem__(self, place: int | str | slice) -> Member | tuple[Member, ...]:
        """One by place or by name, or several.

        Raises:
            KeyError: nobody of that name is there.
        """
        if not isinstance(place, str):
            return self._members[place]
        for member in self._members:
            if member.name == place:
                return member
        here = ", ".join(member.name for member in self._members) or "nobody"
        raise KeyError(f"{place!r} is not here; {here} is")

    def __len__(self) -> int:
        """How many."""
        return len(self._members)

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [member.name for member in self._members]

    def _rows(self) -> list[tuple[str, str, str]]:
        return [
            (f"{one.name} (me)" if one.is_me else one.name, one.role or one.person.kind, one.via)
            for one in self._members
        ]

    def __repr__(self) -> str:
        """One a line; without what changes by itself."""
        return text_table(_HEAD, self._rows()) if self._members else "nobody is here"

    def _repr_html_(self) -> str:
        """The same as a table."""
        return html_table(_HEAD, self._rows())


class RoomChange:
    """What others changed: the song ``before`` and ``after``, and the revision it led to."""

    def __init__(self, before: Song, after: Song, seq: int) -> None:
        """From one to the other."""
        self.before = before
        self.after = after
        self.seq = seq

    @cached_property
    def changes(self) -> Changes:
        """The differences, one after the other, each with its bars."""
        return diff_songs(self.before, self.after)

    @property
    def words(self) -> str:
        """What was changed, in words."""
        return repr(self.changes)

    def __repr__(self) -> str:
        """What was changed, in words."""
        return self.words


@dataclass(frozen=True)
class Away:
    """What others did while one was not here: ``words``, and ``people`` where they are known."""

    words: str = ""
    people: tuple[Person, ...] = ()
    before: Song | None = None
    after: Song | None = None

    def with_change(self, change: RoomChange) -> Away:
        """With what came when one was back."""
        return replace(self, words=change.words, before=change.before, after=change.after)

    def with_news(self, news: Mapping[str, Any]) -> Away:
        """With who did it, as the room tells."""
        return replace(self, people=tuple(map(Person.of, news.get("people", ()))))

    @property
    def names(self) -> list[str]:
        """Who did it, by name."""
        return [person.name for person in self.people]

    def __bool__(self) -> bool:
        """Whether anything happened."""
        return bool(self.words or self.people)

    def __repr__(self) -> str:
        """In words."""
        if not self:
            return "nothing happened while you were away"
        who = f" ({', '.join(self.names)})" if self.people else ""
        return f"while you were away{who}:\n{self.words or 'edits that are here already'}"
