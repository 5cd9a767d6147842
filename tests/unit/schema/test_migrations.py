"""Documents of older versions mean what they meant."""

import copy

from cellissimo.crdt.document import Document
from cellissimo.schema.migrations import migrated

OLD = {
    "meta": {"schema": 1, "id": "s", "kind": "song"},
    "song": {"name": "Old", "key": "C major"},
    "tempo": {"0": 120, "3840": 90},
    "meter": {"0": "4/4"},
    "pads": {"0": "a"},
    "loops": {
        "a": {
            "name": "A",
            "bars": 1,
            "stepsPerBar": 16,
            "key": "C major",
            "chords": {},
            "steps": {"kick/0": [127]},
            "settings": {
                "master.groove.type": "swing",
                "hat.groove.type": "swing",
                "hat.groove.amount": 0.6,
                "lead.groove.type": "rush",
                "kick.comp.threshold": -20,
                "snare.comp.ratio": 8,
            },
        }
    },
}


def test_what_relied_on_a_default_that_changed_is_written_out():
    """[DOC-10] Swing without an amount stays straight; a compressor without a ratio has 4."""
    found = migrated(copy.deepcopy(OLD))["loops"]["a"]["settings"]
    assert found == OLD["loops"]["a"]["settings"] | {
        "master.groove.amount": 0,
        "kick.comp.ratio": 4,
    }


def test_the_rest_stays_and_the_new_maps_are_there():
    """[DOC-10] Nothing else changes, and what version 2 adds is empty."""
    old = copy.deepcopy(OLD)
    new = migrated(old)
    assert new["meta"]["schema"] == 2
    for root in ("song", "tempo", "meter", "pads"):
        assert new[root] == OLD[root]
    added = ("blocks", "stems", "returns", "segments", "sections", "markers", "master", "lanes")
    assert [{}] * len(added) == [new[root] for root in added]
    assert old == OLD


def test_an_empty_document_can_be_brought_on():
    """[DOC-10] A document that lacks maps, or has others where loops should be, breaks nothing."""
    new = migrated({"meta": {"schema": 1}, "loops": {"a": 3, "b": {"settings": 4}}})
    assert new["loops"] == {"a": 3, "b": {"settings": 4}}
    assert Document().revision.stems == {}
