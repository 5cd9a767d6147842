"""What was written that is no sound: a file, and a line about it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Written(os.PathLike[str]):
    """A file that was written; wherever a path is taken, this is the path."""

    path: Path
    words: str

    def __fspath__(self) -> str:
        """The path, for whatever opens files."""
        return str(self.path)

    def __repr__(self) -> str:
        """One line: the file, and what is in it."""
        return f"{self.path.name}: {self.words}"
