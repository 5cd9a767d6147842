"""Any loop and any timeline as the playground's JSON, and back."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.notation.playground import (
    PlaygroundError,
    loop_of_playground,
    playground_of_loop,
    playground_of_song,
    song_of_playground,
)
from cellissimo.schema.models import Loop, Song
from tests.strategies import loops, songs


@given(loops())
def test_a_loop_sent_back_changes_nothing(loop: Loop) -> None:
    """GET, then PATCH with the answer: settings, numerals, and each velocity stay."""
    told = json.loads(json.dumps(playground_of_loop(loop)))
    again = loop_of_playground(told, loop.id, loop)
    assert {key: loop.chords[key] for key in sorted(loop.chords)} == again.chords
    sounds = {k: v for k, v in again.settings.items() if k not in loop.settings}
    assert {} == sounds
    assert replace(loop, chords={}) == replace(again, chords={})


@given(loops())
def test_what_was_read_is_written_alike(loop: Loop) -> None:
    """JSON to a new loop to JSON is the identity."""
    told = playground_of_loop(loop)
    assert told == playground_of_loop(loop_of_playground(told, loop.id))


@settings(max_examples=30)  # a whole song is drawn for each
@given(songs().filter(lambda song: song.kind == "song"))
def test_a_songs_timeline_reads_back(song: Song) -> None:
    """Blocks, their lanes, tempo and meter, to JSON and into an empty song, and to JSON again."""
    song = replace(song, segments={}, tempos={0: song.tempos[0]}, meters={0: song.meters[0]})
    told = playground_of_song(song)
    again = song_of_playground(told, song.id, song.loops)
    assert told == playground_of_song(again)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ("name", "length", "iconSequence", "chordProgression", "step", "soundId", "bar",
             "velocity", "note", "chord", "roman", "root", "quality", "color", "row", "timeline",
             "loopId", "startBar", "duration", "bpm", "timeSignature", "totalBars", "id", "key",
             "stepsPerBar", "tempo", "probability", "offset", "lane")
        ),
        inner,
        max_size=6,
    ),
    max_leaves=30,
))  # fmt: skip
def test_whatever_is_sent_reads_or_is_refused(anything: object) -> None:
    """No JSON raises anything but the one error that names its field."""
    sent = {"name": "a", "length": 1, **anything} if isinstance(anything, dict) else anything
    for read in (
        lambda: loop_of_playground(sent, "a"),
        lambda: song_of_playground(sent, "a", {}),
    ):
        try:
            read()
        except PlaygroundError as error:
            assert error.field  # noqa: PT017 - both outcomes are allowed
