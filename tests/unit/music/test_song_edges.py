"""Songs at their edges: what was removed, wrong things, places without room, cuts of every kind."""

import copy
import pickle

import numpy as np
import pytest

import cellissimo as cm
from cellissimo.crdt.document import Document
from cellissimo.notebook.display import excerpt_bundle
from cellissimo.schema import limits, models
from cellissimo.widgets.song import PAGE_FRAMES, SongWidget

BAR = 3840


@pytest.fixture
def song():
    """Give a song with a return, a stem of notes and a loop on the timeline."""
    made = cm.Song("Evening", tempo=96)
    verse = cm.Loop("Verse", bars=1)
    verse["kick"] = "x...x..."
    made.timeline.append(verse, times=4)
    made.returns.add("Room", **{"reverb.mix": 1})
    made.stems.add("Bass", sound="bass-sub").add_notes([(0, 960, "C2"), (960, 5000, "E2")])
    return made


GONE = {
    "level": lambda stem: setattr(stem, "volume", 0.3),
    "effect": lambda stem: stem.effects["eq"].set(low=1),
    "send": lambda stem: stem.sends.__setitem__("Room", 0.4),
    "lane": lambda stem: stem.automate("filter.freq", {1: 100}),
    "sound": lambda stem: stem.render(),
    "events": lambda stem: stem.events(),
    "freeze": lambda stem: stem.freeze(),
    "table": lambda stem: stem.notes,
    "order": lambda stem: stem.move(),
}


@pytest.mark.parametrize("verb", GONE)
def test_what_was_removed_says_so(song, verb):
    """Every verb of a stem that is gone tells that, and how it may come back."""
    stem = song.stems["Bass"]
    stem.delete()
    with pytest.raises(cm.CellissimoError, match="was removed from its song; song"):
        GONE[verb](stem)


def test_a_return_that_was_removed_says_so(song):
    """Its level cannot be set any more."""
    room = song.returns["Room"]
    room.delete()
    with pytest.raises(cm.CellissimoError, match="this return was removed"):
        room.volume = 0.1


WRONG = {
    "audio": (lambda song: song.stems[0].add_audio("kick.wav"), "is no audio"),
    "notes": (lambda song: song.stems[0].add_notes(5), "are no notes"),
    "new notes": (lambda song: setattr(song.stems[0].segments[0], "notes", None), "are no notes"),
    "stem": (lambda song: setattr(song.stems[0].segments[0], "stem", "Bass"), "is no stem of"),
    "before": (lambda song: song.stems[0].move(before="Bass"), "is no stem of"),
    "points": (lambda song: song.stems[0].automate("pan.pan", [1, 2]), "values by bar"),
    "parameter": (lambda song: song.stems[0].automate(None, {1: 1}), "no setting None"),
    "lane": (lambda song: song.stems[0].lanes.__delitem__("no.such"), "no setting 'no.such'"),
    "master's": (lambda song: song.master.automate("env.attack", {1: 1}), "not of 'master'"),
    "stem's": (lambda song: song.stems[0].automate("limiter.ceiling", {1: -3}), "of the master"),
    "sound": (
        lambda song: song.stems[0].settings.update({"sample.sound": "pino"}),
        "no sound is called 'pino'",
    ),
    "diff": (lambda song: song.diff(None), "None is no song"),
    "beat": (lambda song: song.timeline[0].move(1, "x"), "beat is 'x'"),
    "bars": (lambda song: song.bars(4, 1), "the last bar is 1; it can be from 4"),
    "last bar": (lambda song: song.bars(1, "x"), "the last bar is 'x'"),
    "long": (lambda song: setattr(song, "tempo", 10**5000), "it can be from 20 to 400"),
}


@pytest.mark.parametrize("what", WRONG)
def test_wrong_things_are_refused_in_words(song, what):
    """The message names what was given; the song stays as it was."""
    act, told = WRONG[what]
    before = song.model
    with pytest.raises(cm.CellissimoError, match=told):
        act(song)
    assert before is song.model


def test_places_of_numpy_are_places(song):
    """What a calculation gives names a stem as a plain number does."""
    assert song.stems[np.int64(0)] == song.stems["Bass"]
    with pytest.raises(KeyError, match=r"there is no 1.5 among the stems"):
        song.stems[1.5]


def test_too_many_notes_are_refused(song):
    """Not stored and left unread."""
    notes = [(0, 1, 60)] * (limits.NOTES_PER_SEGMENT + 1)
    with pytest.raises(cm.CellissimoError, match="a segment holds 20000 notes"):
        song.stems["Bass"].add_notes(notes)


def test_what_lies_behind_the_end_is_not_the_whole_song(song):
    """Bars after the last have no sound; the refusal says how many there are."""
    with pytest.raises(cm.CellissimoError, match="behind the song's end; it has 4 bars"):
        song.bars(100, 101).render()
    assert excerpt_bundle(song.bars(100, 101))["text/plain"] == "bars 100–101 of Evening"


# -- order ---------------------------------------------------------------------------------------


def test_stems_move_as_often_as_one_likes(song):
    """Keys of order that grew too long are given anew: one step, which undo takes back."""
    bass, lead = song.stems["Bass"], song.stems.add("Lead")
    for turn in range(300):
        (bass, lead)[turn % 2].move(after=(lead, bass)[turn % 2])
        assert list(song.stems) == [["Lead", "Bass"], ["Bass", "Lead"]][turn % 2]
        (bass, lead)[turn % 2].move(before=(lead, bass)[turn % 2])
        assert list(song.stems) == [["Bass", "Lead"], ["Lead", "Bass"]][turn % 2]
    assert max(len(stem.order) for stem in song.model.stems.values()) <= 32


def test_stems_of_equal_order_are_told_apart(song):
    """[DOC-14] Two people each added a stem at the end; a third one can go between them."""
    mine = song.document
    theirs = cm.Song.of(Document(update=mine.encode()))
    song.stems.add("Mine")
    theirs.stems.add("Theirs")
    mine.apply(theirs.document.encode(), origin="peer")
    assert len({stem.order for stem in song.model.stems.values()}) == 2
    first, second = song.stems.all[1:]
    song.stems["Bass"].move(before=second)
    assert [stem.name for stem in song.stems.all] == [first.name, "Bass", second.name]
    song.undo()
    assert song.stems.all[0].name == "Bass"


def test_a_stem_moved_before_itself_stays(song):
    """And one that is told two places is refused."""
    bass = song.stems["Bass"]
    bass.move(before=bass)
    assert list(song.stems) == ["Bass"]
    with pytest.raises(cm.CellissimoError, match="not by both"):
        bass.move(before=bass, after=bass)


# -- patterns, lanes, bars -----------------------------------------------------------------------


def test_a_pattern_on_a_pad_or_block_is_a_copy(song):
    """[DOC-13] A segment's own loop stays its own; elsewhere a copy of it plays."""
    segment = song.stems["Bass"].add_pattern("seq kick: x...", bar=3)
    song.pads[0] = segment.loop
    block = song.timeline.append(segment.loop)
    assert block.is_there
    assert song.pads[0].id != block.loop.id
    assert song.pads[0].model.source == segment.id
    with pytest.raises(cm.CellissimoError, match=r"remove it with segment.delete\(\)"):
        song.remove(segment.loop)
    assert segment.text.splitlines()[-1].startswith("seq kick")


def test_a_full_lane_takes_another_value_at_a_place_it_has(song):
    """Replacing is not adding; and a place may be written as a float."""
    points = {tick: models.Point(0.5) for tick in range(limits.POINTS_PER_LANE)}
    lane = song.stems["Bass"].lanes.write("amp.level", points)
    lane[7] = 0.25
    del lane[8.0]
    assert (lane[7], len(lane)) == (0.25, limits.POINTS_PER_LANE - 1)


def test_bars_that_a_meter_cuts_short_are_whole_bars(song):
    """Where a meter begins in the middle of a bar, places are found again by their bars."""
    song.meters.set(start=1000, meter="3/4")
    block = song.timeline[0]
    block.start = 500
    assert block.bar == 1.5
    block.move(bar=block.bar)
    assert block.start == 500
    section = song.sections.add("A", bar=1.5, bars=1)
    assert (section.start, section.end, section.bars) == (500, 1000 + 1440, 1)


def test_an_effect_is_copied_and_pickled(song):
    """A view of a copy says what the one it was made from says."""
    song.stems["Bass"].effects["reverb"].mix = 0.5
    effect = song.stems["Bass"].effects["reverb"]
    assert copy.deepcopy(effect).mix == pickle.loads(pickle.dumps(effect)).mix == 0.5  # noqa: S301 - our own


# -- cuts ----------------------------------------------------------------------------------------


def noise(seed, seconds=1.0):
    """A stretch of noise."""
    return cm.Audio(np.random.default_rng(seed).normal(0, 0.2, int(48_000 * seconds)), 48_000)


def test_a_fade_that_is_cut_is_over_at_the_cut(song):
    """Neither half jumps: both are at full level there."""
    segment = song.stems["Bass"].add_audio(noise(1))
    segment.fade_in = segment.fade_out = 900
    second = segment.split(start_time=250)
    assert (segment.fade_in, segment.fade_out) == (pytest.approx(250, abs=1), 0)
    assert (second.fade_in, second.fade_out) == (0, pytest.approx(750, abs=1))


def test_a_note_that_was_not_heard_is_not_heard_behind_a_cut(song):
    """It begins before the segment's content does."""
    stem = song.stems.add("Lead", sound="synth-lead")
    segment = stem.add_notes([(0, 9600, "C4"), (4000, 200, "E4")])
    segment.offset = 1000
    before = song.events()
    segment.split(start=2000)
    assert before.count == song.events().count


@pytest.mark.parametrize("place", ["segment", "block"])
def test_a_cut_never_changes_the_bars_of_a_loop(song, place):
    """[DOC-26] Where the meter changed since the beginning, the refusal says what to do."""
    own = cm.Loop("Own", bars=1, meter="4/4")
    own["snare"] = "..x.x..."
    song.meters.set(bar=3, meter="3/4")
    for loop in (song.loops["Verse"], own):
        add = song.timeline.add if place == "block" else song.stems["Bass"].add_loop
        held = add(loop, times=4, start=0)
        before = song.hash()
        if loop is own:
            held.split(start=3 * BAR)
        else:
            with pytest.raises(cm.CellissimoError, match="would play other bars"):
                held.split(start=3 * BAR)
        assert song.hash() == before


def test_a_frozen_stem_thaws_when_its_recording_is_another(song):
    """[DOC-15] Also where the new one is as long, and stands in the same place."""
    stem = song.stems.add("Take")
    stem.add_audio(noise(1))
    stem.freeze()
    assert stem.is_frozen
    stem.segments[0].delete()
    stem.add_audio(noise(2))
    assert not stem.is_frozen


def test_what_is_too_loud_for_a_blob_is_not_frozen(song):
    """Nothing is clipped in silence."""
    stem = song.stems.add("Loud")
    stem.add_audio(noise(1)).gain = 24
    with pytest.raises(cm.CellissimoError, match="over full scale; freeze it below 18"):
        stem.freeze()
    assert not stem.is_frozen


def test_a_frozen_stem_sounds_as_it_did(song):
    """With ramps of tempo, a moving fader, LFOs, sends, a recording and a loop: to 20 bits."""
    stem = song.stems["Bass"]
    stem.add_audio(noise(3), bar=2)
    stem.add_loop(song.loops["Verse"], bar=1, times=2)
    song.tempos.set(start=0, tempo=80, ramp=True)
    song.tempos.set(bar=3, tempo=160)
    stem.automate("amp.level", {1: 0.1, 3: 0.8})
    stem.settings.update({"lfo-amp.depth": 0.5, "lfo-pan.depth": 0.5, "delay.mix": 0.3})
    stem.sends["Room"] = 0.3
    before = song.render()
    stem.freeze()
    after = song.render()
    count = min(stem.model.frozen.frames, before.shape[1], after.shape[1])
    assert np.abs(before[:, :count] - after[:, :count]).max() < 2**-19


# -- many blocks ---------------------------------------------------------------------------------


def test_what_is_done_to_all_blocks_is_one_transaction(song):
    """Room is made, and the timeline cleared, with one update for whoever listens."""
    song.timeline[0].times = 1
    for _ in range(20):
        song.timeline.append(song.loops["Verse"])
    updates = []
    song.document.observe(updates.append)
    song.timeline.insert(song.loops["Verse"], bar=1)
    assert [block.bar for block in song.timeline] == list(range(1, 23))
    song.timeline.clear()
    assert (len(song.timeline), len(updates)) == (0, 3)
    song.undo()
    assert len(song.timeline) == 22


ALL_AT_ONCE = {
    "notes": lambda song: song.stems["Bass"].segments[0].notes.clear(),
    "more notes": lambda song: (
        song.stems["Bass"].segments[0].notes.update({"a": (0, 1, 60), "b": (0, 1, 61)})
    ),
    "settings": lambda song: song.stems["Bass"].settings.clear(),
    "sends": lambda song: song.stems["Bass"].sends.clear(),
    "lane": lambda song: song.stems["Bass"].lanes["pan.pan"].clear(),
    "points": lambda song: song.stems["Bass"].lanes["pan.pan"].update({0: 0.5, 960: 0}),
    "pads": lambda song: song.pads.clear(),
}


@pytest.mark.parametrize("what", ALL_AT_ONCE)
def test_what_is_done_to_many_is_one_step(song, what):
    """[DOC-11] Clearing and updating is one step, which undo takes back exactly."""
    stem = song.stems["Bass"]
    song.returns.add("Hall")
    stem.settings.update({"amp.level": 0.5, "eq.low": 1})
    stem.sends.update({"Room": 0.2, "Hall": 0.3})
    stem.automate("pan.pan", {1: -1, 2: 1, 3: 0})
    song.pads[0] = song.pads[1] = song.loops["Verse"]
    before, steps = song.model, song.document.undo_depth[0]
    ALL_AT_ONCE[what](song)
    assert song.model != before
    assert song.document.undo_depth[0] == steps + 1
    song.undo()
    assert song.model == before


def test_a_pattern_that_is_cut_keeps_its_bars(song):
    """[DOC-26] The second half has the meter of the first, though the song has another there."""
    segment = song.stems["Bass"].add_pattern("seq hat: x..x..x.", bar=1, bars=4)
    song.meters.set(bar=3, meter="3/4")
    before = song.events()
    second = segment.split(start=3 * BAR)
    assert second.loop.meter == "4/4"
    assert before["tick"].tolist() == song.events()["tick"].tolist()


def test_a_page_gets_the_outline_of_a_recording():
    """Lowest and highest in 127ths for each 256 frames; of no frames, none."""
    sent = []

    def page(blob, number):
        return np.full((2, PAGE_FRAMES), 0.5 if number else -1, np.float32)

    widget = SongWidget(Document(models.Song("s", "Song")), page, lambda *_: None)
    widget.send = lambda content, buffers: sent.append((content, buffers))
    widget.receive({"peaks": ["blob", PAGE_FRAMES + 1], "id": 7})
    widget.receive({"peaks": ["blob", -5], "id": 8})
    ((first, (outline,)), (second, (empty,))) = sent
    assert (first, second, len(outline), len(empty)) == ({"peaks": 7}, {"peaks": 8}, 1024, 0)
    assert (outline[0], outline[-1]) == (129, 64)
    widget.close()


# -- two people ----------------------------------------------------------------------------------

APART = {
    "a stem goes while its segment moves": (
        lambda song: song.stems["Bass"].delete(),
        lambda song: song.stems["Bass"].segments[0].move(bar=3),
        lambda model: (len(model.stems), len(model.segments)) == (0, 0),
    ),
    "a loop goes while a block of it comes": (
        lambda song: song.remove(song.loops["Verse"]),
        lambda song: song.timeline.append(song.loops["Verse"]),
        lambda model: (len(model.loops), len(model.blocks)) == (0, 0),
    ),
    "a return goes while something is sent to it": (
        lambda song: song.returns["Room"].delete(),
        lambda song: song.stems["Bass"].sends.update({"Room": 0.5}),
        lambda model: [dict(stem.sends) for stem in model.stems.values()] == [{}],
    ),
    "a stem is renamed while it is turned down": (
        lambda song: setattr(song.stems[0], "name", "Low"),
        lambda song: setattr(song.stems[0], "volume", 0.25),
        lambda model: [
            (stem.name, stem.settings["amp.level"]) for stem in model.stems.values()
        ] == [("Low", 0.25)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", APART)
def test_two_people_agree_whatever_they_did_apart(song, what):
    """[DOC-8, DOC-13] What names something that is gone is not read, on either side; it plays."""
    mine, theirs, agreed = APART[what]
    other = cm.Song.of(Document(update=song.document.encode()))
    mine(song)
    theirs(other)
    first, second = song.document.encode(), other.document.encode()
    song.document.apply(second, origin="peer")
    other.document.apply(first, origin="peer")
    assert song.model == other.model
    assert agreed(song.model)
    assert song.events().count == other.events().count
    song.undo()
    other.document.apply(song.document.encode(), origin="peer")
    assert song.model == other.model
