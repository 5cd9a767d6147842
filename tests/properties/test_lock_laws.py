"""No edit without the right to lock changes what is locked, whatever it does."""

import os
from contextlib import suppress
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from cellissimo.crdt.document import Document
from cellissimo.crdt.gate import Gate
from cellissimo.crdt.gate_policy import actions_of
from cellissimo.crdt.locked import locked
from cellissimo.crdt.write import RemovedError
from cellissimo.schema.models import Segment
from cellissimo.schema.policy import Action
from tests import strategies

LONG = os.environ.get("CELLISSIMO_LONG") == "1"


class LockedError(Exception):
    """The refusal of a test."""


def contributed(document, data):
    """Let an update of somebody who may not lock in, where nothing that it changes is locked."""

    def permit(changes):
        if Action.LOCK in actions_of(changes, document):
            raise LockedError

    with suppress(LockedError):
        Gate(document).admit(data, origin="replica", may_use=lambda _: True, permit=permit)


def changes_of(wanted, held, data):
    """Verbs that write another song into this one, thing by thing, and move what is here."""
    kinds = ("stems", "segments", "blocks", "sections", "markers", "returns")
    for kind in kinds:
        yield from (lambda w, one=one: w.put(one) for one in getattr(wanted, kind).values())
        here = sorted(getattr(held, kind))
        if here:
            yield lambda w, kind=kind, here=here: w.remove(kind, data.draw(st.sampled_from(here)))
    for segment in held.segments:
        yield lambda w, at=segment: w.set_field(Segment, at, "start", data.draw(strategies.ticks()))
    for loop in (
        *wanted.loops.values(),
        *(replace(one, id=k) for k, one in zip(held.loops, wanted.loops.values(), strict=False)),
    ):
        yield lambda w, loop=loop: w.set_loop(loop)
    for tick, tempo in wanted.tempos.items():
        yield lambda w, tick=tick, tempo=tempo: w.set_tempo(tick, tempo)
    for tick, meter in wanted.meters.items():
        yield lambda w, tick=tick, meter=meter: w.set_meter(tick, meter)
    for lock in (*held.locks.values(), *wanted.locks.values()):
        yield lambda w, lock=lock: w.set_lock(lock, closed=lock.key not in held.locks)


@settings(max_examples=300 if LONG else 20, deadline=None)
@given(strategies.songs(), strategies.songs(), st.data())
def test_no_train_of_permitted_updates_changes_what_is_locked(song, wanted, data):
    """[GATE-15 … GATE-18] Each thing of another song is written into this one, or refused."""
    document = Document(song)
    before = document.revision
    for change in changes_of(wanted, before, data):
        replica, made = Document(update=document.encode()), []
        replica.observe(made.append)
        with suppress(RemovedError), replica.edit() as write:
            change(write)
        for update in made:
            contributed(document, update)
    after = document.revision
    assert before.locks == after.locks
    for lock in before.locks.values():
        assert locked(before, lock) == locked(after, lock)
