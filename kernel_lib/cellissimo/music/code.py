"""Python that makes an object again, and what of an object counts when two are compared."""

from __future__ import annotations

from cellissimo.notation.loop_code import content, loop_code
from cellissimo.notation.song_code import song_code
from cellissimo.notation.song_content import song_content

__all__ = ["content", "loop_code", "song_code", "song_content"]
