"""What pages say and draw: names, initials, faces, and pictures pixel by pixel."""

from __future__ import annotations

import dataclasses
import struct
import zlib

import pytest

from cellissimo.schema.models import Block, Loop, Segment, Song, Stem, Step
from cellissimo_server.publish.exhibit import Exhibit, Owner, plain_title, safe_picture
from cellissimo_server.publish.preview import preview_png
from cellissimo_server.publish.raster import Raster, color_of, mixed

BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def pixels(png: bytes) -> list[list[tuple[int, int, int]]]:
    """Give the rows of a PNG of ours."""
    width, height = struct.unpack(">II", png[16:24])
    start = png.index(b"IDAT") + 4
    (length,) = struct.unpack(">I", png[start - 8 : start - 4])
    lines = zlib.decompress(png[start : start + length])
    rows = [lines[y * (width * 3 + 1) + 1 : (y + 1) * (width * 3 + 1)] for y in range(height)]
    return [[tuple(row[x * 3 : x * 3 + 3]) for x in range(width)] for row in rows]  # type: ignore[misc]


def an_exhibit(song: Song, kind: str = "song") -> Exhibit:
    """Give a song or loop as a page shows it."""
    return Exhibit(
        id="1", kind=kind, title="x", owner=Owner("Ada"), song=song, seq=1, digest="", code="",
        rights=frozenset(),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Ada Lovelace", "AL"),
        ("ada", "A"),
        ("Johann Sebastian Bach", "JB"),
        ("מרים בן-דוד", "מב"),
        ("ßäöü", "SS"),
        ("  ", "?"),
        ("!!! ???", "?"),
        ("", "?"),
    ],
)
def test_initials_stand_in_for_a_face(name: str, initials: str) -> None:
    """The letters of the first and the last word, in any script; a sign where there are none."""
    assert initials == Owner(name).initials


def test_a_title_turns_no_text_around_it() -> None:
    """Signs that turn the direction, break the line or are not seen do not come along."""
    assert plain_title("a\u202eb\u0000c\u200bd\n") == "abcd"
    assert plain_title("\u202e\u200f") == "Untitled"


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("/files/me.png", True),
        ("data:image/png;base64,AAAA", True),
        ("data:image/svg+xml;base64,AAAA", False),
        ("data:text/html,<script>", False),
        ("https://elsewhere.example/me.png", False),
        ("//elsewhere.example/me.png", False),
        ("/\\elsewhere.example/me.png", False),
        ("javascript:alert(1)", False),
        (None, False),
    ],
)
def test_a_face_comes_from_this_server_or_not_at_all(address: str | None, is_kept: bool) -> None:
    """No other site learns who looks at a page."""
    assert (address if is_kept else None) == safe_picture(address)


def test_a_summary_is_one_short_line() -> None:
    """What its owner wrote in one line, cut where it is long; else what it is."""
    exhibit = an_exhibit(Song("1", "x"))
    assert exhibit.summary == "A song by Ada: 1 bar, 0:00, 120 BPM, 4/4, C major."
    long = dataclasses.replace(exhibit, description="one\ntwo " * 100).summary
    assert long.startswith("one two one two")
    assert len(long) == 200
    assert long.endswith("…")


def test_shapes_cover_the_pixels_that_they_cover() -> None:
    """Whole pixels are coloured, parts are mixed, and what lies outside is cut off."""
    raster = Raster(8, 4, BLACK)
    raster.rect(1, 1, (2.5, 1), WHITE)
    raster.span(2, -5, 0.25, WHITE)
    raster.span(2, 4.25, 4.75, WHITE)
    raster.span(3, 7.5, 99, WHITE)
    raster.span(9, 0, 8, WHITE)
    rows = pixels(raster.png())
    half, quarter = mixed(BLACK, WHITE, 0.5), mixed(BLACK, WHITE, 0.25)
    assert [BLACK] * 8 == rows[0]
    assert [BLACK, WHITE, WHITE, half, BLACK] == rows[1][:5]
    assert [quarter, BLACK, BLACK, BLACK, half, BLACK] == rows[2][:6]
    assert [BLACK, half] == rows[3][6:]


def test_corners_are_round_and_discs_are_symmetric() -> None:
    """A disc looks the same from all four sides."""
    raster = Raster(20, 20, BLACK)
    raster.disc(10, 10, 8, WHITE)
    rows = pixels(raster.png())
    assert rows == rows[::-1]
    assert rows == [row[::-1] for row in rows]
    assert (rows[10][10], rows[2][2]) == (WHITE, BLACK)


def test_what_is_no_colour_has_the_usual_one() -> None:
    """A colour is six digits; anything else is drawn, but not believed."""
    assert color_of("#ff8000") == (255, 128, 0)
    for text in ("", "red", "#ff80", "#ff80001"):
        assert color_of(text) == (0x5B, 0x8D, 0xEF)


def test_a_preview_shows_what_a_loop_plays() -> None:
    """A step is drawn in its category's colour where it stands; one more step, another picture."""
    steps = {("drum-kick", 0): Step(127), ("bass-sub", 8): Step(100)}
    loop = Loop("l", "l", bars=1, steps=steps, chords={0: "C", 8: "G"})
    song = Song("l", "l", kind="loop", loops={"l": loop})
    first = preview_png(an_exhibit(song, "loop"))
    assert color_of("#ffb35c") in {pixel for row in pixels(first) for pixel in row}
    more = dataclasses.replace(loop, steps={**steps, ("drum-kick", 4): Step(127)})
    second = preview_png(an_exhibit(dataclasses.replace(song, loops={"l": more}), "loop"))
    assert first != second
    assert first == preview_png(an_exhibit(song, "loop"))


def test_any_music_has_a_preview() -> None:
    """Nothing at all, a loop that is empty, and a song with blocks and stems are all drawn."""
    loop = Loop("l", "l", bars=8, steps_per_bar=4)
    full = Song(
        "s",
        "s",
        loops={"l": loop},
        blocks={"b": Block("b", "l", 0, 3840, lane=2)},
        stems={"t": Stem("t", "Bass", order="a")},
        segments={"g": Segment("g", "t", "midi", start=0, length=100_000)},
    )
    for exhibit in (
        an_exhibit(Song("e", "e")),
        an_exhibit(Song("l", "l", kind="loop"), "loop"),
        an_exhibit(Song("l", "l", kind="loop", loops={"l": loop}), "loop"),
        an_exhibit(full),
    ):
        assert struct.unpack(">II", preview_png(exhibit)[16:24]) == (1200, 630)
