"""The timeline, sections, markers, tempos and meters of a song at the musician's face."""

import pytest

import cellissimo as cm

BAR = 3840


@pytest.fixture
def song():
    """Give a song with a timeline: a verse of two bars, twice, and a chorus of four."""
    made = cm.Song("Evening", tempo=120)
    verse, chorus = cm.Loop("Verse", bars=2), cm.Loop("Chorus", bars=4)
    verse["kick"] = "x...x..."
    chorus["snare"] = "....x..."
    made.timeline.append(verse, times=2)
    made.timeline.append(chorus)
    return made


def places(song):
    return [(block.loop.name, block.bar, block.bars, block.lane) for block in song.timeline]


def test_loops_are_put_one_behind_the_other(song):
    """[DOC-28] The song takes them in; the second block begins where the first ends."""
    assert places(song) == [("Verse", 1, 4, 0), ("Chorus", 5, 4, 0)]
    assert list(song.loops) == ["Chorus", "Verse"]
    assert song.length == 8 * BAR


def test_editing_a_loop_changes_every_block_of_it(song):
    """A block refers to its loop."""
    song.timeline.append(song.loops["Verse"])
    before = song.events().count
    song.loops["Verse"]["hat"] = "x..............."
    added = song.events().count - before
    assert added == 2 * 2 + 2  # a bar of it has one step, and the loop has two bars


def test_a_detached_block_has_a_loop_of_its_own(song):
    """Editing it leaves the other blocks alone."""
    again = song.timeline.append(song.loops["Verse"])
    copy = again.detach()
    copy["kick"] = "x"
    assert again.loop == copy
    assert song.loops["Verse"] != copy
    assert (copy.name, copy.model.source) == ("Verse copy", song.loops["Verse"].id)


def test_blocks_move_change_length_multiply_and_go(song):
    """By bars, by times, by ticks."""
    first, second = song.timeline
    second.move(bar=9)
    first.times = 1
    copy = first.duplicate()
    copy.lane = 2
    assert places(song) == [("Verse", 1, 2, 0), ("Verse", 3, 2, 2), ("Chorus", 9, 4, 0)]
    second.delete()
    assert len(song.timeline) == 2
    assert not second.is_there
    with pytest.raises(cm.CellissimoError, match="removed"):
        second.move(bar=1)


def test_what_is_inserted_makes_room_in_its_lane(song):
    """Blocks behind it move; those of other lanes stay."""
    other = song.timeline.add(song.loops["Verse"], bar=5, lane=1)
    song.timeline.insert(song.loops["Verse"], bar=5)
    assert places(song) == [
        ("Verse", 1, 4, 0), ("Verse", 5, 2, 0), ("Verse", 5, 2, 1), ("Chorus", 7, 4, 0)
    ]  # fmt: skip
    assert other.bar == 5


def test_a_block_is_split_where_its_loop_turns(song):
    """What is heard stays the same; elsewhere the refusal names the places."""
    before = song.hash()
    second = song.timeline[0].split(bar=3)
    assert places(song)[:2] == [("Verse", 1, 2, 0), ("Verse", 3, 2, 0)]
    assert song.hash() == before
    with pytest.raises(cm.CellissimoError, match="every 7680 ticks"):
        second.split(bar=4)


def test_each_of_these_is_one_undo_step(song):
    """[DOC-11] Also where several things change at once."""
    before = song.model
    for change in (
        lambda: song.timeline.insert(song.loops["Verse"], bar=1),
        song.timeline[0].detach,
        lambda: song.timeline[0].split(bar=3),
        song.timeline.clear,
        lambda: song.timeline.append(cm.Loop("New")),
    ):
        change()
        assert song.model != before
        song.undo()
        assert song.model == before


def test_milliseconds_follow_the_tempo_by_the_ticks(song):
    """The ticks are the truth: after a change of tempo the same block is elsewhere in time."""
    chorus = song.timeline[1]
    assert (chorus.start_time, chorus.end_time) == (8000, 16000)
    song.tempo = 60
    assert (chorus.start, chorus.start_time, chorus.end_time) == (4 * BAR, 16000, 32000)
    chorus.start_time = 4000
    assert chorus.start == BAR
    chorus.end_time = 8000
    assert chorus.length == BAR


def test_tempos_and_meters_change_with_ramps(song):
    """A ramp is evenly on its way; a meter begins a bar."""
    song.tempos.set(bar=1, tempo=60, ramp=True)
    song.tempos.set(bar=3, tempo=120)
    assert song.tempos[BAR] == 90
    song.meters.set(bar=3, meter="3/4")
    assert (song.meters[0], song.meters[3 * BAR]) == ("4/4", "3/4")
    assert song.timeline.add(song.loops["Verse"], bar=4).start == 2 * BAR + 2880
    song.tempos.remove(bar=3)
    assert (song.tempos[0], song.tempos[2 * BAR]) == (60, 60)  # a ramp needs an end
    with pytest.raises(cm.CellissimoError, match="no tempo to remove at tick 0"):
        song.tempos.remove(bar=1)


def test_sections_and_markers_have_names_places_and_lengths(song):
    """They are found by name, and moved like blocks."""
    verse = song.sections.add("Verse", bar=1, bars=4)
    song.sections.add("Chorus", bar=5, bars=4, color="#aa3344")
    drop = song.markers.add("drop", bar=5)
    assert list(song.sections) == ["Verse", "Chorus"]
    assert (song.sections["Chorus"].color, drop.time) == ("#aa3344", 8000)
    verse.bars = 2
    verse.name = "Intro"
    drop.move(bar=3, beat=2)
    assert repr(song.sections) == "Section Intro: bars 1–2\nSection Chorus: bars 5–8"
    assert drop.tick == 2 * BAR + 960
    with pytest.raises(KeyError, match="there are: Intro, Chorus"):
        song.sections["Verse"]


def test_a_section_is_rendered_alone(song):
    """Its frames are those of its bars, its events count from its start."""
    song.sections.add("Chorus", bar=5, bars=4)
    excerpt = song.section("Chorus")
    assert repr(excerpt) == "bars 5–8 of Evening"
    events = excerpt.events()
    assert events["tick"].tolist()[0] == 960
    assert events["frame"].tolist()[0] == 24000
    assert excerpt.render().shape[1] >= 8 * 48000
    assert song.bars(5, 8).hash() == excerpt.hash()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda song: song.timeline.append(song.loops["Verse"], times=0), "times is 0"),
        (lambda song: song.timeline.append(song.loops["Verse"], lane=16), "lane is 16"),
        (lambda song: song.timeline.add(song.loops["Verse"]), "say where: bar=5"),
        (lambda song: song.timeline.add(song.loops["Verse"], bar=0), "bar is 0"),
        (lambda song: song.timeline.append("Verse"), "'Verse' is no loop"),
        (lambda song: song.timeline[0].move(bar=2, start=0), "say where: bar=5"),
        (lambda song: song.timeline[9], "there is no block 9; the timeline has 2"),
        (lambda song: song.tempos.set(bar=2, tempo=5), "from 20 to 400"),
        (lambda song: song.meters.set(bar=2, meter="4/5"), "not a meter"),
        (lambda song: song.sections.add("", bar=1, bars=1), "name is ''"),
        (lambda song: song.bars(0), "bar is 0"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(song, change, told):
    """The message names the value, the range and the cure."""
    before = song.model
    with pytest.raises((cm.CellissimoError, IndexError), match=told):
        change(song)
    assert song.model == before
