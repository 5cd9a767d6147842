"""A Song widget in a real JupyterLab: the seam between page and kernel, and what it sounds like."""

import re

import pytest

from tests.browser.lab import code_cell, notebook

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

SONG = """import cellissimo as cm
import numpy as np
song = cm.Song("Evening", tempo=120)
beat = cm.Loop("Beat", bars=1)
beat["drum-kick"] = "x...x..."
song.timeline.append(beat, times=2)
tape = song.stems.add("Tape")
time = np.arange(96_000, dtype=np.float32) / 48_000
sine = np.sin(2 * np.pi * 330 * time) * 0.3
tape.add_audio(cm.Audio(np.stack([sine, sine]), 48_000), bar=1)
song"""

PLAYER = 'globalThis[Symbol.for("cellissimo.page")].player'


@pytest.fixture
def desk(sit_down, lab_server):
    """Sit before a live song, with three empty cells under it."""
    lab_server.write("song_sound.ipynb", notebook(code_cell(SONG), *[code_cell("")] * 3))
    desk = sit_down(lab_server)
    desk.open("song_sound.ipynb")
    desk.run(0)
    expect(view(desk, 0)).to_be_visible()
    return desk


def view(desk, index):
    """Find the live song under a cell."""
    return desk.output(index).get_by_role("region", name=re.compile("^Song "))


def meters(desk):
    """Give what the page's player hears of the song, by strip; empty while nothing sounds."""
    song_id = desk.write_and_run(1, "print(song.document.revision.id)")
    return song_id, (
        f"(() => {{ const m = {PLAYER}.meters({song_id!r});"
        "return m && { tick: m.tick, ...Object.fromEntries(m.peaks) }; })()"
    )


def test_a_song_plays_with_its_recordings_from_the_kernel(desk):
    """A click on play, and the tape is heard beside the loop; at its end the button is back."""
    _, heard = meters(desk)
    stem = desk.write_and_run(1, 'print(song.stems["Tape"].id)')
    view(desk, 0).get_by_role("button", name="Play").first.click()
    loud = f"(m => m !== null && m.tick > 1000 && m['stem:{stem}'] > 0.05)({heard})"
    desk.page.wait_for_function(loud)
    assert desk.write_and_run(1, "print(song.widget.playing)") == "True"
    desk.page.wait_for_function(f"{heard} === null", timeout=15_000)
    desk.page.wait_for_timeout(200)
    assert desk.write_and_run(2, "print(song.widget.playing)") == "False"


def test_python_plays_and_stops_the_page(desk):
    """`song.play()` and `song.stop()` do what the button does."""
    _, heard = meters(desk)
    view(desk, 0).click(position={"x": 5, "y": 5})
    desk.write_and_run(1, "song.play()")
    desk.page.wait_for_function(f"{heard}?.tick > 100")
    desk.write_and_run(1, "song.stop()")
    desk.page.wait_for_function(f"{heard} === null")


def test_a_link_moves_the_tempo_of_song_view_and_document(desk):
    """The trait, the page's replica and Python say one tempo, whoever set it."""
    desk.write_and_run(1, "song.widget.tempo = 97")
    assert desk.write_and_run(2, "print(song.tempo)") == "97.0"
    tempo = view(desk, 0).get_by_label("Tempo").first
    expect(tempo).to_have_value("97")
    tempo.fill("133")
    tempo.press("Enter")
    assert desk.write_and_run(2, "print(song.tempo, song.widget.tempo)") == "133.0 133.0"


def test_a_busy_kernel_stops_no_recording_that_has_begun(desk):
    """While a cell runs, what was fetched ahead plays on."""
    _, heard = meters(desk)
    desk.write_and_run(1, "tape.add_audio(cm.Audio(np.stack([sine, sine]), 48_000), bar=2)")
    view(desk, 0).get_by_role("button", name="Play").first.click()
    desk.page.wait_for_function(f"{heard}?.tick > 100")
    desk.cell(1).locator(".cm-content").click()
    desk.page.keyboard.press("Control+A")
    desk.page.keyboard.insert_text("import time as t; t.sleep(4); print('slept')")
    desk.page.keyboard.press("Shift+Enter")
    desk.page.wait_for_function(f"{heard}?.tick > 5800")
    expect(desk.cell(1).locator(".jp-InputArea-prompt")).to_have_text("[*]:")
    assert desk.page.evaluate(f"{PLAYER}.reason") == ""
