"""Public pages in a real browser: seen, heard and used by people who have no account."""

from __future__ import annotations

import numpy as np
import pytest

from cellissimo.music.session import SESSION
from cellissimo_server.publish.exhibit import Owner
from tests.browser.exhibition import exhibit_of, exhibition
from tests.browser.visiting import (
    RATE,
    RECORD,
    Visitor,
    a_loop,
    a_song,
    heard,
    picture,
    place,
    play,
    wait_for,
)

pytestmark = pytest.mark.browser

# What a screen reader would stumble over, and what offers what cannot be done here.
FAULTS = """() => {
  const all = [...document.querySelectorAll("*")].filter((each) => each.checkVisibility());
  const label = (each) => each.getAttribute("aria-label") ?? "";
  const named = (each) => label(each) || each.textContent.trim() || each.labels?.length;
  const passive = ["presentation", "row", "rowheader", "status", "gridcell"];
  const nameless = all.filter((each) => each.matches("button, a, input, select, [role]"))
    .filter((each) => !passive.includes(each.getAttribute("role")) && !named(each));
  const ids = all.map((each) => each.id).filter(Boolean);
  const tempting = all.map(label).filter((text) => /Mute|Solo|stem settings/.test(text));
  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  return [nameless.map((each) => each.outerHTML), twice, tempting];
}"""


@pytest.fixture(scope="module")
def shown():
    """Hold an exhibition."""
    with exhibition() as found:
        yield found


@pytest.fixture(scope="module")
def loop_page(shown):
    """Hang up a loop with everything that a page can show."""
    loop = a_loop()
    return shown.show(
        exhibit_of(
            loop.document.revision,
            "First light",
            digest=repr(loop),
            code=loop.code(),
            description="Made on the night train.\nTake it.",
            tags=("lo-fi", "pop"),
            licence="CC BY 4.0",
            views=128,
            bars=4,
            length_ms=8000,
        )
    )


@pytest.fixture(scope="module")
def song_page(shown):
    """Hang up a song whose recording is asked for by stretches."""
    song, hum = a_song()
    shown.blobs[hum.blob] = SESSION.blobs.read(hum.blob, 0, SESSION.blobs.size(hum.blob))
    exhibit = exhibit_of(
        song.document.revision, "Evening by the lake", owner=Owner("Grace Hopper"), code="song"
    )
    return shown.show(exhibit)


@pytest.fixture
def visit(locked_chromium):
    """Give a function that seats a visitor whose browser lets sound out only after a click."""
    seated: list[Visitor] = []

    def come(**options):
        seated.append(Visitor(locked_chromium, **options))
        return seated[-1]

    yield come
    for visitor in seated:
        visitor.leave()


def test_one_click_plays_a_loop_as_python_renders_it(visit, loop_page):
    """A visitor hears at the first click, sample by sample what the loop is, soon after it."""
    page = visit().open(loop_page)
    page.evaluate(RECORD)
    play(page)
    wait_for(page, "document.querySelector('.cmp-card').dataset.state === 'playing'")
    got = heard(page, RATE)
    expected = np.asarray(a_loop().render())[:, :RATE]
    np.testing.assert_array_equal(expected, got)
    assert np.abs(got).max() > 0.05


def test_a_song_plays_its_recording_by_stretches(visit, shown, song_page):
    """Notes, blocks and recordings sound together as in Python; no recording is fetched whole."""
    page = visit().open(song_page)
    page.evaluate(RECORD)
    shown.ranges.clear()
    play(page)
    got = heard(page, RATE)
    song, hum = a_song()
    expected = np.asarray(song.render())[:, :RATE]
    np.testing.assert_array_equal(expected, got)
    assert "bytes=0-43" in shown.ranges
    whole = SESSION.blobs.size(hum.blob)
    assert all(f"-{whole - 1}" not in asked or "bytes=0-" not in asked for asked in shown.ranges)


def test_it_pauses_where_it_is_and_goes_on_from_there(visit, loop_page):
    """Pause keeps the place, play goes on from it, and the slider moves it by beats."""
    page = visit().open(loop_page)
    play(page)
    wait_for(page, "Number(document.querySelector('[data-cmp=progress]').value) > 0.4")
    page.keyboard.press("k")
    wait_for(page, "document.querySelector('.cmp-card').dataset.state === 'idle'")
    rested = place(page)
    assert 0.4 < rested < 3
    slider = page.locator('[data-cmp="progress"]')
    slider.press("Home")
    assert place(page) == 0
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    assert place(page) == pytest.approx(1.0)
    assert slider.get_attribute("aria-valuetext") == "0:01 of 0:08"
    play(page)
    wait_for(page, "Number(document.querySelector('[data-cmp=progress]').value) > 1.05")
    assert place(page) < 4


def test_a_page_asks_nobody_else(visit, loop_page, shown):
    """Everything comes from the server itself: no fonts, no counters, no other site."""
    visitor = visit()
    page = visitor.open(loop_page)
    play(page)
    wait_for(page, "document.querySelector('.cmp-card').dataset.state === 'playing'")
    elsewhere = [url for url in visitor.asked if not url.startswith((shown.url, "data:", "blob:"))]
    assert elsewhere == []


def test_nothing_on_it_can_be_changed(visit, loop_page):
    """A pressed step sounds and stays; a chord leads to its place; keys that edit do nothing."""
    page = visit().open(loop_page)
    before = page.locator(".cm-grid").inner_html()
    page.evaluate(RECORD)
    page.locator('[data-row="drum-kick"] [data-cell="0"]').click()
    wait_for(page, "blocks.some((block) => block.left.some((sample) => Math.abs(sample) > 0.01))")
    for key in ("Delete", "m", "s", "+", "Enter", "Control+z"):
        page.keyboard.press(key)
    after = page.locator(".cm-grid").inner_html()
    assert before.count('aria-pressed="true"') == after.count('aria-pressed="true"')
    assert "Make it yours to change it" in page.locator(".cmp-card > [role=status]").inner_text()
    page.locator(".cm-chip").nth(2).click()
    assert place(page) == pytest.approx(4.0)


def test_it_reads_without_any_script(locked_chromium, loop_page):
    """Names, facts, words and code are in the page itself, for programs and for readers."""
    context = locked_chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(loop_page)
    text = page.inner_text("main")
    for said in ("First light", "Ada Lovelace", "CC BY 4.0", "#lo-fi", "kick on every beat"):
        assert said in text
    assert page.locator("#code").inner_text().startswith("import cellissimo as cm")
    assert page.locator('[data-deed="fork"]').is_hidden()
    context.close()


@pytest.mark.parametrize("kind", ["loop_page", "song_page"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(visit, request, kind, scheme):
    """At 360 pixels nothing scrolls sideways, and what is pressed is as large as a thumb."""
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "color_scheme": scheme}
    page = visit(**phone).open(request.getfixturevalue(kind))
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    small = page.evaluate(
        """() => [...document.querySelectorAll(".deeds .deed, .cmp-play, .cmp-zoom button")]
          .map((each) => each.getBoundingClientRect()).filter((box) => box.height < 44).length"""
    )
    assert small == 0
    page.locator('[data-cmp="play"]').tap()
    wait_for(page, "document.querySelector('.cmp-card').dataset.state === 'playing'")
    picture(page, f"{kind}_{scheme}_phone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_follows_the_systems_colours(visit, loop_page, song_page, scheme):
    """Light and dark follow the system; text on every ground can be read."""
    for name, address in (("loop", loop_page), ("song", song_page)):
        page = visit(color_scheme=scheme).open(address)
        ground, ink = page.evaluate(
            """() => { const style = getComputedStyle(document.body);
              return [style.backgroundColor, style.color].map((text) =>
                text.match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0)); }"""
        )
        assert (ground > 600 and ink < 150) if scheme == "light" else (ground < 120 and ink > 600)
        play(page)
        wait_for(page, "Number(document.querySelector('[data-cmp=progress]').value) > 0.3")
        picture(page, f"{name}_{scheme}")


def test_an_embed_has_the_colours_that_are_asked_for(visit, loop_page):
    """Theme and accent come from the address; the way to the page opens beside it."""
    address = loop_page.replace("/s/", "/embed/") + "?theme=dark&accent=%2300b894"
    page = visit(viewport={"width": 720, "height": 420}).open(address)
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    accent = page.evaluate("document.documentElement.style.getPropertyValue('--cm-accent')")
    assert accent == "#00b894"
    link = page.locator("h1 a")
    assert link.get_attribute("href") == loop_page
    assert link.get_attribute("rel") == "noopener noreferrer"
    play(page)
    wait_for(page, "document.querySelector('.cmp-card').dataset.state === 'playing'")
    picture(page, "embed")


def test_everything_is_reached_and_named_by_keyboard(visit, loop_page):
    """Tab reaches each control once, each has a name, and the steps are one stop."""
    page = visit().open(loop_page)
    names = []
    for _ in range(40):
        page.keyboard.press("Tab")
        name = page.evaluate(
            """() => { const e = document.activeElement; if (e === document.body) return null;
              return e.getAttribute("aria-label") || e.innerText.trim() ||
                e.labels?.[0]?.innerText || e.tagName; }"""
        )
        if name is None:
            break
        names.append(name)
    assert names[:4] == ["To the music", "cellissimo", "Play", "Position"]
    assert {"Make it mine", "Open in a notebook", "Song file", "Copy", "Code"} <= set(names)
    assert sum(", bar " in name for name in names) == 2  # one chord, one step
    page.locator('[data-row="drum-kick"] [data-cell="0"]').focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.cell") == "1"
    page.keyboard.press("p")
    wait_for(page, "document.querySelector('.cmp-card').dataset.state === 'playing'")


def test_every_control_has_a_name_and_every_id_is_one(visit, loop_page, song_page):
    """A screen reader is told what each control is, and nothing offers what cannot be done here."""
    for address in (loop_page, song_page):
        page = visit().open(address)
        nameless, twice, tempting = page.evaluate(FAULTS)
        assert ([], [], []) == (nameless, twice, tempting)


def test_it_keeps_still_for_those_who_ask(visit, song_page, loop_page):
    """With less motion wanted, no animation runs while it plays."""
    for address in (loop_page, song_page):
        page = visit(reduced_motion="reduce").open(address)
        play(page)
        wait_for(page, "Number(document.querySelector('[data-cmp=progress]').value) > 0.3")
        assert page.evaluate("document.getAnimations().length") == 0


def test_the_code_is_copied(locked_chromium, loop_page):
    """One press puts the code where it can be pasted."""
    context = locked_chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(loop_page)
    page.locator('[data-deed="copy"]').click()
    page.get_by_text("Copied. Paste it into a cell.").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#code").text_content()
    context.close()


def test_a_visitor_makes_it_theirs(visit, shown, loop_page):
    """Whoever is nobody yet becomes a guest first; the copy is what they see next."""
    number = loop_page.rsplit("/", 1)[1]
    fork = f"api/v1/shared/{number}/fork"
    asked: list[str] = []

    def answer(path, _body):
        asked.append(path)
        if path == fork and asked.count(fork) == 1:
            return 401, {"error": {"code": "unauthenticated", "message": "Nobody.", "cure": ""}}
        return 201, {"id": number}

    shown.answer = answer
    visitor = visit()
    page = visitor.open(loop_page)
    page.locator('[data-deed="fork"]').click()
    page.wait_for_url("**/p/*")
    assert [fork, "api/v1/guests", fork] == asked
    visitor.faults.clear()  # the browser notes the first answer, 401, as an error


def test_something_wrong_is_told(visit, shown, loop_page):
    """A report goes to the server with its reason and words, and says that it went."""
    posted: list[tuple[str, dict[str, str]]] = []

    def answer(path, body):
        posted.append((path, body))
        return 201, {}

    shown.answer = answer
    page = visit().open(loop_page)
    page.get_by_text("Something is wrong with this").click()
    page.locator("select[name=reason]").select_option("copyright")
    page.locator("textarea").fill("That is <b>my</b> song.")
    page.get_by_role("button", name="Report it").click()
    page.get_by_text("Thank you. Somebody will look at it.").first.wait_for()
    number = loop_page.rsplit("/", 1)[1]
    body = {"shareToken": number, "reason": "copyright", "message": "That is <b>my</b> song."}
    assert [("api/v1/reports", body)] == posted


def test_somebody_with_a_jupyterlab_opens_it_there(visit, shown, loop_page):
    """The notebook goes among their files under a name that is free, and is opened."""
    shown.notebooks = True
    shown.files = {"First light.ipynb"}
    visitor = visit()
    page = visitor.open(loop_page)
    page.route("**/base/lab/**", lambda route: route.fulfill(body="<title>lab</title>"))
    page.locator('[data-deed="notebook"]').click()
    page.wait_for_url("**/base/lab/tree/First%20light%202.ipynb")
    assert shown.files == {"First light.ipynb", "First light 2.ipynb"}
    shown.notebooks = False
    visitor.faults.clear()  # asking whether a name is free is answered with 404


def test_only_pages_that_were_named_frame_an_embed(visit, shown, serve, tmp_path_factory):
    """A page that was named shows and plays it in a frame; any other shows nothing of it."""
    outer = tmp_path_factory.mktemp("outer")
    site = serve(outer)
    named = exhibit_of(a_loop().document.revision, "Named", embed_origins=(site,))
    other = exhibit_of(a_loop().document.revision, "Other", embed_origins=("https://a.example",))
    for exhibit in (named, other):
        address = shown.show(exhibit).replace("/s/", "/embed/")
        frame = f'<iframe src="{address}" width="720" height="420" allow="autoplay"></iframe>'
        (outer / f"{exhibit.title}.html").write_text(f"<!doctype html><title>x</title>{frame}")
    visitor = visit()
    visitor.page.goto(f"{site}/Named.html")
    inside = visitor.page.frame_locator("iframe")
    inside.locator('[data-cmp="play"]').click()
    inside.locator('.cmp-card[data-state="playing"]').wait_for()
    visitor.page.goto(f"{site}/Other.html")
    inside.locator("#main-content").wait_for(state="attached")  # the browser's own page of refusal
    assert inside.locator("#music").count() == 0
    assert any("frame-ancestors" in fault for fault in visitor.faults)
    visitor.faults.clear()
