"""What differs between two songs, written into a document that says the first."""

import os
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.crdt.document import Document
from cellissimo.crdt.write_difference import write_difference
from tests import strategies

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
FEW = settings(max_examples=200 if LONG else 5)


@st.composite
def pairs(draw):
    """Two songs that a document may say, which have some of their things in common."""
    one, other = (draw(strategies.songs()) for _ in range(2))
    mixed = {
        name: draw(st.sampled_from([getattr(one, name), getattr(other, name)]))
        for name in ("stems", "segments", "loops", "blocks", "sections", "master", "tempos")
    }
    before = Document(replace(one, locks={})).revision
    return before, replace(Document(replace(before, **mixed)).revision, id=before.id)


@FEW
@given(pairs())
def test_a_document_says_the_second_song_afterwards(songs):
    """Whatever came, went or changed; and where nothing differs, nothing is written."""
    before, after = songs
    document = Document(before)
    updates = []
    document.observe(updates.append)
    with document.edit() as write:
        write_difference(write, before, after)
    assert after == document.revision
    updates.clear()
    with document.edit() as write:
        write_difference(write, after, after)
    assert updates == []
