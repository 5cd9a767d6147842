"""An optional look at uploads by a scanner of the administrator's choice, such as ClamAV."""

from __future__ import annotations

import asyncio
import shlex
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from cellissimo_server.errors import UnavailableError

_PATIENCE_S = 60.0
_CHUNK = 1 << 17
_CLAMD_PORT = 3310


class Scanner(Protocol):
    """Tells whether a file is harmful."""

    async def scan(self, path: Path) -> str | None:
        """What was found in a file; None where it is clean.

        Raises:
            UnavailableError: it could not be scanned, so nobody may take it for clean.
        """
        ...


class NoScanner:
    """Finds nothing: no scanner is set."""

    async def scan(self, path: Path) -> str | None:
        """Nothing."""
        del path
        return None


class CommandScanner:
    """A command that gets the path behind its words: 0 is clean, 1 is found, the rest failed."""

    def __init__(self, words: list[str]) -> None:
        """Such as ``["clamdscan", "--no-summary", "--fdpass"]``."""
        self._words = words

    async def scan(self, path: Path) -> str | None:
        """What the command's first line says, where it ends with 1."""
        try:
            process = await asyncio.create_subprocess_exec(
                *(*self._words, str(path)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
            )
        except OSError as error:
            raise _failed(str(error)) from error
        try:
            async with asyncio.timeout(_PATIENCE_S):
                said, _ = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise _failed("it took too long") from None
        if process.returncode not in (0, 1):
            raise _failed(f"it ended with {process.returncode}")
        return _shown(said, path) if process.returncode else None


class ClamdScanner:
    """A running clamd, asked by its own protocol [clamd(8), INSTREAM]."""

    def __init__(self, url: str) -> None:
        """``clamd://host:port`` or ``clamd:///path/of/the.socket``."""
        self._url = urlsplit(url)

    async def scan(self, path: Path) -> str | None:
        """What clamd calls it."""
        try:
            async with asyncio.timeout(_PATIENCE_S):
                said = await self._asked(path)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise _failed(f"clamd: {error}") from error
        answer = said.rstrip("\0\n").removeprefix("stream: ")
        if answer == "OK":
            return None
        if answer.endswith(" FOUND"):
            return answer.removesuffix(" FOUND")[:200]
        raise _failed(f"clamd said {answer[:100]!r}")

    async def _asked(self, path: Path) -> str:
        reader, writer = await self._connected()
        try:
            writer.write(b"zINSTREAM\0")
            with path.open("rb") as file:
                while chunk := await asyncio.to_thread(file.read, _CHUNK):
                    writer.write(len(chunk).to_bytes(4, "big") + chunk)
                    await writer.drain()
            writer.write(bytes(4))
            return (await reader.readuntil(b"\0")).decode("utf-8", "replace")
        finally:
            writer.close()
            await writer.wait_closed()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._url.hostname:
            port = self._url.port or _CLAMD_PORT
            return await asyncio.open_connection(self._url.hostname, port)
        return await asyncio.open_unix_connection(self._url.path)


def scanner_of(setting: str) -> Scanner:
    """The scanner that a setting names: nothing, ``clamd://…``, or a command."""
    if not setting.strip():
        return NoScanner()
    if setting.startswith("clamd://"):
        return ClamdScanner(setting)
    return CommandScanner(shlex.split(setting))


def _shown(said: bytes, path: Path) -> str:
    """The first line that a scanner printed, without the path of the file."""
    lines = said.decode("utf-8", "replace").strip().splitlines() or ["it gave no reason"]
    return lines[0].replace(str(path), "").strip(" :")[:200] or "it gave no reason"


def _failed(reason: str) -> UnavailableError:
    return UnavailableError(
        f"The file could not be scanned: {reason}.",
        cure="Try again later; the server's administrator should look at the scanner.",
    )
