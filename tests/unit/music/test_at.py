"""Places of a song by path, in Python: as through the JSON door of a room."""

import pytest

import cellissimo as cm
from cellissimo.notation.paths import PathError


@pytest.fixture
def song():
    """A song with a loop on a pad, and a stem."""
    made = cm.Song("Harbour", tempo=92)
    made.pads[0] = cm.Loop("Verse")
    made.stems.add("Bass")
    return made


def test_a_place_is_read_and_set(song):
    """What is set by path is what the song's own words say, and the other way round."""
    song.at("tempo").set(96)
    song.at("stems.Bass.volume").set(0.5)
    song.at("pattern.instruments.kick.steps").set("x...x...")
    assert (96, 0.5) == (song.tempo, song.stems["Bass"].volume)
    assert "x...x...x...x..." == song.pads[0]["kick"].pattern.split(" | ")[0]
    song.tempo = 100
    assert 100 == song.at("transport.tempo").value
    assert "tempo: 100.0" == repr(song.at("tempo"))


def test_things_are_added_updated_and_removed(song):
    """Chained, where that reads well."""
    song.at("stems").add({"name": "Pads"})
    song.at("stems.Pads").update(volume=0.25).update(pan=-1)
    song.at("effects.master.reverb").update(wet=0.3, enabled=True)
    song.at("stems").remove("Bass")
    assert ["Pads"] == list(song.stems)
    assert (0.25, -1) == (song.stems["Pads"].volume, song.stems["Pads"].pan)
    assert {"reverb.mix": 0.3, "reverb.bypass": False} == song.model.master


def test_each_change_is_one_step_of_undo(song):
    """As any other of one's own."""
    song.at("tempo").set(60).set(61)
    song.undo()
    song.undo()
    assert 92 == song.tempo


def test_what_is_not_there_is_said(song):
    """With the words that there are, and nothing is changed."""
    with pytest.raises(PathError, match="the song has no 'tempi'") as refused:
        song.at("tempi").set(60)
    assert "Did you mean 'tempo'?" == refused.value.cure
    with pytest.raises(PathError):
        song.at("stems.Bass.volume").set(7)
    assert 92 == song.tempo
