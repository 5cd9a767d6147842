import hashlib
import subprocess
from pathlib import Path

import numpy as np
import pytest

from cellissimo.native import build
from cellissimo.native.host import PAGE_FRAMES, Engine
from tests.conftest import require_tool
from tests.unit.native.score import Chord, Score, Step, choice
from tests.unit.native.whole_song import whole_song

DRIVER = Path(__file__).with_name("drive.c")

ECHOES = {
    "osc.unison": 3.0,
    "play.follow": choice("play.follow", "voicing"),
    "play.voices": 3.0,
    "tone.type": choice("tone.type", "lowpass24"),
    "delay.mix": 0.5,
    "delay.feedback": 0.7,
    "reverb.mix": 0.6,
    "reverb.decay": 20.0,
    "filter.type": choice("filter.type", "highpass"),
    "eq.low": 2.0,
    "eq.mid": -1.0,
    "eq.high": 1.0,
    "band1.type": choice("band1.type", "peak"),
    "band1.gain": 6.0,
    "comp.ratio": 4.0,
    "comp.threshold": -40.0,
    "distort.amount": 0.3,
    "chorus.mix": 0.4,
    "phaser.mix": 0.5,
    "phaser.feedback": 0.8,
    "width.width": 1.4,
    "lfo-filter.depth": 0.3,
    "lfo-delay.depth": 0.1,
    "lfo-pan.depth": 0.5,
}
NOISE = {
    "osc.level": 0.0,
    "noise.level": 1.0,
    "noise.width": 1.0,
    "reverb.mix": 0.3,
    "noise.type": choice("noise.type", "bandpass"),
    "env.decay": 0.05,
    "env.sustain": 0.0,
}
TAIL = Score(
    ({"reverb.mix": 0.2, "delay.mix": 0.2}, ECHOES, NOISE),
    (Step(1, 0), Step(2, 4)),
    (Chord(0, 0, 0, 0x91),),
)
"""Two sounds, then twenty seconds and more of echoes dying in rooms."""


def compile_driver(folder: Path, *flags: str) -> Path:
    """The driver with the engine's own C files, under the engine's own warnings."""
    target = folder / "drive"
    sources = [str(path) for path in build.sources()]
    subprocess.run(
        [
            str(require_tool("gcc")),
            "-std=gnu11",
            "-ffp-contract=off",
            *build.WARNINGS,
            "-I",
            str(build.SOURCES),
            *flags,
            str(DRIVER),
            *sources,
            "-lm",
            "-o",
            str(target),
        ],
        check=True,
    )
    return target


@pytest.fixture(scope="session")
def plain(tmp_path_factory):
    return compile_driver(tmp_path_factory.mktemp("plain"), "-O2")


@pytest.fixture(scope="session")
def watched(tmp_path_factory):
    return compile_driver(
        tmp_path_factory.mktemp("watched"),
        "-O1",
        "-g",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all",
        "-Wno-error=format-truncation",
    )


def play(driver: Path, image: Path, frames: int, block: int, ftz: int) -> np.ndarray:
    """Samples of the natively compiled engine, ``(2, frames)``."""
    run = subprocess.run(
        [str(driver), "play", str(image), str(frames), str(block), str(ftz)],
        check=True,
        capture_output=True,
    )
    return np.stack([np.frombuffer(run.stdout, "<f4"), np.frombuffer(run.stderr, "<f4")])


def digest(samples: np.ndarray) -> str:
    return hashlib.sha256(np.ascontiguousarray(samples, "<f4").tobytes()).hexdigest()


FRAMES = 24 * 48_000


@pytest.fixture(scope="session")
def tail_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("image") / "tail.img"
    path.write_bytes(TAIL.image())
    return path


@pytest.fixture(scope="session")
def tail_hash():
    engine = Engine()
    engine.load(TAIL.image())
    engine.play(0)
    return digest(engine.render(FRAMES))


@pytest.mark.parametrize("block", [1, 128, 4096])
def test_a_long_tail_is_the_same_in_blocks_of_any_size(plain, tail_file, tail_hash, block):
    """[ENG-4] 24 s of dying echoes, natively compiled, equal the WebAssembly bit by bit."""
    assert tail_hash == digest(play(plain, tail_file, FRAMES, block, 0))


def test_no_operation_meets_a_denormal(plain, tail_file):
    """[ENG-1] The processor's own flags: no operand and no result was denormal in 24 s."""
    run = subprocess.run(
        [str(plain), "watch", str(tail_file), str(FRAMES), "4096"],
        check=True,
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == "clean"


def test_hardware_that_flushes_denormals_gives_the_same_samples(plain, tail_file, tail_hash):
    """[ENG-1] As some browsers' audio threads do."""
    assert tail_hash == digest(play(plain, tail_file, FRAMES, 4096, 1))


def sawtooth(_audio: int, page: int) -> np.ndarray:
    """The pages that the driver gives."""
    places = (np.arange(2 * PAGE_FRAMES, dtype=np.int32) + page) % 97
    return (np.float32(0.3) * places.astype(np.float32) / np.float32(97)).reshape(2, PAGE_FRAMES)


@pytest.fixture(scope="session")
def song_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("image") / "song.img"
    path.write_bytes(whole_song().image())
    return path


SONG_FRAMES = 12 * 48_000


@pytest.mark.parametrize("ftz", [0, 1])
def test_a_whole_song_is_the_same_natively(plain, song_file, ftz):
    """[ENG-1] Clips, sends, lanes and all effects, with and without hardware that flushes."""
    engine = whole_song().engine(audio=sawtooth)
    expected = digest(engine.render(SONG_FRAMES))
    assert expected == digest(play(plain, song_file, SONG_FRAMES, 999, ftz))


def test_no_operation_of_a_song_meets_a_denormal(plain, song_file):
    """[ENG-1] Twenty seconds that end in a tail."""
    command = [str(plain), "watch", str(song_file), str(20 * 48_000), "4096"]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    assert run.stdout.strip() == "clean"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_damaged_songs_do_no_harm(watched, song_file, seed):
    """[ENG-7] Nor do damaged songs, with regions, taps and pages that nobody asked for."""
    command = [str(watched), "fuzz", str(song_file), str(seed), "60"]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    assert 5 < int(run.stdout) < 60


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_damaged_images_do_no_harm(watched, tmp_path, seed):
    """[ENG-7] No damaged image makes the engine read or write astray, or pass the ceiling."""
    path = tmp_path / "image"
    path.write_bytes(TAIL.image())
    run = subprocess.run(
        [str(watched), "fuzz", str(path), str(seed), "120"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert 5 < int(run.stdout) < 120
