"""Copies, files and removed loops: nothing is shared by accident, nothing is lost in silence."""

import copy
import pickle

import pytest

import cellissimo as cm


def named(name, row="kick"):
    """A loop with one row."""
    loop = cm.Loop(name)
    loop[row] = "x..."
    return loop


@pytest.mark.parametrize(
    "again",
    [copy.copy, copy.deepcopy, lambda thing: pickle.loads(pickle.dumps(thing))],  # noqa: S301
)
def test_a_copy_is_equal_and_lives_on_its_own(again):
    """Python's own ways of copying give an object that changes alone."""
    loop = named("A")
    other = again(loop)
    assert other == loop
    other["snare"] = "x."
    assert ("snare" in other, "snare" in loop) == (True, False)
    song = cm.Song("S")
    song.pads[0], song.pads[1] = loop, other
    twin = again(song)
    assert twin == song
    twin.tempo = 99
    assert (len(song.loops), song.tempo) == (1, 120)


def test_one_file_loaded_twice_is_two_loops_of_a_song(tmp_path):
    """A loop whose id the song has already comes in as a copy; both variables stay live."""
    path = cm.save(named("A"), tmp_path / "a.song")
    one, two = cm.load(path), cm.load(path)
    song = cm.Song("S")
    song.pads[0], song.pads[1] = one, two
    two["snare"] = "x."
    assert (("kick",), ("kick", "snare")) == (one.rows, two.rows)
    assert song.pads[1] is two


def test_a_loop_that_was_removed_says_so():
    """A view of a loop that is gone tells what happened and the cure, and shows without error."""
    song, loop = cm.Song("S"), named("A")
    song.pads[0] = loop
    song.undo()
    for act in (lambda: loop.rows, lambda: loop["kick"].set(1), lambda: setattr(loop, "name", "x")):
        with pytest.raises(cm.CellissimoError, match=r"removed from its song; .*redo"):
            act()
    assert repr(loop) == "Loop · removed from its song"
    assert loop != named("A")
    song.redo()
    assert loop.rows == ("kick",)


def test_undo_of_a_removal_gives_the_song_a_loop_of_its_own_again():
    """After it the pad shows what the song holds, not the loop that lives on in its variable."""
    song, loop = cm.Song("S"), named("A")
    song.pads[0] = loop
    song.remove(loop)
    loop["snare"] = "x."
    song.undo()
    assert song.pads[0].rows == ("kick",)
    assert loop.rows == ("kick", "snare")


def test_an_empty_pad_names_the_full_ones():
    """Asking for what is not there is a KeyError that helps, and ``in`` just answers."""
    song = cm.Song("S")
    song.pads[3] = named("A")
    with pytest.raises(KeyError, match="pad 5 is empty; pads with a loop: 3"):
        song.pads[5]
    assert [pad in song.pads for pad in (3, 5, 99, "a", None)] == [True] + [False] * 4
    assert song.pads.get(5) is None


def test_saving_a_loop_of_a_song_twice_writes_the_same_bytes(tmp_path):
    """The file of the same content is the same, also of a loop on a pad."""
    song, loop = cm.Song("S", tempo=90), named("A")
    song.pads[0] = loop
    one = cm.save(loop, tmp_path / "one.song").read_bytes()
    assert one == cm.save(loop, tmp_path / "two.song").read_bytes()
    assert cm.load(tmp_path / "one.song").tempo == 90


def test_a_file_from_another_editor_reads(tmp_path):
    """Line ends of Windows and the mark of an encoding at the start change nothing."""
    loop = named("A")
    text = cm.save(loop, tmp_path / "a.song").read_text("utf-8")
    (tmp_path / "b.song").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert loop == cm.load(tmp_path / "b.song")
    assert loop == cm.Loop.from_text("\ufeff" + loop.text().replace("\n", "\r\n"), name="A")


def test_what_is_no_song_file_is_told(tmp_path):
    """Loading a sound, or nothing of ours, says what can be loaded."""
    (tmp_path / "a.wav").write_bytes(b"RIFF\xa0\xff")
    with pytest.raises(cm.CellissimoError, match=r"'a\.wav' is no text, so no song file"):
        cm.load(tmp_path / "a.wav")


@pytest.mark.parametrize("write", [cm.save, lambda loop, path: loop.export(path)])
def test_a_place_that_cannot_be_written_is_named(write, tmp_path):
    """Missing folders and folders in the place of a file are told, and nothing is left behind."""
    loop = cm.Loop("A", bars=1)
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere.*make it first"):
        write(loop, tmp_path / "nowhere" / "a.wav")
    (tmp_path / "a.wav").mkdir()
    with pytest.raises(IsADirectoryError, match="is a folder"):
        write(loop, tmp_path / "a.wav")
    assert [path.name for path in tmp_path.iterdir()] == ["a.wav"]


def test_an_interrupted_save_leaves_the_file_of_before(tmp_path, monkeypatch):
    """Ctrl-C while a file is written costs nothing that was there."""
    path = cm.save(named("A"), tmp_path / "a.song")
    before = path.read_bytes()

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        cm.save(named("B"), path)
    assert before == path.read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == ["a.song"]
