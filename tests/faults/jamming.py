"""Peers that edit one room for as long as they are let, whatever happens to its server."""

from __future__ import annotations

import asyncio
import random
import time
import uuid
from dataclasses import dataclass, field

import httpx2
import pycrdt
from websockets.asyncio.client import connect
from websockets.exceptions import WebSocketException

from cellissimo.client.room_session import Coming, RoomSession
from cellissimo.client.room_values import Reopened, Submission
from cellissimo.crdt.update_parser import state_of

CELLS = 128
VELOCITIES = 128

MOST_WAITING = 100
"""While so many edits of a peer are not kept it makes no more: a slow machine has to keep up."""

MOST_AWAY_S = 0.05
"""So long a peer in haste waits before it comes again."""


@dataclass
class Stage:
    """Where the room is now, and whether anybody still edits.

    ``rate``: edits a second of each; ``chat``: after so many of them somebody says a line, 0 for
    never. ``in_haste``: they come back at once, and not after the pauses that a kernel makes.
    ``beat``: so often each looks whether there is something to send, in seconds.
    ``second``: the server that every other one of them goes to, where there are two.
    """

    piece: str
    headers: dict[str, str]
    url: str = ""
    rate: float = 10.0
    chat: int = 0
    in_haste: bool = True
    beat: float = 0.01
    second: str = ""
    is_playing: bool = True
    is_open: bool = True
    refusals: list[object] = field(default_factory=list)


class Player:
    """One peer: it edits a loop of its own, in which each edit can be told from all before it."""

    def __init__(self, stage: Stage, content: bytes, loop: str, seed: int) -> None:
        """``content`` is the document as one update; ``loop`` the id of the loop."""
        self.stage = stage
        self.loop = loop
        self.count = 0
        self.lines: list[str] = []
        self._said: dict[str, str] = {}
        self.is_elsewhere = bool(seed % 2)
        self.session = RoomSession(Coming(content), random.Random(seed))
        self._doc: pycrdt.Doc = pycrdt.Doc()
        self._doc.apply_update(content)
        self._steps = self._doc.get("loops", type=pycrdt.Map)[loop]["steps"]
        self._updates: list[bytes] = []
        self._doc.observe(lambda event: self._updates.append(event.update))

    @property
    def acknowledged(self) -> int:
        """Edits of which the room has said that they are on disk."""
        return self.session.view.settled

    @property
    def state(self) -> dict[int, int]:
        """What this peer has seen: operations by replica."""
        return state_of(self.session._shadow.state)

    @property
    def replica(self) -> int:
        """As which replica it writes."""
        return self._doc.client_id

    @property
    def is_in_step(self) -> bool:
        """Whether it has all that the room had when it came."""
        return self.session._is_in_step

    @property
    def is_settled(self) -> bool:
        """Whether the room has kept all that this peer did and said."""
        return not self.session.unsaved and not self.session._commands

    def edit(self) -> None:
        """Make the next edit: its row, velocity and cell tell its number."""
        self.count += 1
        rest, cell = divmod(self.count, CELLS)
        row, velocity = divmod(rest, VELOCITIES)
        self._steps[f"row{row}/{cell}"] = [float(velocity)]
        update = self._updates.pop()
        self.session.submit(Submission(self.count, 0, update, self.count, time.monotonic()))

    def newest_in(self, steps: dict) -> int:
        """The number of the newest edit that a loop's stored steps hold."""
        return max((_number(key, int(value[0])) for key, value in steps.items()), default=0)

    def say(self) -> None:
        """Say a line that nobody else says, once, however often the line to the room is cut."""
        self.lines.append(f"{self.loop} says {len(self.lines)}")
        key = str(uuid.uuid4())
        self._said[key] = self.lines[-1]
        self._say(key)

    def _say(self, key: str) -> None:
        self.session.command(key, "chat.send", {"text": self._said[key]})

    def _say_again(self) -> None:
        """Say again, under its old id, what the room could not keep."""
        for key, told in self.session.answers():
            if "error" in told:
                assert told["error"]["code"] == "unavailable", told
                self._say(key)

    async def play(self) -> None:
        """Stay in the room, and come back after every cut, until the stage is closed."""
        editing = asyncio.create_task(self._edit())
        async with httpx2.AsyncClient(trust_env=False, headers=self.stage.headers) as client:
            while self.stage.is_open:
                await self._one_line(client)
                self.stage.refusals += [
                    event for event in self.session.events() if isinstance(event, Reopened)
                ]
                pause = MOST_AWAY_S if self.stage.in_haste else self.session.pause
                assert pause is not None, self.session.view.reason
                await asyncio.sleep(pause)
        await editing

    async def _edit(self) -> None:
        await asyncio.sleep(random.random() / self.stage.rate)
        while self.stage.is_playing:
            if self.session.unsaved < MOST_WAITING:
                self.edit()
                if self.stage.chat and self.count % self.stage.chat == 0:
                    self.say()
            await asyncio.sleep(1 / self.stage.rate)

    async def _one_line(self, client: httpx2.AsyncClient) -> None:
        code, reason = 1006, ""
        try:
            base = (self.is_elsewhere and self.stage.second) or self.stage.url
            path = f"{base}cellissimo/api/v1/rooms/{self.stage.piece}/tickets"
            ticket = (await client.post(path, json={"via": "kernel"})).raise_for_status().json()
            address = f"{base.replace('http', 'ws', 1)}cellissimo/rooms/{self.stage.piece}"
            async with connect(
                f"{address}?ticket={ticket['ticket']}", compression=None, max_size=None, proxy=None
            ) as line:
                self.session.opened(time.monotonic())
                await self._talk(line)
                code, reason = line.close_code or code, line.close_reason or reason
        except (OSError, httpx2.HTTPError, WebSocketException) as error:
            reason = str(error)
        self.session.closed(code, reason, time.monotonic())

    async def _talk(self, line) -> None:
        speaking = asyncio.create_task(self._speak(line))
        try:
            async for data in line:
                self.session.received(data, time.monotonic())
                self._say_again()
        finally:
            speaking.cancel()
            await asyncio.gather(speaking, return_exceptions=True)

    async def _speak(self, line) -> None:
        while self.stage.is_open:
            self.session.tick(time.monotonic())
            for frame in self.session.outgoing():
                await line.send(frame)
            await asyncio.sleep(self.stage.beat)
        await line.close()


def _number(key: str, velocity: int) -> int:
    """The number of the edit that wrote a step."""
    row, cell = key.removeprefix("row").split("/")
    return (int(row) * VELOCITIES + velocity) * CELLS + int(cell)
