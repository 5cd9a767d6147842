"""How much room somebody has for audio, and how large one piece of it may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cellissimo_server.errors import InvalidError, QuotaError, TooLargeError
from cellissimo_server.settings import MB, Settings
from cellissimo_server.store import blob_uses, samples, uploads
from cellissimo_server.store.database import Connection

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = ("sample", "recording", "original")
"""Classes of uploads, each with a largest size and a quota of its own."""


def largest(settings: Settings, kind: str) -> int:
    """The largest upload of a class, in bytes.

    Raises:
        InvalidError: there is no such class.
    """
    if kind not in KINDS:
        raise InvalidError(
            f"There is no class {kind[:40]!r} of uploads.",
            field="class",
            value=kind[:40],
            accepted=", ".join(KINDS),
            cure="Choose one of them; short sounds are samples.",
        )
    return int(getattr(settings, f"{kind}_bytes"))


def check_size(settings: Settings, kind: str, size: int) -> None:
    """Pass where an upload of ``size`` bytes is not too large for its class.

    Raises:
        TooLargeError: it is.
    """
    most = largest(settings, kind)
    if size > most:
        raise too_large(kind, most, size)


def too_large(kind: str, most: int, size: int | None = None) -> TooLargeError:
    """What to tell of an upload with more bytes than its class takes."""
    return TooLargeError(
        f"A {kind} has at most {most / MB:g} MB.",
        field="size",
        value=size,
        accepted=f"at most {most} bytes",
        cure="Send it as FLAC or MP3, split it, or upload it as a larger class: "
        f"{', '.join(KINDS)}.",
    )


def used(db: Connection, owner_id: str) -> dict[str, int]:
    """What somebody's audio takes of each quota, in bytes by class.

    The trash counts, and so does what was announced. Audio that their pieces need and that is no
    sample of theirs counts as recordings.
    """
    kept, coming = samples.bytes_of(db, owner_id), uploads.bytes_of(db, owner_id)
    found = {kind: kept.get(kind, 0) + coming.get(kind, 0) for kind in KINDS}
    found["recording"] += blob_uses.bytes_of_pieces(db, owner_id)
    return found


def quotas(settings: Settings) -> Mapping[str, int]:
    """The quota of each class, in bytes."""
    return {kind: int(getattr(settings, f"{kind}_quota")) for kind in KINDS}


def check_room(db: Connection, settings: Settings, owner_id: str, kind: str, more: int) -> None:
    """Pass where somebody has room for ``more`` bytes.

    To be called in the transaction that takes the room.

    Raises:
        QuotaError: they have not.
    """
    held, most = used(db, owner_id)[kind], quotas(settings)[kind]
    if held + more > most:
        raise QuotaError(
            f"Your {kind}s take {held / MB:.1f} of {most / MB:g} MB; there is no room for "
            f"{more / MB:.1f} MB more.",
            field="size",
            value=more,
            accepted=f"at most {max(most - held, 0)} bytes",
            cure=f"Delete {kind}s that no song needs, also from the trash.",
        )
