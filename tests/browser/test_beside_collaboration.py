"""Beside jupyter-collaboration: two people in one shared notebook, while its kernel is busy."""

import os
import re
import subprocess
import sys

import pytest

from tests.browser.lab import FOR_MANY, Desk, code_cell, notebook, serve_lab

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        os.environ.get("CELLISSIMO_LONG") != "1",
        reason="installs jupyter-collaboration from the network; set CELLISSIMO_LONG=1",
    ),
]
expect = pytest.importorskip("playwright.sync_api").expect

COLLABORATION = "jupyter-collaboration==5.0.4"
EXTENSIONS = ("jupyterlab", "jupyter_server_ydoc", "jupyter_server_fileid", "cellissimo_server")
OPTIONS = (
    *FOR_MANY[1:],
    f"--ServerApp.jpserver_extensions={dict.fromkeys(EXTENSIONS, True)}",
)
NAME = "shared.ipynb"
PATIENCE_MS = 30_000
SLEEP_S = 60

SONG = """import os, time
os.environ |= {{"CELLISSIMO_URL": "{url}", "CELLISSIMO_TOKEN": "{token}"}}
import cellissimo as cm
song = cm.Song("Together", tempo=100)
beat = cm.Loop("Beat", bars=1)
beat["drum-kick"] = "x...x...x...x..."
song.timeline.append(beat, times=64)
room = song.join()
song"""

PLAYER = 'globalThis[Symbol.for("cellissimo.page")].player'


@pytest.fixture(scope="module")
def beside(tmp_path_factory):
    """A folder with jupyter-collaboration, whose dependencies are as old as those of the tests."""
    folder = tmp_path_factory.mktemp("collaboration")
    pip = (sys.executable, "-m", "pip")
    freeze = subprocess.run([*pip, "freeze"], check=True, capture_output=True, text=True).stdout
    plain = [line for line in freeze.splitlines() if re.fullmatch(r"[\w.-]+==\S+", line)]
    bounds = folder / "bounds.txt"
    bounds.write_text("\n".join(line for line in plain if "cellissimo" not in line))
    place = folder / "packages"
    command = [*pip, "install", "-q", "--target", str(place), "-c", str(bounds), COLLABORATION]
    subprocess.run(command, check=True, capture_output=True)
    return place


@pytest.fixture(scope="module")
def server(require_tool, beside, tmp_path_factory):
    """A JupyterLab for several people, whose notebooks are shared."""
    require_tool("chromium")
    folder = tmp_path_factory.mktemp("beside")
    with serve_lab(folder, options=OPTIONS, beside=beside) as found:
        yield found


@pytest.fixture
def desks(launch, server):
    """Seat Ada and Ben, each at a browser of their own; no error is one of ours."""
    desks = [Desk(page_of(launch()), server.as_(name)) for name in ("ada", "ben")]
    yield desks
    errors = [error for desk in desks for error in desk.errors]
    print(f"errors in the consoles: {errors}")  # noqa: T201 - those of others count as well
    assert [] == [error for error in errors if "cellissimo" in error]


def page_of(browser):
    """A wide window."""
    return browser.new_context(viewport={"width": 1500, "height": 1000}).new_page()


def test_edits_and_sound_go_on_while_the_kernel_of_a_shared_notebook_sleeps(desks, server):
    """What one sets the other sees, both ways, within the kernel's sleep; the sound never stops."""
    ada, ben = desks
    piece, song_id = shown(ada, server)
    joined(ben)
    ada.shot("beside_ada")
    play_and_sleep(ada)
    first = heard(ada, song_id, 0)
    set_tempo(view_of(ben), "126")
    expect(tempo(view_of(ada))).to_have_value("126", timeout=PATIENCE_MS)
    set_tempo(view_of(ada), "90")
    expect(tempo(view_of(ben))).to_have_value("90", timeout=PATIENCE_MS)
    second = heard(ada, song_id, first)
    assert "[*]:" == prompt(ada, 2).inner_text().strip()
    print(f"piece {piece}: heard at ticks {first} and {second}")  # noqa: T201 - for the record
    ada.shot("beside_busy_ada")
    ben.shot("beside_busy_ben")
    expect(prompt(ada, 2)).to_have_text(re.compile(r"\[\d+\]"), timeout=(SLEEP_S + 30) * 1000)
    heard(ada, song_id, second)
    assert "90" in ada.write_and_run(3, "print(song.tempo)")


def shown(desk, server):
    """Ada's song in the shared notebook, in which Ben may edit; its ids of room and document."""
    server.as_("ben").keep("users/me", method="GET")
    token = desk.server.keep("tokens", {"name": "kernel", "scopes": ["read", "write"]})["token"]
    code = SONG.format(url=server.url, token=token)
    server.write(NAME, notebook(code_cell(code), *[code_cell("")] * 4))
    open_shared(desk)
    desk.run(0)
    expect(view_of(desk)).to_be_visible()
    told = desk.write_and_run(1, "print(room.piece_id, song.document.revision.id)")
    piece, song_id = told.split()
    desk.server.keep(f"projects/{piece}/collaborators", {"username": "ben", "role": "contributor"})
    return piece, song_id


def open_shared(desk):
    """Open the notebook, and wait for a kernel whatever the drive calls its path."""
    desk._go_to(NAME)
    desk.wait_for_cells()
    ready = desk.page.locator(".jp-NotebookPanel .jp-Notebook-ExecutionIndicator[data-status=idle]")
    ready.first.wait_for(state="attached")


def joined(desk):
    """Ben sees the same notebook, and opens its song beside it."""
    desk._go_to(NAME)
    desk.wait_for_cells()
    expect(desk.cell(0)).to_contain_text("Together")
    desk.page.locator('.lm-TabBar-tab[data-id="cellissimo-projects"]').click()
    projects = desk.page.get_by_role("region", name="Projects", exact=True)
    projects.get_by_role("tab", name="Shared", exact=True).click()
    projects.get_by_role("button", name="More for Together", exact=True).click()
    desk.page.get_by_role("menuitem", name="Open the song here", exact=True).click()
    expect(view_of(desk)).to_be_visible()
    expect(tempo(view_of(desk))).to_have_value("100", timeout=PATIENCE_MS)


def play_and_sleep(desk):
    """Ada lets the kernel sleep, and begins to play after it has begun."""
    cell = desk.cell(2)
    cell.locator(".cm-content").click()
    desk.page.keyboard.insert_text(f"time.sleep({SLEEP_S})")
    desk.page.keyboard.press("Shift+Enter")
    expect(prompt(desk, 2)).to_have_text("[*]:")
    view_of(desk).get_by_role("button", name="Play").first.click()


def heard(desk, song_id, after):
    """The tick at which sound is heard, later than ``after``."""
    meters = f"{PLAYER}.meters({song_id!r})"
    loud = f"m.tick > {after} && Math.max(...[...m.peaks].map(([, peak]) => peak)) > 0.01"
    found = desk.page.wait_for_function(
        f"() => {{ const m = {meters}; return m !== null && {loud} && m.tick; }}",
        timeout=PATIENCE_MS,
    )
    return found.json_value()


def set_tempo(song, value):
    """Set the tempo of a song as a person does."""
    tempo(song).fill(value)
    tempo(song).press("Tab")  # a field that somebody is in keeps what they write


def tempo(song):
    """Find the tempo of a song."""
    return song.get_by_role("spinbutton", name=re.compile("^Tempo")).first


def view_of(desk):
    """Find the song on the page."""
    return desk.page.get_by_role("region", name="Song Together", exact=True).last


def prompt(desk, index):
    """Find the brackets of a cell."""
    return desk.cell(index).locator(".jp-InputArea-prompt")
