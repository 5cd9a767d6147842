"""Whether a stem or segment is still what a change was made for."""

from __future__ import annotations

from collections.abc import Callable

from cellissimo.notation.digest_places import tempo_map
from cellissimo.schema.rest.shape import Request, Shape
from cellissimo_server.commands.show_stems import Music
from cellissimo_server.errors import ChangedError
from cellissimo_server.rooms.attribution import Attribution, Thing
from cellissimo_server.rooms.opened import Opened


def check_version(
    held: Opened,
    thing: Thing,
    version: int | None,
    body: Request | None,
    show: Callable[[Music], Shape],
) -> None:
    """Pass where ``version`` is None, or the revision of the thing's last change.

    Raises:
        ChangedError: it was changed since; it tells what was sent, and what is there.
    """
    authors = held.attribution or Attribution(held.seq)
    if version is None or version == authors.seq_of(thing):
        return
    song = held.document.revision
    theirs = show(Music(song, authors, {}, tempo_map(song))).to_json()
    yours = body.model_dump(mode="json", by_alias=True, exclude_unset=True) if body else None
    raise ChangedError(f"This {thing[0][:-1]}", yours=yours, theirs=theirs)
