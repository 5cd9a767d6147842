"""Telling those who are in a room what has become true by a command."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cellissimo.schema.policy import Action

if TYPE_CHECKING:
    from cellissimo_server.services import Services

TOLD_TO: Mapping[str, Action] = {
    "piece": Action.READ,
    "chat": Action.COMMENT,
    "comment": Action.COMMENT,
    "members": Action.LIST_MEMBERS,
    "shares": Action.READ_SHARES,
    "version": Action.READ_HISTORY,
    "activity": Action.READ_HISTORY,
}
"""What whoever is told of each kind of news has to be allowed to do [WIRE-17]: the right that the
REST interface asks for the same."""

_SAID = frozenset({"chat", "comment"})
_MOST_TOLD = 5000


class Told:
    """What rooms were told of what is said: other servers' words are told once, and ours too."""

    def __init__(self) -> None:
        """Nothing was told."""
        self._known: OrderedDict[str, None] = OrderedDict()

    def note(self, piece_id: str, news: Mapping[str, Any]) -> None:
        """Remember that this was told."""
        if news["kind"] in _SAID:
            self._known[_named(piece_id, news)] = None
            while len(self._known) > _MOST_TOLD:
                self._known.popitem(last=False)

    def knows(self, piece_id: str, news: Mapping[str, Any]) -> bool:
        """Whether it was."""
        return _named(piece_id, news) in self._known


def _named(piece_id: str, news: Mapping[str, Any]) -> str:
    """What is told, but for where in the song it stands, which changes by itself."""
    said = json.dumps({**news, "comment": {**news.get("comment", {}), "place": None}})
    return f"{piece_id} {hashlib.sha256(said.encode()).hexdigest()}"


def announce(
    services: Services,
    piece_id: str,
    news: Mapping[str, Any],
    *,
    again: bool = True,
) -> None:
    """Send NEWS to the room of a piece, where there is one: to all whose right it is.

    ``again``: also where it was told before.
    """
    if not again and services.told.knows(piece_id, news):
        return
    services.told.note(piece_id, news)
    services.rooms.news(piece_id, news, TOLD_TO[news["kind"]])


def announce_members(services: Services, piece_id: str) -> None:
    """Tell those who may list its members that they are to be read again."""
    announce(services, piece_id, {"kind": "members"})
