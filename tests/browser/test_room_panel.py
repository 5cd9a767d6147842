"""Two people in one room, each in a JupyterLab of their own, with the real server between them."""

import dataclasses
import re

import pytest

from cellissimo.notation.song_file import print_song
from cellissimo.notation.song_file_parser import parse_song
from cellissimo.schema import models
from tests.browser.lab import FOR_MANY, Desk, serve_lab
from tests.browser.visiting import SONG_IS_KEPT

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

BAR = 3840
LOOP = models.Loop("a", "Beat", bars=1, steps={("drum-kick", 0): models.Step()})
SONG = models.Song(
    "s",
    "Evening train",
    loops={"a": LOOP},
    pads={0: "a"},
    blocks={"b": models.Block("b", "a", 2 * BAR, 2 * BAR)},
    stems={"t": models.Stem("t", "Bass")},
    segments={
        "g": models.Segment(
            "g", "t", "midi", 0, 6 * BAR, notes={"n": models.Note(2 * BAR, 480, 36)}
        )
    },
)


@pytest.fixture(scope="module")
def server(require_tool, tmp_path_factory):
    """Hold a JupyterLab for several people."""
    require_tool("chromium")
    with serve_lab(tmp_path_factory.mktemp("room"), options=FOR_MANY) as server:
        yield server


@pytest.fixture(scope="module")
def song(server):
    """Hold a song of Ada's, to which Ben contributes."""
    return kept(server)


def kept(server):
    """Make a song of Ada's, to which Ben contributes; gives its id."""
    server.as_("ben").keep("users/me", method="GET")
    ada = server.as_("ada")
    piece = ada.keep("projects", {"name": SONG.name, "song": print_song(SONG)})["id"]
    ada.keep(f"projects/{piece}/collaborators", {"username": "ben", "role": "contributor"})
    return piece


@pytest.fixture(scope="module")
def desks(launch, server, song):
    """Seat Ada and Ben, each before the song in a tab, with its room beside it."""
    browser = launch()
    desks = [seated(browser, server.as_(name)) for name in ("ada", "ben")]
    yield desks
    for desk in desks:
        desk.page.context.close()
    assert [] == [error for desk in desks for error in desk.errors]


class Line:
    """The way of a page to its room, which a test can cut."""

    def __init__(self, page):
        """Stand between the page and the room."""
        self.sockets = []
        self.is_lost = False
        page.route_web_socket(re.compile("cellissimo/rooms"), self._dial)

    def _dial(self, socket):
        self.sockets.append(socket)
        if self.is_lost:
            socket.close(code=1012)
        else:
            socket.connect_to_server()

    def lose(self):
        """Nothing of the room reaches the page any more, nor the page the room."""
        self.is_lost = True
        self.sockets[-1].close(code=1012)

    def find(self):
        """The room can be reached again."""
        self.is_lost = False


def seated(browser, server):
    """Open the song and its room from the card of the project."""
    context = browser.new_context(viewport={"width": 1500, "height": 1000})
    desk = Desk(context.new_page(), server)
    desk.line = Line(desk.page)
    desk.open_lab()
    desk.page.locator('.lm-TabBar-tab[data-id="cellissimo-projects"]').click()
    projects = desk.page.get_by_role("region", name="Projects", exact=True)
    if server.token.startswith("ben"):
        projects.get_by_role("tab", name="Shared", exact=True).click()
    for entry in ("Open the song here", "Open the room"):
        projects.get_by_role("button", name=f"More for {SONG.name}", exact=True).click()
        desk.page.get_by_role("menuitem", name=entry, exact=True).click()
    expect(view(desk)).to_be_visible()
    expect(chip(desk)).to_have_text("Live")
    return desk


def view(desk):
    """Find the song in its tab."""
    return desk.page.get_by_role("region", name=f"Song {SONG.name}", exact=True)


def room(desk):
    """Find the room in its sidebar."""
    return desk.page.get_by_role("region", name=f"Room of {SONG.name}", exact=True)


def chip(desk):
    """Find the state of the link, as the song's view shows it."""
    return view(desk).get_by_role("button", name="the link to the room")


def tab(desk, name):
    """Bring a tab of the room to the front; gives what it shows."""
    room(desk).get_by_role("tab", name=re.compile(f"^{name}")).click()
    return room(desk).get_by_role("tabpanel", name=re.compile(f"^{name}"))


def stand_at(desk, bar):
    """Click on a bar of the ruler; the segment over it begins at bar 1 and has six."""
    view(desk).locator(".cm-song-ruler").click(trial=True)  # it has come to rest
    box = view(desk).get_by_role("gridcell", name=re.compile("notes")).bounding_box()
    ruler = view(desk).locator(".cm-song-ruler").bounding_box()
    x = box["x"] + box["width"] * (bar - 1) / 6
    desk.page.mouse.click(x + 3, ruler["y"] + ruler["height"] - 4)
    expect(place(desk)).to_have_text(f"{bar}.1")


def place(desk):
    """Find where a view stands."""
    return view(desk).locator(".cm-place-bars")


def test_people_see_each_other_and_where_they_point(desks):
    """Names, roles and what they do; the other's pointer glides over the tracks with a name."""
    ada, ben = desks
    people = tab(ada, "People").get_by_role("list", name="Who is here")
    expect(people.get_by_role("listitem")).to_have_count(2)
    expect(people).to_contain_text("Ada (you)")
    expect(people).to_contain_text("Contributor")
    expect(view(ada).get_by_role("button", name="2 people here")).to_be_visible()
    box = view(ben).get_by_role("gridcell", name=re.compile("notes")).bounding_box()
    ben.page.mouse.move(box["x"] + 40, box["y"] + 10)
    ben.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)
    flag = view(ada).locator(".cm-timeline .cm-cursor")
    expect(flag).to_have_text("Ben")
    ada.shot("room_ada")
    ben.page.mouse.move(4, 4)
    expect(flag).to_have_count(0)


def test_a_line_of_chat_leads_to_its_bar(desks):
    """Enter sends; the other's link shows the bar; what people write is text, never markup."""
    ada, ben = desks
    stand_at(ada, 3)
    chat = tab(ada, "Chat")
    chat.get_by_role("button", name="at bar 3").click()
    chat.get_by_role("textbox", name="Message").fill("A <b>fill</b> here?")
    chat.get_by_role("textbox", name="Message").press("Enter")
    lines = tab(ben, "Chat").get_by_role("log").get_by_role("listitem")
    heard = lines.filter(has_text="fill")
    expect(heard).to_contain_text("A <b>fill</b> here?")
    heard.get_by_role("button", name="bar 3").click()
    expect(place(ben)).to_have_text("3.1")
    expect(chat.get_by_role("textbox", name="Message")).to_have_value("")


def test_a_comment_goes_along_when_a_bar_is_put_before_it(desks, server, song):
    """It stays with the music it was written on, in the list and on the ruler, and is answered."""
    ada, ben = desks
    stand_at(ada, 3)
    comments = tab(ada, "Comments")
    comments.get_by_role("textbox", name="Comment").fill("Too loud")
    comments.get_by_role("textbox", name="Comment").press("Enter")
    expect(comments.get_by_role("button", name="bar 3", exact=True)).to_be_visible()
    expect(view(ben).get_by_role("button", name=re.compile("Comment at bar 3"))).to_be_visible()
    move_music(server.as_("ada"), song, bars=1)
    expect(comments.get_by_role("button", name="bar 4", exact=True)).to_be_visible()
    pin = view(ben).get_by_role("button", name=re.compile("Comment at bar 4"))
    pin.click()
    threads = ben.page.get_by_role("dialog", name="Comments")
    threads.get_by_role("button", name="Answer", exact=True).first.click()
    threads.get_by_role("textbox", name="Answer").fill("Better?")
    threads.get_by_role("textbox", name="Answer").press("Enter")
    expect(comments.get_by_role("button", name="1 answer")).to_be_visible()
    move_music(server.as_("ada"), song, bars=-1)
    expect(comments.get_by_role("button", name="bar 3", exact=True)).to_be_visible()
    comments.get_by_role("button", name="Settle").click()
    expect(view(ben).get_by_role("button", name=re.compile("Comment at"))).to_have_count(0)


def move_music(server, piece, bars):
    """Move all music by bars, as somebody's program might."""
    now = parse_song(server.text(f"projects/{piece}/song"))
    moved = {
        name: {
            key: dataclasses.replace(one, start=one.start + bars * BAR)
            for key, one in found.items()
        }
        for name, found in (("blocks", now.blocks), ("segments", now.segments))
    }
    server.text(f"projects/{piece}/song", print_song(dataclasses.replace(now, **moved)))


def test_two_who_set_one_field_are_asked_which(desks):
    """The notice says who, what and both values; keeping theirs changes nothing and ends it."""
    ada, ben = desks
    for desk, tempo in ((ada, "97"), (ben, "140")):
        field = view(desk).get_by_role("spinbutton", name=re.compile("^Tempo"))
        field.fill(tempo)
        field.press("Tab")
    notice = ada.page.get_by_role("group", name=re.compile("tempo"))
    expect(notice).to_contain_text("Ben")
    expect(view(ada).get_by_role("group", name=re.compile("tempo"))).to_have_count(1)
    expect(notice).to_have_count(1)
    expect(notice.get_by_role("button", name="Keep mine: 97 BPM")).to_be_visible()
    notice.get_by_role("button", name="Keep theirs: 140 BPM").click()
    expect(notice).to_have_count(0)
    theirs = view(ben).get_by_role("group", name=re.compile("tempo"))
    theirs.get_by_role("button", name="Keep theirs: 97 BPM").click()
    expect(theirs).to_have_count(0)
    mine, theirs = (
        view(desk).get_by_role("spinbutton", name=re.compile("^Tempo")) for desk in desks
    )
    expect(theirs).to_have_value("97")
    theirs.focus()
    mine.fill("98")
    mine.press("Enter")
    expect(theirs).to_have_value("98")
    ben.page.keyboard.type("104")
    theirs.press("Enter")
    expect(mine).to_have_value("104")
    theirs.fill("9")
    mine.fill("99")
    mine.press("Enter")
    ben.page.wait_for_function("document.querySelector('.cm-signs').textContent.includes('99')")
    expect(theirs).to_have_value("9")
    theirs.fill("97")
    theirs.press("Enter")
    expect(mine).to_have_value("97")


def test_the_lead_is_passed_and_taken(desks):
    """Who leads is said, who may lead takes the lead; sound is joined by one button."""
    ada, ben = desks
    mine, theirs = (
        tab(desk, "People").get_by_role("region", name="Playing together") for desk in desks
    )
    expect(mine).to_contain_text("You lead")
    expect(mine).to_contain_text(re.compile(r"Clock .* ± .* ms"))
    mine.get_by_role("combobox", name="Pass the lead to").select_option("Ben")
    expect(theirs).to_contain_text("You lead")
    expect(mine).to_contain_text("Ben leads")
    mine.get_by_role("button", name="Take the lead").click()
    expect(theirs).to_contain_text("Ada leads")
    theirs.get_by_role("button", name="Join audio").click()
    expect(theirs.get_by_role("button", name="Leave audio")).to_be_visible()
    ben.shot("room_ben")
    theirs.get_by_role("button", name="Leave audio").click()
    expect(theirs.get_by_role("button", name="Join audio")).to_be_visible()
    expect(mine.get_by_role("button", name="Play for all")).to_be_visible()
    expect(ada.page.get_by_role("region", name="Only for me")).to_contain_text("Bass")


def test_what_is_locked_says_so_and_the_field_stays_true(desks, server, song):
    """Who may not change it sees why, and the tempo that holds; a lock that opens lets them."""
    ada, ben = desks
    tempo = view(ben).get_by_role("spinbutton", name=re.compile("^Tempo"))
    stood = tempo.input_value()
    lock = models.Lock("bars", start=6 * BAR, end=8 * BAR)
    now = parse_song(server.as_("ada").text(f"projects/{song}/song"))
    locked = dataclasses.replace(now, locks={f"bars/{lock.start}/{lock.end}": lock})
    server.as_("ada").text(f"projects/{song}/song", print_song(locked))
    expect(view(ben).locator(".cm-locked")).to_be_visible()
    tempo.fill("133")
    tempo.press("Enter")
    expect(view(ben).locator(".cm-lock-notice")).to_have_text(re.compile("^Bars .* are locked"))
    expect(tempo).to_have_value(stood)
    ben.shot("room_locked")
    server.as_("ada").text(f"projects/{song}/song", print_song(now))
    expect(view(ben).locator(".cm-locked")).to_have_count(0)
    tempo.fill("133")
    tempo.press("Enter")
    expect(view(ada).get_by_role("spinbutton", name=re.compile("^Tempo"))).to_have_value("133")


def test_a_line_waits_through_a_reload_and_the_sidebar_stays(desks):
    """Without the room nobody can be joined; what was written is said once when it is back."""
    _, ben = desks
    ben.page.evaluate(SONG_IS_KEPT)
    ben.line.lose()
    expect(chip(ben)).to_have_text("Offline")
    playing = tab(ben, "People").get_by_role("region", name="Playing together")
    expect(playing.get_by_role("button", name="Join audio")).to_be_disabled()
    expect(playing.get_by_role("button", name="Take the lead")).to_be_disabled()
    field = tab(ben, "Chat").get_by_role("textbox", name="Message")
    field.fill("From the tunnel")
    field.press("Enter")
    waiting = room(ben).get_by_role("list", name="Not sent yet")
    expect(waiting).to_contain_text("Sent when the room is back.")
    expect(field).to_have_value("")
    ben.shot("room_waiting")
    ben.page.reload()
    tab(ben, "Chat")
    expect(waiting).to_contain_text("From the tunnel")
    ben.line.find()
    said = room(ben).get_by_role("log").get_by_role("listitem")
    expect(said.filter(has_text="From the tunnel")).to_have_count(1)
    expect(waiting).to_have_count(0)
