"""Whatever a tiny client sends: a song that can be kept comes of it, or an error of ours."""

import itertools
import os

from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.crdt.document import Document
from cellissimo.crdt.write_difference import write_difference
from cellissimo.domain.errors import CellissimoError
from cellissimo.notation.paths import OPERATIONS, TYPES, changed
from tests.unit.notation.test_paths import SONG

LONG = os.environ.get("CELLISSIMO_LONG") == "1"
FEW = settings(max_examples=6_000 if LONG else 200)

WORDS = """
tempo tempos meter meters 0 4 3840 99 name key stems t1 Bass volume sends Hall reverb wet
enabled mix loops b1 loop steps rows kick chords segments g notes n1 pitch blocks x lane
pads sections markers returns pattern instruments effects master transport new instrument
bars start stem kind chain order
""".split()
PATHS = """
tempo tempos.3840 meters.3840 name key seed stems stems.t1 stems.Bass.volume
stems.t1.sends.Hall stems.t1.name stems.t1.channel stems.new returns.Hall.reverb.size
master.volume pads.0 loops loops.b1.bars loops.b1.stepsPerBar loops.b1.chords
loops.b1.chords.8 loops.b1.steps.kick loops.new loops.b1.steps.kick.4 loops.b1.rows.kick
loops.b1.rows.kick.delay.mix segments segments.g.start segments.g.kind segments.g.loop
segments.g.notes segments.g.notes.n1 segments.g.notes.n1.pitch blocks blocks.x.loop
blocks.x sections sections.Verse markers effects.master.reverb effects.Bass.chain.order
instruments.kick.volume transport.timeSignature
""".split()
FIELDS = """
name id loop stem start length kind cell velocity note bpm duration pitch volume bars tick
symbol ramp offset wet order
""".split()

PLAIN = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 200),
    st.integers(),
    st.floats(),
    st.sampled_from(
        ["x...", "Bass", "Beat", "b1", "C4", "3/4", "8n", "midi", "D minor", "kick", ""]
    ),
    st.text(max_size=5),
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(FIELDS), inner, max_size=4)
    ),
    max_leaves=8,
)


@FEW
@given(
    st.sampled_from(PATHS) | st.lists(st.sampled_from(WORDS), max_size=5).map(".".join),
    st.sampled_from(OPERATIONS),
    VALUES,
    st.sampled_from(["", *TYPES]),
)
def test_any_change_is_made_or_refused(path, operation, value, about):
    """Nothing else is raised; what was accepted is what a document says afterwards."""
    numbers = itertools.count()
    try:
        after = changed(
            SONG, path, operation, value, fresh=lambda: f"f{next(numbers)}", about=about
        )
    except CellissimoError:
        return
    document = Document(SONG)
    with document.edit() as write:
        write_difference(write, document.revision, after)
    said = document.revision
    assert (after.loops.keys(), after.stems.keys()) == (said.loops.keys(), said.stems.keys())
    assert after.tempos == said.tempos
    assert {k: s.notes for k, s in after.segments.items() if s.kind == "midi"} == {
        k: s.notes for k, s in said.segments.items() if s.kind == "midi"
    }
