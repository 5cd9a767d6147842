"""What happened to a song on its server, and its named versions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, overload

from cellissimo.music.table_text import html_table, text_table
from cellissimo.schema import checks

if TYPE_CHECKING:
    from cellissimo.client.http import Client
    from cellissimo.music.player import Player
    from cellissimo.schema.rest.history import Revision, Version

_HEAD = ("revision", "who", "what", "version")
_SHOWN = 90
"""Characters of what happened, in a line of text."""


class History(Sequence["Revision"]):
    """The revisions of a song, newest first; each has ``seq``, ``at``, ``author`` and ``words``."""

    def __init__(
        self, revisions: Sequence[Revision], client: Client | None = None, piece_id: str = ""
    ) -> None:
        """These, of a piece that ``client`` reaches."""
        self._revisions = list(revisions)
        self._client = client
        self._piece_id = piece_id

    def play(self, bars: tuple[int, int] | None = None, most: int = 8) -> Player:
        """A player in which the song grows: one revision behind the other, each with a marker.

        Of each revision the first bars that it changed, or always the same ``bars``; the newest
        ``most`` of those that sound other than the one before.

        Raises:
            ServerError: the server does not answer.
            LimitError: nothing in it is to be heard.
        """
        from cellissimo.music.revisions import growing  # noqa: PLC0415 - needs NumPy

        if self._client is None:
            raise checks.LimitError("this history is of no server; song.history() is")
        return growing(self._client, self._piece_id, self._revisions[::-1], bars, most)

    @overload
    def __getitem__(self, place: int) -> Revision: ...
    @overload
    def __getitem__(self, place: slice) -> list[Revision]: ...
    def __getitem__(self, place: int | slice) -> Revision | list[Revision]:
        """One, the newest at 0; or several."""
        return self._revisions[place]

    def __len__(self) -> int:
        """How many."""
        return len(self._revisions)

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (
                str(one.seq),
                one.author.display_name if one.author else "",
                one.words,
                one.version.name if one.version else "",
            )
            for one in self._revisions
        ]

    def __repr__(self) -> str:
        """One a line; without times, which would differ in every run."""
        rows = [(seq, who, _short(words), name) for seq, who, words, name in self._rows()]
        return text_table(_HEAD, rows) if rows else "nothing happened yet"

    def _repr_html_(self) -> str:
        """The same as a table."""
        return html_table(_HEAD, self._rows())


def _short(words: str) -> str:
    line = "; ".join(words.splitlines())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 1].rstrip()}…"


class Versions:
    """The named versions of a song: they are kept for ever.

    >>> song.versions.add("demo")
    >>> song.restore("demo")
    """

    def __init__(self, client: Client, piece_id: str) -> None:
        """Those of a piece."""
        self._client = client
        self._piece_id = piece_id

    def add(self, name: str) -> None:
        """Give what the server has now a name."""
        self._client.name_version(self._piece_id, checks.name(name))

    def remove(self, name: str) -> None:
        """Take a version's name away; the revision stays as long as any."""
        self._client.forget_version(self._of(name).id)

    def seq_of(self, revision: int | str) -> int:
        """The number of a revision that is named by its version, or by its number.

        Raises:
            KeyError: there is none of that name.
        """
        return self._of(revision).seq if isinstance(revision, str) else revision

    def _named(self) -> list[Version]:
        listed = self._client.versions(self._piece_id).versions
        return [version for version in listed if version.kind == "named"]

    def _of(self, name: str) -> Version:
        listed = self._named()
        found = [version for version in listed if version.name == name]
        if not found:
            names = ", ".join(version.name for version in listed) or "none"
            raise KeyError(f"there is no version {name!r}; there are: {names}")
        return found[0]

    def __iter__(self) -> Iterator[str]:
        """Their names, newest first."""
        return iter([version.name for version in self._named()])

    def __len__(self) -> int:
        """How many there are."""
        return len(self._named())

    def __repr__(self) -> str:
        """Their names."""
        return f"versions: {', '.join(self) or 'none'}"
