"""What leads from one revision to another, key by key: to be merged into a third [DOC-8]."""

from __future__ import annotations

from dataclasses import replace

from cellissimo.crdt.document import Document
from cellissimo.crdt.mirror import Change
from cellissimo.schema.models import Song


def differences(old: Song, new: Song) -> list[Change]:
    """The changes that make of ``old`` what ``new`` says, outer maps first. Cost: O(things)."""
    document = Document(old)
    found: list[Change] = []
    document.watch(found.extend)
    with document.edit() as edit:
        edit.set_song(replace(new, id=old.id, kind=old.kind))
    return found
