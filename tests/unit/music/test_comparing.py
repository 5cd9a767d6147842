"""Two versions of music are equally loud, and hold the bars that they say."""

from __future__ import annotations

import numpy as np

import cellissimo as cm
from cellissimo.media.loudness import loudness_of
from cellissimo.music.comparing import bars_of, equally_loud, write_versions


def song(level):
    """A song of four bars at 120 BPM with a bass of that level."""
    made = cm.Song("S", tempo=120)
    stem = made.stems.add("Bass", sound="bass-sub")
    stem.add_notes([(bar * 3840, 3000, 36 + bar) for bar in range(4)], bar=1)
    stem.volume = level
    return made


def test_bars_are_cut_where_they_are():
    """Bars 2 and 3 are as long as two bars, and hold what the excerpt of the song holds."""
    made = song(0.5)
    samples = bars_of(made, (2, 3))
    assert samples.shape == (2, 4 * 48_000)
    whole = made.bars(2, 3).render()[:, : samples.shape[1]]
    assert np.array_equal(whole[:, 300:-300], samples[:, 300:-300])
    assert bars_of(made, (9, 9)).shape == (2, 0)


def test_the_louder_comes_down():
    """Both have the loudness of the quieter, which stays as it is; silence stays silence."""
    loud, soft = bars_of(song(0.8), (1, 2)), bars_of(song(0.1), (1, 2))
    one, other = equally_loud(loud, soft)
    assert np.array_equal(other, soft)
    assert abs(loudness_of(one).integrated - loudness_of(other).integrated) < 0.05
    silence = np.zeros((2, 48_000), np.float32)
    assert equally_loud(loud, silence)[0] is loud


def test_files_of_each_run_and_one_of_all(tmp_path):
    """Each run has its A and B; all of them stand in one file, with pauses."""
    paths = write_versions(song(0.8), song(0.1), [(1, 1), (3, 4)], tmp_path)
    names = ["bar 1 A.wav", "bar 1 B.wav", "bars 3-4 A.wav", "bars 3-4 B.wav", "A then B.wav"]
    assert names == [path.name for path in paths]
    assert cm.Audio(paths[-1]).seconds == 2 * 2 + 2 * 4 + 3 * 0.5
    assert write_versions(song(0.8), song(0.8), [], tmp_path) == []
