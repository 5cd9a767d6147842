"""The jam page in browsers: two phones in one link's room, without an account or a kernel."""

from __future__ import annotations

import os

import numpy as np
import pytest

import cellissimo as cm
from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from tests.browser.exhibition import SCREENSHOTS
from tests.browser.visiting import RATE, RECORD, SONG_IS_KEPT, Visitor, a_loop, heard, wait_for
from tests.server.running import running

pytestmark = pytest.mark.browser

PHONE = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


KEPT = """async () => {
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map(({ url }) => url);
}"""
"""Everything that the page's worker keeps."""

ROWS_SEEN = """() => [...document.querySelectorAll(".cm-row")]
  .filter((row) => row.getBoundingClientRect().bottom <= innerHeight).length"""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Hold a server on which Ada keeps her music."""
    with running(tmp_path_factory.mktemp("jam")) as found:
        yield found


@pytest.fixture
def seat(locked_chromium):
    """Give a function that seats somebody at a phone, or at another screen."""
    seated = []

    def sit(**options):
        seated.append(Visitor(locked_chromium, **PHONE | options))
        return seated[-1]

    yield sit
    for one in seated:
        one.leave()


def jam_of(server, noun, song, rights):
    """Give the address of the jam of a piece of Ada's that says what a song says."""
    body = {"name": song.name, "song": print_song(song)}
    body |= {"length": 4} if noun == "loops" else {}
    made = server.as_("ada").post(noun, json=body)
    assert made.status_code == 201, made.text
    piece = made.json()["id"]
    shared = server.as_("ada").post(f"{noun}/{piece}/share", json={"rights": rights})
    assert shared.status_code in (200, 201), shared.text
    origin = server.url.split("/cellissimo/")[0].rstrip("/")
    return f"{origin}/cellissimo/jam/{shared.json()['shareToken']}", piece


def come_in(visitor, address, name):
    """Open the door, give a name, and wait until the music is there."""
    return come_through(visitor.open(address), name)


def come_through(page, name):
    """Give a name at the door, where it is asked for, and wait until the music is there."""
    page.locator("html[data-ready]").wait_for(state="attached")
    if page.get_by_label("Your name").is_visible():
        page.get_by_label("Your name").fill(name)
    page.get_by_role("button", name="Come in").click()
    page.locator(".cmj .cm-loop").first.wait_for()
    return page


def assert_sounds(page, loop):
    """Play by the button, and hear sample by sample what Python renders."""
    page.evaluate(RECORD)
    page.get_by_role("button", name="Play", exact=True).tap()
    np.testing.assert_array_equal(np.asarray(loop.render())[:, :RATE], heard(page, RATE))
    page.get_by_role("button", name="Stop", exact=True).tap()


def cell(page, row, place):
    """Give a cell of the loop's grid."""
    return page.locator(f'.cm-row[data-row="{row}"] [data-cell="{place}"]')


def shot(page, name):
    """Keep a picture of what is seen, where pictures are wanted."""
    if os.environ.get("CELLISSIMO_SHOTS"):
        SCREENSHOTS.mkdir(exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"jam_{name}.png")


def state(page):
    """Give how well the page reaches its room."""
    return page.locator(".cm-state").first.get_attribute("data-state")


def test_two_phones_play_with_one_link(server, seat):
    """[WIRE-6] One taps a step, the other sees it; both are there by the names that they chose."""
    address, _ = jam_of(server, "loops", a_loop().document.revision, ["listen", "comment", "edit"])
    one, other = seat(), seat()
    one.open(address)
    shot(one.page, "door")
    page = come_in(one, address, "Nele")
    shot(page, "loop_portrait")
    there = come_in(other, address, "Tom")
    box = cell(page, "drum-kick", 1).bounding_box()
    assert box["width"] >= 40
    assert box["height"] >= 40
    cell(page, "drum-kick", 1).tap()
    seen = there.locator('.cm-row[data-row="drum-kick"] [data-cell="1"][aria-pressed="true"]')
    seen.wait_for(state="attached")
    faces = there.locator(".cm-faces").first
    wait_for(there, "document.querySelector('.cm-faces').ariaLabel.includes('Nele')")
    assert "Tom" in faces.get_attribute("aria-label")
    assert "live" == state(page)
    page.set_viewport_size({"width": 740, "height": 360})
    shot(page, "loop_landscape")
    box = cell(page, "drum-kick", 1).bounding_box()
    assert min(box["width"], box["height"]) >= 40
    assert page.evaluate(ROWS_SEEN) >= 4
    title = page.locator(".cm-name").bounding_box()
    assert title["y"] >= 0
    assert page.locator(".cmj-audio").bounding_box()["x"] + 40 <= 740


def test_a_link_to_listen_shows_and_changes_nothing(server, seat):
    """[WIRE-3] Read-only stands on the page, a tap does nothing, and no edit leaves it."""
    address, _ = jam_of(server, "loops", a_loop().document.revision, ["listen"])
    visitor = seat()
    page = come_in(visitor, address, "Eve")
    wait_for(page, "document.querySelector('.cm-state')?.dataset.state === 'read-only'")
    cell(page, "drum-kick", 1).tap()
    assert "false" == cell(page, "drum-kick", 1).get_attribute("aria-pressed")
    shot(page, "listen_only")


def test_the_page_can_be_installed_and_opens_offline(server, seat):
    """The worker keeps the page's own files alone; without a network the music is there and sounds.

    What is played is the loop as Python renders it; what is tapped then is in the room afterwards.
    """
    address, piece = jam_of(server, "loops", a_loop().document.revision, ["listen", "edit"])
    visitor = seat(service_workers="allow")
    page = come_in(visitor, address, "Nele")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    manifest = page.evaluate(
        "async () => (await fetch(document.querySelector('link[rel=manifest]').href)).json()"
    )
    path = "/" + address.split("/", 3)[3]
    assert [path, path, "standalone"] == [manifest[k] for k in ("start_url", "scope", "display")]
    assert ["192x192", "512x512"] == [icon["sizes"] for icon in manifest["icons"]]
    kept = page.evaluate(KEPT)
    assert 5 == len(kept)
    assert not any("/api/" in url or "ticket" in url or "/document" in url for url in kept)
    loop = a_loop()
    assert_sounds(page, loop)
    page.evaluate(SONG_IS_KEPT)
    visitor.context.set_offline(True)
    page.reload()
    assert "First light" == page.locator(".cmj-door h1").inner_text()
    come_through(page, "Nele")
    page.locator('.cm-state[data-state="offline"]').wait_for()
    assert page.get_by_role("button", name="Join audio").is_disabled()
    assert_sounds(page, loop)
    cell(page, "drum-kick", 1).tap()
    shot(page, "offline")
    visitor.context.set_offline(False)
    page.locator('.cm-state[data-state="live"]').wait_for()
    wait_for(page, 'document.querySelector(".cm-state").title.includes("on its disk")')
    made = parse_song(server.as_("ada").get(f"loops/{piece}/song").text)
    assert ("drum-kick", 1) in next(iter(made.loops.values())).steps
    visitor.faults.clear()  # what cannot be reached is told in the console


def test_a_song_has_its_loops_to_choose_from(server, seat):
    """The song in full; a loop of it alone; the room with its chat beside the music."""
    song = cm.Song("Evening by the lake", tempo=120, key="A minor")
    song.timeline.append(a_loop(), times=2)
    song.pads[0] = next(iter(song.loops.values()))
    song.stems.add("Bass", sound="bass-sub").add_notes([(0, 1920, "A1"), (1920, 1920, "F1")], bar=1)
    song.lock_bars(1, 2)
    song.stems["Bass"].lock()
    address, _ = jam_of(server, "projects", song.document.revision, ["listen", "comment", "edit"])
    visitor = seat(viewport={"width": 1280, "height": 800}, is_mobile=False, has_touch=False)
    page = come_in(visitor, address, "Nele")
    page.locator(".cm-song .cm-timeline").wait_for()
    assert page.locator(".cm-track-head .cm-mute").is_disabled()
    assert page.locator(".cm-track-head .cm-lock-sign").is_visible()
    shot(page, "song_desktop")
    page.get_by_label("What is shown").select_option(label="First light")
    cell(page, "drum-kick", 0).wait_for()
    assert 0 == page.locator(".cm-song").count()
    page.locator(
        ".cm-closed", has_text="This loop is locked"
    ).wait_for()  # it plays in the bars that are
    page.get_by_role("button", name="The room: people, chat, comments").click()
    page.get_by_role("tab", name="Chat").click()
    page.locator(".cmj-room textarea, .cmj-room input[type=text]").first.fill("Hello from the bus")
    page.keyboard.press("Enter")
    page.get_by_text("Hello from the bus").first.wait_for()
    shot(page, "room_desktop")
    phone = come_in(seat(color_scheme="dark"), address, "Tom")
    phone.locator(".cm-song .cm-timeline").wait_for()
    shot(phone, "song_phone_dark")
    phone.get_by_role("button", name="The room: people, chat, comments").tap()
    phone.get_by_role("tab", name="Chat").tap()
    phone.get_by_text("Hello from the bus").first.wait_for()
    shot(phone, "chat_phone_dark")


def test_a_link_that_ends_puts_its_guests_at_the_door(server, seat):
    """Whoever is inside when a link is revoked is told so kindly; so is who opens it later."""
    address, piece = jam_of(server, "loops", a_loop().document.revision, ["listen", "edit"])
    visitor = seat()
    page = come_in(visitor, address, "Nele")
    links = server.as_("ada").get(f"loops/{piece}/shares").json()
    for link in links.get("shares", links if isinstance(links, list) else []):
        assert server.as_("ada").delete(f"shares/{link['id']}").status_code in (200, 204)
    page.get_by_text("The door is closed").wait_for()
    shot(page, "ended")
    visitor.faults.clear()  # the browser tells of tickets that it was refused


def test_when_the_server_stops_everybody_is_told(seat, tmp_path):
    """The state is said in a word, with what to do about it; the work goes on."""
    visitor = seat(viewport={"width": 1280, "height": 800}, is_mobile=False, has_touch=False)
    with running(tmp_path) as server:
        address, _ = jam_of(server, "loops", a_loop().document.revision, ["listen", "edit"])
        page = come_in(visitor, address, "Nele")
        page.locator('.cm-state[data-state="live"]').wait_for()
    page.locator('.cm-state[data-state="offline"]').wait_for()
    tempo = page.get_by_role("spinbutton", name="Tempo in beats a minute")
    tempo.fill("111")
    tempo.press("Tab")
    page.get_by_role("button", name="Offline: the link to the room").click()
    told = page.get_by_role("dialog", name="The link to the room")
    assert "Go on working" in told.inner_text()
    assert told.get_by_role("button", name="Try again now").is_visible()
    assert "111" == tempo.input_value()
    page.goto("about:blank")
    visitor.faults.clear()  # what cannot be reached is told in the console
