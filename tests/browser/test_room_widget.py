"""Widgets in a room: two people in a real JupyterLab, each with a kernel of their own."""

import json
import re

import pytest

from cellissimo.notation.song_file_parser import parse_song
from tests.browser.lab import FOR_MANY, code_cell, notebook, serve_lab

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

ADA = """import os
os.environ |= {{"CELLISSIMO_URL": "{url}", "CELLISSIMO_TOKEN": "{token}"}}
import cellissimo as cm
song = cm.Song("Together", tempo=100)
loop = cm.Loop("Verse", bars=1)
loop["kick"] = "x...x..."
song.pads[0] = loop
room = song.join()
song"""

BEN = """import os, time
os.environ |= {{"CELLISSIMO_URL": "{url}", "CELLISSIMO_TOKEN": "{token}"}}
import cellissimo as cm
song = cm.open("{piece}")
room = song.join()
song"""

PATIENCE_MS = 30_000

# What the page's own seat in its room says.
SEAT = """() => {
  const all = [...(globalThis[Symbol.for("cellissimo.rooms")]?.held.values() ?? [])];
  if (all.length === 0) return { state: "none" };
  const { piece, state, reason, drafts, figures, participants } = all[0].room;
  const people = participants.map((one) => `${one.person.name} ${one.via}`);
  const words = drafts.map((one) => one.words);
  return { piece, state, reason, drafts: words, unsaved: figures.unsaved, people };
}"""


FORK = """async () => {
  const [{ room }] = globalThis[Symbol.for("cellissimo.rooms")].held.values();
  return await room.forkDraft(room.drafts[0].id);
}"""


@pytest.fixture(scope="module")
def server(require_tool, tmp_path_factory):
    """A JupyterLab of several people, who share its projects."""
    require_tool("chromium")
    with serve_lab(tmp_path_factory.mktemp("rooms"), options=FOR_MANY) as found:
        yield found


class Player:
    """Somebody with a song in a cell, in its room."""

    def __init__(self, desk, name, code, **told):
        """Open a notebook, run its cell and wait for the room."""
        self.desk = desk
        self.page = desk.page
        self.sockets = []
        self.is_lost = False
        self.page.route_web_socket(re.compile("cellissimo/rooms"), self._dial)
        server = desk.server
        token = server.keep("tokens", {"name": "kernel", "scopes": ["read", "write"]})["token"]
        code = code.format(url=server.url, token=token, **told)
        server.write(f"{name}.ipynb", notebook(code_cell(code), code_cell("")))
        desk.open(f"{name}.ipynb")
        desk.run(0)
        self.song = desk.output(0).locator(".cm-song")
        self.is_in("live")

    def _dial(self, socket):
        """A line to the room that this test can cut."""
        self.sockets.append(socket)
        if self.is_lost:
            socket.close(code=1012)
        else:
            socket.connect_to_server()

    @property
    def seat(self):
        """What the seat of the page says."""
        return self.page.evaluate(SEAT)

    def comes(self, condition):
        """Wait until the seat says something."""
        ready = f"() => {{ const seat = ({SEAT})(); return {condition}; }}"
        self.page.wait_for_function(ready, timeout=PATIENCE_MS)

    def is_in(self, state):
        """Wait until the seat is in a state."""
        self.comes(f"seat.state === {json.dumps(state)}")

    @property
    def tempo(self):
        """The field of the song's tempo."""
        return self.song.get_by_label("Tempo").first

    def set_tempo(self, tempo):
        """Type a tempo."""
        self.tempo.fill(str(tempo))
        self.tempo.press("Enter")
        self.tempo.blur()

    def hears_tempo(self, tempo):
        """Wait until the page shows a tempo."""
        expect(self.tempo).to_have_value(str(tempo), timeout=PATIENCE_MS)

    def lose_the_room(self):
        """Nothing of the room reaches the page any more."""
        self.is_lost = True
        self.sockets[-1].close(code=1012)
        self.is_in("offline")

    def find_the_room(self):
        """The room can be reached again."""
        self.is_lost = False

    def start(self, code):
        """Run a cell, and do not wait for its end."""
        self.desk.cell(1).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)
        self.page.keyboard.press("Control+Enter")
        prompt = self.desk.cell(1).locator(".jp-InputArea-prompt")
        expect(prompt).to_have_text("[*]:")


@pytest.fixture
def ada(sit_down, server):
    """Whoever made the song, in her room."""
    return Player(sit_down(server.as_("ada")), "ada", ADA)


@pytest.fixture
def ben(sit_down, server, ada):
    """A contributor, in the same room, with a kernel of his own."""
    profile = server.as_("ben").keep("users/me", method="GET")
    piece = ada.seat["piece"]
    members = f"projects/{piece}/collaborators"
    server.as_("ada").keep(members, {"username": "ben", "role": "contributor"})
    player = Player(sit_down(server.as_("ben")), "ben", BEN, piece=piece)
    player.piece, player.id = piece, profile["id"]
    return player


def test_a_song_in_a_room(server, ada, ben):
    """[WIRE-3] [WIRE-6] [WIRE-7] Two people in one song, through all that happens to a line.

    Kernels that are busy stop nobody; what is done without the room merges when it is back, also
    after a reload; what is refused is a draft.
    """
    # Both are seen, with their kernels.
    ada.comes("seat.people.length === 4")
    assert ["Ada kernel", "Ada page", "Ben kernel", "Ben page"] == sorted(ada.seat["people"])

    # Ben's kernel is busy: edits and sound go on, both ways.
    ben.start("time.sleep(600)")
    ada.set_tempo(111)
    ben.hears_tempo(111)
    ben.set_tempo(112)
    ada.hears_tempo(112)
    ben.song.get_by_role("button", name="Play", exact=True).first.click()
    expect(ben.song.get_by_role("button", name="Stop", exact=True).first).to_be_visible()
    ben.song.get_by_role("button", name="Stop", exact=True).first.click()
    assert "112.0" == ada.desk.write_and_run(
        1, "room.sync(lambda *_: song.tempo == 112)\nprint(song.tempo)"
    )

    # Ada is without the room, and nobody's work is lost.
    ada.lose_the_room()
    ada.set_tempo(90)
    ben.song.get_by_label("Name of the song").fill("Apart")
    ben.song.get_by_label("Name of the song").press("Enter")
    ada.find_the_room()
    ben.hears_tempo(90)
    ada.comes("seat.unsaved === 0")
    expect(ada.song).to_have_attribute("aria-label", "Song Apart")

    # A reload keeps what was not sent yet.
    ada.lose_the_room()
    ada.set_tempo(77)
    ada.comes("seat.unsaved > 0")
    ada.desk.save()
    ada.desk.reload()
    ada.hears_tempo(77)
    assert ada.seat["unsaved"] > 0
    ada.find_the_room()
    ada.comes("seat.unsaved === 0")
    ben.hears_tempo(77)

    # What may not be done any more becomes a draft.
    ben.lose_the_room()
    ben.set_tempo(66)
    rights = f"projects/{ben.piece}/collaborators/{ben.id}"
    server.as_("ada").keep(rights, {"canEdit": False}, method="PATCH")
    ben.find_the_room()
    ben.comes("seat.drafts.length === 1")
    ben.hears_tempo(77)
    assert ["the tempo 77 → 66"] == ben.seat["drafts"]
    ada.hears_tempo(77)

    # ... which becomes a fork of his own, as he meant it.
    fork = ben.page.evaluate(FORK)
    assert (77, 66) == tuple(
        parse_song(server.as_("ben").text(f"projects/{one}/song")).tempo
        for one in (ben.piece, fork)
    )
