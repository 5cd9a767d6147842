"""Any edit of any of our documents passes the gate; nothing that does not pass changes anything."""

import os
import random

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from cellissimo.crdt.document import Document
from cellissimo.crdt.gate import Gate
from cellissimo.crdt.update_parser import UpdateError, parse_update, state_of
from cellissimo.schema import models
from tests import strategies

SONG = models.Song(
    "s",
    "Song",
    loops={"a": models.Loop("a", "Beat", steps={("kick", 0): models.Step(90, 60.5)})},
    stems={"t": models.Stem("t", "Bass", settings={"amp.mute": True})},
)

LONG = os.environ.get("CELLISSIMO_LONG") == "1"


def guarded(song):
    """A document behind its gate, and a function that sends it updates."""
    document = Document(song)
    gate = Gate(document)

    def send(data):
        gate.admit(data, origin="replica", may_use=lambda _: True, permit=lambda _: None)

    return document, send


@given(strategies.songs(), strategies.songs())
@settings(max_examples=400 if LONG else 20)
def test_whatever_a_replica_of_ours_writes_is_let_in(before, after):
    """[GATE-7] [GATE-12] One song becomes another, is undone and done again, through the gate."""
    document, send = guarded(before)
    replica, made = Document(update=document.encode()), []
    replica.observe(made.append)
    with replica.edit() as write:
        write.set_song(after)
    replica.undo()
    replica.redo()
    for data in made:
        send(data)
    assert replica.revision == document.revision


@given(strategies.songs(), st.integers(0, 1 << 32))
@settings(max_examples=300 if LONG else 30)
def test_bytes_changed_on_their_way_leave_a_readable_document(song, seed):
    """[GATE-1] [GATE-10] What is let in, however mad, can be encoded, loaded and read alike."""
    rng = random.Random(seed)
    document, send = guarded(song)
    replica, made = Document(update=document.encode()), []
    replica.observe(made.append)
    with replica.edit() as write:
        write.set_song_field("name", "Other")
        write.set_tempo(960, None)
    for _ in range(20):
        data = bytearray(rng.choice([*made, document.encode()]))
        data[rng.randrange(len(data))] = rng.randrange(256)
        note(f"onto {document.encode().hex()}: {data.hex()}")
        before, state = document.revision, state_of(document.state)
        try:
            send(bytes(data))
        except UpdateError:
            assert (before, state) == (document.revision, state_of(document.state))
    copy = Document(update=document.encode())
    assert copy.revision == document.revision
    assert state_of(copy.state) == state_of(document.state)


@pytest.mark.parametrize("seed", range(40 if LONG else 4))
def test_what_passes_the_parser_passes_the_library(seed):
    """[GATE-6] Long trains of random changes: nothing accepted upsets the library."""
    import pycrdt  # noqa: PLC0415 - the oracle

    rng = random.Random(seed)
    document = Document(SONG)
    whole = document.encode()
    for _ in range(20_000 if LONG else 400):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 2, 3, 8))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            parse_update(bytes(data))
        except UpdateError:
            continue
        taken = pycrdt.Doc()
        taken.apply_update(bytes(data))
        taken.get_update()
