"""A share link that was just made."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from cellissimo.client.http import Client
    from cellissimo.schema.rest.shares import MadeShare


class Share:
    """A link to a song or loop; whoever has it may do what it allows. ``url`` is the link.

    What it shows of itself does not hold the link: a notebook may be passed on.
    """

    __slots__ = ("_client", "_days", "_made", "_name")

    def __init__(self, client: Client, made: MadeShare, name: str, days: int | None) -> None:
        """What ``client`` has made for the piece called ``name``."""
        self._client = client
        self._made = made
        self._name = name
        self._days = days

    @property
    def id(self) -> str:
        """The link's id, by which it is revoked."""
        return self._made.id

    @property
    def url(self) -> str:
        """The link itself: pass it on to whom you like."""
        return self._made.share_url

    @property
    def jam_url(self) -> str:
        """The page on which whoever has the link plays along, without an account or a kernel."""
        root, _, token = self._made.share_url.rpartition("/s/")
        return f"{root}/jam/{token}"

    @property
    def token(self) -> str:
        """The secret in the link."""
        return self._made.share_token

    @property
    def rights(self) -> tuple[str, ...]:
        """What it allows."""
        return tuple(str(right) for right in self._made.rights)

    @property
    def expires_at(self) -> datetime | None:
        """Until when it is valid; None for ever."""
        return self._made.expires_at

    def revoke(self) -> None:
        """End the link, at once."""
        self._client.revoke_share(self.id)

    def __repr__(self) -> str:
        """One line, without the link."""
        days = "for ever" if self._days is None else f"for {self._days} days"
        return f"Share of {self._name!r}: {', '.join(self.rights)}, {days} (.url is the link)"
