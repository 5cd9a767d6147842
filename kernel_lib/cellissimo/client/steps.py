"""How plans are carried out, without a socket: what is sent, waited for, and sent again.

Both clients do nothing but what these steps say: send a request, or wait.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from cellissimo.client.call import Answer, Call, Plan, as_nothing
from cellissimo.client.errors import NoServerError, ServerError
from cellissimo.client.finding import Address, address_of, find_servers

T = TypeVar("T")

TRIES = 3
"""How often a read is asked for."""

LONGEST_WAIT_S = 5.0
"""How long a server may ask to wait before a read is asked for again."""

_FIRST_WAIT_S = 0.1
_PROBE_S = 2.0
_RETRIED = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True)
class Send:
    """A request to be sent; the answer to it is an ``Answer``, or ``Lost``."""

    method: str
    url: str
    call: Call[Any]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wait:
    """Time to pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came."""

    reason: str


Steps: TypeAlias = Generator[Send | Wait, Answer | Lost | None, T]


class Connection:
    """A server, or several of which one is meant: the first that answers as ours."""

    def __init__(self, addresses: list[Address]) -> None:
        """Those that may be meant, the likeliest first; at least one."""
        self._addresses = addresses

    @classmethod
    def found(
        cls, url: str | None, token: str | None, environ: Mapping[str, str], runtime: Path | None
    ) -> Connection:
        """That of the server that was named, or of those that are found.

        Raises:
            NoServerError: none is known.
        """
        if url is not None:
            return cls([address_of(url, token)])
        known = find_servers(environ, runtime)
        return cls([Address(one.url, token or one.token) for one in known])

    @property
    def address(self) -> Address:
        """The server; the likeliest before one was chosen."""
        return self._addresses[0]

    @property
    def is_here(self) -> bool:
        """Whether all that may be meant run on this machine."""
        return all(address.is_here for address in self._addresses)

    def steps(self, plan: Plan[T]) -> Steps[T]:
        """What to do for a plan, once it is known with which server."""
        if len(self._addresses) > 1:
            self._addresses = [(yield from self._chosen())]
        return (yield from self._carried_out(plan))

    def _chosen(self) -> Steps[Address]:
        for address in self._addresses[:-1]:
            probe = Call("GET", "about", as_nothing, timeout_s=_PROBE_S)
            answer = yield _send(probe, address)
            if isinstance(answer, Answer) and answer.status == 200 and answer.json():
                return address
        return self._addresses[-1]

    def _carried_out(self, plan: Plan[T]) -> Steps[T]:
        try:
            call = next(plan)
            while True:
                try:
                    result = call.result((yield from self._answered(call)))
                except ServerError as error:
                    call = plan.throw(error)
                else:
                    call = plan.send(result)
        except StopIteration as end:
            found: T = end.value
            return found

    def _answered(self, call: Call[Any]) -> Steps[Answer]:
        for attempt in range(TRIES):
            answer = yield _send(call, self.address)
            wait = _wait_before_next(call, attempt, answer)
            if wait is None:
                break
            yield Wait(wait)
        if isinstance(answer, Answer):
            return answer
        reason = answer.reason if isinstance(answer, Lost) else "no answer"
        message = (
            f"{self.address.url} does not answer ({reason}); see whether the server runs and the "
            "address is right"
        )
        raise NoServerError(message)


def _send(call: Call[Any], address: Address) -> Send:
    headers = {**address.headers, **call.headers}
    return Send(call.method, address.interface + call.path, call, headers)


def _wait_before_next(call: Call[Any], attempt: int, answer: Answer | Lost | None) -> float | None:
    """Seconds until the call is sent again; None where it is not."""
    if not call.is_read or attempt + 1 >= TRIES:
        return None
    asked = ""
    if isinstance(answer, Answer):
        if answer.status not in _RETRIED:
            return None
        asked = answer.headers.get("retry-after", "")
    wait = float(asked) if asked.isdecimal() else _FIRST_WAIT_S * 2**attempt
    return wait if wait <= LONGEST_WAIT_S else None
