"""A player in a real JupyterLab: played by hand, driven by code, saved and opened again."""

import re

import pytest

from tests.browser.lab import code_cell, notebook

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

PLAYER = """import cellissimo as cm
import numpy as np

time = np.arange(20 * 48_000) / 48_000
tone = (0.2 * np.sin(2 * np.pi * 330 * time)).astype(np.float32)
player = cm.Player({"soft": np.stack([tone, tone]) / 2, "loud": np.stack([tone, tone])})
player"""

LOOP = """loop = cm.Loop("Beat", bars=1)
loop["kick"] = "x...x...x...x..."
loop"""


@pytest.fixture
def desk(sit_down, lab_server):
    """Sit before a player that is live, with empty cells under it."""
    lab_server.write("player.ipynb", notebook(code_cell(PLAYER), code_cell(""), code_cell("")))
    desk = sit_down(lab_server)
    desk.open("player.ipynb")
    desk.run(0)
    expect(player_of(desk)).to_be_visible()
    return desk


def player_of(desk, index=0):
    """Find the live player under a cell."""
    return desk.output(index).get_by_role("region", name="Player ")


def seconds(desk):
    """Read the clock of the player."""
    minutes, rest = player_of(desk).locator(".cm-clock-now").inner_text().split(":")
    return 60 * int(minutes) + float(rest)


def wait_past(desk, place):
    """Wait until the clock has passed a place."""
    desk.page.wait_for_function(
        "([clock, place]) => Number(clock.textContent.split(':')[1]) > place",
        arg=[player_of(desk).locator(".cm-clock-now").element_handle(), place],
    )


def test_a_player_plays_by_a_real_click_and_python_follows(desk):
    """The browser lets the sound out, the clock moves, and the kernel knows where it is."""
    player_of(desk).get_by_role("button", name="Play").click()
    wait_past(desk, 1.0)
    player_of(desk).get_by_role("button", name="Pause").click()
    said = desk.write_and_run(1, "print(player.playing, player.position > 1, player.speed)")
    assert said == "False True 1.0"
    desk.shot("player_lab")


def test_the_notebooks_keys_stay_out_of_a_player(desk):
    """A, B, M and Space do what the player says, and add, cut or run no cell."""
    slider = player_of(desk).get_by_role("slider", name="Position")
    slider.focus()
    cells = desk.notebook.locator(".jp-Cell").count()
    for key in ("ArrowRight", "a", "ArrowRight", "b", "m", "v", "Space"):
        desk.page.keyboard.press(key)
        desk.page.wait_for_timeout(80)
    assert cells == desk.notebook.locator(".jp-Cell").count()
    expect(player_of(desk).get_by_role("button", name="Pause")).to_be_visible()
    said = desk.write_and_run(1, "print(player.region, player.muted, player.version)")
    assert said == "(5.0, 10.0) True loud"


def test_python_drives_a_player(desk):
    """Setting a trait moves the player in the page; a linked slider moves with it."""
    desk.write_and_run(
        1,
        "import ipywidgets\nspeed = ipywidgets.FloatSlider(1, min=0.5, max=2)\n"
        "ipywidgets.jslink((speed, 'value'), (player, 'speed'))\n"
        "player.position = 12\nspeed",
    )
    desk.page.wait_for_function(
        "clock => clock.textContent.startsWith('0:12')",
        arg=player_of(desk).locator(".cm-clock-now").element_handle(),
    )
    desk.write_and_run(2, "player.speed = 0.5")
    expect(player_of(desk).get_by_role("button", name=re.compile(r"Speed 0\.5×"))).to_be_visible()
    player_of(desk).get_by_role("button", name="Faster").click()
    assert desk.write_and_run(2, "print(player.speed, speed.value)") == "0.6 0.6"


def test_a_loop_that_starts_stops_the_player_and_the_other_way_round(desk):
    """Starting one sound stops another."""
    desk.write_and_run(1, LOOP)
    loop = desk.output(1).get_by_role("region", name="Loop ")
    player_of(desk).get_by_role("button", name="Play").click()
    wait_past(desk, 0.3)
    loop.get_by_role("button", name="Play").click()
    expect(player_of(desk).get_by_role("button", name="Play")).to_be_visible()
    expect(loop.get_by_role("button", name="Stop")).to_be_visible()
    player_of(desk).get_by_role("button", name="Play").click()
    expect(loop.get_by_role("button", name="Play")).to_be_visible()


def test_a_saved_player_shows_its_picture_and_sounds_without_a_kernel(
    desk, sit_down, reading_server
):
    """Opened elsewhere: the waveform as a picture, a playable sound, the digest as its words."""
    desk.save()
    reading_server.write("player.ipynb", desk.server.read("player.ipynb"))
    reader = sit_down(reading_server)
    reader.open_without_kernel("player.ipynb")
    picture = reader.output(0).get_by_role("img")
    expect(picture).to_be_visible()
    assert picture.get_attribute("alt") == "Player soft and loud, 0:20, -20.8 and -14.7 LUFS"
    assert picture.evaluate("e => e.decode().then(() => e.naturalWidth)") > 300
    sound = reader.output(0).locator("audio")
    seconds = sound.evaluate(
        "e => new Promise(done => e.duration ? done(e.duration) :"
        " e.addEventListener('loadedmetadata', () => done(e.duration)))"
    )
    assert seconds == pytest.approx(8, abs=0.2)
    expect(player_of(reader)).to_have_count(0)
    reader.shot("player_saved")
