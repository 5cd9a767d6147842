"""Writes the loops whose score images Python and the browser must both make alike.

`make gen` runs it: a change of a sound, a parameter or the image changes them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path

from cellissimo.engine.image import score_image
from cellissimo.schema.models import Loop, Song
from tests.parity.loops import LOOPS

TARGET = Path(__file__).parent / "images.json"
SONG = Song("parity", "parity")


def revision_json(loop: Loop) -> dict[str, object]:
    """A loop and what it takes of its song, as the tests of both languages read it."""
    plain = dataclasses.asdict(loop)
    plain["chords"] = {str(cell): symbol for cell, symbol in loop.chords.items()}
    plain["steps"] = {
        f"{row}/{cell}": dataclasses.asdict(step) for (row, cell), step in loop.steps.items()
    }
    return {"context": {"tempo": SONG.tempo, "meter": SONG.meter}, "loop": plain}


def image_of(loop: Loop) -> bytes:
    """The score image of a loop that follows an ordinary song."""
    return score_image(loop, SONG).words


def fixtures() -> str:
    """All loops as JSON, one a line, each with the sha256 of its image."""
    lines = [
        json.dumps(
            {"sha256": hashlib.sha256(image_of(loop)).hexdigest(), **revision_json(loop)},
            ensure_ascii=False,
        )
        for loop in LOOPS
    ]
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    TARGET.write_text(fixtures(), encoding="utf-8")
