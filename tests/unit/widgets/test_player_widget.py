"""The Player widget's Python side: what it may say, and what it gives a page."""

import ipywidgets
import numpy as np
import pytest
import traitlets

import cellissimo as cm
from cellissimo.media import streaming
from cellissimo.media.recording import ArrayRecording
from cellissimo.widgets.player import PlayerError, PlayerWidget

RATE = 48_000


def recording(seconds, level=0.5, channels=2):
    """A recording of noise."""
    noise = np.random.default_rng(1).uniform(-level, level, (channels, int(seconds * RATE)))
    return ArrayRecording(noise.astype(np.float32))


@pytest.fixture
def widget():
    """A player of ten seconds."""
    return PlayerWidget({"Take": recording(10)}, [1.0], title="Take")


def answers(widget, message):
    """What the widget answers a page."""
    sent = []
    widget.send = lambda content, buffers=(): sent.append((content, list(buffers)))
    widget._handle_custom_msg(message, [])
    return sent


@pytest.mark.parametrize(
    ("trait", "value", "accepted"),
    [
        ("speed", 0.4, "0.5 to 2"),
        ("speed", 2.1, "0.5 to 2"),
        ("volume", 1.5, "0 to 1"),
        ("position", -1, "0 to 10 seconds"),
        ("position", 11, "0 to 10 seconds"),
        ("region", (2, 11), "0 to 10 seconds"),
        ("region", (5, 5), "its end lies behind its start"),
        ("version", "Other", "give 'Take'"),
    ],
)
def test_a_wrong_trait_is_refused_with_what_would_be_right(widget, trait, value, accepted):
    """The value stays as it was."""
    before = getattr(widget, trait)
    with pytest.raises(PlayerError, match=accepted):
        setattr(widget, trait, value)
    assert getattr(widget, trait) == before


def test_a_player_has_one_recording_or_two_with_sound():
    """None, three and empty ones are refused by name."""
    with pytest.raises(PlayerError, match="0 recordings"):
        PlayerWidget({}, [])
    with pytest.raises(PlayerError, match="3 recordings"):
        PlayerWidget({name: recording(1) for name in "abc"}, [1.0] * 3)
    with pytest.raises(PlayerError, match="'a' holds no sound"):
        PlayerWidget({"a": recording(0)}, [1.0])


def test_it_is_an_ipywidget_like_any_other(widget):
    """It stands in boxes, its traits link and are observed."""
    box = ipywidgets.VBox([widget])
    slider = ipywidgets.FloatSlider(1, min=0.5, max=2)
    traitlets.link((slider, "value"), (widget, "speed"))
    slider.value = 0.75
    assert (box.children[0], widget.speed) == (widget, 0.75)
    heard = []
    widget.observe(lambda change: heard.append(change["new"]), "region")
    widget.region = (1, 2.5)
    assert heard == [(1.0, 2.5)]


def test_what_a_page_sends_is_taken_as_it_comes(widget):
    """A region comes as a list of JSON, a position to a rounded end."""
    widget.set_state({"region": [1, 2], "position": 10.0000001, "repeat": True})
    assert (widget.region, widget.position, widget.repeat) == ((1, 2), 10, True)
    widget.set_state({"region": None})
    assert widget.region is None


def test_a_page_gets_head_peaks_and_the_pieces_it_asks_for(widget):
    """All that it needs, in answers that name what they are."""
    ((head, [start]),) = answers(widget, {"kind": "open"})
    assert head == {"kind": "head", "codec": streaming.CODEC, "frames": 262_144, "rate": RATE}
    assert start[4:8] == b"ftyp"
    ((peaks, [outline]),) = answers(widget, {"kind": "peaks"})
    assert (peaks["bucket"], len(outline)) == (64, 2 * 10 * RATE // 64)
    ((piece, [data]),) = answers(widget, {"kind": "piece", "number": 1})
    assert piece == {"kind": "piece", "number": 1}
    assert data[4:8] == b"moof"


@pytest.mark.parametrize("number", [-1, 2, 10**9])
def test_there_is_no_piece_outside_of_the_recording(widget, number):
    """Nothing is sent, and nothing fails."""
    assert answers(widget, {"kind": "piece", "number": number}) == []


def test_what_a_widget_saves_is_small(widget):
    """The sound itself goes over the comm only when it is asked for."""
    state = widget.get_state()
    assert sum(len(value) for value in state.values() if isinstance(value, str | bytes)) < 8_000


def test_the_outline_of_a_page_that_waits_is_there_with_the_widget():
    """At most 1 200 columns for each version, beside each other."""
    both = PlayerWidget({"a": recording(20), "b": recording(5, 0.1)}, [1.0, 1.0])
    assert len(both._outline) == 2 * 1200 + 2 * len(both.outlines[1])


def test_views_are_counted(widget):
    """`play` shows a player only where none is open."""
    widget._handle_custom_msg({"kind": "views", "count": 2}, [])
    assert widget.views == 2
    assert issubclass(PlayerError, cm.CellissimoError)
