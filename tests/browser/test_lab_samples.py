"""Samples and projects in the notebooks of a real JupyterLab: uploaded, heard, dragged, opened."""

import io
import re

import numpy as np
import pytest
import soundfile

from tests.browser.lab import code_cell, notebook
from tests.hostile.write_xss_strings import strings

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

SONG = """import cellissimo as cm

song = cm.Song("Evening", tempo=120)
song.stems.add("Takes")
song"""

_NO_PATIENCE = 60_000
"""Milliseconds that a kernel may take to start and to fetch."""


@pytest.fixture(scope="module")
def server(keeping_server):
    """Hold a JupyterLab of one person, whose kernels find its projects and samples."""
    return keeping_server


def show(desk, name):
    """Click the sidebar's tab, and give the sidebar."""
    desk.page.locator(f'.lm-TabBar-tab[data-id="cellissimo-{name}"]').click()
    return desk.page.get_by_role("region", name=name.title(), exact=True)


def tone(seconds):
    """Write a file of sound."""
    file = io.BytesIO()
    wave = 0.5 * np.sin(np.arange(int(seconds * 48_000)) * 0.05)
    soundfile.write(file, wave, 48_000, format="WAV")
    return file.getvalue()


def upload(desk, panel, name, content):
    """Choose a file with the button of the sidebar."""
    with desk.page.expect_file_chooser() as chosen:
        panel.get_by_role("button", name="Upload sound files").click()
    chosen.value.set_files({"name": name, "mimeType": "audio/wav", "buffer": content})


def test_a_project_opens_in_a_notebook_that_shows_it(sit_down, server):
    """One click on its name: a notebook of that name, run, with the song live in it."""
    project = server.keep("projects", {"name": 'Evening/"<b>', "tempo": 97})
    desk = sit_down(server)
    desk.open_lab()
    panel = show(desk, "projects")
    panel.get_by_role("button", name='Evening/"<b>', exact=True).click()
    song = desk.output(0).get_by_role("region", name='Song Evening/"<b>')
    expect(song).to_be_visible(timeout=_NO_PATIENCE)
    expect(panel).to_contain_text("Whoever runs a cell here acts as")
    source = desk.cell(0).locator(".cm-content").inner_text()
    assert f'song = cm.open("{project["id"]}")  # Evening/"<b>' in source
    desk.shot("project-in-notebook")
    assert (server.root / "Evening b.ipynb").exists()


def test_samples_are_uploaded_heard_and_dragged(sit_down, server):
    """A file's wave appears; it plays, alone; its line drops into a cell, its sound onto a stem."""
    server.write("takes.ipynb", notebook(code_cell(SONG), code_cell("take = ")))
    desk = sit_down(server)
    desk.open("takes.ipynb")
    desk.width(1500, 1200)
    desk.run(0)
    panel = show(desk, "samples")
    upload(desk, panel, "Oh <i>yeah.wav", tone(1))
    row = panel.get_by_role("listitem").filter(has_text="Oh <i>yeah")
    expect(row.locator("svg path").last).to_have_attribute("d", re.compile("^M0 -"))
    row.get_by_role("button", name="Play Oh <i>yeah", exact=True).click()
    expect(row.get_by_role("button", name="Stop Oh <i>yeah", exact=True)).to_be_visible()
    expect(row.get_by_role("button", name="Play Oh <i>yeah", exact=True)).to_be_visible()
    row.drag_to(desk.cell(1).locator(".cm-line"), target_position={"x": 200, "y": 8})
    expect(desk.cell(1).locator(".cm-content")).to_have_text(re.compile(r'^take = cm\.sample\("'))
    stem = desk.output(0).get_by_role("row", name=re.compile("Takes"))
    row.drag_to(stem, target_position={"x": 400, "y": 20})
    segment = desk.output(0).get_by_role("gridcell", name=re.compile("Oh <i>yeah"))
    expect(segment).to_be_visible(timeout=_NO_PATIENCE)
    line = desk.output(0).locator(".cm-python-code").inner_text()
    assert re.fullmatch(
        r'song\.stems\["Takes"\]\.add_audio\(cm\.sample\("[\w-]+"\), bar=\d+\)', line
    )
    desk.shot("samples-dragged")
    song = desk.output(0).get_by_role("region", name="Song Evening")
    song.get_by_role("button", name="Play").first.click()
    expect(song).to_have_attribute("data-state", "playing")
    row.get_by_role("button", name="Play Oh <i>yeah", exact=True).click()
    expect(song).not_to_have_attribute("data-state", "playing")
    pushed = desk.write_and_run(1, "song.push(); print(len(song.stems['Takes'].segments))")
    assert pushed.endswith("1")
    row.get_by_role("button", name="More for Oh <i>yeah", exact=True).click()
    desk.page.get_by_role("menuitem", name="Delete…").click()
    desk.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(desk.page.get_by_role("dialog")).to_contain_text("Songs play this sample: 'Evening'")
    desk.accept("Keep it")
    expect(row).to_be_visible()
    assert all("409" in error for error in desk.errors)
    desk.errors.clear()


def test_what_is_no_sound_is_refused_with_its_reason(sit_down, server):
    """A file that only calls itself a sound is not taken, and the reason stays to be read."""
    desk = sit_down(server)
    desk.open_lab()
    panel = show(desk, "samples")
    upload(desk, panel, "lie.wav", b"<html>" * 100)
    expect(panel.get_by_role("alert")).to_contain_text("a web page, not audio")
    panel.get_by_role("button", name="Cancel lie.wav").click()
    expect(panel.get_by_role("alert")).to_have_count(0)
    assert all("cellissimo/api/v1/samples/upload" in error for error in desk.errors)
    desk.errors.clear()


def test_names_that_try_to_run_are_shown_as_they_are(sit_down, server):
    """310 hostile names in the list, page after page: each is text, and none of them runs."""
    named = [name for name in strings() if name.strip() == name]
    for at in range(0, len(named), 50):
        made = [
            {"method": "POST", "path": "loops", "body": {"name": name, "length": 1}}
            for name in named[at : at + 50]
        ]
        answers = server.keep("batch", {"requests": made})["responses"]
        assert {201} == {answer["status"] for answer in answers}
    desk = sit_down(server)
    desk.open_lab()
    panel = show(desk, "projects")
    panel.get_by_role("combobox", name="Kind").select_option("Loops")
    cards = panel.locator(".cl-card-name")
    more = panel.get_by_role("button", name="Show more")
    for shown in range(30, len(named), 30):
        expect(cards).to_have_count(shown)
        more.click()
    expect(cards).to_have_count(len(named))
    assert sorted(named) == sorted(cards.evaluate_all("all => all.map(one => one.textContent)"))
    for entry in ("Rename…", "Share…"):
        panel.get_by_role("button", name=re.compile("^More for")).first.press("Enter")
        desk.page.get_by_role("menuitem", name=entry, exact=True).click()
        expect(desk.page.get_by_role("dialog")).to_be_visible()
        desk.page.keyboard.press("Escape")
    assert desk.page.evaluate("globalThis.ran") is None
    strangers = panel.locator("img, script, iframe, object, embed, form, style, a, audio, video")
    expect(strangers).to_have_count(0)
