"""Files that appear when they are whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """The path to write to; when that is done, the file stands at ``path``.

    Nobody reads half of it, and a failure or an interruption leaves what was there before.

    Raises:
        FileNotFoundError: there is no such folder.
        IsADirectoryError: ``path`` is a folder.
        PermissionError: nothing may be written there.
    """
    folder = path.absolute().parent
    if path.is_dir():
        raise IsADirectoryError(f"{str(path)!r} is a folder; give the name of a file in it")
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {str(folder)!r}; make it first")
    unfinished = folder / f".{path.name}.{os.getpid()}.part"
    try:
        yield unfinished
        unfinished.replace(path)
    except PermissionError:
        raise PermissionError(f"nothing may be written in {str(folder)!r}") from None
    finally:
        unfinished.unlink(missing_ok=True)
