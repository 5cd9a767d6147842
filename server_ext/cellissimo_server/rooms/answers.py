"""The answers to commands, so that each is done once however often it is sent [WIRE-16]."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Any

Answer = Mapping[str, Any]

MOST_ANSWERS = 5_000
"""Answers that are remembered; those asked for longest ago go first."""


class Answers:
    """What was answered to whom, by a key that the asker chose, and what is under way."""

    def __init__(self) -> None:
        """Nothing was asked."""
        self._given: OrderedDict[Hashable, Answer] = OrderedDict()
        self._under_way: dict[Hashable, asyncio.Future[None]] = {}

    async def once(self, key: Hashable, do: Callable[[], Awaitable[tuple[Answer, bool]]]) -> Answer:
        """What ``do`` gave the first time. With False it said that it may be asked again.

        Whoever asks while it is under way waits for it.
        """
        while key in self._under_way:
            await asyncio.wait([self._under_way[key]])
        if key in self._given:
            self._given.move_to_end(key)
            return self._given[key]
        self._under_way[key] = asyncio.get_running_loop().create_future()
        try:
            answer, is_final = await do()
        finally:
            self._under_way.pop(key).set_result(None)
        if is_final:
            self._remember(key, answer)
        return answer

    def _remember(self, key: Hashable, answer: Answer) -> None:
        self._given[key] = answer
        while len(self._given) > MOST_ANSWERS:
            self._given.popitem(last=False)
