"""What was done to a song, as events: read from the changes of its document, edit by edit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cellissimo.crdt import layout
from cellissimo.crdt.mirror import GONE, Change
from cellissimo.notation.diff_words import setting_word
from cellissimo.schema.models import Song

CREATE, UPDATE, DELETE = "create", "update", "delete"

PROJECT = "project"
"""The song itself."""

_KINDS = {
    layout.LOOPS: "loop",
    layout.BLOCKS: "block",
    layout.STEMS: "stem",
    layout.RETURNS: "return",
    layout.SEGMENTS: "segment",
    layout.SECTIONS: "section",
    layout.MARKERS: "marker",
}
_COUNTED = {layout.NOTES: "note", layout.STEPS: "step", layout.CHORDS: "chord"}
"""Things of which there are many: summed up by the segment or loop that they are in."""

_SETTINGS = {
    "amp.level": "volume",
    "amp.mute": "mute",
    "amp.solo": "solo",
    "pan.pan": "pan",
    "sample.sound": "instrument",
}
_FIELDS = {layout.LANES: "automation", layout.SENDS: "sends", layout.MASTER: "master"}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done: ``type`` is a thing and what happened to it, "stem.update".

    Things: project, stem, segment, loop, block, section, marker, return; and note, step and chord,
    whose ``id`` and ``name`` are those of the segment or loop that they are in, and which are
    counted. ``fields`` are what an update set.
    """

    type: str
    id: str = ""
    name: str = ""
    fields: tuple[str, ...] = ()
    count: int = 1

    @property
    def kind(self) -> str:
        """The thing."""
        return self.type.partition(".")[0]

    @property
    def what(self) -> str:
        """What happened to it: "create", "update" or "delete"."""
        return self.type.partition(".")[2]

    def to_json(self) -> dict[str, Any]:
        """The event as it travels."""
        return {
            "type": self.type,
            "id": self.id,
            "name": self.name,
            "fields": list(self.fields),
            "count": self.count,
        }


def events_of(changes: Iterable[Change], song: Song) -> list[Event]:
    """The events of one edit, after which the song was ``song``. *Cost*: O(changes)."""
    return summed(event for change in changes for event in _events(change, song))


def summed(events: Iterable[Event]) -> list[Event]:
    """Events of several edits as one: each thing once, in the order in which it was touched."""
    found: dict[tuple[str, str, str], Event] = {}
    for event in events:
        is_counted = event.kind in _COUNTED.values()
        key = (event.kind, event.id, event.what if is_counted else "")
        there = found.get(key)
        merged = event if there is None else _merged(there, event)
        if merged is None:
            del found[key]
        else:
            found[key] = merged
    return list(found.values())


def _merged(first: Event, then: Event) -> Event | None:
    """Two events of one thing as one; None where nothing is left of them."""
    if first.kind in _COUNTED.values():
        return replace(then, count=first.count + then.count)
    if (first.what, then.what) == (CREATE, DELETE):
        return None
    if then.what == DELETE:
        return then
    if first.what == CREATE:
        return replace(first, name=then.name)
    fields = tuple(dict.fromkeys((*first.fields, *then.fields)))
    return replace(then, type=f"{then.kind}.{UPDATE}", fields=fields)


def _events(change: Change, song: Song) -> Iterable[Event]:
    root, *within = change.path
    if root not in _KINDS:
        return [Event(f"{PROJECT}.{UPDATE}", song.id, song.name, (_project_field(change),))]
    if not within:
        return _of_entity(change, song)
    inner = within[1] if len(within) > 1 else ""
    if inner in _COUNTED:
        kind = f"{_COUNTED[inner]}.{_what(change)}"
        return [Event(kind, within[0], _name(song, root, within[0]))]
    field = _entity_field(inner, change.key)
    return [Event(f"{_KINDS[root]}.{UPDATE}", within[0], _name(song, root, within[0]), (field,))]


def _of_entity(change: Change, song: Song) -> list[Event]:
    """A thing that came or went, with all that is in it."""
    root, what = change.path[0], _what(change)
    held = change.before if what == DELETE else change.after
    name = held.get("name") if isinstance(held, Mapping) else None
    found = [Event(f"{_KINDS[root]}.{what}", change.key, name or _name(song, root, change.key))]
    for inner, kind in _COUNTED.items():
        count = len(held.get(inner) or {}) if isinstance(held, Mapping) else 0
        if count:
            found.append(Event(f"{kind}.{what}", change.key, found[0].name, count=count))
    return found


def _what(change: Change) -> str:
    if change.after is GONE:
        return DELETE
    return CREATE if change.before is GONE else UPDATE


def _project_field(change: Change) -> str:
    root = change.path[0]
    return change.key if root == layout.SONG else _FIELDS.get(root, root)


def _entity_field(inner: str, key: str) -> str:
    if inner == layout.SETTINGS:
        return _SETTINGS.get(key, key)
    return _FIELDS.get(inner, key)


def _name(song: Song, root: str, key: str) -> str:
    """What a thing is called; a segment or block without a name as its stem or loop."""
    held: Any = getattr(song, root).get(key)
    if held is None:
        return ""
    name = getattr(held, "name", "")
    if not name and root == layout.SEGMENTS:
        stem = song.stems.get(held.stem)
        return stem.name if stem else ""
    if root == layout.BLOCKS:
        loop = song.loops.get(held.loop)
        return loop.name if loop else ""
    return str(name)


# -- words ---------------------------------------------------------------------------------------


def words_of(events: Iterable[Event]) -> str:
    """Events in a musician's words: "4 notes added to Walking · Bass: volume, pan"."""
    return " · ".join(map(_words, events)) or "no difference that is heard or seen"


def _words(event: Event) -> str:
    if event.kind in _COUNTED.values():
        count = f"{event.count} {event.kind}{'' if event.count == 1 else 's'}"
        said = {CREATE: "added to", UPDATE: "changed in", DELETE: "taken out of"}[event.what]
        return f"{count} {said} {event.name or 'what is gone by now'}"
    name = f"{event.kind} {event.name}".strip()
    if event.what == UPDATE:
        fields = ", ".join(map(_field_words, event.fields))
        return f"{fields} of the song" if event.kind == PROJECT else f"{name}: {fields}"
    return f"{name} {'added' if event.what == CREATE else 'taken out'}"


def _field_words(field: str) -> str:
    return setting_word(field) if "." in field else field
