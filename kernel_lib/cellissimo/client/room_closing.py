"""Why a room's line was closed, what it means, and when to come back."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from cellissimo.client.room_values import LinkState, Told

_FIRST_S, _MOST_S = 0.1, 15.0
_SOON_S, _SOON = 1.0, 60
"""A server that does not answer is looked for as often, and so often: it may be starting anew."""
_CALM_S = 5.0
"""Who sent too much waits at least so long."""

MOST_ODD = 3
"""So often one comes back after a frame that the room did not understand."""


@dataclass(frozen=True, slots=True)
class Closing:
    """A line's end: a sentence about it, and whether to load the document anew, or never return.

    ``calm``: whoever comes back waits a while. ``soon``: the server may be there again any moment.
    """

    reason: str
    reloads: bool = False
    for_ever: bool = False
    calm: bool = False
    soon: bool = False
    error: Told = field(default_factory=dict)

    def pause(self, attempts: int, rng: random.Random) -> float | None:
        """Seconds to wait, longer each time and never twice the same; None: for ever."""
        if self.for_ever:
            return None
        if self.reloads and attempts == 1:
            return 0.0
        longest = min(_MOST_S, _FIRST_S * 2 ** min(attempts, 10))
        if self.soon and attempts <= _SOON:
            longest = min(_SOON_S, longest)
        waited = rng.uniform(longest / 2, longest)
        return max(waited, _CALM_S) if self.calm else waited


_REASONS = {
    1000: "the room said goodbye",
    1012: "the server stops or starts anew",
    4401: "the ticket was not valid any more",
    4408: "this kernel read too slowly",
}
_SOON_CODES = frozenset({1006, 1012})
_REFUSED = {
    4403: ("forbidden", "an edit is not yours to make"),
    4409: ("changed", "the room has another history of this by now"),
    4413: ("too-large", "an edit is larger than a room takes"),
}
_CURE = "What you had stands in room.drafts; .fork() makes a piece of your own of it."


def closing_of(code: int, reason: str, attempts: int) -> Closing:
    """What a close code means."""
    if code in _REFUSED:
        kind, message = _REFUSED[code]
        error = {"code": kind, "message": reason or message, "cure": _CURE}
        return Closing(message, reloads=True, error=error)
    if code == 4404:
        return Closing("there is no such room, or your right to be in it is gone", for_ever=True)
    if code == 4400:
        told = f"the room did not understand this kernel ({reason or 'no reason given'})"
        return Closing(told, for_ever=attempts >= MOST_ODD)
    if code == 4429:
        return Closing("this kernel sent too much at once", calm=True)
    if code == 4500:
        return Closing(reason or "the server could not keep an edit; it is sent again")
    return Closing(_REASONS.get(code, "the line to the room was cut"), soon=code in _SOON_CODES)


def sentence(state: LinkState, closing: Closing | None, unsaved: int) -> str:
    """One sentence about a state, with what to do; empty where there is nothing to say."""
    why = closing.reason if closing is not None else ""
    is_one = unsaved == 1
    edits = f"{unsaved} edit{'' if is_one else 's'}"
    match state:
        case "offline":
            wait = "waits here and goes there by itself" if is_one else "wait here and go there"
            kept = f"; {edits} {wait}" if unsaved else ""
            return f"{why or 'the room is not reached'}{kept}"
        case "slow":
            return f"{edits} {'is' if is_one else 'are'} not on the server's disk yet"
        case "read-only":
            return "you may listen here, and change nothing; song.fork() makes one of your own"
        case "refused":
            return f"{why}; the room's document is being loaded"
        case "closed":
            return why
        case _:
            return ""
