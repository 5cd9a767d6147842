"""What locks close, change by change [GATE-15 … GATE-18]."""

import pycrdt
import pytest

import cellissimo as cm
from cellissimo.crdt.document import Document
from cellissimo.crdt.gate import Gate, GateError
from cellissimo.crdt.gate_policy import actions_between, actions_of
from cellissimo.crdt.mirror import GONE, Change
from cellissimo.domain.errors import CellissimoError
from cellissimo.schema import models
from cellissimo.schema.models import Lock
from cellissimo.schema.policy import Action
from tests.updates import put, update

BAR = 3840
SONG = models.Song(
    "s",
    "Song",
    tempos={0: models.Tempo(), 2 * BAR: models.Tempo(90)},
    loops={key: models.Loop(key, key, bars=1) for key in ("beat", "fill", "free", "p")},
    blocks={
        "early": models.Block("early", "beat", 0, BAR),
        "late": models.Block("late", "free", 8 * BAR, BAR),
    },
    stems={
        "t": models.Stem(
            "t", "Bass", sends={"hall": 0.5}, lanes={"amp.level": {0: models.Point(1)}}
        ),
        "u": models.Stem("u", "Lead", order="W"),
    },
    returns={"hall": models.Return("hall", "Hall"), "room": models.Return("room", "Room")},
    segments={
        "g": models.Segment("g", "t", "midi", 0, BAR, notes={"n": models.Note(0, 480, 36)}),
        "h": models.Segment("h", "u", "midi", 0, 8 * BAR, notes={"m": models.Note(0, 480, 36)}),
        "l": models.Segment("l", "t", "loop", 8 * BAR, BAR, loop="fill"),
        "p": models.Segment("p", "t", "pattern", 9 * BAR, BAR),
    },
)
STEM, LOOP, BARS = Lock("stem", "t"), Lock("loop", "free"), Lock("bars", "", 0, 2 * BAR)


def needed(lock, change):
    """What an edit of the song with that lock needs, by its update and by its two songs."""
    document, made = Document(SONG), []
    with document.edit() as write:
        write.set_lock(lock, closed=True)
    replica = Document(update=document.encode())
    replica.observe(made.append)
    with replica.edit() as write:
        change(write)
    found, before = {}, document.revision
    for data in made:
        Gate(document).admit(
            data,
            origin="replica",
            may_use=lambda _: True,
            permit=lambda changes: found.update(actions_of(changes, document)),
        )
    between = actions_between(before, document.revision)
    assert (Action.LOCK in found) >= (Action.LOCK in between)
    return found


def note(start):
    """A change of a note of the long segment."""
    return lambda write: write.set_note("h", "new", models.Note(start, 480, 40))


def field(kind, key, name, value):
    """A change of a plain field."""
    return lambda write: write.set_field(kind, key, name, value)


def step(loop):
    """A change of a step of a loop."""
    return lambda write: write.set_step(loop, "kick", 1, models.Step())


CLOSED = [
    (STEM, field(models.Stem, "t", "name", "Sub")),
    (STEM, lambda w: w.set_channel_setting(("stems", "t"), "amp.level", 0.5)),
    (STEM, lambda w: w.set_send("t", "room", 0.5)),
    (STEM, lambda w: w.set_point(("stems", "t"), "amp.level", 960, models.Point(0.5))),
    (STEM, lambda w: w.set_note("g", "n", None)),
    (STEM, lambda w: w.remove("segments", "g")),
    (STEM, lambda w: w.remove("stems", "t")),
    (STEM, lambda w: w.remove("returns", "hall")),
    (STEM, lambda w: w.put(models.Segment("new", "t", "midi", 90 * BAR, BAR))),
    (STEM, field(models.Segment, "g", "stem", "u")),
    (STEM, field(models.Segment, "h", "stem", "t")),
    (STEM, step("fill")),
    (STEM, step("p")),
    (LOOP, step("free")),
    (LOOP, lambda w: w.set_chord("free", 0, "C")),
    (LOOP, lambda w: w.set_loop_field("free", "name", "Other")),
    (LOOP, lambda w: w.remove_loop("free")),
    (BARS, note(0)),
    (BARS, note(2 * BAR - 1)),
    (BARS, lambda w: w.set_note("h", "m", None)),
    (BARS, lambda w: w.set_note("h", "m", models.Note(4 * BAR, 480, 36))),
    (BARS, field(models.Segment, "h", "start", BAR)),
    (BARS, field(models.Segment, "l", "start", BAR)),
    (BARS, lambda w: w.put(models.Segment("new", "u", "midi", 2 * BAR - 1, 9))),
    (BARS, lambda w: w.remove("stems", "u")),
    (BARS, field(models.Block, "early", "lane", 3)),
    (BARS, field(models.Block, "late", "start", 960)),
    (BARS, step("beat")),
    (BARS, lambda w: w.put(models.Section("v", "Verse", BAR, 9 * BAR))),
    (BARS, lambda w: w.put(models.Marker("m", "drop", 5))),
    (BARS, lambda w: w.set_tempo(0, models.Tempo(100))),
    (BARS, lambda w: w.set_tempo(BAR, models.Tempo(100))),
    (BARS, lambda w: w.set_tempo(0, models.Tempo(120, ramp=True))),
    (BARS, lambda w: w.set_meter(0, "3/4")),
    (BARS, lambda w: w.set_point(None, "amp.level", BAR, models.Point(0.5))),
    (BARS, lambda w: w.set_point(("stems", "u"), "amp.level", BAR, models.Point(0.5))),
    (BARS, lambda w: w.put(models.Segment("beat", "u", "pattern", 90 * BAR, BAR))),
    (BARS, lambda w: w.set_lock(BARS, closed=False)),
    (BARS, lambda w: w.set_lock(STEM, closed=True)),
]

OPEN = [
    (STEM, field(models.Stem, "u", "name", "Sub")),
    (STEM, lambda w: w.set_note("h", "m", None)),
    (STEM, lambda w: w.remove("returns", "room")),
    (STEM, step("free")),
    (STEM, lambda w: w.set_tempo(0, models.Tempo(100))),
    (LOOP, step("fill")),
    (LOOP, field(models.Block, "late", "start", 960)),
    (LOOP, lambda w: w.set_pad(3, "free")),
    (BARS, note(2 * BAR)),
    (BARS, field(models.Segment, "l", "start", 2 * BAR)),
    (BARS, field(models.Stem, "u", "name", "Sub")),
    (BARS, lambda w: w.put(models.Segment("new", "u", "midi", 2 * BAR, BAR))),
    (BARS, lambda w: w.remove("segments", "l")),
    (BARS, step("free")),
    (BARS, lambda w: w.put(models.Marker("m", "drop", 2 * BAR))),
    (BARS, lambda w: w.set_tempo(2 * BAR, models.Tempo(100))),
    (BARS, lambda w: w.set_meter(2 * BAR, "3/4")),
    (BARS, lambda w: w.set_point(None, "amp.level", 2 * BAR, models.Point(0.5))),
]


@pytest.mark.parametrize(("lock", "change"), CLOSED)
def test_what_is_locked_needs_the_right_to_lock(lock, change):
    """[GATE-15] [GATE-16] [GATE-17] [GATE-18] In any way, also by taking it away."""
    assert Action.LOCK in needed(lock, change)


@pytest.mark.parametrize(("lock", "change"), OPEN)
def test_what_is_not_locked_stays_open(lock, change):
    """[GATE-16] [GATE-17] [GATE-18] Beside a lock everything is as it was."""
    assert Action.LOCK not in needed(lock, change)


def test_a_lock_alone_needs_nothing_else():
    """[GATE-15] Who may lock, but not edit, can lock."""
    assert {Action.LOCK} == set(needed(STEM, lambda w: w.set_lock(LOOP, closed=True)))


def test_a_refusal_names_the_lock():
    """[GATE-15] In the words of musicians, with the place."""
    told = [
        needed(lock, change)[Action.LOCK] for lock, change in (CLOSED[0], CLOSED[13], CLOSED[17])
    ]
    assert [
        'stems/t/name: the stem "Bass" is locked',
        'loops/free/steps/kick/1: the loop "free" is locked',
        "segments/h/notes/new: bars 1-2 are locked",
    ] == told


def test_a_large_edit_is_looked_at_once():
    """[GATE-19] Twenty thousand notes beside four hundred locks; the last one alone breaks one."""
    document = Document(SONG)
    with document.edit() as write:
        for at in range(400):
            start = (10 + 2 * at) * BAR
            write.set_lock(Lock("bars", "", start, start + BAR), closed=True)
        write.set_field(models.Segment, "h", "length", 20 * BAR)
    changes = [
        Change(("segments", "h", "notes"), f"n{at}", GONE, [at % BAR, 10, 60, 100])
        for at in range(20_000)
    ]
    assert Action.LOCK not in actions_of(changes, document)
    changes.append(Change(("segments", "h", "notes"), "last", GONE, [10 * BAR, 10, 60, 100]))
    assert "segments/h/notes/last: bar 11 is locked" == actions_of(changes, document)[Action.LOCK]


@pytest.mark.parametrize("key", ["stem/", "bars/0", "bars/9/3", "bars/01/3", "pad/1", "bars/0/9/9"])
def test_what_is_no_lock_is_refused(key):
    """[GATE-12] [DOC-17] A key that closes nothing is not written, nor another value than true."""
    for written in (put("locks", key, True), put("locks", "stem/t", 1.0)):
        with pytest.raises(GateError):
            Gate(Document(SONG)).admit(
                update({77: (0, [written])}),
                origin="replica",
                may_use=lambda _: True,
                permit=lambda _: None,
            )


def test_locks_are_set_and_read_in_python():
    """[DOC-17] Stems, loops and bars are locked and opened; undo takes a lock back."""
    song = cm.Song("Class")
    bass, beat = song.stems.add("Bass"), song.add(cm.Loop("Beat"))
    bass.lock()
    beat.lock()
    song.lock_bars(1, 8)
    song.unlock_bars(3)
    assert 'bars 1-2\nbars 4-8\nthe loop "Beat"\nthe stem "Bass"' == repr(song.locks)
    assert (True, True, 4) == (bass.is_locked, beat.is_locked, len(song.locks))
    beat.unlock()
    assert not beat.is_locked
    song.unlock_bars(1, 8)
    assert [Lock("stem", bass.id)] == list(song.locks)
    bass.delete()
    assert "nothing is locked" == repr(song.locks)
    song.undo()
    assert bass.is_locked
    with pytest.raises(CellissimoError, match="first one first"):
        song.lock_bars(8, 1)


def test_a_replica_that_knows_no_locks_carries_them_and_breaks_none():
    """[DOC-18] What it writes is measured as what anybody does; what it hands on is locked."""
    document = Document(SONG)
    with document.edit() as write:
        write.set_lock(STEM, closed=True)
    older = pycrdt.Doc()
    older.apply_update(document.encode())
    for stem, needs_it in (("u", False), ("t", True)):
        known, found = older.get_state(), {}
        older.get("stems", type=pycrdt.Map)[stem]["name"] = "Sub"
        Gate(document).admit(
            older.get_update(known),
            origin="replica",
            may_use=lambda _: True,
            permit=lambda changes, found=found: found.update(actions_of(changes, document)),
        )
        assert needs_it is (Action.LOCK in found)
    assert STEM in Document(update=older.get_update()).revision.locks.values()


def test_a_song_alone_can_be_changed_by_its_owner():
    """[DOC-17] A lock keeps nobody out of a document without a server."""
    song = cm.Song("Mine")
    bass = song.stems.add("Bass")
    bass.lock()
    bass.volume = 0.5
    assert 0.5 == bass.volume
