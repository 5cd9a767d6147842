"""What a second server on the same files needs to work through the first: two tokens in a file.

Only the user of the machine who owns the files can read it, and they could open the files as well.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

_NAME = "holder.tokens"


@dataclass(frozen=True, slots=True)
class RelayNote:
    """``relay`` speaks for whoever the second server has signed in, ``kernel`` for its kernels."""

    relay: str
    kernel: str


def write(folder: Path, note: RelayNote) -> None:
    """Leave the tokens beside the files, readable for their owner alone."""
    path = folder / _NAME
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(note), file)


def read(folder: Path) -> RelayNote | None:
    """The tokens; None where there are none, or not for this user."""
    try:
        noted = json.loads((folder / _NAME).read_text("utf-8"))
        return RelayNote(str(noted["relay"]), str(noted["kernel"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def remove(folder: Path) -> None:
    """Take the tokens away."""
    (folder / _NAME).unlink(missing_ok=True)
