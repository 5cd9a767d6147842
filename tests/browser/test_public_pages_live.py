"""Public pages of a real server in a real browser: from a link in somebody's hand to their copy."""

from __future__ import annotations

import numpy as np
import pytest

from cellissimo.music.session import SESSION
from cellissimo.notation.song_file import print_song
from tests.browser.visiting import (
    RATE,
    RECORD,
    Visitor,
    a_loop,
    a_song,
    heard,
    picture,
    play,
)
from tests.server.running import running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Hold a server on which Ada keeps her music."""
    with running(tmp_path_factory.mktemp("server"), admins="root") as found:
        yield found


@pytest.fixture
def visitor(locked_chromium):
    """Seat somebody without an account, whose browser lets sound out only after a click."""
    seated = Visitor(locked_chromium)
    yield seated
    seated.leave()


def shared(server, noun, piece):
    """Give the address that Ada hands out."""
    answer = server.as_("ada").post(f"{noun}/{piece}/share", json={"rights": ["listen", "fork"]})
    return answer.json()["shareUrl"]


def test_whoever_has_the_link_hears_it_and_keeps_a_copy(server, visitor):
    """A link opens, one click sounds bit for bit; a guest's copy is theirs and sounds alike."""
    text = print_song(a_loop().document.revision)
    made = server.as_("ada").post("loops", json={"name": "First light", "length": 4, "song": text})
    assert made.status_code == 201, made.text
    page = visitor.open(shared(server, "loops", made.json()["id"]))
    page.evaluate(RECORD)
    play(page)
    expected = np.asarray(a_loop().render())[:, :RATE]
    np.testing.assert_array_equal(expected, heard(page, RATE))
    page.locator('[data-deed="fork"]').click()
    page.wait_for_url("**/cellissimo/p/*")
    page.locator("html[data-ready]").wait_for(state="attached")
    assert made.json()["id"] not in page.url
    page.evaluate(RECORD)
    play(page)
    np.testing.assert_array_equal(expected, heard(page, RATE))
    # The first try of somebody whom nobody knows is answered with 401, which the browser notes.
    visitor.faults = [fault for fault in visitor.faults if "401" not in fault]


def test_a_song_brings_its_recordings_and_their_outline(server, visitor):
    """Recordings come by stretches from the server's own store, drawn as they were measured."""
    song, hum = a_song()
    wav = SESSION.blobs.read(hum.blob, 0, SESSION.blobs.size(hum.blob))
    ada = server.as_("ada")
    taken = ada.post("samples/upload", files={"file": ("hum.wav", wav, "audio/wav")})
    assert taken.status_code == 201, taken.text
    assert taken.json()["blob"] == hum.blob
    body = {"name": "Evening by the lake", "song": print_song(song.document.revision)}
    made = ada.post("projects", json=body)
    assert made.status_code == 201, made.text
    piece = made.json()["id"]
    put = ada.put(f"projects/{piece}/blobs/{hum.blob}", content=wav)
    assert put.status_code == 201, put.text
    page = visitor.open(shared(server, "songs", piece))
    outlines = [url for url in visitor.asked if "/outlines/" in url]
    assert len(outlines) == 1
    page.evaluate(RECORD)
    play(page)
    np.testing.assert_array_equal(np.asarray(song.render())[:, :RATE], heard(page, RATE))
    assert any("/blobs/" in url for url in visitor.asked)
    picture(page, "song_with_outline")


def test_a_report_comes_to_the_moderators(server, visitor):
    """What a visitor tells of a page stands in the queue, with its reason and its words."""
    made = server.as_("ada").post("loops", json={"name": "Doubtful", "length": 1})
    page = visitor.open(shared(server, "loops", made.json()["id"]))
    page.get_by_text("Something is wrong with this").click()
    page.locator("textarea").fill("<b>Look</b> at it.")
    page.get_by_role("button", name="Report it").click()
    page.get_by_text("Thank you. Somebody will look at it.").first.wait_for()
    (report,) = server.as_("root").get("reports").json()["reports"]
    assert (report["reason"], report["message"]) == ("spam", "<b>Look</b> at it.")


def test_somebody_signed_in_makes_a_copy_with_one_click(visitor, tmp_path):
    """The page's own request proves itself by the cookie that the server gave it."""
    with running(tmp_path, many=False) as server:
        me = server.client("token plain")
        made = me.post("loops", json={"name": "Mine", "length": 1}).json()
        link = me.post(f"loops/{made['id']}/share", json={"rights": ["fork"]}).json()["shareUrl"]
        visitor.page.goto(f"{server.url}api?token=plain")
        page = visitor.open(link)
        page.locator('[data-deed="fork"]').click()
        page.wait_for_url("**/cellissimo/p/*")
        page.locator("html[data-ready]").wait_for(state="attached")
        assert {"Mine"} == {one["name"] for one in me.get("loops").json()["loops"]}
        assert me.get("loops").json()["total"] == 2
