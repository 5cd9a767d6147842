"""The engine under node gives what it gives under wasmtime."""

import base64
import json
import random
import subprocess
from pathlib import Path

import pytest

from cellissimo.engine.render import hash_of, render
from tests.parity.generate_images import SONG, image_of
from tests.parity.loops import LOOPS

EXTENSION = Path(__file__).resolve().parents[2] / "extension"


@pytest.fixture(scope="module")
def node_render(require_tool, tmp_path_factory):
    """Give a function that renders an image under node, in blocks of the given lengths."""
    script = tmp_path_factory.mktemp("peer") / "render.mjs"
    esbuild = EXTENSION / "node_modules" / "esbuild" / "bin" / "esbuild"
    options = ["--bundle", "--platform=node", "--format=esm", "--target=es2022"]
    source = EXTENSION / "test" / "peers" / "render_peer.ts"
    options += ["--loader:.wasm=binary", "--log-level=error", f"--outfile={script}"]
    subprocess.run([esbuild, source, *options], check=True)
    command = [require_tool("node"), script]
    node = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(image: bytes, blocks: list[int]) -> str:
        question = {"image": base64.b64encode(image).decode(), "blocks": blocks}
        print(json.dumps(question), file=node.stdin, flush=True)
        return node.stdout.readline().strip()

    with node:
        yield ask


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
    samples = render(loop, SONG)
    blocks = cut(samples.shape[1], random.Random(1))
    assert node_render(image_of(loop), blocks) == hash_of(samples)
