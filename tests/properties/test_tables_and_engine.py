from dataclasses import replace

import numpy as np
from hypothesis import given, settings

from cellissimo.engine.render import events
from cellissimo.engine.song_image import song_image
from cellissimo.schema.models import Loop, Song
from cellissimo.tables.of_song import chords_of, notes_of
from tests.strategies import songs

MOVING = ("groove.type", "amp.mute", "amp.solo")


def plain(song: Song) -> Song:
    """The song without what a table leaves aside: grooves, chance, mutes, automation, freezing."""
    stems = {
        key: replace(stem, settings=_still(stem.settings), lanes={}, frozen=None)
        for key, stem in song.stems.items()
    }
    return replace(
        song,
        loops={key: _plain_loop(loop) for key, loop in song.loops.items()},
        stems=stems,
        master=_still(song.master),
        lanes={},
    )


def _still(settings):
    return {key: value for key, value in settings.items() if not key.endswith(MOVING)}


def _plain_loop(loop: Loop) -> Loop:
    steps = {place: replace(step, probability=1.0) for place, step in loop.steps.items()}
    return replace(loop, steps=steps, settings=_still(loop.settings))


@settings(max_examples=40)
@given(songs())
def test_the_notes_of_a_song_are_what_the_engine_plays(song):
    """[DOC-23, DOC-26, DOC-27] Each note of the table is an event, at its tick, and no other is."""
    still = plain(song)
    heard = events(song_image(still))
    table = notes_of(still)
    shown = sorted(
        zip(table["start"], table["pitch"], table["duration"], table["velocity"], strict=True)
    )
    loud = np.rint(heard["velocity"] * 127)
    played = sorted(zip(heard["tick"], heard["pitch"], heard["duration"], loud, strict=True))
    assert len(played) == len(shown)
    assert np.allclose(np.array(played), np.array(shown), rtol=0, atol=1e-4)


@settings(max_examples=25)
@given(songs())
def test_what_a_table_leaves_aside_does_not_change_it(song):
    """Grooves, chance, mutes, automation and freezing are of the playing, not of the writing."""
    assert notes_of(plain(song)) == notes_of(song)


@settings(max_examples=25)
@given(songs())
def test_chords_fill_their_loops_without_a_gap(song):
    """[DOC-22] On the timeline, a chord ends where the next one of its block begins."""
    for block in song.blocks.values():
        loop = song.loops.get(block.loop)
        if loop and any(cell == 0 for cell in loop.chords):
            alone = replace(song, blocks={block.id: block}, stems={}, segments={})
            chords = chords_of(alone)
            assert block.start == chords["start"][0]
            ends = chords["start"] + chords["duration"]
            assert [*chords["start"][1:].tolist(), block.end] == ends.tolist()
