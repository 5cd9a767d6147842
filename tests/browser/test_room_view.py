"""The room's panel and its parts in views, in a real browser, with people in memory."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser
expect = pytest.importorskip("playwright.sync_api").expect

# Names, roles, ids, and nothing that was typed as markup.
FAULTS = """() => {
  const seen = (each) => each.checkVisibility({ visibilityProperty: true });
  const named = (each) => each.getAttribute("aria-label") || each.textContent.trim() ||
    [...(each.labels ?? [])].map((label) => label.textContent.trim()).join("");
  const parts = document.querySelectorAll(".cm-room *, .cm-room-strip *, .cm-pins *");
  const all = [...parts].filter(seen);
  const controls = all.filter((each) => each.matches("button, input, select, textarea"));
  const nameless = controls.filter((each) => !named(each)).map((each) => each.className);
  const ids = all.map((each) => each.id).filter(Boolean);
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  const positive = all.filter((each) => each.tabIndex > 0).map((each) => each.className);
  const root = document.querySelector(".cm-room");
  const wide = [...(root?.querySelectorAll("*") ?? [])].filter(seen)
    .filter((each) => !each.matches(".cm-unseen") && each.closest("[popover]") === null)
    .filter((each) => each.getBoundingClientRect().right > root.getBoundingClientRect().right + 1)
    .map((each) => each.className);
  return { nameless, twice, positive, wide, images: document.querySelectorAll("img").length };
}"""
NONE = {"nameless": [], "twice": [], "positive": [], "wide": [], "images": 0}

HOSTILE = "<img src=x onerror=\"document.title='run'\">"


@pytest.fixture
def show(chromium, bundled, serve):
    """Give a function that opens the page with some of its parts, so many pixels wide."""
    opened = []

    def open_page(query, width=1300):
        context = chromium.new_context(viewport={"width": width, "height": 900})
        opened.append(context)
        page = context.new_page()
        page.goto(serve(bundled("room_view")) + f"?{query}")
        page.locator(".cm-state").first.wait_for()
        return page

    yield open_page
    for context in opened:
        context.close()


def tab(page, name):
    """Bring a tab to the front by the mouse; gives what it shows."""
    page.get_by_role("tab", name=re.compile(f"^{name}")).click()
    return page.get_by_role("tabpanel", name=re.compile(f"^{name}"))


def test_everything_has_a_name_and_a_place_at_250_pixels(show):
    """No control without a name, none beyond the edge, in each tab; tabs are walked by arrows."""
    page = show("panel", 250)
    names = ("People", "Chat", "Comments", "History")
    for name in names:
        tab(page, name)
        assert page.evaluate(FAULTS) == NONE, name
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="People")).to_be_focused()
    page.keyboard.press("End")
    expect(page.get_by_role("tab", name="History")).to_have_attribute("aria-selected", "true")


def test_what_people_are_called_and_write_is_text(show):
    """Names, lines, comments, versions and revisions are never markup."""
    page = show("song&panel")
    page.evaluate(
        """(text) => {
          const named = (who) => ({ ...who, person: { ...who.person, name: text } });
          room.participants = room.participants.map(named);
          room.tell("people");
          api.say(text, 0);
          api.comment(text, { kind: "bar", tick: 0 });
          api.nameVersion(text);
        }""",
        HOSTILE,
    )
    for name in ("People", "Chat", "Comments", "History"):
        expect(tab(page, name)).to_be_visible()
    page.locator(".cm-pin").first.click()
    page.locator(".cm-faces").first.click()
    assert page.evaluate("document.images.length") == 0
    assert page.title() != "run"


def test_pins_stay_on_the_ruler_of_a_loop(show):
    """A comment on the loop is there by name, also when the view has been drawn anew."""
    page = show("loop")
    page.evaluate(
        """() => {
          const place = { kind: "loop", of: "verse", cell: 0, tick: null, words: "Verse" };
          api.change([...api.all, { ...api.all[0], id: "c9", place: { ...place, isGone: false } }]);
        }"""
    )
    pin = page.get_by_role("button", name="Comment at Verse")
    expect(pin).to_be_visible()
    for width in (700, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        expect(pin).to_be_visible()


CURES = {
    "slow": ("Slow", "nothing is lost"),
    "offline": ("Offline", "your edits are kept here"),
    "read-only": ("Read-only", "Ask an owner or admin"),
    "closed": ("Closed", "let you in again"),
}


def test_the_state_is_a_word_with_a_cure_behind_it(show):
    """It stands in every view, is said once, and opens what to do."""
    page = show("loop", 900)
    chip = page.locator(".cm-loop .cm-state")
    for state, (word, cure) in CURES.items():
        page.evaluate("(state) => room.become(state)", state)
        expect(chip).to_have_text(word)
        expect(page.locator(".cm-loop > [role=status]")).to_contain_text(cure)
        chip.click()
        expect(page.get_by_role("dialog", name="The link to the room")).to_contain_text(cure)
        page.keyboard.press("Escape")
        expect(chip).to_be_focused()


def test_a_refused_change_is_kept_until_it_is_forked_or_dropped(show):
    """Why it was refused is said; it can become a fork of one's own, or go."""
    page = show("panel", 320)
    page.evaluate(
        """() => {
          const reason = "You may not delete stems.";
          // What it would have changed is known a moment later.
          for (const words of ["", "Deleted Bass"]) {
            room.drafts = [{ id: "d", at: 0, reason, cure: "Ask.", words }];
            room.tell("drafts");
          }
          room.become("refused", reason);
        }"""
    )
    drafts = page.get_by_role("region", name="Drafts").first
    expect(drafts).to_contain_text("Deleted Bass")
    expect(drafts).to_contain_text("You may not delete stems.")
    drafts.get_by_role("button", name="Copy to a fork").click()
    expect(drafts).to_contain_text("look under Projects")
    assert "fork d" in page.evaluate("room.said")
    drafts.get_by_role("button", name="Discard").click()
    expect(drafts).to_be_hidden()


def test_others_are_seen_where_they_point_and_are_in_nobodys_way(show):
    """Rings and carets follow, lose their name at rest, and go; what lies below is clicked."""
    page = show("song&loop")
    flags = page.locator(".cm-timeline .cm-cursor")
    expect(flags).to_have_text(["Ben Okri", "Dee's kernel (Python)"])
    before = flags.first.bounding_box()
    page.evaluate("room.move(2, { kind: 'timeline', a: 5, b: 3840 * 15 })")
    page.wait_for_function(
        "(x) => document.querySelector('.cm-cursor').getBoundingClientRect().x > x + 50",
        arg=before["x"],
    )
    page.evaluate("room.move(2, { kind: 'grid', a: 0, b: 5 }, 'loop:verse')")
    ring = page.locator(".cm-stage .cm-cursor")
    expect(ring).to_have_text("Ben Okri")
    ring.scroll_into_view_if_needed()
    box = ring.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert page.evaluate("store.revision.song.loops.get('verse').steps.has('synth-lead/5')")
    assert "point grid 0 5" in page.evaluate("room.said")
    page.evaluate("room.move(2, { kind: 'text', a: 2, b: 3 }, 'text:loop-verse.Name-of-the-loop')")
    expect(page.locator(".cm-cursor[data-shape=caret]")).to_have_text("Ben Okri")
    page.evaluate("room.move(2, null)")
    expect(page.locator(".cm-cursor[data-shape=caret], .cm-stage .cm-cursor")).to_have_count(0)


def test_what_is_mine_alone_is_one_click_away_from_the_songs(show):
    """Mute, solo and volume change nothing of the song, and are taken back together."""
    page = show("panel", 320)
    people = tab(page, "People")
    people.get_by_role("button", name="Mute Bass, only for me").click()
    volume = people.get_by_role("slider", name="Volume of Keys, only for me")
    volume.fill("0.5")
    expect(volume).to_have_attribute("aria-valuetext", "50 percent")
    assert page.evaluate("[...room.transport.mix.muted]") == ["stem:bass"]
    assert page.evaluate("store.codes") == []
    people.get_by_role("button", name="As the song says").click()
    expect(volume).to_have_attribute("aria-valuetext", "as the song says")
    assert page.evaluate("room.transport.mix.isEmpty")


def test_bars_are_brought_back_after_a_question(show):
    """Restoring says what it does, asks what, and tells when it is done."""
    page = show("panel", 320)
    history = tab(page, "History")
    history.get_by_role("button", name="Restore…").last.click()
    form = history.get_by_role("region", name="Restore")
    expect(form).to_contain_text("nobody is thrown out")
    form.get_by_role("combobox").select_option("some bars")
    form.get_by_role("spinbutton", name="to bar").fill("4")
    form.get_by_role("button", name="Restore", exact=True).click()
    expect(form).to_be_hidden()
    assert page.evaluate("room.said").count("restore 90 bars") == 1
