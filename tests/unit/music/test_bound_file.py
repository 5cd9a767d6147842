"""A file that follows a song and is followed: nothing that anybody wrote is lost."""

from __future__ import annotations

import subprocess
import threading
import time

import pytest

import cellissimo as cm
from cellissimo.music.bound_file import BoundFileError, write_all
from cellissimo.music.room_drafts import RoomWarning
from cellissimo.music.session import SESSION


@pytest.fixture
def song():
    """A song with two stems."""
    made = cm.Song("Evening", tempo=92)
    made.stems.add("Bass", sound="bass-sub").add_notes([(0, 960, "C2"), (3840, 960, "G2")])
    made.stems.add("Bells").add_notes([(0, 960, "C5")])
    return made


@pytest.fixture
def bound(song, tmp_path):
    """Its file."""
    file = song.bind(tmp_path / "evening.song")
    yield file
    file.unbind()


def edited(file, change):
    """The file as somebody else leaves it, with other music in it."""
    other = cm.load(file.path)
    change(other)
    cm.save(other, file.path)


def test_the_file_says_what_the_song_says(song, bound):
    """From the start, and when a cell ends; saving nothing new writes nothing."""
    assert cm.load(bound.path) == song
    song.tempo = 100
    SESSION.gestures.begin()
    bound.end_cell()
    SESSION.gestures.end()
    assert cm.load(bound.path).tempo == 100
    before = bound.path.stat().st_mtime_ns
    bound.end_cell()
    assert before == bound.path.stat().st_mtime_ns


def test_it_follows_without_anybody_asking(song, bound):
    """In a script there are no cells: a thread of its own writes, shortly after an edit."""
    song.tempo = 101
    until = time.monotonic() + 20
    while cm.load(bound.path).tempo != 101 and time.monotonic() < until:
        threading.Event().wait(0.05)
    assert cm.load(bound.path).tempo == 101


def test_it_is_written_at_the_end(song, bound):
    """A process that ends leaves nothing out."""
    song.tempo = 102
    write_all()
    assert cm.load(bound.path).tempo == 102


def test_an_outside_change_comes_in_as_one_step(song, bound):
    """It is there when the song is next read, is said in words, and undo takes it back whole."""

    def change(other):
        other.tempo = 76
        other.stems["Bells"].volume = 0.3
        other.stems.add("Lead")

    edited(bound, change)
    assert song.tempo == 76
    assert {"Bass", "Bells", "Lead"} == set(song.stems)
    assert "tempo from bar 1: 92 BPM → 76 BPM" in bound.words
    assert song.undo()
    assert (92, {"Bass", "Bells"}) == (song.tempo, set(song.stems))
    assert song.redo()
    assert song.tempo == 76


def test_both_sides_meet(song, bound):
    """What only one of them changed is kept, whoever it was, on both sides."""
    edited(bound, lambda other: setattr(other, "tempo", 76))
    with song.document.edit() as edit:
        edit.set_song_field("name", "Night")
    bound.look()
    assert (76, "Night") == (song.tempo, song.name)
    there = cm.load(bound.path)
    assert (76, "Night") == (there.tempo, there.name)
    assert bound.kept == ""


def test_where_both_changed_the_same_the_song_keeps_its_own(song, bound):
    """And says so: it is written over what the file said."""
    edited(bound, lambda other: setattr(other, "tempo", 76))
    with song.document.edit() as edit:
        edit.set_tempo(0, cm.Song("x", tempo=60).model.tempos[0])
    with pytest.warns(RoomWarning, match=r"keeps its own, not: tempo from bar 1: 60 BPM → 76 BPM"):
        bound.look()
    assert song.tempo == cm.load(bound.path).tempo == 60
    assert "76 BPM" in bound.kept


def test_a_file_that_does_not_read_is_left_alone(song, bound):
    """A merge with conflicts, say: the song goes on, and the file is not written over."""
    odd = "<<<<<<< ours\n" + bound.path.read_text()
    bound.path.write_text(odd)
    with pytest.warns(RoomWarning, match="does not read"):
        bound.look()
    song.tempo = 99
    assert bound.write() is False
    assert odd == bound.path.read_text()
    assert "does not read" in repr(bound)
    edited_text = odd.partition("\n")[2]
    bound.path.write_text(edited_text)
    bound.look()
    assert cm.load(bound.path).tempo == 99


def test_an_outside_change_is_never_written_over(song, bound):
    """Also when it comes while the song is being written."""
    song.tempo = 99
    text = bound.path.read_text().replace('name "Evening"', 'name "Dusk"')
    assert "Dusk" in text
    bound.path.write_text(text)
    assert bound.write() is False
    assert text == bound.path.read_text()
    bound.look()
    assert (99, "Dusk") == (song.tempo, song.name)
    assert "Dusk" in bound.path.read_text()


def test_a_file_that_says_something_else_needs_a_word(song, tmp_path):
    """Nobody's work is lost by binding."""
    path = tmp_path / "evening.song"
    cm.save(song, path)
    song.tempo = 60
    with pytest.raises(BoundFileError, match="keep="):
        song.bind(path)
    assert cm.load(path).tempo == 92
    file = song.bind(path, keep="song")
    assert cm.load(path).tempo == 60
    file.unbind()
    edited(file, lambda other: setattr(other, "tempo", 70))
    file = song.bind(path, keep="file")
    assert song.tempo == 70
    file.unbind()


def test_recordings_come_along(song, bound):
    """They are put beside it, as cm.save does."""
    song.stems.add("Vocals").add_audio(cm.Audio([0.5] * 4800), bar=1)
    bound.end_cell()
    assert 1 == len(list(bound.path.with_suffix(".blobs").iterdir()))


def test_a_loop_has_a_file_too(tmp_path):
    """With the same promises."""
    loop = cm.Loop("Verse")
    file = loop.bind(tmp_path / "verse.song")
    edited(file, lambda other: other.__setitem__("kick", "x...x..."))
    assert "kick" in loop
    file.unbind()


def test_git_brings_a_branch_into_the_song(song, bound, require_tool):
    """A checkout enters as one edit, and going back does too."""
    git = [str(require_tool("git")), "-C", str(bound.path.parent)]
    who = ["-c", "user.name=A", "-c", "user.email=a@b.c"]

    def run(*words):
        subprocess.run([*git, *who, *words], check=True, capture_output=True)

    run("init", "-q", "-b", "main")
    run("add", "evening.song")
    run("commit", "-qm", "one")
    run("checkout", "-qb", "faster")
    song.tempo = 140
    bound.end_cell()
    run("commit", "-qam", "two")
    run("checkout", "-q", "main")
    bound.look()
    assert song.tempo == 92
    run("checkout", "-q", "faster")
    bound.look()
    assert song.tempo == 140
