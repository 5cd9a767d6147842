"""What a bundle says of itself: its manifest, a page to read, and a notebook that opens it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cellissimo.notation.digest import digest_loop, digest_whole
from cellissimo.schema import models

FORMAT = 1
"""The version of bundles that is written; others are refused."""

SONG, MIDI, NOTEBOOK, README, MANIFEST = (
    "song.song",
    "midi/song.mid",
    "notebook.ipynb",
    "README.txt",
    "manifest.json",
)


@dataclass(frozen=True, slots=True)
class Recording:
    """A blob of the song, and the file that holds it as FLAC."""

    file: str
    blob: str
    channels: int
    frames: int


def manifest(
    song: models.Song,
    recordings: Sequence[Recording],
    missing: Sequence[str],
    files: Mapping[str, str],
) -> str:
    """The manifest: what kind of bundle, its audio, what it lacks, and the sha256 of each file."""
    told = {
        "cellissimo": FORMAT,
        "kind": song.kind,
        "id": song.id,
        "name": song.name,
        "audio": [asdict(recording) for recording in recordings],
        "missing": list(missing),
        "files": dict(sorted(files.items())),
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def told(song: models.Song) -> str:
    """The song or loop in words."""
    loops = list(song.loops.values())
    if song.kind == "loop" and len(loops) == 1:
        return digest_loop(loops[0], song)
    return digest_whole(song)


def readme(song: models.Song, recordings: Sequence[Recording], *, has_midi: bool) -> str:
    """The page to read."""
    lines = [
        song.name,
        "=" * len(song.name),
        "",
        told(song),
        "",
        "What is in here",
        "---------------",
        f"{SONG}       the music as text: every note, step and setting on a line of its own",
    ]
    if has_midi:
        lines.append(f"{MIDI}   the notes, for any sequencer")
    if recordings:
        lines.append("audio/          the recordings as FLAC, 48 000 Hz and 24 bits, lossless")
    lines += [
        f"{NOTEBOOK}  opens the music in Jupyter, once this is unpacked",
        f"{MANIFEST}   which recording the text names by which sha256",
        "",
        "The sha256 in the text is that of the recording as a WAV file: a header of 44 bytes, then",
        "24-bit PCM at 48 000 Hz, and a last zero byte where the number of bytes is odd.",
        "",
        "To open it as it is, unpacked or not:",
        "",
        "    pip install cellissimo",
        "    python -c \"import cellissimo as cm; print(cm.load('this.cellissimo.zip'))\"",
        "",
    ]
    return "\n".join(lines)


def notebook(song: models.Song) -> str:
    """A notebook that opens the bundle it lies in."""
    variable = "loop" if song.kind == "loop" else "song"
    code = f'import cellissimo as cm\n\n{variable} = cm.load(".")\n{variable}'
    cells: list[dict[str, Any]] = [
        _cell("markdown", "cell-00", f"# {song.name}\n\nRun the cell, then press play."),
        _cell("code", "cell-01", code),
    ]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    told = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _cell(kind: str, cell_id: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": cell_id,
        "metadata": {},
        "source": source.splitlines(keepends=True),
    }
    return cell | {"execution_count": None, "outputs": []} if kind == "code" else cell
