"""What a review finds in a song, rule by rule."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import cellissimo as cm
from cellissimo.music.opening import licensed_beside
from cellissimo.music.review import review, review_level


def found(song, licensed=lambda _: True):
    """The findings of a song as (rule, words)."""
    return [(finding.rule, str(finding)) for finding in review(song.model, licensed)]


@pytest.fixture
def song():
    """A song that nothing is wrong with."""
    song = cm.Song("Evening")
    song.timeline.append(cm.Loop.from_text("chords: C | G\nseq kick: x...", name="Verse"))
    song.stems.add("Bass", sound="bass-sub").add_notes([(0, 960, "C2")], bar=1)
    return song


def test_a_clean_song_has_no_findings(song):
    """Nothing is said where nothing is wrong."""
    assert found(song) == []
    assert review_level(song) == []


def test_loops_that_nothing_plays_and_empty_ones(song):
    """A loop off the pads and the timeline is named, and so is one without anything."""
    song.add(cm.Loop("Lost"))
    assert found(song) == [
        ("unused", "loop Lost: no pad, block or segment plays it [unused]"),
        ("empty", "loop Lost: it has no steps and no chords [empty]"),
    ]
    song.pads[0] = cm.Loop.from_text("seq kick: x", name="Pad")
    assert "Pad" not in str(found(song))


def test_stems_and_segments_in_which_nothing_sounds(song):
    """A stem without segments, a segment without notes, and one whose notes lie outside."""
    song.stems.add("Empty", sound="bass-sub")
    song.stems["Bass"].add_notes([], bar=3)
    late = song.stems["Bass"].add_notes([(7680, 960, "C2")], bar=5)
    late.length = 3840
    assert [words for rule, words in found(song) if rule == "empty"] == [
        "stem Bass, bar 3: the segment has no notes [empty]",
        "stem Bass, bar 5: none of the segment's notes begins inside it [empty]",
        "stem Empty: it has no segments; delete it, or fill it [empty]",
    ]


@pytest.mark.parametrize(
    ("key", "clashes"), [("A minor", False), ("G major", False), ("C minor", True)]
)
def test_keys_that_clash(song, key, clashes):
    """Relative and neighbouring keys go together; a key with two other tones does not."""
    song.loops["Verse"].key = key
    rules = [rule for rule, _ in found(song)]
    assert rules == (["key"] if clashes else [])


def test_a_drum_loop_has_no_key(song):
    """A loop without chords and melodic sounds may be in any key."""
    drums = cm.Loop.from_text("KEY F# minor\nseq kick: x...", name="Drums")
    song.timeline.append(drums)
    assert found(song) == []


def test_sounds_that_are_not_there(song):
    """A stem whose notes have no sound is named."""
    song.stems.add("Mute").add_notes([(0, 960, 60)], bar=1)
    assert found(song) == [
        ("sound", "stem Mute: its notes have no sound; set stem.sound [sound]"),
    ]


def test_blocks_that_overlap(song):
    """Two blocks of one lane that sound at once are named by their place; of two lanes, not."""
    verse = song.loops["Verse"]
    song.timeline.add(verse, 2)
    ((rule, words),) = found(song)
    assert rule == "overlap"
    assert words.startswith("timeline, bar 2: Verse and Verse overlap in lane 0; move one")
    song.timeline[1].lane = 1
    assert found(song) == []


def test_audio_without_its_file_or_licence(song, tmp_path):
    """Audio asks for its licence until one stands beside it."""
    tone = cm.Audio(np.sin(np.arange(48_000) / 40).astype(np.float32) / 4, 48_000, name="Tone")
    song.stems.add("Voice").add_audio(tone, bar=1)
    path = tmp_path / "evening.song"
    cm.save(song, path)
    licensed = licensed_beside(path)
    ((rule, words),) = found(song, licensed)
    assert rule == "licence"
    assert "stem Voice, Tone: no licence is recorded" in words
    record = Path(tmp_path, "evening.blobs", f"{tone.blob}.wav.license")
    record.write_text("SPDX-License-Identifier: CC0-1.0\n", "utf-8")
    assert found(song, licensed) == []


def test_a_mix_that_is_too_loud(song):
    """What passes 0 dBTP before the limiter is told with how much; far too much, otherwise."""
    loud = cm.Loop.from_text(
        "".join(f"seq kick{n}: X...\nsample kick{n}: kick gain=3\n" for n in range(8)), name="Loud"
    )
    (finding,) = review_level(loud)
    assert finding.rule == "limiter"
    assert "dBTP reach the limiter, which takes" in finding.text
    one = cm.Loop.from_text("seq kick: X...\nsample kick: kick gain=3", name="One")
    (finding,) = review_level(one)
    assert finding.rule == "clipping"
    assert "before the limiter; lower the levels by" in finding.text


def test_more_strips_than_the_engine_has(song):
    """What would not be heard is told before anybody misses it."""
    for number in range(40):
        loop = cm.Loop(f"L{number}", bars=1)
        loop["kick"], loop["hat"] = "x...", "x.x."
        song.stems.add(f"S{number}").add_loop(loop)
    (finding,) = [
        finding for finding in review(song.model, lambda _: True) if finding.rule == "strips"
    ]
    needed = 1 + 41 + 40 * 3 + 2  # master, stems, their loops, the block
    assert finding.text.startswith(f"{needed} mixer strips are needed")
    assert len(song.score.strips) + 1 == 128
