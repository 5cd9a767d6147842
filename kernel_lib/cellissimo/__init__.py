"""cellissimo: songs as living documents in notebooks.

>>> import cellissimo as cm
>>> loop = cm.Loop("First beat")
>>> loop.chords = "I V vi IV"
>>> loop["drum-kick"] = "x...x...x...x..."
>>> loop.export("beat.wav")
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cellissimo import generate
    from cellissimo.client.http import AsyncClient, Client
    from cellissimo.domain.errors import CellissimoError
    from cellissimo.domain.key import Key
    from cellissimo.domain.progressions import PALETTE, PRESETS
    from cellissimo.music.audio import Audio
    from cellissimo.music.bundle import export_bundle
    from cellissimo.music.chord import Chord
    from cellissimo.music.events import Events
    from cellissimo.music.files import load, save
    from cellissimo.music.loop import Loop
    from cellissimo.music.offers import offers
    from cellissimo.music.player import Player
    from cellissimo.music.rooming import join_link as join
    from cellissimo.music.song import Song
    from cellissimo.music.stem import Stem
    from cellissimo.music.storing import open_stored as open  # noqa: A004 - cm.open
    from cellissimo.music.storing import projects, sample
    from cellissimo.schema.grooves import GROOVES
    from cellissimo.schema.sounds import SOUNDS
    from cellissimo.tables.notes import NoteTable

__version__ = "0.1.0"

_HOMES = {
    "AsyncClient": "client.http",
    "Audio": "music.audio",
    "CellissimoError": "domain.errors",
    "Chord": "music.chord",
    "Client": "client.http",
    "Events": "music.events",
    "GROOVES": "schema.grooves",
    "Key": "domain.key",
    "Loop": "music.loop",
    "NoteTable": "tables.notes",
    "PALETTE": "domain.progressions",
    "PRESETS": "domain.progressions",
    "Player": "music.player",
    "SOUNDS": "schema.sounds",
    "Song": "music.song",
    "Stem": "music.stem",
    "export_bundle": "music.bundle",
    "generate": "generate",
    "join": "music.rooming:join_link",
    "load": "music.files",
    "offers": "music.offers",
    "open": "music.storing:open_stored",
    "projects": "music.storing",
    "sample": "music.storing",
    "save": "music.files",
}
"""Where each name of the face lives, as what after a colon; imported when first asked for."""

__all__ = [
    "GROOVES",
    "PALETTE",
    "PRESETS",
    "SOUNDS",
    "AsyncClient",
    "Audio",
    "CellissimoError",
    "Chord",
    "Client",
    "Events",
    "Key",
    "Loop",
    "NoteTable",
    "Player",
    "Song",
    "Stem",
    "export_bundle",
    "generate",
    "join",
    "load",
    "offers",
    "open",
    "projects",
    "sample",
    "save",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever the face exports
    """Import a name of the face when it is first asked for [PEP 562]."""
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    home, _, other = _HOMES[name].partition(":")
    module = _imported(home)
    found = module if name == home else getattr(module, other or name)
    globals()[name] = found
    return found


def _imported(home: str) -> ModuleType:
    try:
        return importlib.import_module(f"{__name__}.{home}")
    except ImportError as error:
        if not home.startswith("client"):
            raise
        message = f"{error}; servers are reached after: pip install 'cellissimo[client]'"
        raise ImportError(message) from error


def __dir__() -> list[str]:
    """The face, for completion."""
    return sorted((*globals(), *_HOMES))


def load_ipython_extension(_shell: object) -> None:
    """Attach to an IPython that was started after the import: ``%load_ext cellissimo``."""
    from cellissimo.notebook.attach import attach  # noqa: PLC0415 - only for IPython

    attach()


if "IPython" in sys.modules:
    from cellissimo.notebook.attach import attach

    attach()
