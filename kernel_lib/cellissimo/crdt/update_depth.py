"""How deep an update nests maps, and what it puts where no map is [GATE-5]."""

from __future__ import annotations

from cellissimo.crdt.update import Id, Update, UpdateError

MOST_DEPTH = 8
"""Maps within maps that one update may make; the layout has three."""


def check_parents(update: Update) -> None:
    """Only maps hold something; what they were may be deleted by now."""
    for structs in update.structs.values():
        for one in structs:
            if isinstance(one.parent, tuple):
                parent = update.at(one.parent)
                if parent is not None and parent.kind == "value":
                    raise UpdateError(f"number {one.clock} of replica {one.client} is in no map")


def check_depth(update: Update) -> None:
    """Maps within maps within one update; a map that it does not make is not counted."""
    maps = [one for structs in update.structs.values() for one in structs if one.kind == "map"]
    if len(maps) <= MOST_DEPTH:
        return
    nesting = _Nesting(update)
    depths: dict[Id, int] = {}
    for made in maps:
        chain: list[Id] = []
        at: Id | None = (made.client, made.clock)
        while at is not None and at not in depths:
            chain.append(at)
            if len(chain) > MOST_DEPTH:
                raise UpdateError(f"the update nests maps deeper than {MOST_DEPTH}")
            at = nesting.outer(at)
        base = depths[at] if at is not None else 0
        depths |= {step: depth for depth, step in enumerate(reversed(chain), base + 1)}
        if base + len(chain) > MOST_DEPTH:
            raise UpdateError(f"the update nests maps deeper than {MOST_DEPTH}")


class _Nesting:
    """Which map of an update each of its operations is in."""

    def __init__(self, update: Update) -> None:
        self._update = update
        self._known: dict[Id, Id | None] = {}

    def outer(self, at: Id) -> Id | None:
        """The map of this update that holds an operation of it; None for another."""
        trail: list[Id] = []
        seen: set[Id] = set()
        found: Id | None = None
        step: Id | None = at
        while step is not None:
            if step in self._known:
                found = self._known[step]
                break
            if step in seen:
                raise UpdateError("the update has operations that follow each other in a circle")
            seen.add(step)
            trail.append(step)
            struct = self._update.at(step)
            if struct is None:
                break
            if struct.origin is None:
                parent = struct.parent
                found = parent if isinstance(parent, tuple) and self._update.at(parent) else None
                break
            step = struct.origin
        self._known.update(dict.fromkeys(trail, found))
        return found
