"""What a page writes with its own library passes the gate, update by update and at once."""

import base64
import subprocess

import pytest

from cellissimo.crdt.document import Document
from cellissimo.crdt.gate import Gate
from cellissimo.schema import models
from tests.conftest import ROOT

LOOP = models.Loop("a", "Beat", bars=1, steps={("kick", 0): models.Step()})
SONG = models.Song("s", "Song", loops={"a": LOOP}, stems={"t": models.Stem("t", "Bass")})


def edited_in_a_page(node, document):
    """The updates of a page's replica, and at the end its whole document."""
    script = ROOT / "extension" / "test" / "peers" / "yjs_replica.mjs"
    given = base64.b64encode(document.encode())
    done = subprocess.run(
        [node, str(script)], input=given, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()
    return [base64.b64decode(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("at_once", [False, True])
def test_a_page_edits_undoes_and_redoes_through_the_gate(require_tool, at_once):
    """[GATE-3] [GATE-7] [GATE-12] Numbers, texts, new maps, undo and redo: all of it passes."""
    document = Document(SONG)
    gate = Gate(document)
    *updates, whole = edited_in_a_page(require_tool("node"), document)
    assert len(updates) > 12
    for data in [whole] if at_once else updates:
        gate.admit(data, origin="page", may_use=lambda _: True, permit=lambda _: None)
    assert Document(update=whole).revision == document.revision
    song = document.revision
    assert ({0: 120, 960: 97.5}, "hat") == (
        {tick: tempo.bpm for tick, tempo in song.tempos.items()},
        max(row for row, _ in song.loops["a"].steps if row != "kick"),
    )
