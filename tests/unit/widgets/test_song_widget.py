"""The Song widget's Python side: its traits, and the audio that its page asks for."""

import numpy as np
import pytest

import cellissimo as cm
from cellissimo.crdt import frames
from cellissimo.crdt.document import Document
from cellissimo.domain.errors import CellissimoError


class Page:
    """The far end of a comm: asks, and keeps what the kernel sends."""

    def __init__(self, widget):
        self.widget = widget
        self.sent = []
        widget.comm.send = self._send

    def _send(self, data=None, metadata=None, buffers=None):
        self.sent.append((data.get("content", {}), buffers or []))

    def ask(self, **content):
        """Send a question; give the answer and its bytes."""
        self.sent.clear()
        self.widget._handle_custom_msg(content, [])
        ((answer, buffers),) = self.sent
        return answer, buffers


@pytest.fixture
def song():
    """A song with a stem that plays a recording of one and a half pages, in stereo."""
    song = cm.Song("Evening", tempo=92)
    ramp = np.linspace(-0.5, 0.5, 98_304, dtype=np.float32)
    audio = cm.Audio(np.stack([ramp, -ramp / 2]), 48_000)
    song.stems.add("Tape").add_audio(audio, bar=1)
    return song


@pytest.fixture
def page(song):
    """A page that shows it."""
    return Page(song.widget)


def blob_of(song):
    """The name of the recording that the song plays, and its frames."""
    (segment,) = song.document.revision.segments.values()
    return segment.blob, segment.frames


@pytest.mark.parametrize(
    ("trait", "value", "read"),
    [
        ("tempo", 87.5, lambda song: song.tempo),
        ("name", "Morning", lambda song: song.name),
        ("key", "A minor", lambda song: song.key),
        ("level", 0.5, lambda song: song.document.revision.master["amp.level"]),
    ],
)
def test_a_trait_that_is_set_changes_the_song_and_one_undo_takes_it_back(song, trait, value, read):
    """[DOC-11] Setting a trait is one step."""
    before = song.document.revision
    setattr(song.widget, trait, value)
    assert value == read(song)
    song.undo()
    assert song.document.revision == before
    assert song.widget.trait_values_now()[trait] == getattr(song.widget, trait)


def test_a_trait_follows_the_song_and_what_is_refused_changes_neither(song):
    """What Python sets is what the trait says."""
    song.tempo = 141
    assert song.widget.tempo == 141
    with pytest.raises(CellissimoError):
        song.widget.tempo = 4000
    assert (song.widget.tempo, song.tempo) == (141, 141)


def test_a_page_of_audio_is_65536_frames_left_then_right(song, page):
    """The engine gets the recording's samples, and silence behind its end."""
    blob, _ = blob_of(song)
    answer, (buffer,) = page.ask(page=[blob, 1], id=7)
    assert answer == {"page": 7}
    left, right = np.frombuffer(buffer, "<f4").reshape(2, 65_536)
    expected = np.linspace(-0.5, 0.5, 98_304)[65_536:]
    np.testing.assert_allclose(left[:32_768], expected, atol=2**-22)
    np.testing.assert_allclose(right[:32_768], -expected / 2, atol=2**-22)
    assert not left[32_768:].any()


def test_audio_that_is_not_here_is_refused_in_words(page):
    """The page is told why, under the id of what it asked."""
    answer, buffers = page.ask(page=["0" * 64, 0], id=3)
    assert (answer["page"], buffers) == (3, [])
    assert "0000" in answer["error"]


def test_an_outline_is_the_lowest_and_highest_of_each_256_frames(song, page):
    """Both sides count; behind the end it is flat."""
    blob, frames_of_it = blob_of(song)
    answer, (buffer,) = page.ask(peaks=[blob, frames_of_it], id=9)
    assert answer == {"peaks": 9}
    pairs = np.frombuffer(buffer, np.int8).reshape(-1, 2)
    assert len(pairs) == 512
    assert tuple(pairs[0]) == (-64, 32)
    assert tuple(pairs[383]) == (-32, 64)
    assert not pairs[384:].any()


def test_a_page_changes_the_song_in_one_step(song):
    """[DOC-11] What a gesture of the page did is one step of Python's undo."""
    widget = song.widget
    before = song.document.revision
    replica = Document(update=widget.get_state("_state")["_state"])
    state = replica.state
    with replica.edit() as edit:
        edit.set_channel_setting(None, "amp.level", 0.25)
        edit.set_song_field("name", "Other")
    frame = frames.news(replica.encode(state))
    widget._handle_custom_msg({"kind": "frame", "gesture": "1.1"}, [memoryview(frame)])
    assert (song.name, widget.level) == ("Other", 0.25)
    song.undo()
    assert song.document.revision == before


def test_a_dropped_sample_that_cannot_be_had_is_refused_with_its_reason(song, page, monkeypatch):
    """Where no server is, the page is told why, and the song stays as it was."""
    monkeypatch.delenv("CELLISSIMO_URL", raising=False)
    before = song.model
    answer, _ = page.ask(take=["no-such-sample", None, 960], id=5)
    assert answer["taken"] == 5
    assert answer["error"] != ""
    assert before == song.model
