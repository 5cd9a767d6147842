"""Projects as songs of the playground: loops on a timeline counted in bars."""

from __future__ import annotations

from typing import Any

from cellissimo.notation.playground import playground_of_song
from cellissimo.schema.models import Song
from cellissimo.schema.rest.songs import Song as SongShape
from cellissimo_server.commands.show_loop import loop_content
from cellissimo_server.commands.shown import Seen, card_fields


def song_shown(one: Seen, song: Song | None = None) -> SongShape:
    """A project as a song; with ``song``, what its document says, its timeline and loops too."""
    piece = one.piece
    fields: dict[str, Any] = {**card_fields(one), "bpm": piece.tempo, "total_bars": piece.bars}
    if song is None:
        return SongShape(**fields)
    told = playground_of_song(song)
    return SongShape.model_validate(
        {
            **fields,
            "bpm": told["bpm"],
            "total_bars": told["totalBars"],
            "timeline": told["timeline"],
            "loops": [loop_content(loop) for loop in song.loops.values()],
        }
    )
