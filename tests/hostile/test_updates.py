"""Updates made to harm: refused by the parser, and proved harmful in a process of their own."""

import subprocess
import sys

import pycrdt
import pytest

from cellissimo.crdt.update_parser import MOST_BYTES, MOST_STRUCTS, UpdateError, parse_update
from tests.conftest import ROOT
from tests.updates import make, number, update

DEEP = 60_000
"""Maps within maps; the library recurses into each of them when they are deleted."""


def nested_maps() -> bytes:
    """Some 600 KB of maps within maps."""
    return update({7: (0, [make("song", "x"), *(make((7, at), "y") for at in range(DEEP))])})


def deletion() -> bytes:
    """The second frame: 13 bytes or fewer that delete the outermost map."""
    return update({}, {7: [(0, 1)]})


def spinning() -> bytes:
    """A list whose item says that it follows one of a map: read out, it never ends."""
    listed = b"\x08" + number(1) + number(4) + b"song" + number(1) + b"\x78"
    confused = b"\x88" + number(7) + number(0) + number(1) + b"\x78"
    return update({7: (0, [listed, confused])})


CRASH = """
import sys, pycrdt
from tests.hostile.test_updates import deletion, nested_maps
doc = pycrdt.Doc()
doc.get("song", type=pycrdt.Map)
doc.apply_update(nested_maps())
doc.apply_update(deletion())
doc.get("song", type=pycrdt.Map).to_py()
print("survived")
"""

REFUSED = """
import sys
sys.setrecursionlimit(200)
from cellissimo.crdt.update_parser import UpdateError, parse_update
from tests.hostile.test_updates import nested_maps, spinning
for data in (nested_maps(), spinning()):
    try:
        parse_update(data)
    except UpdateError as error:
        print("refused:", error)
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run some code in a process of its own."""
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def test_maps_nested_by_the_thousand_never_reach_the_library():
    """[GATE-5] Two frames end the process of who takes them in; our parser refuses the first."""
    assert len(deletion()) <= 13
    assert len(nested_maps()) < MOST_BYTES
    crashed = run(CRASH)
    assert "survived" not in crashed.stdout, "the library bears it by now: the test says nothing"
    said = run(REFUSED)
    assert (0, 2) == (said.returncode, said.stdout.count("refused:")), said.stderr


@pytest.mark.parametrize("data", [spinning(), nested_maps()])
def test_the_parser_says_why(data):
    """[GATE-3] Lists and depth are refused by name."""
    with pytest.raises(UpdateError):
        parse_update(data)


def collected(count: int) -> bytes:
    """An update of nothing but the smallest operations, two bytes each."""
    return number(1) + number(count) + number(7) + number(0) + b"\x00\x01" * count + b"\x00"


def test_many_small_things_are_read_up_to_a_number():
    """[GATE-4] Four megabytes of the smallest operations would take seconds: refused at once."""
    found = parse_update(collected(MOST_STRUCTS))
    assert MOST_STRUCTS == found.structs[7][-1].end
    with pytest.raises(UpdateError, match="1900000 operations"):
        parse_update(collected(1_900_000))


def test_a_chain_of_a_million_followers_is_no_burden():
    """[GATE-5] Depth is counted without recursion, however long the trail is."""
    follow = [b"\xa8" + number(7) + number(at) + b"\x01\x78" for at in range(100_000)]
    maps = [b"\xa7" + number(7) + number(100_000 + at) + b"\x01" for at in range(20)]
    first = b"\x28\x01" + number(4) + b"song" + number(1) + b"x" + b"\x01\x78"
    found = parse_update(update({7: (0, [first, *follow, *maps])}))
    assert 100_021 == found.structs[7][-1].end


def test_deletions_of_everything_are_only_numbers():
    """[GATE-4] Deletions name a replica once, and end where numbers end."""
    many = {client: [(0, 1)] for client in range(1, 2000)}
    assert 1999 == len(parse_update(update({}, many)).deletes)
    pycrdt.Doc().apply_update(update({}, many))
