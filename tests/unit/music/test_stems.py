"""Stems, segments, returns and the master of a song at the musician's face."""

import numpy as np
import pytest

import cellissimo as cm

BAR = 3840


@pytest.fixture
def song():
    """Give a song with a bass that plays three notes."""
    made = cm.Song("Evening", tempo=120)
    bass = made.stems.add("Bass", sound="bass-sub")
    bass.add_notes([(0, 960, "C2"), (960, 960, "G2"), (1920, 1920, 43, 80)])
    return made


def test_a_stem_is_found_by_name_and_place(song):
    """In their order; a name that is not there is told with those that are."""
    drums = song.stems.add("Drums", color="#112233")
    assert (song.stems[0].name, song.stems[-1], list(song.stems)) == (
        "Bass", drums, ["Bass", "Drums"]
    )  # fmt: skip
    with pytest.raises(KeyError, match="there are: Bass, Drums"):
        song.stems["Lead"]


def test_a_default_that_is_written_down_sounds_as_if_it_were_not(song):
    """[DOC-6] It may be stored, the sound's own or the parameter's; it means the same as none."""
    bass = song.stems["Bass"]
    before, given = song.render(), dict(bass.patch())
    bass.settings.update(given | {"pan.pan": 0, "amp.level": 1})
    assert given.keys() < bass.stored_settings().keys()
    np.testing.assert_array_equal(before, song.render())
    bass.settings["pan.pan"] = 0.5
    assert not np.array_equal(before, song.render())


def test_a_strip_reads_as_it_was_set(song):
    """Volume, pan, mute, solo, colour, name and channel."""
    bass = song.stems["Bass"]
    bass.volume, bass.pan, bass.muted, bass.soloed = 0.5, -0.25, True, True
    bass.name, bass.color, bass.channel = "Low", "#000000", 3
    assert (bass.volume, bass.pan, bass.muted, bass.soloed) == (0.5, -0.25, True, True)
    assert (bass.name, bass.color, bass.channel) == ("Low", "#000000", 3)
    assert bass.sound == "bass-sub"
    bass.sound = "lead"
    assert bass.sound == "synth-lead"


def test_stems_change_places(song):
    """Before and behind each other, without renumbering the rest."""
    bass, drums, lead = song.stems["Bass"], song.stems.add("Drums"), song.stems.add("Lead")
    lead.move(before=bass)
    assert list(song.stems) == ["Lead", "Bass", "Drums"]
    bass.move(after=drums)
    assert list(song.stems) == ["Lead", "Drums", "Bass"]
    lead.move()
    assert list(song.stems) == ["Drums", "Bass", "Lead"]


def test_notes_are_heard_where_they_are(song):
    """Start, duration, pitch and velocity come out as events."""
    events = song.events()
    assert events["tick"].tolist() == [0, 960, 1920]
    assert events["duration"].tolist() == [960, 960, 1920]
    assert events["pitch"].tolist() == [36, 43, 43]
    assert events["velocity"].round(2).tolist() == [0.79, 0.79, 0.63]
    assert events["part"].tolist() == ["Bass"] * 3


def test_notes_are_a_mapping_that_can_be_changed(song):
    """Add, change and remove; bad notes are told."""
    segment = song.stems["Bass"].segments[0]
    first = next(iter(segment.notes))
    segment.notes[first] = (0, 480, 40)
    segment.notes.add(2880, 480, "A2", 90)
    assert [note.pitch for note in segment.notes.values()] == [40, 43, 43, 45]
    del segment.notes[first]
    assert len(segment.notes) == 3
    with pytest.raises(cm.CellissimoError, match="pitch"):
        segment.notes.add(0, 1, 128)
    with pytest.raises(cm.CellissimoError, match="is no note"):
        segment.notes = [(0, 1)]


def test_a_loop_segment_plays_the_loop_that_everybody_edits(song):
    """On a stem it goes through the stem's strip."""
    beat = cm.Loop("Beat", bars=1)
    beat["kick"] = "x..............."
    drums = song.stems.add("Drums")
    segment = drums.add_loop(beat, bar=2, times=2)
    assert (segment.loop, segment.bar, segment.bars) == (beat, 2, 2)
    beat["kick"] = "x.......x......."
    parts = song.events()["part"].tolist()
    assert parts.count("Drums/Beat/kick") == 4
    drums.muted = True
    assert "Drums/Beat/kick" not in song.events()["part"].tolist()


def test_a_pattern_segment_is_text(song):
    """It repeats over its bars, is no loop of the song's, and goes with its segment."""
    drums = song.stems.add("Drums")
    segment = drums.add_pattern("seq kick: x...x...x...x...", bar=1, bars=2)
    assert "seq kick: x...x...x...x..." in segment.text
    assert "Pattern" not in song.loops
    segment.text = "seq kick: x..............."
    assert song.events()["part"].tolist().count("Drums/Pattern/kick") == 2
    segment.delete()
    assert len(song.model.loops) == 0
    with pytest.raises(cm.CellissimoError, match="is not a step"):
        drums.add_pattern("seq kick: x..q")


def test_audio_is_heard_sample_by_sample(song):
    """A stem without effects gives the recording as it is, at its level."""
    rng = np.random.default_rng(1)
    noise = (rng.uniform(-0.1, 0.1, (2, 24_000))).astype(np.float32)
    take = song.stems.add("Take")
    take.volume = song.master.volume = 1
    song.stems["Bass"].delete()
    audio = cm.Audio(noise, 48_000, name="noise")
    segment = take.add_audio(audio, bar=1)
    assert (segment.bars, segment.audio) == (0.25, audio)
    rendered = song.render()
    assert np.abs(rendered[:, 200:23_800] - audio.samples[:, 200:23_800]).max() < 1e-6


def test_fades_and_gain_shape_a_recording(song):
    """A linear fade of 100 ms has half the level in its middle; -6.02 dB is half."""
    song.stems["Bass"].delete()
    take = song.stems.add("Take")
    take.volume = song.master.volume = 1
    segment = take.add_audio(cm.Audio(np.full(48_000, 0.5, np.float32), 48_000), bar=1)
    segment.fade_in, segment.gain = 100, -6.0206
    left = song.render()[0]
    assert left[2400] == pytest.approx(0.125, rel=0.01)
    assert left[10_000] == pytest.approx(0.25, rel=0.001)
    segment.fade_in_curve = "equal-power"
    assert song.render()[0][2400] == pytest.approx(0.25 * 0.7071, rel=0.01)


def test_a_segment_splits_without_a_change_in_sound(song):
    """Audio exactly; notes over the cut end there and begin again."""
    bass = song.stems["Bass"]
    segment = bass.segments[0]
    second = segment.split(bar=1, beat=2)
    assert [note.pitch for note in segment.notes.values()] == [36]
    assert [note.pitch for note in second.notes.values()] == [43, 43]
    assert song.events()["tick"].tolist() == [0, 960, 1920]
    song.undo()
    bass.delete()
    take = song.stems.add("Take")
    noise = np.random.default_rng(2).uniform(-0.1, 0.1, 96_000).astype(np.float32)
    whole = take.add_audio(cm.Audio(noise, 48_000), bar=1)
    before = song.render()
    whole.split(start=960)
    after = song.render()
    assert np.abs(after - before)[:, :23_900].max() == 0
    assert np.abs(after - before)[:, 24_200:].max() < 1e-6


def test_segments_move_between_stems_and_multiply(song):
    """One field moves it; a copy lies right behind."""
    bass, lead = song.stems["Bass"], song.stems.add("Lead", sound="lead")
    segment = bass.segments[0]
    copy = segment.duplicate()
    segment.stem = lead
    assert (bass.segments, lead.segments) == ([copy], [segment])
    assert copy.bar == 2
    assert set(song.events()["part"].tolist()) == {"Bass", "Lead"}


def test_a_stem_goes_with_its_segments_and_comes_back(song):
    """[DOC-11] One undo brings back all of it."""
    before = song.model
    song.stems["Bass"].add_pattern("seq kick: x...", bar=2)
    filled = song.model
    song.stems["Bass"].delete()
    assert (song.model.segments, song.model.loops) == ({}, {})
    song.undo()
    assert song.model == filled
    song.undo()
    assert song.model == before


def test_effects_are_set_by_name(song):
    """As attributes; what is set is told, what is cleared is gone."""
    bass = song.stems["Bass"]
    bass.effects["comp"].set(threshold=-20, ratio=4)
    bass.effects["reverb"].mix = 0.3
    bass.effects["band2"].set(type="peak", freq=300, gain=-4)
    assert bass.effects["comp"].ratio == 4
    assert bass.settings["reverb.mix"] == 0.3
    assert repr(bass.effects["reverb"]) == "reverb: mix=0.3"
    bass.effects.order = ["reverb", "comp"]
    assert bass.effects.order[:3] == ("reverb", "comp", "eq")
    bass.effects["reverb"].bypass = True
    wet = song.hash()
    bass.effects["reverb"].clear()
    assert not bass.effects["reverb"].is_set
    assert song.hash() == wet
    with pytest.raises(AttributeError, match="reverb has no 'mx'; it has bypass, damp"):
        bass.effects["reverb"].mx = 1
    with pytest.raises(cm.CellissimoError, match="did you mean 'reverb'"):
        bass.effects["reverv"]


def test_a_send_is_heard_beside_the_stem(song):
    """A return of 100 % room makes a tail that the stem alone has not."""
    bass = song.stems["Bass"]
    dry = song.render().shape[1]
    song.returns.add("Room", **{"reverb.mix": 1, "reverb.decay": 3})
    bass.sends["Room"] = 0.5
    assert song.render().shape[1] > dry + 48_000
    assert dict(bass.sends) == {"Room": 0.5}
    del bass.sends["Room"]
    assert song.render().shape[1] == dry
    with pytest.raises(KeyError, match="there are: Room"):
        bass.sends["Hall"] = 1


def test_automation_moves_a_parameter(song):
    """Points by bar; the level follows them."""
    bass = song.stems["Bass"]
    lane = bass.automate("amp.level", {1: 0, 2: 0.8})
    assert dict(lane) == {0: 0, BAR: 0.8}
    faded = np.abs(song.render()[0])
    assert faded[:4800].max() < 0.1 * faded[72_000:96_000].max()
    del bass.lanes["amp.level"]
    assert len(bass.lanes) == 0
    with pytest.raises(cm.CellissimoError, match="cannot move"):
        bass.automate("reverb.bypass", {1: 0})


def test_automation_changes_a_choice_at_its_points(song):
    """[DOC-30] By its word; nothing lies between two choices."""
    bass = song.stems["Bass"]
    bass.settings["filter.freq"] = 5000
    lane = bass.automate("filter.type", {1: "lowpass", 1.5: "highpass"}, curve="linear")
    assert dict(lane) == {0: 1, BAR // 2: 2}
    sound = np.abs(song.render()[0])
    assert sound[60_000:90_000].max() < 0.1 * sound[:40_000].max()
    with pytest.raises(cm.CellissimoError, match="choose one of off, lowpass"):
        bass.automate("filter.type", {1: "lowpas"})


def test_the_master_holds_what_everything_goes_through(song):
    """Its level scales the mix; the limiter is the master's alone."""
    loud = np.abs(song.render()).max()
    song.master.volume = song.master.volume / 2
    assert np.abs(song.render()).max() == pytest.approx(loud / 2, rel=1e-4)
    song.master.effects["limiter"].ceiling = -6
    assert song.master.settings["limiter.ceiling"] == -6
    with pytest.raises(cm.CellissimoError, match="a setting of the master"):
        song.stems["Bass"].settings["limiter.ceiling"] = -6


def test_a_frozen_stem_sounds_the_same_and_thaws_by_itself(song):
    """[DOC-15] Within 24 bits; the fader stays free; a change of the notes is heard."""
    bass = song.stems["Bass"]
    before = bass.render()
    bass.freeze()
    frozen = bass.render()
    assert bass.is_frozen
    frames = min(before.shape[1], frozen.shape[1])
    assert np.abs(before[:, :frames] - frozen[:, :frames]).max() < 2e-6
    bass.volume = 0.2
    assert bass.is_frozen
    bass.segments[0].notes.add(0, 960, "E4")
    assert not bass.is_frozen
    song.undo()
    assert bass.is_frozen
    bass.unfreeze()
    assert not bass.is_frozen


def test_a_stem_is_rendered_alone(song):
    """Without the others and also when it is muted."""
    bass = song.stems["Bass"]
    alone = bass.hash()
    song.stems.add("Lead", sound="lead").add_notes([(0, 960, 72)])
    bass.muted = True
    assert bass.hash() == alone


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda bass: setattr(bass, "volume", 2), "amp.level is 2; it can be from 0 to 1"),
        (lambda bass: setattr(bass, "pan", -3), "pan.pan is -3"),
        (lambda bass: setattr(bass, "sound", "tuba"), "tuba"),
        (lambda bass: setattr(bass, "color", "red"), "#rrggbb"),
        (lambda bass: setattr(bass.segments[0], "gain", 99), "gain .dB. is 99"),
        (lambda bass: setattr(bass.segments[0], "fade_in_curve", "round"), "equal-power"),
        (lambda bass: bass.segments[0].split(bar=9), "outside this segment"),
        (lambda bass: bass.segments[0].text, "has no text"),
        (lambda bass: bass.add_notes([(0, 0, 60)]), "duration of a note"),
    ],
)
def test_a_refused_change_says_why_and_changes_nothing(song, change, told):
    """The message names the value, the range and the cure."""
    before = song.model
    with pytest.raises(cm.CellissimoError, match=told):
        change(song.stems["Bass"])
    assert song.model == before


def _made():
    song = cm.Song("Again", tempo=120)
    song.seed = 5
    for name in ("B", "A", "C"):
        loop = cm.Loop(name, bars=1)
        loop["hat"] = "x.x.x.x.x.x.x.x."
        for cell in range(0, 16, 2):
            loop["hat"].set(cell, probability=0.5)
        loop["snare"] = "....x..."
        song.stems.add(f"Stem {name}").add_loop(loop, bar=1)
        song.stems[0].add_loop(loop, bar=2)
        song.timeline.append(loop)
    lead = song.stems.add("Lead", sound="lead")
    lead.settings.update({"groove.type": "humanize", "groove.amount": 0.8})
    lead.add_notes([(0, 480, 60), (480, 480, 64), (480, 480, 67)], bar=1)
    return song


def test_the_same_song_made_again_sounds_the_same():
    """Chance, noise and the order of sums follow from the music, not from ids."""
    one, other = _made(), _made()
    assert one.events()["tick"].tolist() == other.events()["tick"].tolist()
    assert one.hash() == other.hash()
    other.seed = 6
    assert one.hash() != other.hash()


def test_a_name_that_is_taken_is_refused(song):
    """A cell that is run again does not double a stem; renaming is free."""
    before = song.model
    with pytest.raises(cm.CellissimoError, match=r"take song.stems\['Bass'\]"):
        song.stems.add("Bass")
    assert song.model == before
    song.returns.add("Room")
    with pytest.raises(cm.CellissimoError, match=r"take song.returns\['Room'\]"):
        song.returns.add("Room")
    song.stems.add("Other").name = "Bass"
    assert [stem.name for stem in song.stems.all] == ["Bass", "Bass"]
