"""What an object is, in a few lines of plain text that are the same whenever the object is.

It is the `text/plain` of a notebook's output, the alternative text of pictures and what a screen
reader says: no ids, no addresses, no times of day.
"""

from __future__ import annotations

from cellissimo.notation.digest_loop import chord_tones, digest_chord, digest_loop
from cellissimo.notation.digest_song import digest_song, digest_whole
from cellissimo.notation.digest_stem import digest_return, digest_segment, digest_stem
from cellissimo.notation.digest_timeline import (
    digest_block,
    digest_marker,
    digest_section,
    digest_tempos,
)

__all__ = [
    "chord_tones",
    "digest_block",
    "digest_chord",
    "digest_loop",
    "digest_marker",
    "digest_return",
    "digest_section",
    "digest_segment",
    "digest_song",
    "digest_stem",
    "digest_tempos",
    "digest_whole",
]
