"""The command line: ``cellissimo render | convert | show | lint | diff | export | import``.

A server's commands come by the entry points ``cellissimo.commands``: each names a function that
adds its own.

Exit codes: 0 where all is well; 1 where lint found something or two songs differ; 2 where a file
does not read or nothing could be done, with one line on standard error.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cellissimo import __version__
from cellissimo.domain.errors import CellissimoError

if TYPE_CHECKING:
    from cellissimo.music.loop import Loop
    from cellissimo.music.song import Song
    from cellissimo.music.sounding import Sounding

FINE, FOUND, WRONG = 0, 1, 2
STOPPED = 130
"""What a shell says of a program that Ctrl-C ended."""

GIT_ARGUMENTS = (7, 9)
"""How many arguments git gives to an external diff; two more where a file was renamed."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a command line; what it has to say is printed."""
    wanted = sys.argv[1:] if arguments is None else list(arguments)
    given = _parser(wanted).parse_args(wanted)
    command: Callable[[argparse.Namespace], int] = given.command
    try:
        code = command(given)
        sys.stdout.flush()
    except BrokenPipeError:  # `cellissimo show … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return _complain("stopped; no half file is left", STOPPED)
    except (CellissimoError, OSError, ImportError) as error:
        return _complain(_words_of(error), WRONG)
    return code


def _complain(words: str, code: int) -> int:
    print(f"cellissimo: {words}", file=sys.stderr)  # noqa: T201 - it is the output
    return code


def _words_of(error: Exception) -> str:
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return " ".join(str(error).split())


def _parser(wanted: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="cellissimo", description="Songs as text and as sound.")
    parser.add_argument("--version", action="version", version=f"cellissimo {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_render(commands)
    _add_convert(commands)
    _add_show(commands)
    _add_lint(commands)
    _add_diff(commands)
    _add_export(commands)
    _add_import(commands)
    first = next((word for word in wanted if not word.startswith("-")), None)
    for point in entry_points(group="cellissimo.commands"):
        if first in (None, point.name):  # none other is imported: each command starts quickly
            point.load()(commands)
    return parser


def _command(
    commands: Any,  # noqa: ANN401 - argparse has no public type for it
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    parser.set_defaults(command=run)
    parser.add_argument("--json", action="store_true", help="say it as JSON")
    return parser


def _add_render(commands: Any) -> None:  # noqa: ANN401 - see above
    words = "Render a song, loop, pattern or Python file to audio."
    parser = _command(commands, "render", _render, words)
    parser.add_argument("song", type=Path)
    parser.add_argument("-o", "--output", type=Path, help=".wav, .flac, .mp3, .ogg or .mid")
    parser.add_argument("--bars", type=_bars, metavar="1-4", help="only these bars")
    parser.add_argument("--stems", action="store_true", help="a folder with a file for each stem")
    parser.add_argument("--bits", type=int, choices=(16, 24, 32), default=24)


def _add_convert(commands: Any) -> None:  # noqa: ANN401 - see above
    words = "Convert song files, patterns, Python code, MIDI, bundles, audio; a .py file is run."
    parser = _command(commands, "convert", _convert, words)
    parser.add_argument("source", type=Path, metavar="in")
    parser.add_argument("target", type=Path, metavar="out")
    parser.add_argument("--bits", type=int, choices=(16, 24, 32), default=24)


def _add_show(commands: Any) -> None:  # noqa: ANN401 - see above
    parser = _command(commands, "show", _show, "Tell what a file holds, in words.")
    parser.add_argument("file", type=Path)
    parser.add_argument("--bars", type=_bars, metavar="1-4", help="only these bars")


def _add_lint(commands: Any) -> None:  # noqa: ANN401 - see above
    words = "Tell what is too loud, empty, clashing, missing or without a licence."
    parser = _command(commands, "lint", _lint, words)
    parser.add_argument("files", type=Path, nargs="+", metavar="file")
    parser.add_argument("--silent", action="store_true", help="without rendering: no levels")


def _add_diff(commands: Any) -> None:  # noqa: ANN401 - see above
    words = "Tell how two songs differ, by bar and stem."
    parser = _command(commands, "diff", _diff, words)
    parser.add_argument("files", nargs="+", metavar="a b")
    parser.add_argument("--audio", type=Path, metavar="FOLDER", help="the changed bars as sound")


def _add_export(commands: Any) -> None:  # noqa: ANN401 - see above
    words = "Write a song with all its audio as a bundle that reads without us."
    parser = _command(commands, "export", _export, words)
    parser.add_argument("source", metavar="what", help="a file, or a project of the server")
    parser.add_argument("target", type=Path, metavar="name.cellissimo.zip")


def _add_import(commands: Any) -> None:  # noqa: ANN401 - see above
    words = "Take a song file or bundle in: into a file, or as a new project of the server."
    parser = _command(commands, "import", _import, words)
    parser.add_argument("source", type=Path, metavar="file")
    parser.add_argument("target", type=Path, nargs="?", metavar="name.song")


def _bars(text: str) -> tuple[int, int]:
    first, dash, last = text.partition("-")
    if first.isdecimal() and (last if dash else first).isdecimal():
        bars = int(first), int(last if dash else first)
        if 1 <= bars[0] <= bars[1] <= 1_000_000:
            return bars
    message = f"{text!r} are no bars; write one, 3, or the first and the last, 1-4"
    raise argparse.ArgumentTypeError(message)


# -- the commands --------------------------------------------------------------------------------


def _render(given: argparse.Namespace) -> int:
    from cellissimo.music.opening import open_written  # noqa: PLC0415 - --help stays quick
    from cellissimo.music.written import Written  # noqa: PLC0415

    thing = open_written(given.song)
    target = given.output or given.song.with_suffix("" if given.stems else ".wav")
    if given.stems and given.output is None:
        target = given.song.with_name(f"{given.song.stem} stems")
    heard = _excerpt(thing, given.bars) if given.bars else thing
    done = heard.export(target, bits=given.bits, stems=given.stems)
    if isinstance(done, Written):
        _say(given, repr(done), files=[str(done.path)])
        return FINE
    _say(
        given,
        repr(done),
        files=[str(path) for path in done.files],
        seconds=done.seconds,
        loudness=asdict(done.loudness),
        clipped=done.clipped,
    )
    return FINE


def _excerpt(thing: Loop | Song, bars: tuple[int, int]) -> Sounding:
    from cellissimo.music.loop_excerpt import LoopExcerpt  # noqa: PLC0415
    from cellissimo.music.song import Song  # noqa: PLC0415

    return thing.bars(*bars) if isinstance(thing, Song) else LoopExcerpt(thing, *bars)


def _convert(given: argparse.Namespace) -> int:
    from cellissimo.music.opening import open_music, write_music  # noqa: PLC0415

    words = write_music(open_music(given.source), given.target, bits=given.bits)
    _say(given, words, file=str(given.target))
    return FINE


def _show(given: argparse.Namespace) -> int:
    from cellissimo.music.audio import Audio  # noqa: PLC0415
    from cellissimo.music.opening import model_of, open_music  # noqa: PLC0415
    from cellissimo.notation.digest import digest_loop, digest_whole  # noqa: PLC0415
    from cellissimo.notation.excerpt import within_bars  # noqa: PLC0415

    thing = open_music(given.file)
    if isinstance(thing, Audio):
        _say(given, repr(thing), kind="audio", seconds=thing.seconds, channels=thing.channels)
        return FINE
    song = model_of(thing)
    if given.bars:
        song = within_bars(song, *given.bars)
    loops = list(song.loops.values())
    is_loop = song.kind == "loop" and len(loops) == 1
    words = digest_loop(loops[0], song) if is_loop else digest_whole(song)
    _say(given, words, kind=song.kind, name=thing.name, tempo=thing.tempo, key=thing.key)
    return FINE


def _lint(given: argparse.Namespace) -> int:
    from cellissimo.music.opening import licensed_beside, model_of  # noqa: PLC0415
    from cellissimo.music.review import review, review_level  # noqa: PLC0415

    found = []
    for path in given.files:
        thing = _opened(path)
        missing_nothing = review(model_of(thing), licensed_beside(path))
        found += [(path, finding) for finding in missing_nothing]
        can_render = not any(finding.rule == "missing" for finding in missing_nothing)
        if not given.silent and can_render:
            found += [(path, finding) for finding in review_level(thing)]
    lines = [f"{path}: {finding}" for path, finding in found]
    told = [{"file": str(path), **asdict(finding)} for path, finding in found]
    _say(given, "\n".join(lines) or "nothing found", findings=told)
    return FOUND if found else FINE


def _opened(path: Path) -> Loop | Song:
    """What a file holds; an error names the file."""
    from cellissimo.music.opening import open_written  # noqa: PLC0415

    try:
        return open_written(path)
    except CellissimoError as error:
        if path.name in str(error):
            raise
        message = f"{path.name}: {_words_of(error)}"
        raise CellissimoError(message) from error


def _diff(given: argparse.Namespace) -> int:
    from cellissimo.notation.diff import diff_songs  # noqa: PLC0415

    paths, for_git = _compared(given.files)
    old, new = _versions(paths)
    changes = diff_songs(old.document.revision, new.document.revision)
    runs = changes.bars
    written = _write_versions(old, new, runs, given.audio)
    words = [f"--- {given.files[0]}"] if for_git else []
    words += [repr(changes)]
    words += [f"wrote {path}" for path in written]
    told = [asdict(change) for change in changes]
    files = [str(path) for path in written]
    _say(given, "\n".join(words), changes=told, bars=runs, files=files)
    return FOUND if changes and not for_git else FINE


def _export(given: argparse.Namespace) -> int:
    from cellissimo.music.bundle import export_bundle  # noqa: PLC0415
    from cellissimo.music.opening import open_written  # noqa: PLC0415
    from cellissimo.music.storing import open_stored  # noqa: PLC0415

    path = Path(given.source)
    done = export_bundle(
        open_written(path) if path.exists() else open_stored(given.source), given.target
    )
    _say(given, repr(done), file=str(done.path))
    return FINE


def _import(given: argparse.Namespace) -> int:
    from cellissimo.music.opening import open_written, write_music  # noqa: PLC0415

    thing = open_written(given.source)
    if given.target is not None:
        words = write_music(thing, given.target)
        _say(given, words, file=str(given.target))
        return FINE
    pushed = thing.copy(thing.name).push()
    _say(given, f"{thing.name}: {pushed.piece_id}", id=pushed.piece_id, name=thing.name)
    return FINE


def _versions(paths: tuple[Path, Path]) -> tuple[Loop | Song, Loop | Song]:
    """What two files hold; where one is no file to git, a song with nothing in it."""
    from cellissimo.music.opening import nothing_like, open_written  # noqa: PLC0415

    nowhere = Path(os.devnull)
    name = next((path.stem for path in reversed(paths) if path != nowhere), None)
    old, new = (None if path == nowhere else open_written(path, name) for path in paths)
    if old is None and new is None:
        raise CellissimoError("there is nothing to compare: both files are nothing")
    return old or nothing_like(new), new or nothing_like(old)


def _write_versions(
    old: Loop | Song, new: Loop | Song, runs: list[tuple[int, int]], folder: Path | None
) -> list[Path]:
    if folder is None:
        return []
    from cellissimo.music.comparing import write_versions  # noqa: PLC0415 - needs NumPy

    return write_versions(old, new, runs, folder)


def _compared(files: list[str]) -> tuple[tuple[Path, Path], bool]:
    """The two files, also as git names them to an external diff; whether it was git."""
    if len(files) in GIT_ARGUMENTS:
        return (Path(files[1]), Path(files[4])), True
    if len(files) != len(("a", "b")):
        message = f"diff compares two files, not {len(files)}: cellissimo diff a.song b.song"
        raise CellissimoError(message)
    return (Path(files[0]), Path(files[1])), False


def _say(given: argparse.Namespace, words: str, **values: object) -> None:
    """Print words, or with --json the values as one JSON object."""
    with contextlib.suppress(AttributeError):  # a test's stream
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if given.json:
        words = json.dumps(_finite(values), ensure_ascii=False, allow_nan=False)
    print(words)  # noqa: T201


def _finite(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """JSON has no infinity: silence, -inf dB, is null."""
    if isinstance(value, dict):
        return {key: _finite(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(held) for held in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


if __name__ == "__main__":
    sys.exit(main())
