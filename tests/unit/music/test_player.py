"""cm.Player: what can be played, what it says of itself, and two things compared."""

import numpy as np
import pytest
import soundfile

import cellissimo as cm

RATE = 48_000


def sine(seconds=2.0, level=0.5, frequency=997):
    """A sine on two channels, ``(2, n)`` float32."""
    time = np.arange(int(seconds * RATE)) / RATE
    sound = level * np.sin(2 * np.pi * frequency * time)
    return np.stack([sound, sound]).astype(np.float32)


@pytest.fixture
def song():
    """Four bars of 4/4 at 120, with a section and a marker."""
    song = cm.Song("Evening", tempo=120)
    loop = cm.Loop("Verse", bars=2)
    loop["kick"] = "x...x...x...x..."
    song.pads[0] = loop
    song.timeline.append(loop, times=2)
    song.sections.add("Verse", bar=1, bars=2)
    song.markers.add("drop", bar=3)
    return song


def test_a_song_brings_its_bars_sections_and_markers(song):
    """In seconds, by its tempo."""
    player = cm.Player(song)
    assert player.bars == [0, 2, 4, 6]
    assert player.markers == [(0, "Verse"), (4, "drop")]
    assert player.title == "Evening"
    assert player.duration >= 8


def test_a_stretch_of_a_song_counts_from_its_own_beginning(song):
    """Bar 3 of the song is where it begins."""
    player = cm.Player(song.bars(3, 4))
    assert (player.bars, player.markers) == ([0, 2], [(0, "drop")])


def test_a_loop_brings_its_own_bars():
    """At its own tempo and meter."""
    loop = cm.Loop("Waltz", bars=2, tempo=60, meter="3/4")
    loop["kick"] = "x...x...x..."
    assert cm.Player(loop).bars == [0, 3]


@pytest.mark.parametrize("name", ["take.wav", "take.flac"])
def test_files_audio_and_samples_are_played(tmp_path, name):
    """All of the same sound say the same, but for their names."""
    path = tmp_path / name
    soundfile.write(path, sine().T, RATE, "PCM_24")
    of_path = cm.Player(path)
    assert repr(of_path) == "Player take, 0:02, -6.0 LUFS"
    assert repr(cm.Player(cm.Audio(path, name="take"))) == repr(of_path)
    assert repr(cm.Player(sine(), title="take")) == repr(of_path)


def test_other_rates_and_shapes_are_taken_in_first():
    """Mono at 24 000 Hz lasts as long as it did."""
    player = cm.Player(sine()[0, ::2], sr=RATE // 2)
    assert player.duration == pytest.approx(2, abs=0.001)


def test_two_versions_are_equally_loud():
    """The louder is turned down by the difference of their loudness, none is turned up."""
    player = cm.Player({"soft": sine(level=0.1), "loud": sine(level=0.4)})
    assert player.gains == pytest.approx([1, 0.25], abs=1e-3)
    assert player.loudness["loud"] - player.loudness["soft"] == pytest.approx(12.04, abs=0.01)
    assert repr(player) == "Player soft and loud, 0:02, -20.0 and -8.0 LUFS"
    assert cm.Player({"a": sine(), "b": sine(level=1)}, matched=False).gains == [1, 1]


def test_silence_is_said_and_turns_nothing_down():
    """It has no loudness to match."""
    player = cm.Player({"silence": np.zeros((2, RATE), np.float32), "tone": sine(1)})
    assert player.gains == [1, 1]
    assert repr(player) == "Player silence and tone, 0:01, silent and -6.0 LUFS"


def test_traits_may_be_given_at_once():
    """What an ipywidget takes, it takes."""
    player = cm.Player(sine(), speed=0.5, region=(0.5, 1), repeat=True)
    assert (player.speed, player.region, player.repeat) == (0.5, (0.5, 1.0), True)


def test_what_cannot_be_played_is_said():
    """By its type, with what can be."""
    with pytest.raises(cm.CellissimoError, match="a player of dict_keys; give a song, loop"):
        cm.Player({}.keys())
    with pytest.raises(cm.CellissimoError, match="holds no samples"):
        cm.Player(np.zeros((2, 0), np.float32))


def test_without_a_notebook_it_says_what_to_do():
    """A plain Python has no page to play in."""
    with pytest.raises(cm.CellissimoError, match="run this in JupyterLab"):
        cm.Player(sine()).play()


def test_it_plays_what_it_was_given(song):
    """A song that changes afterwards does not change the player."""
    player = cm.Player(song)
    before = player.beginning(RATE).copy()
    song.tempo = 60
    np.testing.assert_array_equal(before, player.beginning(RATE))
