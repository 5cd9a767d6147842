"""A document holds any song, becomes any other by the difference, and goes back."""

import dataclasses

from hypothesis import HealthCheck, given, settings

from cellissimo.crdt.document import Document
from tests.strategies import songs

slow = settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)


def sorted_songs():
    """Songs whose maps are in the order in which a document gives them."""
    return songs().map(lambda song: Document(song).revision)


@slow
@given(songs())
def test_a_document_says_what_it_was_founded_with(song):
    """Nothing is lost or added on the way through the shared document."""
    assert Document(song).revision == song


@slow
@given(sorted_songs(), sorted_songs())
def test_a_document_becomes_another_song_and_goes_back(one, other):
    """[DOC-11] All of it as one edit, and one undo takes back all of it."""
    document = Document(one)
    with document.edit() as edit:
        edit.set_song(other)
    assert document.revision == dataclasses.replace(other, id=one.id, kind=one.kind)
    document.undo()
    assert document.revision == one


@slow
@given(songs())
def test_a_document_sent_as_bytes_says_the_same(song):
    """[DOC-8] Whoever opens it reads alike, in the same order."""
    document = Document(song)
    assert repr(document.revision) == repr(Document(update=document.encode()).revision)
