"""Preview pictures, each drawn once for a revision, and never on the event loop."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from cellissimo_server.publish.exhibit import Exhibit
from cellissimo_server.publish.preview import preview_png

_MOST = 100
"""Pictures that are kept: about 2 MB."""


class Previews:
    """The pictures by piece and revision; those unused for longest go first."""

    def __init__(self) -> None:
        """None is drawn yet."""
        self._kept: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._drawing = asyncio.Lock()

    async def of(self, exhibit: Exhibit) -> bytes:
        """The picture of a piece as it is now; one is drawn at a time."""
        key = (exhibit.id, exhibit.seq)
        async with self._drawing:
            if key not in self._kept:
                self._kept[key] = await asyncio.to_thread(preview_png, exhibit)
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
            return self._kept[key]
