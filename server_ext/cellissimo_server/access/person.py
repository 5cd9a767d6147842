"""Who asks: a signed-in person, a guest, or a visitor of whom nothing is known."""

from __future__ import annotations

from dataclasses import dataclass

from cellissimo_server.errors import UnauthenticatedError

ALL_SCOPES = frozenset({"read", "write", "upload"})


@dataclass(frozen=True, slots=True)
class ByLink:
    """The share link that somebody has come with: the hash of its token, and when (ms UTC)."""

    token_hash: str
    at: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks for something.

    ``kind`` is "person", "guest" or "visitor"; a visitor's id is empty. ``scopes`` are those of
    the token they came with, ``token_id`` names it. ``exempt``: no limits an hour apply.
    ``link``: what it allows with its piece is theirs too, while it is valid.
    """

    id: str
    username: str
    display_name: str
    kind: str = "person"
    site_role: str = "member"
    scopes: frozenset[str] = ALL_SCOPES
    exempt: bool = False
    token_id: str | None = None
    link: ByLink | None = None

    @property
    def is_known(self) -> bool:
        """Whether this is somebody rather than just anybody."""
        return self.kind != "visitor"


VISITOR = Person(id="", username="", display_name="", kind="visitor", scopes=frozenset({"read"}))
"""Whoever comes without signing in."""


def known(person: Person) -> Person:
    """``person``, who is signed in or a guest.

    Raises:
        UnauthenticatedError: a visitor, of whom nothing is known.
    """
    if not person.is_known:
        raise UnauthenticatedError(
            "Nobody is signed in.",
            cure="Sign in, or send a token: 'Authorization: Bearer cel_…'.",
        )
    return person
