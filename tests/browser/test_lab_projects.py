"""The sidebars of projects and samples in a real JupyterLab, with the real server behind them."""

import re
from pathlib import Path

import pytest

import cellissimo as cm
from cellissimo.client.http import Client
from tests.browser.lab import FOR_MANY, Desk, serve_lab

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

HOSTILE = "<img src=x onerror=\"document.title='run'\">"


@pytest.fixture(scope="module")
def server(require_tool, tmp_path_factory):
    """Hold a JupyterLab for several people, which keeps what they make until it ends."""
    require_tool("chromium")
    with serve_lab(tmp_path_factory.mktemp("people"), options=FOR_MANY) as server:
        yield server


@pytest.fixture(scope="module")
def seats(locked_chromium, server):
    """Give a function that seats people, each once: JupyterLab takes seconds to open."""
    desks = {}

    def sit(name):
        if name not in desks:
            context = locked_chromium.new_context(viewport={"width": 1280, "height": 900})
            desks[name] = Desk(context.new_page(), server.as_(name))
            desks[name].open_lab()
            show(desks[name], "projects")
        return desks[name]

    yield sit
    for desk in desks.values():
        desk.page.context.close()
    assert [] == [error for desk in desks.values() for error in desk.errors]


@pytest.fixture
def ada(seats):
    """Hold Ada's desk, with her own projects in the sidebar."""
    desk = seats("ada")
    tab(desk, "Mine")
    return desk


def keep(desk, name):
    """Make a project on the server, and have the sidebar show it."""
    desk.server.keep("projects", {"name": name, "tempo": 97})
    panel(desk).get_by_role("button", name="Refresh").click()
    expect(card(desk, name)).to_contain_text("97 BPM")


def show(desk, name):
    """Click the sidebar's tab."""
    desk.page.locator(f'.lm-TabBar-tab[data-id="cellissimo-{name}"]').click()


def panel(desk, name="Projects"):
    """Find a sidebar of ours."""
    return desk.page.get_by_role("region", name=name, exact=True)


def card(desk, name):
    """Find a project's card."""
    button = desk.page.get_by_role("button", name=name, exact=True)
    return panel(desk).get_by_role("listitem").filter(has=button)


def choose(desk, name, entry):
    """Open a card's menu by keyboard and choose from it."""
    more = panel(desk).get_by_role("button", name=f"More for {name}", exact=True)
    more.press("Enter")
    desk.page.get_by_role("menuitem", name=entry, exact=True).click()


def tab(desk, name):
    """Go to another shelf."""
    panel(desk).get_by_role("tab", name=name, exact=True).click()


def press(desk, name):
    """Press a button of the dialog that is open."""
    desk.page.get_by_role("dialog").get_by_role("button", name=name, exact=True).click()


def test_without_the_servers_part_the_sidebar_says_how_to_enable_it(sit_down, lab_server):
    """JupyterLab starts as ever; only who opens the sidebar is told what is missing."""
    desk = sit_down(lab_server)
    desk.open_lab()
    show(desk, "projects")
    expect(panel(desk).get_by_role("alert")).to_contain_text("keeps no projects yet")
    expect(panel(desk)).to_contain_text("jupyter server extension enable cellissimo_server")
    # The browser itself notes each answer 404 in the console.
    assert all("404" in error for error in desk.errors)
    desk.errors.clear()


def test_a_project_is_searched_renamed_thrown_away_restored_and_deleted(ada):
    """All of it from its card, by its menu; a hostile name is shown as it is and runs nothing."""
    keep(ada, "Evening")
    keep(ada, "Morning")
    panel(ada).get_by_role("searchbox").fill("even")
    expect(card(ada, "Morning")).to_have_count(0)
    panel(ada).get_by_role("searchbox").fill("")
    expect(card(ada, "Morning")).to_be_visible()
    choose(ada, "Evening", "Rename…")
    ada.page.get_by_role("dialog").get_by_role("textbox").fill(HOSTILE)
    press(ada, "Rename")
    expect(card(ada, HOSTILE)).to_be_visible()
    expect(ada.page.get_by_role("button", name=f"More for {HOSTILE}")).to_be_focused()
    choose(ada, HOSTILE, "Move to trash")
    expect(card(ada, HOSTILE)).to_have_count(0)
    tab(ada, "Trash")
    panel(ada).get_by_role("button", name=f"Restore {HOSTILE}").click()
    expect(panel(ada)).to_contain_text("The trash is empty")
    tab(ada, "Mine")
    choose(ada, HOSTILE, "Move to trash")
    tab(ada, "Trash")
    panel(ada).get_by_role("button", name=f"Delete {HOSTILE} for ever").click()
    press(ada, "Delete for ever")
    expect(panel(ada)).to_contain_text("The trash is empty")
    assert ada.page.title() != "run"


def test_what_somebody_else_has_changed_meanwhile_is_shown_not_overwritten(ada):
    """A change made on an older state is refused with words, and the card shows the newer one."""
    keep(ada, "Draft")
    (project,) = ada.server.keep("projects?q=Draft", method="GET")["projects"]
    ada.server.keep(f"projects/{project['id']}", {"name": "Draft two"}, "PATCH")
    choose(ada, "Draft", "Archive")
    expect(ada.page.get_by_role("dialog")).to_contain_text("It was not changed")
    expect(ada.page.get_by_role("dialog")).to_contain_text("by somebody else. Look at it as it is")
    ada.page.keyboard.press("Escape")
    expect(card(ada, "Draft two")).to_be_visible()
    assert all("412" in error for error in ada.errors)
    ada.errors.clear()


def test_members_are_added_and_may_what_they_were_given(ada, seats):
    """Grace, added by name with a flag, sees the project among what is shared, and its limits."""
    grace = seats("grace")
    keep(ada, "Duo")
    panel(ada).get_by_role("button", name="Share Duo").click()
    dialog = ada.page.get_by_role("dialog")
    dialog.get_by_label("Username of a new member").fill("grace")
    dialog.get_by_label("Username of a new member").press("Enter")
    flags = dialog.get_by_role("group", name="Grace may")
    expect(flags.get_by_label("Export")).to_be_checked()
    flags.get_by_label("Delete stems").check()
    expect(flags.get_by_label("Delete stems")).to_be_checked()
    ada.shot("share-dialog", dialog)
    press(ada, "Done")
    expect(ada.page.get_by_role("button", name="Share Duo")).to_be_focused()
    panel(grace).get_by_role("button", name="Refresh").click()
    bell = panel(grace).get_by_role("button", name="Notifications, 1 unread")
    bell.click()
    panel(grace).get_by_role("button", name="Mark all read").click()
    expect(panel(grace).get_by_role("button", name="Notifications", exact=True)).to_be_visible()
    tab(grace, "Shared")
    expect(card(grace, "Duo")).to_contain_text("Ada")
    panel(grace).get_by_role("button", name="Share Duo").click()
    dialog = grace.page.get_by_role("dialog")
    expect(dialog.get_by_label("Public")).to_be_disabled()
    expect(dialog.get_by_role("group", name="Grace may").get_by_label("Edit")).to_be_disabled()
    press(grace, "Done")
    choose(grace, "Duo", "Leave…")
    press(grace, "Leave")
    expect(card(grace, "Duo")).to_have_count(0)


def test_an_invitation_is_a_link_for_one_person(ada, seats):
    """Its link, pasted or opened, says who invites to what; accepted, it is used up."""
    keep(ada, "Trio")
    panel(ada).get_by_role("button", name="Share Trio").click()
    dialog = ada.page.get_by_role("dialog")
    dialog.get_by_label("Role of a new member").select_option("Viewer")
    dialog.get_by_role("button", name="Make an invitation").click()
    link = dialog.get_by_label("The link", exact=True).input_value()
    expect(dialog.get_by_role("list", name="Invitations")).to_contain_text("A link for a viewer")
    press(ada, "Done")
    alan = seats("alan")
    tab(alan, "Shared")
    panel(alan).get_by_role("button", name="Accept an invitation…").click()
    alan.page.get_by_role("dialog").get_by_role("textbox").fill(link)
    press(alan, "Look at it")
    press(alan, "Not now")
    alan.page.goto(link)
    expect(alan.page.get_by_role("dialog")).to_contain_text("Ada invites you to it as a viewer")
    press(alan, "Join")
    expect(card(alan, "Trio")).to_contain_text("Ada")
    panel(ada).get_by_role("button", name="Share Trio").click()
    expect(dialog.get_by_role("list", name="Members", exact=True)).to_contain_text("@alan")
    expect(dialog.get_by_role("list", name="Invitations")).to_have_count(0)
    press(ada, "Done")


def test_a_link_is_made_shown_once_and_revoked(ada):
    """Its address is there to copy, opens without signing in, and ends when it is revoked."""
    keep(ada, "Linked")
    panel(ada).get_by_role("button", name="Share Linked").click()
    links = ada.page.get_by_role("region", name="Links")
    links.get_by_label("Fork").check()
    links.get_by_role("button", name="Make a link").click()
    address = links.get_by_label("The link", exact=True).input_value()
    assert re.match(r"http://127\.0\.0\.1:\d+/cellissimo/s/[\w-]{40,}$", address)
    item = links.get_by_role("list", name="Links").get_by_role("listitem")
    expect(item).to_contain_text("Listen, Fork")
    item.get_by_role("button", name="Revoke the link: Listen, Fork").click()
    expect(links).to_contain_text("No links yet.")
    press(ada, "Done")


def test_what_is_published_is_found_by_others_and_forked(ada, seats):
    """Publishing asks first; a stranger forks what is public, and its owner is told."""
    keep(ada, "Open air")
    choose(ada, "Open air", "Publish…")
    press(ada, "Publish")
    expect(card(ada, "Open air")).to_contain_text("Public")
    alan = seats("alan")
    tab(alan, "Public")
    expect(card(alan, "Open air").get_by_role("button", name="Share Open air")).to_have_count(0)
    choose(alan, "Open air", "Fork")
    expect(panel(alan).get_by_role("tab", name="Mine")).to_have_attribute("aria-selected", "true")
    expect(card(alan, "Open air")).to_contain_text("Private")
    panel(ada).get_by_role("button", name="Refresh").click()
    expect(panel(ada).get_by_role("button", name=re.compile("unread"))).to_be_visible()


def lend_kernels(server):
    """Give kernels their owner's address and token, as a hub does: here all are Ada's."""
    startup = Path(server.env["IPYTHONDIR"], "profile_default", "startup")
    startup.mkdir(parents=True, exist_ok=True)
    names = {"CELLISSIMO_URL": f"{server.url}cellissimo", "CELLISSIMO_TOKEN": server.token}
    (startup / "00-owner.py").write_text(f"import os\nos.environ.update({names!r})\n")


def test_an_offer_is_reviewed_and_answered_from_the_bell(ada, server):
    """A notebook opens in which it is heard against one's own; the ticked bars of it are taken."""
    lend_kernels(ada.server)
    with Client(server.url, ada.server.token) as mine:
        song = cm.Song("Ferry")
        song.stems.add("Bass", sound="bass-sub").add_notes([(0, 960, "C2")], bar=1)
        song.push(on=mine)
        mine.change_project(song.document.revision.id, visibility="public")
        with Client(server.url, server.as_("grace").token) as theirs:
            fork = cm.open(song.document.revision.id, on=theirs).fork(on=theirs)
            for bar in (2, 4):
                fork.stems["Bass"].add_notes([(0, 960, "G2")], bar=bar)
            fork.offer(HOSTILE, on=theirs)
        panel(ada).get_by_role("button", name="Refresh").click()
        panel(ada).get_by_role("button", name=re.compile("unread")).click()
        notice = panel(ada).get_by_role("listitem").filter(has_text="Grace offers changes")
        notice.get_by_role("button", name="Review").click()
        read, heard = ada.output(0), ada.output(1)
        expect(read).to_contain_text("Offer to 'Ferry' by Grace, open", timeout=60_000)
        expect(heard.get_by_text("Ferry, bar 2, bar 4")).to_be_visible(timeout=60_000)
        notice.get_by_role("button", name="Answer…").click()
        dialog = ada.page.get_by_role("dialog")
        expect(dialog).to_contain_text(HOSTILE)
        ada.shot("offer-dialog")
        dialog.get_by_label("Bar 2").uncheck()
        press(ada, "Accept")
        expect(notice.get_by_role("button", name="Mark read")).to_have_count(0)
        song.pull(on=mine)
        assert [1, 4] == list(song.notes["bar"])
    notice.get_by_role("button", name="Answer…").click()
    expect(dialog).to_contain_text("This offer was accepted in part by Ada already.")
    press(ada, "Done")
    panel(ada).get_by_role("button", name=re.compile("^Notifications")).click()
    assert ada.page.title() != "run"


def test_it_looks_finished_in_both_themes(ada):
    """The sidebar follows JupyterLab's theme."""
    background = "(node) => getComputedStyle(node).backgroundColor"
    keep(ada, "Night and day")
    light = panel(ada).evaluate(background)
    ada.shot("projects-light", panel(ada))
    ada.theme("JupyterLab Dark")
    assert light != panel(ada).evaluate(background)
    ada.shot("projects-dark", panel(ada))
    ada.theme("JupyterLab Light")
