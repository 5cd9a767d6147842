"""What an address of music means, and when two addresses are one server's."""

from __future__ import annotations

import pytest

from cellissimo.music.connection import Linked, is_same, link_in

HUB = "https://hub.example/user/ada/cellissimo"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"{HUB}/s/aB_-9", Linked(HUB, "aB_-9", None)),
        (f"{HUB}/loop/t1", Linked(HUB, "t1", None)),
        (f"{HUB}/song/t1?theme=dark#bar", Linked(HUB, "t1", None)),
        (f"{HUB}/embed/t1?theme=dark", Linked(HUB, "t1", None)),
        (f"{HUB}/p/6f1c74c6", Linked(HUB, None, "6f1c74c6")),
        (f"{HUB}/s/x/", Linked(HUB, "x", None)),
        (HUB, None),
        (f"{HUB}/settings", None),
        ("https://elsewhere.example/s/token", None),
        ("ftp://hub.example/cellissimo/s/x", None),
        ("Harbour", None),
        ("", None),
    ],
)
def test_an_address_means_a_link_a_piece_or_nothing(text, meant):
    """Share links in all their forms, pages of pieces, and names that are none."""
    assert link_in(text) == meant


def test_a_machine_has_several_names_for_itself():
    """The server's own words and the browser's may differ; ports and prefixes do not."""
    here, other_host = "http://localhost:8888/cellissimo", "http://example.org:8888/cellissimo"
    assert is_same(here, "http://127.0.0.1:8888/cellissimo/")
    assert is_same(here, "http://[::1]:8888/cellissimo")
    for other in (
        "http://localhost:8889/cellissimo",
        "http://localhost:8888/a/cellissimo",
        "https://localhost:8888/cellissimo",
        other_host,
    ):
        assert not is_same(here, other)
