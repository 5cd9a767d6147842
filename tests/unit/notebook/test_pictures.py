"""Pictures and displays of songs, stems, segments, audio and players."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings

import cellissimo as cm
from cellissimo.media.recording import ArrayRecording, peaks
from cellissimo.notebook import display, picture_song
from cellissimo.notebook.picture_wave import Wave, WaveCard, wave_svg
from cellissimo.schema import models
from tests.strategies import songs

RATE = 48_000
SVG = "{http://www.w3.org/2000/svg}"


def evening():
    """A song with everything that a picture shows."""
    song = cm.Song("Evening <&>", tempo=92)
    verse = cm.Loop("Verse loop", bars=2)
    verse["kick"], verse["hat"] = "x...x...x...x...", "x.x.x.x.x.x.x.x."
    song.pads[0] = verse
    song.timeline.append(verse, times=4)
    song.sections.add("Verse", bar=1, bars=8)
    song.markers.add("drop", bar=5)
    bass = song.stems.add("Bass", sound="bass-sub", color="#c58bff")
    bass.add_notes([(step * 480, 400, 36 + step * 7 % 12) for step in range(32)], bar=1)
    drums = song.stems.add("Drums")
    drums.add_pattern("seq snare: ....x.......x...", bar=1, bars=2)
    drums.add_loop(verse, bar=5, times=1)
    noise = np.random.default_rng(1).uniform(-0.3, 0.3, 2 * RATE).astype(np.float32)
    song.stems.add("Voice").add_audio(cm.Audio(noise, name="take 3"), bar=3)
    return song


@pytest.fixture(scope="module")
def song():
    """Hold a song that the tests only look at."""
    return evening()


def parts(bundle):
    """The picture and the sound of a display, decoded."""
    html = bundle["text/html"]
    picture = re.search(r"data:image/svg\+xml;base64,([^\"]+)", html)[1]
    sound = re.search(r"data:audio/mpeg;base64,([^\"]+)", html)
    return base64.b64decode(picture).decode(), sound and base64.b64decode(sound[1])


def texts(svg):
    """The words of a picture."""
    return [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314 - our own


def test_a_song_shows_its_timeline_stems_sections_and_pads(song):
    """All their names are there to be read, and its facts."""
    said = texts(parts(display.song_bundle(song))[0])
    assert {"Evening <&>", "Verse", "Loops", "Verse loop", "Bass", "Drums", "Voice"} <= set(said)
    assert "4/4 · C major · 92 BPM · 8 bars · 0:21" in said


def test_a_song_has_its_widget_and_its_beginning_as_sound(song):
    """Eight seconds that are not silent."""
    bundle = display.song_bundle(song)
    assert list(bundle) == [display.WIDGET, display.VIEW, "text/html", "text/plain"]
    samples, rate = soundfile.read(io.BytesIO(parts(bundle)[1]))
    assert len(samples) / rate == pytest.approx(8, abs=0.1)
    assert abs(samples).max() > 0.05


@pytest.mark.parametrize(
    "shown",
    [
        display.song_bundle,
        lambda song: display.excerpt_bundle(song.bars(3, 4)),
        lambda song: display.stem_bundle(song.stems["Drums"]),
        lambda song: display.segment_bundle(song.stems["Bass"].segments[0]),
        lambda song: display.segment_bundle(song.stems["Drums"].segments[0]),
        lambda song: display.segment_bundle(song.stems["Voice"].segments[0]),
    ],
    ids=["song", "excerpt", "stem", "notes", "pattern", "audio"],
)
def test_the_same_song_made_again_shows_the_same_bytes(song, shown):
    """Ids are new in each run of a notebook; picture, sound and text are not."""
    one, other = shown(song), shown(evening())
    for bundle in (one, other):
        bundle.pop(display.WIDGET, None)
    assert one == other
    assert parts(one)[1]


def test_each_kind_of_segment_is_drawn(song):
    """Notes as strokes, a wave as bars, a loop as itself."""
    notes, _ = parts(display.segment_bundle(song.stems["Bass"].segments[0]))
    strokes = re.search(r'<path d="(M[^"]+)" stroke="#c58bff"', notes)[1]
    assert strokes.count("M") == 32
    wave, _ = parts(display.segment_bundle(song.stems["Voice"].segments[0]))
    assert wave.count("v") > 200
    loop, _ = parts(display.segment_bundle(song.stems["Drums"].segments[1]))
    assert "Verse loop" in texts(loop)


def test_what_is_removed_says_so_and_has_no_picture():
    """A variable may outlive what it showed."""
    song = evening()
    stem = song.stems["Bass"]
    segment = stem.segments[0]
    stem.delete()
    assert display.stem_bundle(stem) == {"text/plain": "Stem · removed"}
    assert display.segment_bundle(segment) == {"text/plain": "Segment · removed"}


def test_audio_that_is_not_here_leaves_the_rest_of_the_picture(song):
    """The song of somebody else, without its recordings."""
    model = song.model
    svg = picture_song.song_svg(model, picture_song.no_waves)
    assert "Voice" in texts(svg)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(songs())
def test_every_song_has_a_picture_that_is_well_formed(model):
    """Whatever a song holds."""
    ET.fromstring(picture_song.song_svg(model))  # noqa: S314 - our own
    for stem in model.stems.values():
        ET.fromstring(picture_song.stem_svg(model, stem))  # noqa: S314
    for segment in model.segments.values():
        if segment.stem in model.stems:
            ET.fromstring(picture_song.segment_svg(model, segment))  # noqa: S314


def test_the_picture_of_a_big_song_stays_small():
    """60 stems, 60 000 notes and 512 blocks in less than 60 KB."""
    rng = np.random.default_rng(1)
    loop = models.Loop(
        "l", "Loop", steps={(f"row{row}", cell): models.Step() for row in range(24)
                            for cell in range(64)},
    )  # fmt: skip
    stems = {str(at): models.Stem(str(at), f"Stem {at}", order=f"V{at:03}") for at in range(60)}
    notes = {
        str(at): models.Note(int(rng.integers(0, 400_000)), 240, int(rng.integers(20, 100)))
        for at in range(1000)
    }
    segments = {key: models.Segment(key, key, "midi", 0, 491_520, notes=notes) for key in stems}
    blocks = {
        str(at): models.Block(str(at), "l", at // 16 * 15360, 15360, lane=at % 16)
        for at in range(512)
    }
    big = models.Song("b", "Big", loops={"l": loop}, stems=stems, segments=segments, blocks=blocks)
    svg = picture_song.song_svg(big)
    assert len(svg) < 60_000
    assert "and 36 more stems" in texts(svg)


def test_audio_shows_its_wave_and_loudness():
    """Length, channels and LUFS stand over the wave."""
    time = np.arange(3 * RATE) / RATE
    sound = (0.5 * np.sin(2 * np.pi * 997 * time)).astype(np.float32)
    bundle = display.audio_bundle(cm.Audio(np.stack([sound, sound]), name="Sine"))
    svg, mp3 = parts(bundle)
    assert {"Sine", "0:03 · stereo · -6.0 LUFS"} <= set(texts(svg))
    samples, rate = soundfile.read(io.BytesIO(mp3))
    assert len(samples) / rate == pytest.approx(3, abs=0.1)
    assert bundle["text/plain"].startswith('Audio "Sine"')


def test_a_player_shows_both_versions_and_its_digest():
    """Two waves with their names, equally loud as they are heard."""
    noise = np.random.default_rng(1).uniform(-0.2, 0.2, (2, 10 * RATE)).astype(np.float32)
    player = cm.Player({"before": noise, "after": noise * 2}, title="Mix")
    bundle = display.player_bundle(player)
    assert list(bundle) == [display.WIDGET, display.VIEW, "text/html", "text/plain"]
    svg, mp3 = parts(bundle)
    assert {"Mix", "before", "after"} <= set(texts(svg))
    assert bundle["text/plain"] == repr(player)
    samples, rate = soundfile.read(io.BytesIO(mp3))
    assert len(samples) / rate == pytest.approx(8, abs=0.1)


@pytest.mark.parametrize("seconds", [0.01, 0.5, 7, 100, 4000])
def test_a_wave_of_any_length_is_well_formed_and_small(seconds):
    """A hundredth of a second, and more than an hour."""
    outline = peaks(ArrayRecording(np.ones((1, 4000), np.float32) * 0.5), 4)
    shown = WaveCard("A <b>", ("facts",), seconds, [Wave("A", outline)], [(0.0, "Start & go")])
    svg = wave_svg(shown)
    assert "A <b>" in texts(svg)
    assert len(svg) < 12_000
