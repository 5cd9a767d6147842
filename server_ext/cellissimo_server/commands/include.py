"""What comes with a project where it is asked for: its members, links, stems and versions."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from cellissimo_server.access.person import Person
from cellissimo_server.commands.change_members import list_members
from cellissimo_server.commands.keep_versions import list_versions
from cellissimo_server.commands.share import list_shares
from cellissimo_server.commands.show_share import share_shown
from cellissimo_server.commands.show_stems import list_stems
from cellissimo_server.commands.shown import Seen

if TYPE_CHECKING:
    from cellissimo_server.services import Services

INCLUDED = ("members", "stems", "shares", "versions")


async def include(
    services: Services, person: Person, one: Seen, wanted: Collection[str]
) -> dict[str, Any]:
    """The sub-resources that ``wanted`` names, as they are at addresses of their own.

    Raises:
        ForbiddenError: one of them is not ``person``'s to see.
    """
    found: dict[str, Any] = {}
    if "members" in wanted:
        members = await list_members(services, person, one.piece.id)
        found["members"] = [member.to_json() for member in members]
    if "shares" in wanted:
        shares = await list_shares(services, person, one.piece.id)
        found["shares"] = [share_shown(share).to_json() for share in shares]
    if "stems" in wanted:
        stems = await list_stems(services, person, one.piece.id)
        found["stems"] = [stem.to_json() for stem in stems]
    if "versions" in wanted:
        versions = await list_versions(services, person, one.piece.id)
        found["versions"] = [version.to_json() for version in versions]
    return found
