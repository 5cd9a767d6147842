"""Viewers that send whatever they like, in a process of their own: they come back when put out.

``python -m tests.hostile.flood URL PIECE NAME OFFENDERS FRAMES ODD SEED`` sends so many frames, of
which the share ``ODD`` is bent, and prints what became of them as one line of JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from cellissimo.crdt import wire
from cellissimo.crdt.lib0 import number, sized
from cellissimo.crdt.wire import Kind
from tests.updates import put, update

STRANGER = (1 << 53) - 7
"""A replica that nobody has met; of two who write at once, the higher id wins."""

AT_ONCE = 64
"""Frames that are sent before it is waited until they were read."""

STILL = 0.3
"""The share of cursors among frames that may be sent."""

HELLO = wire.Said(Kind.HELLO, {"protocol": 1, "via": "page", "epoch": ""}).pack()


def presence(client: int, clock: int, said: str) -> bytes:
    """A frame of presence of one client."""
    return wire.Presence(number(1) + number(client) + number(clock) + sized(said.encode())).pack()


def good_frames(whole: bytes) -> list[bytes]:
    """A frame of every kind, some of which a viewer may not send."""
    return [
        wire.Sync(wire.STATE, b"\x00").pack(),
        wire.Sync(wire.UPDATE, whole).pack(),
        wire.Sync(wire.ANSWER, b"\x00\x00").pack(),
        wire.Edit(1, update({STRANGER: (0, [put("song", "name", "Mine")])})).pack(),
        presence(STRANGER, 1, '{"place": "song"}'),
        wire.AskPresence().pack(),
        HELLO,
        wire.Said(Kind.TRANSPORT, {"do": "play", "tick": 0, "of": "song"}).pack(),
        wire.Said(Kind.COMMAND, {"id": "x", "name": "chat.send", "body": {"text": "a"}}).pack(),
        wire.Cursor(number(2) + number(1) + number(960)).pack(),
        wire.Probe(1).pack(),
    ]


def bent(chance: random.Random, good: bytes) -> bytes:
    """A frame cut, swapped, grown or with other bits."""
    frame = bytearray(good)
    for _ in range(chance.randrange(4)):
        at = chance.randrange(len(frame))
        match chance.randrange(4):
            case 0:
                frame[at] = chance.randrange(256)
            case 1:
                del frame[at:]
            case 2:
                frame[at:at] = chance.randbytes(chance.randrange(1, 9))
            case 3:
                frame[at] ^= 1 << chance.randrange(8)
        frame = frame or bytearray(b"\x00")
    return bytes(frame)


def borne(chance: random.Random, clock: int) -> bytes:
    """A frame that a viewer may send, or that is refused without an end."""
    if chance.random() < STILL:
        return wire.Cursor(number(2) + number(clock % 64) + number(960)).pack()
    said = {"id": f"{clock:032x}", "name": "restore", "body": {"seq": 1}}
    others: tuple[wire.FromClient, ...] = (
        wire.AskPresence(),
        wire.Said(Kind.COMMAND, said),
        wire.Said(Kind.TRANSPORT, {"do": "lead"}),
        wire.Sync(wire.STATE, b"\x00"),
        wire.Sync(wire.ANSWER, b"\x00\x00"),
        wire.Probe(clock),
    )
    made = [presence(7, clock, json.dumps({"place": f"loop:{clock % 9}"}))]
    return chance.choice(made + [one.pack() for one in others])


def frames_of(chance: random.Random, whole: bytes, odd: float) -> Iterator[tuple[bytes, bool]]:
    """Frames for ever, and whether each is one that may be odd."""
    good = good_frames(whole)
    clock = 1
    while True:
        clock += 1
        is_odd = chance.random() < odd
        yield bent(chance, chance.choice(good)) if is_odd else borne(chance, clock), is_odd


class Offender:
    """A viewer that comes back whenever it is put out."""

    def __init__(
        self, url: str, piece: str, name: str, frames: Iterator[tuple[bytes, bool]]
    ) -> None:
        """``frames`` is where the next one comes from."""
        self._url, self._piece = url, piece
        headers = {"Authorization": f"token {name}-token"}
        self._client = httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False)
        self._frames = frames
        self.codes: Counter[int] = Counter()
        self.sent = self.odd = self.lines = self.answers = 0

    async def send(self, most: int) -> None:
        """Send so many frames, over as many lines as it takes."""
        async with self._client:
            while self.sent < most:
                async with connect(await self._come(), max_size=None, compression=None) as line:
                    self.lines += 1
                    await self._one_line(line, most)

    async def _come(self) -> str:
        path = f"{self._url}cellissimo/api/v1/rooms/{self._piece}/tickets"
        answer = await self._client.post(path, json={})
        ticket = answer.raise_for_status().json()["ticket"]
        base = self._url.replace("http", "ws", 1)
        return f"{base}cellissimo/rooms/{self._piece}?ticket={ticket}"

    async def _one_line(self, line: ClientConnection, most: int) -> None:
        listening = asyncio.create_task(self._listen(line))
        try:
            await line.send(HELLO)
            while self.sent < most and not listening.done():
                await self._volley(line, most)
        except ConnectionClosed:
            pass
        finally:
            if self.sent >= most and not listening.done():
                await line.close()
            await asyncio.gather(listening, return_exceptions=True)
        if line.close_code != 1000:
            self.codes[line.close_code or 1006] += 1

    async def _volley(self, line: ClientConnection, most: int) -> None:
        """Some frames; behind an odd one nothing more, until it is known what became of it."""
        for _ in range(min(AT_ONCE, most - self.sent)):
            frame, is_odd = next(self._frames)
            self.sent += 1
            self.odd += is_odd
            await line.send(frame)
            if is_odd:
                break
        await (await line.ping())  # they were read

    async def _listen(self, line: ClientConnection) -> None:
        async for _ in line:
            self.answers += 1


async def flood(url: str, piece: str, name: str, *numbers: str) -> dict[str, object]:
    """Send all of it; what became of it."""
    count, frames = map(int, numbers[:2])
    odd, seed = float(numbers[2]), int(numbers[3])
    headers = {"Authorization": f"token {name}-token"}
    async with httpx2.AsyncClient(headers=headers, timeout=60, trust_env=False) as client:
        answer = await client.get(f"{url}cellissimo/api/v1/projects/{piece}/document")
    chance = random.Random(seed)
    offenders = [
        Offender(url, piece, name, frames_of(random.Random(each), answer.content, odd))
        for each in (chance.getrandbits(32) for _ in range(count))
    ]
    await asyncio.gather(*(one.send(frames // count) for one in offenders))
    return {
        "sent": sum(one.sent for one in offenders),
        "odd": sum(one.odd for one in offenders),
        "lines": sum(one.lines for one in offenders),
        "answers": sum(one.answers for one in offenders),
        "codes": dict(sum((one.codes for one in offenders), Counter())),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(flood(*sys.argv[1:]))) + "\n")
