"""Blobs in S3, or in anything that speaks as it does: ``s3://bucket/prefix?endpoint=…``."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

from cellissimo_server.errors import InvalidError
from cellissimo_server.store.blobs import CHUNK, checked_content, checked_name, hash_of, missing
from cellissimo_server.store.errors import StoreError

T = TypeVar("T")

_THREADS = 8
_OPTIONS = frozenset({"endpoint", "region"})


class S3Blobs:
    """Blobs as objects ``<prefix>/<name>`` of a bucket that is there already.

    Credentials come from where S3's own tools look: the environment, a profile, the machine.
    """

    def __init__(self, url: str) -> None:
        """Where ``url`` says.

        Raises:
            InvalidError: the address does not read.
            StoreError: the extra for S3 is not installed.
        """
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query))
        if parts.scheme != "s3" or not parts.netloc or not _OPTIONS.issuperset(options):
            raise _unreadable(url)
        self._bucket = parts.netloc
        self._prefix = f"{parts.path.strip('/')}/".lstrip("/")
        self._client = _client(options.get("endpoint"), options.get("region"))
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="cellissimo-s3")

    async def put(self, source: Path | bytes, name: str = "") -> str:
        """Keep the bytes of a file, or these; gives their name."""
        return await self._off(lambda: self._put(source, name))

    async def read(self, name: str, start: int = 0, size: int | None = None) -> bytes:
        """A stretch of a blob, shorter where it ends."""
        if size == 0:
            return b""
        return await self._off(lambda: self._read(name, start, size))

    async def stream(
        self, name: str, start: int = 0, size: int | None = None
    ) -> AsyncIterator[bytes]:
        """The same in pieces."""
        stop = await self.size(name)
        stop = stop if size is None else min(stop, start + size)
        body = await self._off(lambda: self._body(name, start, stop)) if start < stop else None
        while body is not None and (chunk := await self._off(lambda: body.read(CHUNK))):
            yield chunk

    async def size(self, name: str) -> int:
        """The number of its bytes."""
        found = await self._off(lambda: self._size(name))
        if found is None:
            raise missing(name)
        return found

    async def has(self, name: str) -> bool:
        """Whether it is here."""
        return await self._off(lambda: self._size(name)) is not None

    async def copy(self, name: str, path: Path) -> None:
        """Put a blob's bytes at ``path``."""
        await self._off(lambda: self._copy(name, path))

    async def delete(self, name: str) -> None:
        """Forget the bytes."""
        key = self._key(name)
        await self._off(lambda: self._ask(self._client.delete_object, Key=key))

    async def names(self) -> AsyncIterator[str]:
        """The names of all blobs here, a page of them at a time."""
        after = ""
        while page := await self._off(lambda after=after: self._page(after)):  # type: ignore[misc]
            for key in page:
                yield key.removeprefix(self._prefix)
            after = page[-1]

    async def close(self) -> None:
        """Finish what was begun."""
        await asyncio.to_thread(self._threads.shutdown)
        self._client.close()

    async def _off(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _key(self, name: str) -> str:
        return self._prefix + checked_name(name)

    def _ask(self, method: Callable[..., Any], **given: object) -> Any:  # noqa: ANN401 - boto's
        with _translating():
            return method(Bucket=self._bucket, **given)

    def _put(self, source: Path | bytes, name: str) -> str:
        found = checked_content(hash_of(source), name)
        if self._size(found) is not None:
            return found
        content = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
        with content, _translating():
            self._client.upload_fileobj(content, self._bucket, self._key(found))
        return found

    def _body(self, name: str, start: int, stop: int | None) -> Any:  # noqa: ANN401 - boto's
        last = "" if stop is None else stop - 1
        got = self._ask(self._client.get_object, Key=self._key(name), Range=f"bytes={start}-{last}")
        return got["Body"]

    def _read(self, name: str, start: int, size: int | None) -> bytes:
        found = self._size(name)
        if found is None:
            raise missing(name)
        if start >= found:
            return b""
        content: bytes = self._body(name, start, None if size is None else start + size).read()
        return content

    def _size(self, name: str) -> int | None:
        try:
            found = self._ask(self._client.head_object, Key=self._key(name))
        except StoreError as error:
            if getattr(error.__cause__, "response", {}).get("Error", {}).get("Code") == "404":
                return None
            raise
        size: int = found["ContentLength"]
        return size

    def _copy(self, name: str, path: Path) -> None:
        if self._size(name) is None:
            raise missing(name)
        with _translating():
            self._client.download_file(self._bucket, self._key(name), str(path))

    def _page(self, after: str) -> list[str]:
        found = self._ask(
            self._client.list_objects_v2, Prefix=self._prefix, StartAfter=after or self._prefix
        )
        return [entry["Key"] for entry in found.get("Contents", [])]


def _client(endpoint: str | None, region: str | None) -> Any:  # noqa: ANN401 - boto has no types
    try:
        import boto3  # noqa: PLC0415 - an extra
        from botocore.config import Config  # noqa: PLC0415
    except ImportError:
        raise StoreError(
            "Blobs in S3 need boto3, which is not installed.",
            cure="Install it: pip install 'cellissimo[s3]'",
        ) from None
    # other makers' servers do not know the newest checksums
    config = Config(
        max_pool_connections=_THREADS,
        retries={"max_attempts": 3, "mode": "standard"},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.client("s3", endpoint_url=endpoint, region_name=region, config=config)


@contextmanager
def _translating() -> Iterator[None]:
    from boto3.exceptions import Boto3Error  # noqa: PLC0415 - an extra
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        yield
    except (Boto3Error, BotoCoreError, ClientError) as error:
        raise _unavailable(error) from error


def _unavailable(error: Exception) -> StoreError:
    said = str(error).splitlines()[0]
    return StoreError(
        f"The store of blobs did not answer as it should: {said}",
        cure="Try again later; its administrator should look at its address and credentials.",
    )


def _unreadable(url: str) -> InvalidError:
    return InvalidError(
        "The address of the blobs does not read.",
        field="blobs_url",
        value=url.partition("@")[2] or url,
        accepted="s3://bucket/prefix?endpoint=https://…&region=…",
        cure="Write it like that; credentials belong into the environment.",
    )
