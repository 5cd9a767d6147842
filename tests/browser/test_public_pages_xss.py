"""Names that try to run: 310 strings through every field of public pages, in a real browser."""

from __future__ import annotations

import dataclasses

import pytest

import cellissimo as cm
from cellissimo.schema.limits import SYMBOL_LENGTH
from cellissimo_server.publish.exhibit import Owner, plain_title, safe_picture
from tests.browser.exhibition import exhibit_of, exhibition
from tests.browser.visiting import Visitor
from tests.hostile.write_xss_strings import FILE, strings

pytestmark = pytest.mark.browser

BATCH = 31

# What no name can add to a page; a page has two scripts of its own: its facts and its module.
INTRUDERS = """() => ({
  ran: globalThis.ran,
  scripts: document.scripts.length,
  strangers: [...document.querySelectorAll(
    "iframe, object, embed, base, form:not(.report), math, marquee, video, audio, image, " +
    "isindex, template, xmp, dialog, body ~ *, style, img, meta[http-equiv], details details"
  )].map((each) => each.outerHTML),
  handlers: [...document.querySelectorAll("*")].flatMap((each) =>
    each.getAttributeNames().filter((name) => /^on/i.test(name) || name === "style" &&
      /url|expression/i.test(each.getAttribute(name)))),
  addresses: [...document.querySelectorAll("[href], [src], [action]")]
    .map((each) => each.getAttribute("href") ?? each.getAttribute("src"))
    .filter((address) => /^\\s*(javascript|vbscript|blob):/i.test(address ?? "")),
})"""


def batches():
    """Give the strings in handfuls."""
    held = strings()
    return [held[at : at + BATCH] for at in range(0, len(held), BATCH)]


def hostile_loop(names):
    """Make a loop whose chords, name and owner's words are hostile."""
    loop = cm.Loop("plain", bars=8)
    loop["drum-kick"] = "x..."
    song = loop.document.revision
    chords = {place * 4: name[:SYMBOL_LENGTH] for place, name in enumerate(names)}
    hostile = dataclasses.replace(song.loops[loop.id], name=names[0], chords=chords)
    return dataclasses.replace(song, name=names[0], loops={loop.id: hostile})


def hostile_song(names):
    """Make a song in which everything that has a name has a hostile one."""
    song = cm.Song("plain")
    for place, name in enumerate(names):
        bar = 1 + place * 2
        song.sections.add(name, bar=bar, bars=2)
        song.markers.add(name, bar=bar)
        stem = song.stems.add(name)
        stem.add_notes([(0, 960, "C4")], bar=bar).name = name
        loop = cm.Loop(name, bars=1)
        loop["drum-kick"] = "x..."
        song.timeline.add(loop, bar=bar, lane=place % 4)
    return song.document.revision


def words_of(names):
    """Give everything that a page is told in words beside the music."""
    whole = " ".join(names)
    return {
        "owner": Owner(plain_title(whole), safe_picture(f"javascript:{names[0]}")),
        "description": "\n".join(names),
        "licence": whole,
        "tags": tuple(names),
        "digest": "\n".join(names),
        "code": "\n".join(names),
        "key": names[0],
        "meter": names[-1],
    }


@pytest.fixture(scope="module")
def walls():
    """Hold an exhibition of hostile pieces: one loop and one song for each handful."""
    with exhibition() as shown:
        pairs = [
            [
                shown.show(exhibit_of(song, " ".join(names), **words_of(names)))
                for song in (hostile_loop(names), hostile_song(names))
            ]
            for names in batches()
        ]
        yield dict(zip(range(len(pairs)), pairs, strict=True))


def test_the_file_holds_what_is_written_here():
    """The strings are 300 at least, each as long as a name may be, and come from the generator."""
    held = FILE.read_text("utf-8").splitlines()
    assert strings() == held
    assert len(held) >= 300
    assert max(map(len, held)) <= 100


def test_no_name_runs_on_a_public_page(chromium, walls):
    """Nothing runs, nothing is even tried, and every name stands on the page as it was given."""
    visitor = Visitor(chromium)
    for names, (loop, song) in zip(batches(), walls.values(), strict=True):
        for address in (loop, song, loop.replace("/s/", "/embed/"), song.replace("/s/", "/embed/")):
            page = visitor.open(address)
            found = page.evaluate(INTRUDERS)
            plain = {"scripts": 2, "strangers": [], "handlers": [], "addresses": []}
            assert plain == {key: value for key, value in found.items() if value is not None}
            assert page.evaluate("globalThis.violations") == []
            assert visitor.faults == []
            title = plain_title(" ".join(names))
            assert title == page.locator("h1").text_content()
            assert " ".join(page.title().split()).startswith(" ".join(title.split()))
            if address == loop:
                check_words(page, names)
            elif address == song:
                check_song(page, names)
    visitor.leave()


def check_words(page, names):
    """Look for each name, letter by letter, where the page writes it."""
    tags = page.eval_on_selector_all(".facts bdi", "all => all.map((each) => each.textContent)")
    assert names == tags[1:]
    for place in (".about", ".digest", "#code"):
        assert "\n".join(names) == page.locator(place).text_content()
    assert plain_title(" ".join(names)) == page.locator(".owner bdi").text_content()
    chords = page.locator(".cm-chip .cm-letter").count()
    assert len(names) == chords


def check_song(page, names):
    """Look for each name in the timeline."""
    sections = page.eval_on_selector_all(
        ".cm-sign-sections .cm-sign-text", "all => all.map((each) => each.textContent)"
    )
    assert names == sections
    stems = page.eval_on_selector_all(
        ".cm-track[data-kind=stem] .cm-row-name", "all => all.map((each) => each.textContent)"
    )
    assert names == stems
    items = page.eval_on_selector_all(
        ".cm-item", "all => all.map((each) => each.getAttribute('aria-label'))"
    )
    assert all(any(item.startswith(name) for item in items) for name in names)
