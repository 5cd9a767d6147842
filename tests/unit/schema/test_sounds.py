import json
from pathlib import Path

import pytest

from cellissimo.domain.ticks import note_value_ticks
from cellissimo.schema import sounds
from cellissimo.schema.parameter import Kind, Scope
from cellissimo.schema.parameters import BY_KEY
from cellissimo.schema.sounds import SOUNDS, SoundError, find_sound, known_sound
from tests.bench.sounds import LEVELS, PAGE, REFERENCES, faults, measured

FOLDER = Path(sounds.__file__).parent
PLAYGROUND = {
    "synth-lead",
    "synth-pad",
    "synth-pluck",
    "synth-arp",
    "drum-kick",
    "drum-snare",
    "drum-hihat",
    "drum-clap",
    "bass-sub",
    "bass-wobble",
    "fx-riser",
    "fx-impact",
    "fx-sweep",
    "fx-glitch",
    "fx-vocal",
    "fx-noise",
}


def test_the_library_holds_the_playgrounds_sounds():
    """All sixteen, and every file is in the order."""
    assert set(SOUNDS) >= PLAYGROUND
    assert {path.stem for path in FOLDER.glob("*.json")} - {"order"} == set(SOUNDS)


def test_no_two_sounds_share_a_name():
    """An id or alias finds one sound."""
    names = [name for sound in SOUNDS.values() for name in (sound.id, *sound.aliases)]
    assert len(names) == len(set(names))
    assert all(find_sound(alias) is sound for sound in SOUNDS.values() for alias in sound.aliases)


def test_an_unknown_sound_names_the_nearest():
    """The error says the cure."""
    with pytest.raises(SoundError, match="drum-kick"):
        known_sound("drum-kik")


@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS)
def test_a_patch_speaks_of_known_parameters_within_their_range(sound):
    """Every key exists, is no setting of the master, and holds what its kind accepts."""
    for key, value in sound.patch.items():
        parameter = BY_KEY[key]
        assert parameter.scope is not Scope.MASTER
        if parameter.kind is Kind.CHOICE:
            assert value in parameter.choices
        elif parameter.kind is Kind.SWITCH:
            assert isinstance(value, bool)
        elif isinstance(value, str):
            assert note_value_ticks(value) > 0
        else:
            assert parameter.low <= value <= parameter.high


@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS)
def test_only_melodic_sounds_follow_the_chords(sound):
    """The patch follows the chord where the library says melodic, and only there."""
    assert sound.melodic == (sound.patch.get("play.follow", "fixed") != "fixed")


@pytest.mark.parametrize("sound", SOUNDS.values(), ids=SOUNDS)
def test_a_sound_is_what_its_reference_says(sound):
    """Pitch, decay, brightness, crest in the reference's ranges; loudness that of its category."""
    assert sound.reference
    assert sound.category in LEVELS
    assert faults(sound, measured(sound)) == []


def test_the_page_of_sounds_is_up_to_date():
    """docs/sounds.md has a row for each sound; `python -m tests.bench.sounds` writes it."""
    rows = [
        line.split(" | ")[0][2:]
        for line in PAGE.read_text("utf-8").splitlines()
        if line.startswith("| ") and not line.startswith("| sound")
    ]
    assert list(SOUNDS) == rows == [s for s in SOUNDS if s in REFERENCES]


def test_files_are_plain_json_of_the_known_fields():
    """A new sound is a new file: no field beside those of `Sound`."""
    fields = set(sounds.Sound.__dataclass_fields__)
    for sound_id in SOUNDS:
        assert fields == set(json.loads((FOLDER / f"{sound_id}.json").read_text("utf-8")))


def test_the_library_tells_itself_in_lines():
    """One short line a sound, with the names it answers to and without its patch."""
    lines = repr(SOUNDS).splitlines()
    assert len(SOUNDS) == len(lines)
    assert 'drum-hihat · Hi-hat (drum, rhythmic), also "hihat" or "hat"' in lines
