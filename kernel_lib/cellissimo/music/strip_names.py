"""What the strips of a song's score are to a musician."""

from __future__ import annotations

from cellissimo.notation.rows import SOUND_KEY, row_sound
from cellissimo.schema.models import Song
from cellissimo.schema.sounds import find_sound


def strip_names(song: Song, strip: str) -> dict[str, str]:
    """The part that a strip belongs to, such as "Bass" or "Verse/kick", and the sound it plays."""
    kind, _, rest = strip.partition(":")
    ids = rest.split("/")
    if kind == "stem" and len(ids) == 1:
        stem = song.stems[ids[0]]
        sound = find_sound(str(stem.settings.get(SOUND_KEY, "")))
        return {"part": stem.name, "sound": sound.id if sound else ""}
    if kind == "stem":
        return _row(song, song.stems[ids[0]].name, *ids[1:])
    if kind == "loop":
        return _row(song, "", *ids)
    return {"part": song.returns[rest].name if kind == "return" else "master", "sound": ""}


def _row(song: Song, stem: str, loop_id: str, row: str = "") -> dict[str, str]:
    loop = song.loops[loop_id]
    sound = row_sound(loop, row) if row else None
    parts = [part for part in (stem, loop.name, row) if part]
    return {"part": "/".join(parts), "sound": sound.id if sound else row}
