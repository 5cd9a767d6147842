"""Which actions of the policy a set of changes needs [GATE-14 … GATE-18]."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cellissimo.crdt import layout
from cellissimo.crdt.gate_locks import broken_lock
from cellissimo.crdt.locked import broken_between
from cellissimo.crdt.mirror import GONE, Change
from cellissimo.crdt.read_loop import inner
from cellissimo.notation.lock_words import lock_words
from cellissimo.schema.models import Lock, Song
from cellissimo.schema.policy import Action

if TYPE_CHECKING:
    from cellissimo.crdt.document import Document


def actions_of(
    changes: Sequence[Change], document: Document, own: AbstractSet[str] = frozenset()
) -> dict[Action, str]:
    """The actions that changes of ``document`` need, each with the first place that needs it.

    It is the document as it was before. A new stem brings its segments, and a removed one takes
    them along, with their patterns. Who may add stems may remove those that are their ``own``.
    What is locked needs the right to lock besides.
    """
    added, removed = _stems(changes)
    along = _segments_of(changes, added | removed, inner(document.stored, layout.LOOPS))
    found: dict[Action, str] = {}
    for change in changes:
        place = "/".join((*change.path, change.key))
        for action in _needed(change, along, own):
            found.setdefault(action, place)
    broken = broken_lock(changes, document.stored)
    if broken is not None:
        change, lock = broken
        place = "/".join((*change.path, change.key))
        found[Action.LOCK] = f"{place}: {_locked(document.revision, lock)}"
    return found


def actions_between(old: Song, new: Song) -> dict[Action, str]:
    """The actions that it needs to make one song of another, each with a place that needs it.

    None for equal songs.
    """
    found = {}
    added, removed = new.stems.keys() - old.stems.keys(), old.stems.keys() - new.stems.keys()
    if added:
        found[Action.ADD_STEM] = f"stems/{min(added)}"
    if removed:
        found[Action.DELETE_STEM] = f"stems/{min(removed)}"
    kept = old.stems.keys() & new.stems.keys()
    if _without_others(old, kept) != _without_others(new, kept):
        found[Action.EDIT_MUSIC] = "song"
    broken = broken_between(old, new)
    if broken is not None:
        found[Action.LOCK] = _locked(new if broken.key in new.locks else old, broken)
    return found


def _locked(song: Song, lock: Lock) -> str:
    words = lock_words(song, lock)
    return f"{words} {'are' if words.startswith('bars ') else 'is'} locked"


def _without_others(song: Song, stems: AbstractSet[str]) -> Song:
    """The song as if it had only these stems."""
    segments = {key: held for key, held in song.segments.items() if held.stem in stems}
    patterns = song.segments.keys() - segments.keys()
    return replace(
        song,
        stems={key: stem for key, stem in song.stems.items() if key in stems},
        segments=segments,
        locks={},
        loops={key: loop for key, loop in song.loops.items() if key not in patterns},
    )


def _stems(changes: Sequence[Change]) -> tuple[set[str], set[str]]:
    stems = [change for change in changes if change.path == (layout.STEMS,)]
    added = {change.key for change in stems if change.before is GONE}
    return added, {change.key for change in stems if change.after is GONE}


def _segments_of(changes: Sequence[Change], stems: set[str], loops: Mapping[str, Any]) -> set[str]:
    """The segments that come or go with their stem; not those that stand in for another's loop."""
    return {
        change.key
        for change in changes
        if change.path == (layout.SEGMENTS,)
        and (change.before is GONE or change.after is GONE)
        and _stem_of(change) in stems
        and (change.key not in loops or _is_pattern(change.before))
    }


def _is_pattern(held: object) -> bool:
    """Whether a segment has a loop of its own, under its id."""
    return isinstance(held, dict) and held.get("kind") == "pattern"


def _stem_of(change: Change) -> object:
    held = change.before if change.after is GONE else change.after
    return held.get("stem") if isinstance(held, dict) else None


def _needed(change: Change, along: set[str], own: AbstractSet[str]) -> list[Action]:
    root, *within = change.path
    if root == layout.LOCKS:
        return []
    if root == layout.STEMS and not within:
        came, went = change.before is GONE, change.after is GONE
        removing = Action.ADD_STEM if change.key in own else Action.DELETE_STEM
        return [Action.ADD_STEM] * (not went) + [removing] * (not came)
    comes_or_goes = change.before is GONE or change.after is GONE
    if root in (layout.SEGMENTS, layout.LOOPS) and not within and change.key in along:
        return [] if comes_or_goes else [Action.EDIT_MUSIC]
    return [Action.EDIT_MUSIC]
