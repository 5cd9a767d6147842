"""Audio of a project: put there by a kernel or a page, read by whoever may hear the project."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from cellissimo.schema.limits import MOST_FRAMES
from cellissimo.schema.policy import Action
from cellissimo_server.access.person import Person
from cellissimo_server.access.standing import permitted
from cellissimo_server.commands import quotas
from cellissimo_server.commands.keep_blob import keep_blob
from cellissimo_server.errors import InvalidError
from cellissimo_server.store import blob_uses, outlines
from cellissimo_server.store.blob_uses import Blob
from cellissimo_server.store.blobs import checked_name, missing
from cellissimo_server.store.database import Connection
from cellissimo_server.store.upload_files import Receiver

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_RATE, _BITS = 48_000, 24


async def may_put(services: Services, person: Person, piece_id: str, name: str) -> None:
    """Pass where somebody may add audio to a project, before its bytes come.

    Raises:
        NotFoundError: there is no such project, or not for this person.
        ForbiddenError: they may not add to it.
        InvalidError: the name is none.
    """
    checked_name(name)
    await services.database.read(lambda db: permitted(db, piece_id, person, Action.ADD_SAMPLE))


async def put_blob(
    services: Services, person: Person, piece_id: str, name: str, receiver: Receiver
) -> Blob:
    """Keep received bytes as audio that a project needs.

    Raises:
        InvalidError: they are not those of the name, or no canonical WAV file.
        QuotaError: the project's owner has no room for them.
    """
    path = services.upload_files.path(receiver.upload_id)

    def allowed(db: Connection) -> None:
        piece, _ = permitted(db, piece_id, person, Action.ADD_SAMPLE)
        if not blob_uses.is_used_by(db, name, "piece", piece_id):
            more = receiver.received
            quotas.check_room(db, services.settings, piece.owner_id, "recording", more)

    try:
        found = await receiver.finish()
        if found != name:
            raise _other_bytes(name, found)
        with path.open("rb") as file:
            check_wav(file.read(_HEADER.size), receiver.received)
        await services.database.read(allowed)  # what is refused must not lie here for a day
        blob = await keep_blob(services, path, "audio/wav")
    finally:
        await services.upload_files.delete(receiver.upload_id)
    now = services.clock()

    def work(db: Connection) -> None:
        allowed(db)
        blob_uses.add_kept(db, blob, "piece", piece_id, now)

    await services.database.write(work)
    return blob


async def blob_of_piece(services: Services, person: Person, piece_id: str, name: str) -> Blob:
    """Audio that a project needs, for whoever may hear it.

    Raises:
        NotFoundError: there is none of that name, or no such project for this person.
    """
    checked_name(name)

    def look(db: Connection) -> Blob:
        permitted(db, piece_id, person, Action.READ)
        found = blob_uses.by_name(db, name)
        if found is None or not blob_uses.is_used_by(db, name, "piece", piece_id):
            raise missing(name)
        return found

    return await services.database.read(look)


UNMEASURED = b'{"perSecond": 100, "low": [], "high": []}'
"""The outline of what nobody has measured."""


async def outline_of_piece(services: Services, person: Person, piece_id: str, name: str) -> bytes:
    """The outline of audio that a project needs, as JSON; empty where nobody has measured it.

    Raises:
        NotFoundError: there is no such audio or project for this person.
    """
    recording = await blob_of_piece(services, person, piece_id, name)
    peaks = await services.database.read(lambda db: outlines.peaks_of(db, recording.name))
    return UNMEASURED if peaks is None else await services.blobs.read(peaks)


def check_wav(start: bytes, length: int) -> None:
    """Pass where these 44 bytes begin a canonical WAV file of ``length`` bytes.

    Raises:
        InvalidError: they do not.
    """
    if len(start) == _HEADER.size:
        words = _HEADER.unpack(start)
        channels, size = words[6], words[12]
        if channels in (1, 2) and words == _words(channels, size):
            width = _BITS // 8 * channels
            whole = length == _HEADER.size + size + size % 2 and size % width == 0
            if whole and 0 < size // width <= MOST_FRAMES:
                return
    raise InvalidError(
        "These bytes are no canonical WAV file.",
        field="body",
        accepted="WAV of 24 bits, 48 000 Hz, 1 or 2 channels, with a header of 44 bytes",
        cure="Upload the file as a sample: the server makes one of it.",
    )


def _words(channels: int, size: int) -> tuple[object, ...]:
    """The header of a canonical WAV file, word by word."""
    width = _BITS // 8 * channels
    riff = (b"RIFF", 36 + size + size % 2, b"WAVE")
    form = (b"fmt ", 16, 1, channels, _RATE, width * _RATE, width, _BITS)
    return (*riff, *form, b"data", size)


def _other_bytes(name: str, found: str) -> InvalidError:
    return InvalidError(
        f"The bytes are not those of {name[:12]}….",
        field="sha256",
        value=name,
        accepted=found,
        cure="Send them again, or name them by their own sha256.",
    )
