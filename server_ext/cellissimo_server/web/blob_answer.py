"""Blobs as answers: whole or a range of bytes, kept by whoever got them [RFC 9110, 14]."""

from __future__ import annotations

import re
from urllib.parse import quote

from tornado import iostream

from cellissimo_server.store.blob_uses import Blob
from cellissimo_server.web.handler import Handler

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

FOR_EVER = "private, max-age=31536000, immutable"
"""A blob never changes; ``private`` keeps it out of caches that several people share."""


def saved_as(filename: str) -> str:
    """The header ``Content-Disposition`` of a file that is to be saved rather than shown."""
    return f"attachment; filename*=UTF-8''{quote(filename, safe='')}"


class BlobHandler(Handler):
    """A handler that answers with blobs."""

    async def send_blob(self, blob: Blob, filename: str = "", cache: str = FOR_EVER) -> None:
        """Answer with a blob, or the range of it that was asked for.

        ``filename``: what a browser calls it when it is to be saved rather than shown.
        """
        self._describe(blob, filename, cache)
        if self._is_known(blob):
            self.set_status(304)
            self.finish()
            return
        wanted = self._range(blob)
        if wanted is None:
            self.set_status(416)
            self.set_header("Content-Range", f"bytes */{blob.size}")
            self.finish()
            return
        start, stop = wanted
        if stop - start != blob.size:
            self.set_status(206)
            self.set_header("Content-Range", f"bytes {start}-{stop - 1}/{blob.size}")
        self.set_header("Content-Length", str(stop - start))
        await self._send(blob.name, start, stop)

    def compute_etag(self) -> str | None:
        """The name of the blob is its tag; tornado makes none of its own."""
        return None

    def _describe(self, blob: Blob, filename: str, cache: str) -> None:
        self.set_header("Content-Type", blob.mime)
        self.set_header("ETag", f'"{blob.name}"')
        self.set_header("Cache-Control", cache)
        self.set_header("Accept-Ranges", "bytes")
        self.set_header("X-Content-Type-Options", "nosniff")
        if filename:
            self.set_header("Content-Disposition", saved_as(filename))

    def _is_known(self, blob: Blob) -> bool:
        known = self.request.headers.get("If-None-Match", "")
        return known.strip() == "*" or f'"{blob.name}"' in known

    def _range(self, blob: Blob) -> tuple[int, int] | None:
        """The bytes that are asked for, ``(start, stop)``; None where there are none such."""
        whole = (0, blob.size)
        condition = self.request.headers.get("If-Range")
        found = _RANGE.fullmatch(self.request.headers.get("Range", ""))
        if found is None or found[0] == "bytes=-" or condition not in (None, f'"{blob.name}"'):
            return whole
        first, last = found[1], found[2]
        if not first:
            start, stop = max(blob.size - int(last), 0), blob.size
        else:
            start, stop = int(first), min(int(last) + 1, blob.size) if last else blob.size
        if last and first and int(last) < int(first):
            return whole
        return (start, stop) if start < stop else None

    async def _send(self, name: str, start: int, stop: int) -> None:
        if self.request.method == "HEAD":
            self.finish()
            return
        try:
            async for chunk in self.services.blobs.stream(name, start, stop - start):
                self.write(chunk)
                await self.flush()
        except iostream.StreamClosedError:
            return  # the listener went on
        self.finish()
