"""What a cell shows: static forms that are small, deterministic and self-contained."""

import base64
import io
import re
import xml.etree.ElementTree as ET

import pytest
import soundfile
from hypothesis import given, settings

import cellissimo as cm
from cellissimo.notebook import display, picture
from cellissimo.schema import models
from tests.strategies import loops


@pytest.fixture
def band():
    """A busy loop of eight rows."""
    loop = cm.Loop("Band <&>", tempo=112)
    loop.chords = "Pop"
    for row in ("lead", "pluck", "arp", "kick", "snare", "hat", "clap", "bass"):
        loop[row] = "Xox.x.oxx.xoX.xo"
    return loop


def parts(html):
    """The picture and the sound of a static view, decoded."""
    picture_text = re.search(r"data:image/svg\+xml;base64,([^\"]+)", html)[1]
    sound_text = re.search(r"data:audio/mpeg;base64,([^\"]+)", html)
    sound = base64.b64decode(sound_text[1]) if sound_text else None
    return base64.b64decode(picture_text).decode(), sound


def test_a_loop_shows_as_view_widget_html_and_text(band):
    """All four forms are there, and the text is the digest."""
    bundle = display.loop_bundle(band)
    assert list(bundle) == [display.WIDGET, display.VIEW, "text/html", "text/plain"]
    assert bundle["text/plain"] == repr(band) == bundle[display.VIEW]["alt"]


def test_the_static_form_is_the_same_for_the_same_music(band):
    """[DOC-12] Ids, times and addresses are not in it: a copy shows the very same bytes."""
    one, other = display.loop_bundle(band), display.loop_bundle(band.copy())
    del one[display.WIDGET], other[display.WIDGET]
    assert one == other
    assert band.id not in str(one)
    assert " at 0x" not in str(one)


def test_the_sound_is_at_most_eight_seconds_of_the_render(band):
    """An MP3 that decodes, with the length of the loop or 8 s, and that is not silent."""
    _, sound = parts(display.loop_bundle(band)["text/html"])
    samples, rate = soundfile.read(io.BytesIO(sound))
    assert len(samples) / rate == pytest.approx(8, abs=0.1)
    assert abs(samples).max() > 0.1


def test_a_loop_without_steps_has_a_picture_and_no_sound():
    """Silence is not saved."""
    svg, sound = parts(display.loop_bundle(cm.Loop("Empty"))["text/html"])
    assert sound is None
    assert "Empty" in svg


def test_ten_busy_loops_stay_under_two_megabytes(band):
    """The budget of a saved notebook."""
    total = 0
    for at in range(10):
        loop = band.copy(f"Band {at}")
        loop.tempo = 100 + at
        bundle = display.loop_bundle(loop)
        total += sum(len(str(value)) for value in bundle.values())
    assert total < 2_000_000


def test_alt_text_and_names_are_escaped(band):
    """A name cannot break out of its attribute or its element."""
    html = display.loop_bundle(band)["text/html"]
    assert "Band <&>" not in html
    svg, _ = parts(html)
    assert "Band &lt;&amp;&gt;" in svg


@settings(max_examples=40)
@given(loops())
def test_every_loop_has_a_picture_that_is_well_formed(loop):
    """Whatever a loop holds, its picture is XML and small."""
    svg = picture.loop_svg(loop, models.Song("s", "S"))
    parsed = ET.fromstring(svg)  # noqa: S314 - our own
    assert parsed.tag == "{http://www.w3.org/2000/svg}svg"


def test_the_picture_shows_each_step(band):
    """Removing a step changes the picture."""
    before = picture.loop_svg(band.model, band.document.revision)
    band["kick"].remove(0)
    assert picture.loop_svg(band.model, band.document.revision) != before


def test_the_picture_shows_how_long_a_step_lasts(band):
    """A ribbon runs over the cells of a held step, to the end of the loop at most."""
    before = picture.loop_svg(band.model, band.document.revision)
    band["pad"].set(0, duration="1n")
    held = picture.loop_svg(band.model, band.document.revision)
    assert held.count('fill-opacity="0.45"') == before.count('fill-opacity="0.45"') + 1
    band["pad"].set(0, duration=480 * 1000)
    assert ET.fromstring(picture.loop_svg(band.model, band.document.revision))  # noqa: S314 - our own


def test_a_chord_shows_its_keys_and_sounds():
    """A keyboard with the four tones, and a sound."""
    bundle = display.chord_bundle(cm.Chord("F#m7b5"))
    svg, sound = parts(bundle["text/html"])
    assert svg.count(picture.FUNCTION["tonic"]) == 4
    assert sound
    assert bundle["text/plain"] == "Chord F#m7b5 · F# A C E"


def test_a_song_shows_its_pads(band):
    """The name of each loop stands on its pad."""
    song = cm.Song("Evening")
    song.pads[4] = band
    svg, _ = parts(display.song_bundle(song)["text/html"])
    assert "Evening" in svg
    assert "Band &lt;&amp;&gt;" in svg
