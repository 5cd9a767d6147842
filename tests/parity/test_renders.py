"""The engine under node gives what it gives under wasmtime."""

import base64
import json
import random
import subprocess
from pathlib import Path

import numpy as np
import pytest

from cellissimo.engine.image import score_image
from cellissimo.engine.render import hash_of, render
from cellissimo.engine.song_image import song_image
from cellissimo.native.host import Engine
from tests.parity.generate_images import SONG
from tests.parity.loops import LOOPS
from tests.parity.songs import SOUNDING, page, pages_of

EXTENSION = Path(__file__).resolve().parents[2] / "extension"


@pytest.fixture(scope="module")
def node_render(require_tool, tmp_path_factory):
    """Give a function that renders an image and its audio under node, in given blocks."""
    script = tmp_path_factory.mktemp("peer") / "render.mjs"
    esbuild = EXTENSION / "node_modules" / "esbuild" / "bin" / "esbuild"
    options = ["--bundle", "--platform=node", "--format=esm", "--target=es2022"]
    source = EXTENSION / "test" / "peers" / "render_peer.ts"
    options += ["--loader:.wasm=binary", "--log-level=error", f"--outfile={script}"]
    subprocess.run([esbuild, source, *options], check=True)
    command = [require_tool("node"), script]
    node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(image: bytes, blocks: list[int], audio: list[list[np.ndarray]] | None = None) -> str:
        question = {
            "image": base64.b64encode(image).decode(),
            "blocks": blocks,
            "audio": [[base64_of(held) for held in pages] for pages in audio or []],
        }
        print(json.dumps(question), file=node.stdin, flush=True)
        return node.stdout.readline().strip()

    with node:
        yield ask


def base64_of(samples: np.ndarray) -> str:
    """Samples as text for JSON."""
    return base64.b64encode(samples.tobytes()).decode()


def cut(frames: int, rng: random.Random) -> list[int]:
    """Cut a length into blocks of 1 … 4096 frames."""
    blocks = []
    while frames > 0:
        blocks.append(min(frames, rng.choice((1, 7, 128, 999, 4096))))
        frames -= blocks[-1]
    return blocks


@pytest.mark.parametrize("loop", LOOPS, ids=lambda loop: loop.name)
def test_node_renders_the_same_sha256_whatever_the_blocks(node_render, loop):
    """[ENG-1, ENG-4] One pass with its tail hashes alike in both hosts, in any cutting."""
    score = score_image(loop, SONG)
    samples = render(score)
    blocks = cut(samples.shape[1], random.Random(1))
    assert node_render(score.words, blocks) == hash_of(samples)


def test_node_renders_a_whole_song_alike(node_render):
    """[ENG-1, ENG-4] Stems, loops, sends, ramps, lanes and audio, in any cutting."""
    score = song_image(SOUNDING)
    samples = render(score, page)
    blocks = cut(samples.shape[1], random.Random(2))
    assert node_render(score.words, blocks, pages_of(SOUNDING)) == hash_of(samples)


def test_a_song_loaded_after_another_sounds_as_in_a_fresh_engine():
    """[ENG-1] Nothing of what played before is left in any effect."""
    made = song_image(SOUNDING)
    frames = 2 * 48_000
    engine = Engine(lambda number, place: page(made.audio[number], place))
    sounded = []
    for _ in range(2):
        engine.load(made.words)
        engine.play(0)
        sounded.append(engine.render(frames))
        engine.render(4096 * 40 + 77)
    np.testing.assert_array_equal(sounded[0], sounded[1])
