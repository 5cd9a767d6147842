"""MIDI files: what other readers find in them."""

from __future__ import annotations

import io
import warnings

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cellissimo as cm
from cellissimo.domain.key import parse_key
from cellissimo.midi import write
from cellissimo.midi.general import DRUM_KEYS, PROGRAMS
from cellissimo.midi.write import MidiError, MidiNote, MidiTime, MidiTrack, midi_bytes
from cellissimo.music.midi_file import midi_of
from cellissimo.schema.sounds import SOUNDS

STEADY = MidiTime({0: (120, False)}, {0: "4/4"})


def read(made: bytes) -> mido.MidiFile:
    """What mido makes of a file."""
    return mido.MidiFile(file=io.BytesIO(made))


def heard(track: mido.MidiTrack) -> list[tuple[int, int, int, int]]:
    """Start, duration, pitch and velocity of the notes of a track, by start and pitch."""
    now, sounding, found = 0, {}, []
    for message in track:
        now += message.time
        if message.type == "note_on" and message.velocity:
            assert message.note not in sounding, "a note began in itself"
            sounding[message.note] = (now, message.velocity)
        elif message.type in ("note_on", "note_off"):
            start, velocity = sounding.pop(message.note)
            found.append((start, now - start, message.note, velocity))
    assert not sounding
    return sorted(found)


@pytest.fixture
def song():
    """A song with everything that a MIDI file tells."""
    song = cm.Song("Évening", tempo=92, key="G major")
    loop = cm.Loop("Verse", key="G major")
    loop.chords = "I V vi IV"
    loop["drum-kick"] = "X...x...X...x..."
    loop["synth-lead"] = "x...o...x..."
    song.timeline.append(loop, times=2)
    bass = song.stems.add("Bass", sound="bass-sub")
    bass.add_notes([(0, 960, "C2"), (960, 960, 40.4), (960, 480, "E3", 30)])
    drums = song.stems.add("Drums")
    drums.add_pattern("seq kick: x...x...\nseq snare: ....x...", bars=1)
    song.tempos.set(bar=3, tempo=140, ramp=True)
    song.tempos.set(bar=5, tempo=100)
    song.meters.set(bar=5, meter="3/4")
    song.sections.add("Verse", bar=1, bars=2)
    song.markers.add("drop", bar=3)
    return song


def test_mido_finds_each_note_that_sounds(song):
    """Starts, durations, pitches and velocities of the events, part by part."""
    midi, events = read(midi_of(song)), song.events()
    assert (midi.type, midi.ticks_per_beat) == (1, 960)
    assert [track.name for track in midi.tracks[1:]] == ["Bass", "Drums", "Lead", "Drums"]
    wanted: dict[int, list[tuple[int, int, int, int]]] = {1: [], 2: [], 3: [], 4: []}
    places = {"Bass": 1, "Drums/Pattern/kick": 2, "Drums/Pattern/snare": 2,
              "Verse/synth-lead": 3, "Verse/drum-kick": 4}  # fmt: skip
    for row in zip(*events.values(), strict=True):
        _, tick, part, sound, pitch, velocity, duration = row
        key = DRUM_KEYS.get(str(sound), round(pitch))
        wanted[places[str(part)]].append((int(tick), int(duration), key, round(velocity * 127)))
    for place, notes in wanted.items():
        assert sorted(notes) == heard(midi.tracks[place])


def test_it_lasts_as_long_as_the_song(song):
    """Tempos, ramps and meters: mido's seconds are the song's, to a tenth of a millisecond."""
    assert song.duration == pytest.approx(read(midi_of(song)).length, abs=1e-4)


def test_a_stretch_of_a_song_begins_at_0(song):
    """Bars 4 to 6: the middle of a ramp, another meter, and their own notes."""
    part = song.bars(4, 6)
    midi = read(midi_of(part))
    assert part.seconds == pytest.approx(midi.length, abs=1e-4)
    meters = [m for m in midi.tracks[0] if m.type == "time_signature"]
    assert [(m.numerator, m.denominator) for m in meters] == [(4, 4), (3, 4)]


def test_the_first_track_tells_the_song(song):
    """Name, key, meter changes and markers, at their ticks."""
    track, now, told = read(midi_of(song)).tracks[0], 0, []
    for message in track:
        now += message.time
        told.append((now, message))
    assert track.name.encode("latin-1").decode() == "Évening"
    assert [m.key for _, m in told if m.type == "key_signature"] == ["G"]
    assert [(t, m.text) for t, m in told if m.type == "marker"] == [(0, "Verse"), (7680, "drop")]
    meters = [(t, m.numerator, m.denominator) for t, m in told if m.type == "time_signature"]
    assert meters == [(0, 4, 4), (15360, 3, 4)]


def test_music21_finds_the_same_notes(song):
    """A second reader: pitches and offsets of the bass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, of Python's modules
        from music21 import converter  # noqa: PLC0415 - heavy

        found = converter.parseData(midi_of(song), format="midi")
    bass = next(part for part in found.parts if part.partName == "Bass")
    pitches = [
        (float(note.getOffsetInHierarchy(bass)), pitch.midi)
        for note in bass.flatten().notes
        for pitch in note.pitches
    ]
    assert [(0.0, 36), (1.0, 40), (1.0, 52)] == sorted(pitches)


def test_drums_are_on_the_drums_channel_and_others_have_programs(song):
    """Channel 10 for drums; a program before the first note elsewhere."""
    tracks = read(midi_of(song)).tracks
    channels = [{m.channel for m in track if m.type == "note_on"} for track in tracks[1:]]
    assert channels == [{0}, {9}, {1}, {9}]
    programs = [[m.program for m in track if m.type == "program_change"] for track in tracks[1:]]
    assert programs == [[PROGRAMS["bass-sub"]], [], [PROGRAMS["synth-lead"]], []]


def test_every_sound_of_the_library_has_a_place_in_general_midi():
    """A key or a program, in range; none has both."""
    assert set(SOUNDS) == PROGRAMS.keys() | DRUM_KEYS.keys()
    assert not PROGRAMS.keys() & DRUM_KEYS.keys()
    assert all(0 <= value <= 127 for value in (*PROGRAMS.values(), *DRUM_KEYS.values()))


def test_a_stems_own_channel_is_kept(song):
    """A stem that says channel 5 has it, and nobody else."""
    song.stems["Bass"].channel = 5
    song.stems.add("Keys", sound="synth-keys").add_notes([(0, 960, 60)])
    tracks = read(midi_of(song)).tracks
    channels = [{m.channel for m in track if m.type == "note_on"} for track in tracks[1:]]
    assert channels == [{4}, {9}, {0}, {1}, {9}]


def test_more_parts_than_channels_go_to_a_further_port():
    """Twenty stems: the sixteenth begins a second port, with a channel of the first there."""
    song = cm.Song("Many")
    for place in range(20):
        song.stems.add(f"Stem {place}", sound="synth-keys").add_notes([(0, 960, 60)])
    tracks = read(midi_of(song)).tracks[1:]
    ports = [[m.port for m in track if m.type == "midi_port"] for track in tracks]
    assert ports == [[]] * 15 + [[1]] * 5
    assert len({next(m.channel for m in t if m.type == "note_on") for t in tracks[:15]}) == 15


def test_the_same_song_gives_the_same_bytes(song, tmp_path):
    """Nothing of the time or the order in which it was made."""
    song.export(tmp_path / "a.mid")
    assert midi_of(song.copy(song.name)) == (tmp_path / "a.mid").read_bytes()


def test_a_loop_alone_has_its_own_tempo_and_meter(tmp_path):
    """``loop.export("x.mid")`` tells what it wrote, and is a path."""
    loop = cm.Loop("Waltz", bars=2, tempo=90, meter="3/4", key="A minor")
    loop["kick"] = "x...x...x..."
    done = loop.export(tmp_path / "waltz.MID")
    assert repr(done) == "waltz.MID: 6 notes in 1 track"
    midi = mido.MidiFile(done)
    assert midi.length == pytest.approx(2 * 3 * 60 / 90)
    kinds = {m.type: m for m in midi.tracks[0]}
    assert (kinds["time_signature"].numerator, kinds["key_signature"].key) == (3, "Am")


def test_too_many_notes_are_refused():
    """A file that readers refuse is not written."""
    notes = [MidiNote(0, 1, 60, 100)] * (write.MOST_NOTES + 1)
    with pytest.raises(MidiError, match="export some bars"):
        midi_bytes("x", [MidiTrack("t", 0, notes)], STEADY)


def test_a_ramp_of_hours_has_few_tempos():
    """At most a thousand for one ramp, and it still ends in time."""
    end = 10**7
    time = MidiTime({0: (20, True), end: (400, False)}, {0: "4/4"}, end=end + 960)
    made = read(midi_bytes("x", [], time))
    assert len([m for m in made.tracks[0] if m.type == "set_tempo"]) <= 1001
    wanted = write.TempoMap(time.tempos).seconds_at(end + 960)
    assert made.length == pytest.approx(wanted, abs=0.05)


@pytest.mark.parametrize(
    ("key", "told"),
    [("C major", "C"), ("F# minor", "F#m"), ("D dorian", "Cm"), ("E harmonic minor", "Em")],
)
def test_keys_have_their_signature(key, told):
    """Modes have the signature of their scale; minor is said where the third is minor."""
    time = MidiTime({0: (120, False)}, {0: "4/4"}, parse_key(key))
    messages = read(midi_bytes("x", [], time)).tracks[0]
    found = next(m.key for m in messages if m.type == "key_signature")
    assert found == {"Cm": "Am"}.get(told, told)  # D dorian: no sharps, a minor third


@given(
    st.lists(
        st.builds(
            MidiNote,
            st.integers(0, 5000),
            st.integers(1, 3000),
            st.integers(58, 62),
            st.integers(0, 127),
        ),
        max_size=60,
    )
)
def test_any_notes_read_back_without_overlap(notes):
    """Each start of a pitch is there once, at its loudest, and ends before the next begins."""
    found = heard(read(midi_bytes("x", [MidiTrack("t", 3, notes)], STEADY)).tracks[1])
    loudest: dict[tuple[int, int], int] = {}
    for note in notes:
        if note.velocity:
            key = (note.start, note.pitch)
            loudest[key] = max(loudest.get(key, 0), note.velocity)
    assert loudest == {(start, pitch): velocity for start, _, pitch, velocity in found}
