"""Python that makes a loop or a song again, as text."""

from __future__ import annotations

from cellissimo.notation.loop_code import loop_code
from cellissimo.notation.song_code import song_code

__all__ = ["loop_code", "song_code"]
