"""Offers from Python: two musicians at one server, one of whom hears what the other offers."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

import cellissimo as cm
from cellissimo.client.errors import ConflictError, NotThereError
from cellissimo.client.http import Client
from cellissimo.media.loudness import loudness_of
from cellissimo.music import connection
from cellissimo.music.comparing import bars_of
from cellissimo.music.session import SESSION
from cellissimo.schema.checks import LimitError

_NUMBERS = itertools.count()


def person(server, name):
    """A client of somebody new."""
    return Client(server.url, f"{name}{next(_NUMBERS)}-token")


@pytest.fixture
def ada(server):
    """Ada, who owns the song."""
    with person(server, "ada") as client:
        yield client


@pytest.fixture
def bert(server):
    """Bert, who forks it."""
    with person(server, "bert") as client:
        yield client


@pytest.fixture
def song(ada):
    """Ada's public song of four bars."""
    made = cm.Song("Harbour", tempo=120)
    made.stems.add("Bass", sound="bass-sub").add_notes(
        [(bar * 3840, 480, "C2") for bar in range(4)], bar=1, length=4 * 3840
    )
    made.push(on=ada)
    ada.change_project(made.document.revision.id, visibility="public")
    return made


@pytest.fixture
def fork(song, bert):
    """Bert's private fork of it, with other notes in bars 2 and 4."""
    made = cm.open(song.document.revision.id, on=bert).fork(on=bert)
    for bar, pitch in ((2, "G2"), (4, "E2")):
        made.stems["Bass"].add_notes([(960, 480, pitch, 1.0)], bar=bar)
    return made


def test_an_offer_is_read_as_text(song, fork, ada, bert):
    """Who, to what, and what it would change; the same text every time, without ids and times."""
    assert repr(cm.offers(on=ada)) == "no offers yet"
    name = ada.me().display_name
    made = fork.offer("Try <this>", on=bert)
    assert (made.state, made.name) == ("open", "Harbour")
    offers = cm.offers(on=ada)
    by = bert.me().display_name
    assert repr(offers).splitlines()[1].split() == ["Harbour", by, "Try", "<this>", "open"]
    assert "&lt;this&gt;" in offers._repr_html_()
    offer = offers["Harbour"]
    assert offer.id == offers[offer.id].id == offers[0].id == made.id
    assert offer.bars == offer.changes.bars == [(2, 2), (4, 4)]
    assert offer.words
    first, said, *changes = repr(offer).splitlines()
    assert first == f"Offer to 'Harbour' by {by}, open"
    assert said == "“Try <this>”"
    assert len(changes) == len(offer.changes)
    assert repr(offer) == repr(cm.offers(on=ada)["Harbour"])
    assert "<td>" in offer._repr_html_()
    assert "<this>" not in offer._repr_html_()
    assert [one.id for one in cm.offers("out", on=bert)] == [made.id]
    assert not name.startswith("bert")
    with pytest.raises(KeyError, match="Harbour"):
        offers["Harbor"]
    assert song == offer.ours


def test_some_bars_are_heard_and_taken(song, fork, ada, bert):
    """After bar 4 is accepted the source sounds like the fork in it, and bar 2 as it did."""
    fork.offer(on=bert)
    before = [bars_of(song, (bar, bar)) for bar in (1, 2, 3, 4)]
    offer = cm.offers(on=ada)["Harbour"]
    theirs = [bars_of(offer.song, (bar, bar)) for bar in (1, 2, 3, 4)]
    assert np.array_equal(theirs[3], bars_of(fork, (4, 4)))
    assert not np.array_equal(theirs[3], before[3])
    assert offer.accept(bars=(4, 4)) is offer
    assert (offer.state, repr(offer)[-14:]) == ("partly", "partly: bars 4")
    song.pull(on=ada)
    for heard in (song, offer.ours):
        after = [bars_of(heard, (bar, bar)) for bar in (1, 2, 3, 4)]
        assert np.array_equal(after[3], theirs[3])
        assert all(np.array_equal(after[bar], before[bar]) for bar in (0, 1, 2))


def test_a_whole_offer_is_taken(song, fork, ada, bert):
    """Then the source says what the fork says, and history knows who took it."""
    fork.offer(on=bert)
    cm.offers(on=ada)["Harbour"].accept()
    song.pull(on=ada)
    assert song == fork
    assert song.history(on=ada)[0].author.username == ada.me().username


def test_both_versions_play_in_step_and_equally_loud(fork, ada, bert):
    """The player has the changed bars one behind the other, with a marker where each begins."""
    fork.stems["Bass"].volume = 0.5
    fork.offer(on=bert)
    offer = cm.offers(on=ada)["Harbour"]
    whole, one = offer.player(), offer.player(bars=(2, 2))
    assert whole.versions == ["ours", "theirs"]
    assert whole.gains == [1.0, 1.0]
    assert one.duration == pytest.approx(2.0, abs=1e-3)
    assert one.markers == [(0.0, "bar 2")]
    assert offer.player([(2, 2), (4, 4)]).markers == [(0.0, "bar 2"), (2.0, "bar 4")]
    ours, theirs = one.loudness.values()
    assert ours == pytest.approx(theirs, abs=0.1)
    plain = [loudness_of(bars_of(side, (2, 2))).integrated for side in (offer.ours, offer.song)]
    assert abs(plain[0] - plain[1]) > 1
    with pytest.raises(LimitError, match="first and last"):
        offer.player(bars=(3, 2))


def test_a_private_forks_recording_is_fetched_when_it_is_heard(song, fork, ada, bert):
    """It comes through the offer while that is open; the fork itself stays Bert's."""
    noise = np.random.default_rng(4).uniform(-0.5, 0.5, (1, 24_000))
    audio = cm.Audio(noise, name="wind")
    fork.stems.add("Wind").add_audio(audio, bar=3)
    made = fork.offer(on=bert)
    expected = bars_of(fork, (3, 3))
    SESSION.blobs.made._contents.pop(audio.blob)
    SESSION._pages = None
    offer = cm.offers(on=ada)["Harbour"]
    assert np.array_equal(bars_of(offer.song, (3, 3)), expected)
    assert (connection.fetched() / f"{audio.blob}.wav").is_file()
    with pytest.raises(NotThereError):
        cm.open(fork.document.revision.id, on=ada)
    with pytest.raises(NotThereError):
        ada.offered_blob(made.id, "0" * 64)
    offer.accept()
    assert np.array_equal(bars_of(offer.ours, (3, 3)), expected)
    assert ada.blob(song.document.revision.id, audio.blob)


def test_what_is_edited_after_the_offer_is_not_heard(fork, ada, bert):
    """An offer is the fork as it was then: what Bert does later is his own."""
    fork.offer(on=bert)
    offered = bars_of(fork, (1, 1))
    fork.stems["Bass"].add_notes([(480, 480, "A3", 1.0)], bar=1)
    fork.push(on=bert)
    assert not np.array_equal(bars_of(fork, (1, 1)), offered)
    assert np.array_equal(bars_of(cm.offers(on=ada)["Harbour"].song, (1, 1)), offered)


def test_an_offer_is_declined_or_withdrawn(server, song, fork, ada, bert):
    """Then it is not heard any more, nobody else ever sees it, and the source stays as it was."""
    before = song.copy()
    made = fork.offer(on=bert)
    with pytest.raises(ConflictError, match="offered already"):
        fork.offer(on=bert)
    with person(server, "mallory") as mallory:
        for ask in (mallory.look_at_offer, mallory.offered_song):
            with pytest.raises(NotThereError):
                ask(made.id)
    offer = cm.offers(on=ada)["Harbour"]
    assert repr(offer.decline("Not this time")).endswith("declined: Not this time")
    with pytest.raises(ConflictError, match="declined"):
        ada.offered_song(offer.id)
    server.clock.forward(seconds=1)
    again = fork.offer(on=bert)
    assert cm.offers(on=ada)["Harbour"].id == again.id
    assert again.withdraw().state == "withdrawn"
    with pytest.raises(ConflictError, match="withdrawn already"):
        cm.offers(on=ada)[again.id].accept()
    song.pull(on=ada)
    assert song == before


def test_who_may_not_see_the_source_any_more_hears_no_offer_to_it(song, fork, ada, bert):
    """Its text has the source's name and ids: once Ada's song is private, it is hers alone."""
    made = fork.offer(on=bert)
    assert bert.offered_song(made.id)
    ada.change_project(song.document.revision.id, visibility="private")
    with pytest.raises(NotThereError):
        bert.offered_song(made.id)
    assert cm.offers(on=ada)["Harbour"].song == fork


def test_theirs_only_reads(fork, ada, bert):
    """What is changed in it goes nowhere: a push is refused, whoever tries."""
    fork.offer(on=bert)
    theirs = cm.offers(on=ada)["Harbour"].song
    theirs.tempo = 60
    with pytest.raises(ConflictError):
        theirs.push(on=ada)


def test_a_loop_is_offered_and_taken(ada, bert):
    """A loop's fork is heard beside it in the same way."""
    loop = cm.Loop("Groove", bars=1)
    loop["kick"] = "x...x...x...x..."
    loop.push(on=ada)
    ada.change_loop(loop.document.revision.id, visibility="public")
    fork = cm.open(loop.document.revision.id, on=bert).fork(on=bert)
    fork["hat"] = "..x...x...x...x."
    fork.offer("Hats", on=bert)
    offer = cm.offers(on=ada)["Groove"]
    assert offer.song.hash() == fork.hash()
    assert offer.player().duration == pytest.approx(2.0, abs=1e-3)
    offer.accept()
    assert offer.ours.hash() == fork.hash()
