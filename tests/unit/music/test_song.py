"""The song at the musician's face."""

import pytest

import cellissimo as cm


def test_a_loop_made_alone_moves_into_the_song():
    """[DOC-12] The variable looks into the song from then on."""
    song = cm.Song("Evening", tempo=92)
    loop = cm.Loop("A")
    song.pads[0] = loop
    assert loop.document is song.document
    assert loop.tempo == 92
    loop["kick"] = "x..."
    assert song.pads[0] == loop
    assert song.pads[0] is loop


def test_a_loop_of_another_song_is_copied():
    """[DOC-12] It keeps its place there, and the copy knows its source."""
    first, second = cm.Song("1"), cm.Song("2")
    loop = cm.Loop("A")
    first.pads[0] = loop
    second.pads[5] = loop
    assert loop.document is first.document
    assert second.pads[5].id != loop.id
    assert second.pads[5].model.source == loop.id


def test_clearing_a_pad_keeps_the_loop_in_the_song():
    """A pad holds an id; the loop stays."""
    song = cm.Song("1")
    song.pads[3] = cm.Loop("A")
    del song.pads[3]
    assert (dict(song.pads), list(song.loops)) == ({}, ["A"])
    with pytest.raises(KeyError):
        song.pads[3]


@pytest.mark.parametrize("pad", [-1, 16, "0", True])
def test_there_are_sixteen_pads(pad):
    """A pad that does not exist is named with the range."""
    with pytest.raises(cm.CellissimoError, match="pads 0 to 15"):
        cm.Song("1").pads[pad]


def test_a_refused_pad_takes_no_loop_in():
    """Nothing is half done."""
    song, loop = cm.Song("1"), cm.Loop("A")
    with pytest.raises(cm.CellissimoError):
        song.pads[16] = loop
    assert (dict(song.loops), loop.document.revision.kind) == ({}, "loop")


def test_removing_a_loop_lets_it_live_alone():
    """The variable keeps its music."""
    song, loop = cm.Song("1", tempo=99), cm.Loop("A")
    loop["kick"] = "x..."
    song.pads[0] = loop
    song.remove(loop)
    assert (dict(song.loops), dict(song.pads)) == ({}, {})
    assert loop["kick"].steps
    assert loop.document is not song.document


def test_putting_a_loop_on_a_pad_is_one_undo_step():
    """Undo takes the loop and the pad back together."""
    song = cm.Song("1")
    song.pads[0] = cm.Loop("A")
    song.undo()
    assert (dict(song.loops), dict(song.pads)) == ({}, {})


def test_code_text_and_file_make_the_song_again(tmp_path):
    """The three written forms of a song all read back."""
    song = cm.Song("Evening", tempo=92, meter="3/4", key="A minor")
    for pad, name in ((0, "A"), (7, "B")):
        loop = cm.Loop(name, bars=2, meter="3/4")
        loop.chords = "i VI"
        loop["kick"] = "x..x"
        song.pads[pad] = loop
    names = {}
    exec(song.code(), names)
    assert names["song"] == song
    path = cm.save(song, tmp_path / "a.song")
    assert cm.load(path) == song
    assert cm.save(cm.load(path), tmp_path / "b.song").read_bytes() == path.read_bytes()


def test_one_loop_of_a_song_is_saved_as_a_loop(tmp_path):
    """Saving a song's loop writes that loop alone, with the tempo that it follows."""
    song, loop = cm.Song("1", tempo=77), cm.Loop("A")
    song.pads[0] = loop
    loaded = cm.load(cm.save(loop, tmp_path / "a.song"))
    assert isinstance(loaded, cm.Loop)
    assert loaded.tempo == 77


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"tempo": 5}, "20 to 400"),
        ({"meter": "x"}, "not a meter"),
        ({"key": "X"}, "not a key"),
        ({"name": "a" * 101}, "1 to 100"),
    ],
)
def test_a_wrong_argument_is_named(change, told):
    """Bad input gets a clear error."""
    with pytest.raises(cm.CellissimoError, match=told):
        cm.Song(**change)
