"""A piece's notes as a MIDI file: written by a worker, kept for a while."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from cellissimo.notation.song_file import print_song
from cellissimo.schema.models import Song
from cellissimo_server.errors import InvalidError, UnavailableError
from cellissimo_server.jobs.supervising import Limits, Outcome, Task, supervise
from cellissimo_server.settings import MB

if TYPE_CHECKING:
    from cellissimo_server.services import Services

_WORK = "cellissimo_server.workers.render:midi"
_MOST_BYTES = 20 * MB
_AT_ONCE = asyncio.Semaphore(1)
"""Workers of this kind at once: nobody has to sign in for them."""


async def midi_of_piece(services: Services, piece_id: str) -> bytes:
    """The MIDI file of a piece as it is now.

    Raises:
        InvalidError: the song cannot be written as MIDI; the message says why.
        UnavailableError: it took too long.
    """
    found = await services.documents.revision(piece_id)

    async def write() -> bytes:
        async with _AT_ONCE:
            return await asyncio.to_thread(_written, services, found.value)

    made: bytes = await services.caches.made.kept((piece_id, found.seq, "midi"), write)
    return made


def _written(services: Services, song: Song) -> bytes:
    settings = services.settings
    limits = Limits(settings.worker_seconds, settings.worker_memory, _MOST_BYTES, addresses=False)
    with tempfile.TemporaryDirectory(prefix="cellissimo-midi-") as name:
        folder = Path(name)
        (folder / "song.song").write_text(print_song(song), "utf-8", newline="\n")
        outcome = supervise(Task(_WORK, name, {}, limits))
        if outcome.how == "done":
            return (folder / str(outcome.value["file"])).read_bytes()
    raise _refusal(outcome)


def _refusal(outcome: Outcome) -> InvalidError | UnavailableError:
    if outcome.how == "refused":
        return InvalidError(str(outcome.value["message"]), cure=str(outcome.value["cure"]))
    return UnavailableError("The MIDI file could not be written.", cure="Try again in a minute.")
