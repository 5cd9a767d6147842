"""The rows of a loop: which there are, what sounds on them, and their order (DOC-4)."""

from __future__ import annotations

from cellissimo.schema.limits import MASTER
from cellissimo.schema.models import Loop
from cellissimo.schema.sounds import SOUNDS, Sound, find_sound

SOUND_KEY = "sample.sound"
"""The setting that gives a row its sound."""

_PLACE = {sound_id: place for place, sound_id in enumerate(SOUNDS)}


def row_sound(loop: Loop, row: str) -> Sound | None:
    """What sounds on a row: its own setting, else what its name means; None where neither does."""
    named = loop.settings.get(f"{row}.{SOUND_KEY}")
    return find_sound(row if named is None else str(named))


def row_place(loop: Loop, row: str) -> tuple[int, str]:
    """What rows are sorted by: the place of the sound in the library, then the name."""
    sound = row_sound(loop, row)
    return (_PLACE[sound.id] if sound else len(_PLACE), row)


def rows_of(loop: Loop) -> tuple[str, ...]:
    """The names of the rows of a loop, in their order."""
    names = {row for row, _ in loop.steps} | {key.partition(".")[0] for key in loop.settings}
    return tuple(sorted(names - {MASTER}, key=lambda row: row_place(loop, row)))
