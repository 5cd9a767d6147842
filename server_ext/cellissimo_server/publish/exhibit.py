"""What a public page shows of a piece: its facts, in the words that everybody reads."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Literal

from cellissimo.schema.models import Song

Kind = Literal["loop", "song"]

_SHORT = 200


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose piece it is; ``picture`` is an address of this server or a ``data:`` picture."""

    name: str
    picture: str | None = None

    @property
    def initials(self) -> str:
        """One or two letters in place of a picture; "?" for a name without letters."""
        words = [word for word in self.name.split() if word[0].isalnum()]
        letters = [word[0] for word in (words[:1] + words[1:][-1:])]
        return "".join(letters).upper()[:2] or "?"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A piece as a page shows it: rights already checked, nothing in it that is not public."""

    id: str
    kind: Kind
    title: str
    owner: Owner
    song: Song
    seq: int
    digest: str
    code: str
    rights: frozenset[str]
    description: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    views: int = 0
    tempo: float = 120.0
    meter: str = "4/4"
    key: str = "C major"
    bars: int = 1
    length_ms: int = 0
    is_public: bool = False
    embed_origins: tuple[str, ...] = ()

    @property
    def color(self) -> str:
        """The colour of the loop, or of a song's first loop."""
        loops = [*self.song.loops.values()]
        return loops[0].color if loops else "#5b8def"

    @property
    def facts(self) -> tuple[str, ...]:
        """Length, tempo, meter and key, each in a few words."""
        seconds = round(self.length_ms / 1000)
        length = f"{seconds // 60}:{seconds % 60:02}"
        return (
            f"{self.bars} bar{'' if self.bars == 1 else 's'}",
            length,
            f"{self.tempo:g} BPM",
            self.meter,
            self.key,
        )

    @property
    def summary(self) -> str:
        """One short line for previews: what its owner wrote, or else its facts."""
        plain = " ".join(self.description.split())
        if not plain:
            return f"A {self.kind} by {self.owner.name}: {', '.join(self.facts)}."
        return plain if len(plain) <= _SHORT else plain[: _SHORT - 1].rstrip() + "…"


def plain_title(name: str) -> str:
    """A name without control and direction signs, which would turn the text around it."""
    kept = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    return kept.strip() or "Untitled"


def safe_picture(address: str | None) -> str | None:
    """The address of a face that the page's policy lets through, else None.

    A picture of another site would tell that site who looks at the page.
    """
    if address is None or len(address) > 100_000:
        return None
    if address.startswith("/") and not address.startswith(("//", "/\\")):
        return address
    kinds = ("png", "jpeg", "webp", "gif")
    return address if address.startswith(tuple(f"data:image/{k};base64," for k in kinds)) else None
