"""A song in a real JupyterLab: arranged by mouse and keys, read and changed by the kernel."""

import re

import pytest

from tests.browser.lab import code_cell, notebook

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

SONG = """import cellissimo as cm

song = cm.Song("Evening", tempo=120)
beat = cm.Loop("Beat", bars=1)
beat["drum-kick"] = "x...x...x...x..."
tune = cm.Loop("Tune", bars=2)
tune.chords = "I V"
tune["synth-pluck"] = "x.x.x.x.x.x.x.x."
song.pads[0] = beat
song.pads[1] = tune
song.timeline.append(beat, times=4)
song.timeline.append(tune, times=2, lane=1)
song.stems.add("Bass", sound="bass-sub").add_notes([(0, 960, 36), (1920, 960, 43)], bar=1)
song.returns.add("Room", **{"reverb.mix": 1})
song.sections.add("Verse", bar=1, bars=4)
song"""


@pytest.fixture
def desk(sit_down, lab_server):
    """Sit before a live song, with two empty cells under it."""
    lab_server.write("song.ipynb", notebook(code_cell(SONG), *[code_cell("")] * 2))
    desk = sit_down(lab_server)
    desk.open("song.ipynb")
    desk.width(1280, 1400)
    desk.run(0)
    expect(view(desk)).to_be_visible()
    return desk


def view(desk, index=0):
    """Find the live song under a cell."""
    return desk.output(index).get_by_role("region", name="Song ")


def item(desk, name):
    """Find a block or a segment by how it is said."""
    return view(desk).get_by_role("gridcell", name=re.compile(name))


def drag(desk, locator, across, down=0):
    """Take an element by its middle and carry it."""
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    desk.page.mouse.move(x, y)
    desk.page.mouse.down()
    desk.page.mouse.move(x + across, y + down, steps=6)
    desk.page.mouse.up()


def test_what_is_dragged_is_read_by_the_next_cell_and_its_line_does_the_same(desk):
    """A block moved by hand is moved in Python; the line that the view shows moves it likewise."""
    tune = item(desk, "^Tune, bars 1 to 4, lane 2")
    width = tune.bounding_box()["width"]
    drag(desk, tune, width / 2)
    expect(item(desk, "^Tune, bars 3 to 6, lane 2")).to_be_visible()
    line = view(desk).locator(".cm-python-code").inner_text()
    assert re.fullmatch(r"song\.timeline\[\d\]\.move\(bar=3\)", line)
    places = "print([(b.loop.name, b.bar, b.lane) for b in song.timeline])"
    assert desk.write_and_run(1, places) == "[('Beat', 1, 0), ('Tune', 3, 1)]"
    again = f"song.undo(); {line}; {places}"
    assert desk.write_and_run(1, again) == "[('Beat', 1, 0), ('Tune', 3, 1)]"


def test_the_lines_of_many_gestures_are_python_that_runs(desk):
    """What keys, mixer and panels say is run in the kernel as it stands, without an error."""
    page = desk.page
    item(desk, "^Beat").focus()
    lines = []
    shown = view(desk).locator(".cm-python-code")
    for key in ("Shift+ArrowRight", "Control+ArrowLeft", "d", "Shift+ArrowDown", "Delete"):
        page.keyboard.press(key)
        lines.append(shown.inner_text())
    for name, key in (("Bass volume", "PageDown"), ("Bass pan", "End"), ("Bass to Room", "End")):
        view(desk).get_by_role("slider", name=name).press(key)
        lines.append(shown.inner_text())
    view(desk).get_by_role("button", name="Mute Beat").click()
    lines.append(shown.inner_text())
    view(desk).get_by_role("button", name="Add an effect to Bass").click()
    page.locator(".cm-inspector").get_by_text("Delay", exact=True).click()
    lines.append(shown.inner_text())
    page.keyboard.press("Escape")
    view(desk).get_by_role("button", name="Delay of Bass on").click()
    lines.append(shown.inner_text())
    assert len(set(lines)) == len(lines)
    copy = "; ".join(SONG.split("\n")[2:-1])
    program = "\n".join([copy.replace("; beat", "\nbeat"), *lines, "print(song.stems['Bass'].pan)"])
    assert desk.write_and_run(1, program) == "1.0"


def test_the_kernel_changes_the_view_and_the_view_undoes_its_own(desk):
    """A block that Python adds appears; Ctrl+Z in the view takes back the view's own step."""
    desk.write_and_run(1, "song.timeline.append(tune, lane=2); song.stems['Bass'].volume = 0.5")
    expect(item(desk, "^Tune, bars 1 to 2, lane 3")).to_be_visible()
    fader = view(desk).get_by_role("slider", name="Bass volume")
    expect(fader).to_have_attribute("aria-valuetext", "\u22126.0 dB")
    fader.press("PageUp")
    assert desk.write_and_run(2, "print(song.stems['Bass'].volume > 0.5)") == "True"
    fader.focus()
    desk.page.keyboard.press("Control+z")
    assert desk.write_and_run(2, "print(song.stems['Bass'].volume)") == "0.5"


def test_it_plays_and_its_loops_open_below(desk):
    """The song sounds and its playhead moves; a loop of it opens, and a step there is Python's."""
    view(desk).get_by_role("button", name="Play").first.click()
    expect(view(desk)).to_have_attribute("data-state", "playing")
    expect(view(desk).locator(".cm-place-time")).not_to_have_text("0:00.0")
    view(desk).get_by_role("button", name="Stop").first.click()
    item(desk, "^Beat").press("Enter")
    step = view(desk).get_by_role("button", name=re.compile("^drum-clap, bar 1, beat 2, off"))
    step.click()
    assert desk.write_and_run(1, 'print(len(beat["drum-clap"].steps))') == "1"


def test_it_looks_finished_in_both_themes(desk):
    """The canvas follows JupyterLab's theme, at the width of a notebook."""
    brightness = """() => {
      const canvas = document.querySelector(".cm-field-canvas");
      if (canvas === null) return NaN;
      const [x, y] = [canvas.width - 3, canvas.height - 30];
      return canvas.getContext("2d").getImageData(x, y, 1, 1).data[0];
    }"""
    desk.page.wait_for_function(f"({brightness})() > 200")
    desk.shot("song-lab-light", view(desk))
    desk.theme("JupyterLab Dark")
    desk.page.wait_for_function(f"({brightness})() < 100")
    desk.shot("song-lab-dark", view(desk))
