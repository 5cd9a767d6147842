"""`import cellissimo` is light: about the time of `import numpy`, and nothing heavy behind it."""

import subprocess
import sys

import pytest

HEAVY = {
    *("music21", "scipy", "pandas", "matplotlib", "numpy", "IPython", "anywidget"),
    *("soundfile", "soxr", "tqdm", "python_stretch"),
}

TIMED = (
    "import time; began = time.process_time(); import {name}; print(time.process_time() - began)"
)


def seconds(name):
    """The processor time of one import in a fresh process."""
    command = [sys.executable, "-c", TIMED.format(name=name)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.slow
def test_the_import_takes_at_most_one_and_a_half_times_that_of_numpy():
    """Who only wants a chord's name does not wait for an orchestra."""
    pairs = [(seconds("cellissimo"), seconds("numpy")) for _ in range(9)]
    ours, numpy = (min(times) for times in zip(*pairs, strict=True))
    assert ours <= 1.5 * numpy


def test_the_import_brings_no_heavy_package():
    """Heavy packages are imported by the function that needs them, when it needs them."""
    listed = "import sys, cellissimo; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", listed], check=True, capture_output=True, text=True
    )
    assert set(done.stdout.split()) & HEAVY == set()
