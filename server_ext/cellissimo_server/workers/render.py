"""Songs become sound in files: a mix, a file for each stem, or a bundle."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cellissimo.media.blobs import FolderBlobs
from cellissimo.media.export import Exported
from cellissimo.music import bundle, files
from cellissimo.music.excerpt import Excerpt
from cellissimo.music.loop import Loop
from cellissimo.music.song import Song
from cellissimo_server.workers.refused import RefusedError

Report = Callable[[float], None]

SONG = "song.song"
"""The file of the song; its audio is in ``song.blobs`` beside it."""

MIDI = "song.mid"
"""The file of its notes."""

_BEGUN = 0.1


def render(folder: Path, arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """The song of ``folder`` as one file of the format ``arguments["format"]``.

    ``bars`` are the first and the last of a stretch, from 1; None is all. With ``stems`` each stem
    is a file of its own, in one zip. Gives ``file``, ``seconds``, ``loudness`` in LUFS,
    ``truePeak`` in dBTP and ``clipped``.

    Raises:
        RefusedError: there is nothing to render, or no such bars.
        CellissimoError: audio of the song is missing.
    """
    thing = _stretch(files.load(folder / SONG), arguments.get("bars"))
    report(_BEGUN)
    form = arguments["format"]
    if arguments.get("stems"):
        made = thing.export(folder / "stems" / f"*.{form}", stems=True, progress=False)
        name = "stems.zip"
    else:
        name = f"mix.{form}"
        made = thing.export(folder / name, progress=False)
    if not isinstance(made, Exported):
        raise RefusedError(f"{form} is no sound.", cure="Ask for wav, flac, mp3 or ogg.")
    if name == "stems.zip":
        _zip(folder / name, made.files)
    report(1.0)
    return {"file": name, **_measured(made)}


def pack(folder: Path, arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """The song of ``folder`` as a bundle; gives ``file`` and the audio that was ``missing``."""
    del arguments
    thing = files.load(folder / SONG)
    report(_BEGUN)
    name = f"song{bundle.ENDING}"
    blobs = FolderBlobs(folder / "song.blobs")
    with (folder / name).open("w+b") as file:
        missing = bundle.bundle_into(file, files.document_of(thing), blobs)
    report(1.0)
    return {"file": name, "missing": missing}


def midi(folder: Path, arguments: dict[str, Any], report: Report) -> dict[str, Any]:
    """The notes of the song of ``folder`` as a MIDI file; gives ``file``."""
    del arguments
    thing = files.load(folder / SONG)
    report(_BEGUN)
    thing.export(folder / MIDI, progress=False)
    report(1.0)
    return {"file": MIDI}


def _stretch(thing: Loop | Song, bars: list[int] | None) -> Loop | Song | Excerpt:
    if bars is None:
        return thing
    if isinstance(thing, Song):
        return thing.bars(bars[0], bars[1])
    raise RefusedError("A loop has no bars to choose from.", cure="Leave bars out.")


def _measured(made: Exported) -> dict[str, Any]:
    return {
        "seconds": made.seconds,
        "loudness": _finite(made.integrated),
        "truePeak": _finite(made.true_peak),
        "clipped": made.clipped,
    }


def _finite(level: float) -> float | None:
    return round(level, 2) if level > float("-inf") else None


def _zip(path: Path, made: Iterable[Path]) -> None:
    """A zip of files as they are; the same files give the same bytes."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for one in made:
            entry = zipfile.ZipInfo(one.name)
            with one.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while chunk := source.read(1 << 20):
                    target.write(chunk)
