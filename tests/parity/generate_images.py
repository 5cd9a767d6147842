"""Writes the loops and songs whose score images Python and the browser must both make alike.

`make gen` runs it: a change of a sound, a parameter or the image changes them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

from cellissimo.engine.image import score_image
from cellissimo.engine.song_image import fingerprint, song_image
from cellissimo.schema.models import Loop, Song
from tests.parity.loops import LOOPS
from tests.parity.songs import SONGS

TARGET = Path(__file__).parent / "images.json"
SONG = Song("parity", "parity")


def loop_json(loop: Loop) -> dict[str, object]:
    """A loop as the tests of both languages read it."""
    plain = dataclasses.asdict(dataclasses.replace(loop, steps={}))
    plain["steps"] = {
        f"{row}/{cell}": dataclasses.asdict(step) for (row, cell), step in loop.steps.items()
    }
    return plain


def revision_json(loop: Loop) -> dict[str, object]:
    """A loop and what it takes of its song, as the tests of both languages read it."""
    context = {"tempo": SONG.tempo, "meter": SONG.meter, "seed": SONG.seed}
    return {"context": context, "loop": loop_json(loop)}


def song_json(song: Song) -> dict[str, object]:
    """A song as the tests of both languages read it."""
    plain = dataclasses.asdict(dataclasses.replace(song, loops={}))
    plain["loops"] = {loop_id: loop_json(loop) for loop_id, loop in song.loops.items()}
    return plain


def image_of(loop: Loop) -> bytes:
    """The score image of a loop that follows an ordinary song."""
    return score_image(loop, SONG).words


def fixtures() -> str:
    """All loops and songs as JSON, one a line, each with the sha256 of its image."""
    loops = [{"sha256": _sha256(image_of(loop)), **revision_json(loop)} for loop in LOOPS]
    songs = [_song_fixture(song) for song in SONGS]
    return f'{{"loops": [\n{_lines(loops)}\n],\n"songs": [\n{_lines(songs)}\n]}}\n'


def _song_fixture(song: Song) -> dict[str, object]:
    made = song_image(song)
    return {
        "sha256": _sha256(made.words),
        "strips": made.strips,
        "audio": made.audio,
        "fingerprints": {stem: fingerprint(song, stem) for stem in song.stems},
        "song": song_json(song),
    }


def _sha256(words: bytes) -> str:
    return hashlib.sha256(words).hexdigest()


def _lines(rows: list[dict[str, object]]) -> str:
    return ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


if __name__ == "__main__":
    TARGET.write_text(fixtures(), encoding="utf-8")
