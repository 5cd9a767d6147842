"""A folder in one zip."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ACCOUNT = "account"
"""The folder that is gathered."""

_PACKED = frozenset({".flac", ".mp3", ".ogg"})
"""Endings of files that are small already."""


def gather(
    folder: Path, arguments: dict[str, Any], report: Callable[[float], None]
) -> dict[str, Any]:
    """Everything in the folder ``account`` as one zip; gives ``file`` and how many there are."""
    del arguments
    inside = sorted(one for one in (folder / ACCOUNT).rglob("*") if one.is_file())
    name = "account.zip"
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as file:
        for number, one in enumerate(inside, 1):
            how = zipfile.ZIP_STORED if one.suffix in _PACKED else zipfile.ZIP_DEFLATED
            file.write(one, one.relative_to(folder / ACCOUNT), how)
            report(number / len(inside))
    return {"file": name, "files": len(inside)}
