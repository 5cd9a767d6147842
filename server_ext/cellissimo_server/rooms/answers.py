"""The answers to commands, so that each is done once however often it is sent [WIRE-16]."""

from __future__ import annotations

import asyncio
import json
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any

Answer = Mapping[str, Any]

MOST_ANSWERS = 5_000
MOST_BYTES = 16_000_000
"""Of answers that are remembered; those asked for longest ago go first."""


class Answers:
    """What was answered to whom, by a key that the asker chose, and what is under way."""

    def __init__(self) -> None:
        """Nothing was asked."""
        self._given: OrderedDict[Hashable, tuple[Answer, int]] = OrderedDict()
        self._bytes = 0
        self._under_way: dict[Hashable, asyncio.Future[None]] = {}

    async def once(self, key: Hashable, do: Callable[[], Awaitable[tuple[Answer, bool]]]) -> Answer:
        """What ``do`` gave the first time. With False it said that it may be asked again.

        Whoever asks while it is under way waits for it.
        """
        while key in self._under_way:
            await asyncio.wait([self._under_way[key]])
        if key in self._given:
            self._given.move_to_end(key)
            return self._given[key][0]
        self._under_way[key] = asyncio.get_running_loop().create_future()
        try:
            answer, is_final = await do()
        finally:
            self._under_way.pop(key).set_result(None)
        if is_final:
            self._remember(key, answer)
        return answer

    def _remember(self, key: Hashable, answer: Answer) -> None:
        size = len(json.dumps(answer))
        self._given[key] = answer, size
        self._bytes += size
        while len(self._given) > MOST_ANSWERS or self._bytes > MOST_BYTES:
            self._bytes -= self._given.popitem(last=False)[1][1]
