"""The score image of a loop, read back word by word."""

import struct

import pytest

from cellissimo.engine.image import score_image
from cellissimo.engine.score import identity
from cellissimo.native.host import Engine
from cellissimo.schema import image
from cellissimo.schema.models import Loop, Song, Step, Tempo
from cellissimo.schema.parameters import ENGINE
from cellissimo.schema.sounds import SOUNDS

SONG = Song("song", "song", tempos={0: Tempo(100.0)}, meters={0: "3/4"})
INDEX = {parameter.key: place for place, parameter in enumerate(ENGINE)}
INDICES = range(len(ENGINE))


def loop(**changes) -> Loop:
    return Loop("loop", "loop", **{"bars": 1, **changes})


def records(made: Loop) -> dict[str, list[dict[str, float]]]:
    """All records of the image by kind; a strip's floats by their place."""
    words = score_image(made, SONG).words
    found, at = {}, len(image.HEADER)
    for kind, fields in image.RECORDS.items():
        size = len(fields) + (len(ENGINE) if kind == "strips" else 0)
        found[kind] = []
        for _ in range(header(made)[kind]):
            found[kind].append(record(words, at, fields, size))
            at += size
    assert len(words) == 4 * at
    return found


def record(words: bytes, at: int, fields, size: int) -> dict[str, float]:
    kinds = "".join("f" if field.is_float else "i" for field in fields)
    values = struct.unpack_from(f"<{kinds}{size - len(fields)}f", words, 4 * at)
    names = [field.name for field in fields] + list(range(size - len(fields)))
    return dict(zip(names, values, strict=True))


def header(made: Loop) -> dict[str, int]:
    words = struct.unpack_from(f"<{len(image.HEADER)}i", score_image(made, SONG).words)
    return dict(zip((field.name for field in image.HEADER), words, strict=True))


def strip(made: Loop, place: int) -> tuple[float, ...]:
    """The parameters of a strip, by its place."""
    return tuple(value for name, value in records(made)["strips"][place].items() if name in INDICES)


def parameter(made: Loop, place: int, key: str) -> float:
    return strip(made, place)[INDEX[key]]


def chords(made: Loop) -> list[tuple[float, ...]]:
    return [tuple(chord.values())[1:] for chord in records(made)["chords"]]


def test_the_header_says_what_follows():
    """Lengths in ticks come from the song's meter; the length is that of the whole image."""
    made = loop(bars=2, steps_per_bar=12, steps={("drum-kick", 0): Step(), ("bass", 5): Step()})
    found = header(made)
    assert len(score_image(made, SONG).words) == 4 * found["words"]
    (played,) = records(made)["loops"]
    assert (played["ticks"], played["step_ticks"], played["bar_ticks"]) == (5760, 240, 2880)
    assert (found["length"], found["strips"], found["steps"], found["chords"]) == (5760, 3, 2, 1)


def test_a_loops_own_tempo_and_meter_win():
    """[DOC-21] A loop that names neither follows its song."""
    own = records(loop(tempo=90.0, meter="6/8"))
    assert own["tempos"] == [{"tick": 0, "bpm": 90, "ramp": 0}]
    assert own["meters"] == [{"tick": 0, "bar_ticks": 2880, "beat_ticks": 480}]
    assert records(loop())["tempos"][0]["bpm"] == 100


def test_a_setting_wins_over_the_patch_and_the_patch_over_the_default():
    """The pad's own room, unless the loop says another; parameters of neither have defaults."""
    steps = {("synth-pad", 0): Step()}
    patch = SOUNDS["synth-pad"].patch
    assert patch["reverb.mix"] == pytest.approx(parameter(loop(steps=steps), 1, "reverb.mix"))
    set_dry = loop(steps=steps, settings={"synth-pad.reverb.mix": 0.0})
    assert parameter(set_dry, 1, "reverb.mix") == 0
    assert parameter(loop(steps=steps), 1, "pan.pan") == 0


def test_choices_become_indices_and_note_values_negative_ticks():
    """What the engine reads of words."""
    made = loop(
        settings={"kick.filter.type": "highpass", "kick.delay.time": "4n", "kick.amp.mute": True}
    )
    assert parameter(made, 1, "filter.type") == 2
    assert parameter(made, 1, "delay.time") == -960
    assert parameter(made, 1, "amp.mute") == 1


def test_a_row_takes_the_sound_that_its_setting_names():
    """A row called by any name plays `sample.sound`."""
    made = loop(steps={("boom", 0): Step()}, settings={"boom.sample.sound": "drum-kick"})
    kick = loop(steps={("drum-kick", 0): Step()})
    assert strip(kick, 1) == strip(made, 1)


def test_chords_are_read_in_the_key_of_the_loop():
    """Vi in C is A minor; a slash bass is its own word; what cannot be read is left out."""
    made = loop(key="C major", chords={0: "vi", 4: "C/E", 8: "nonsense", 12: "N.C.", 99: "C"})
    assert chords(made) == [(0, 9, 9, 0x89), (4, 0, 4, 0x91), (12, -1, 0, 0)]


TONICS = [("D major", (0, 2, 2, 0x91)), ("A minor", (0, 9, 9, 0x89))]


@pytest.mark.parametrize(("key", "chord"), TONICS)
def test_a_loop_without_chords_is_one_tonic_chord(key, chord):
    """[DOC-23] Major or minor as the key is."""
    assert [chord] == chords(loop(key=key))


def test_identity_is_fnv_1a():
    """The published test vectors of the 32-bit hash, as signed words."""
    assert identity("a") == 0xE40C292C - (1 << 32)
    assert identity("foobar") == 0xBF9CF968 - (1 << 32)


def test_steps_past_the_end_are_kept_out():
    """[DOC-9] A shortened loop does not play them."""
    made = loop(steps_per_bar=4, steps={("kick", 3): Step(), ("kick", 4): Step()})
    assert header(made)["steps"] == 1


def test_every_sound_makes_an_image_that_the_engine_takes():
    """All sounds at once, more rows than a loop usually has."""
    made = loop(steps={(sound, 0): Step() for sound in SOUNDS})
    Engine().load(score_image(made, SONG).words)
