"""Telling those who are in a room what has become true by a command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from cellissimo.schema.policy import Action

if TYPE_CHECKING:
    from cellissimo_server.services import Services


def announce(
    services: Services, piece_id: str, news: Mapping[str, Any], action: Action = Action.READ
) -> None:
    """Send NEWS to the room of a piece, where there is one: to all who may do ``action`` there."""
    services.rooms.news(piece_id, news, action)


def announce_members(services: Services, piece_id: str) -> None:
    """Tell those who may list its members that they are to be read again."""
    announce(services, piece_id, {"kind": "members"}, Action.LIST_MEMBERS)
