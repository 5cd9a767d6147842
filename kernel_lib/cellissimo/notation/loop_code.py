"""Python that makes a loop again, and what of a loop counts when two are compared."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

from cellissimo.domain.ticks import cells_per_bar, parse_meter
from cellissimo.notation.pattern_printer import print_pattern
from cellissimo.notation.pattern_steps import changes_text, letters_text, velocity_text
from cellissimo.notation.progression import print_progression
from cellissimo.notation.rows import SOUND_KEY, row_sound, rows_of
from cellissimo.schema import limits, models
from cellissimo.schema.sounds import SOUNDS, Sound, find_sound


def content(loop: models.Loop) -> models.Loop:
    """The loop without its identity and lineage."""
    return dataclasses.replace(loop, id="", source=None)


def loop_code(loop: models.Loop, variable: str = "loop") -> str:
    """Python that makes the loop again, one statement a line."""
    return "\n".join(("import cellissimo as cm", "", *loop_statements(loop, variable))) + "\n"


def loop_statements(loop: models.Loop, variable: str) -> Iterator[str]:
    """The statements that make the loop, without the import; of another grid, from its text."""
    if loop.steps_per_bar != cells_per_bar(parse_meter(loop.meter or "4/4")):
        text = quoted(print_pattern(loop))
        yield f"{variable} = cm.Loop.from_text({text}, name={quoted(loop.name)})"
        if loop.color != models.DEFAULT_COLOR:
            yield f"{variable}.color = {quoted(loop.color)}"
        return
    yield f"{variable} = cm.Loop({', '.join(_arguments(loop))})"
    if loop.chords:
        text = print_progression(loop.chords.items(), loop.bars, loop.steps_per_bar)
        yield f"{variable}.chords = {quoted(text)}"
    shared = [row for row in rows_of(loop) if _is_shared(loop, row)]
    yield from _naming_statements(loop, shared, variable)
    for row in rows_of(loop):
        yield from _row_statements(loop, row, variable)
    yield from _settings_statements(loop, variable)
    for row in shared:
        if f"{row}.{SOUND_KEY}" not in loop.settings:
            yield f"{variable}.set({quoted(f'{row}.{SOUND_KEY}')}, None)"


def _is_shared(loop: models.Loop, row: str) -> bool:
    """Whether a row's name means a sound that another row of the loop plays."""
    meant = find_sound(row)
    others = (other for other in rows_of(loop) if other != row)
    return meant is not None and any(row_sound(loop, other) == meant for other in others)


def _naming_statements(loop: models.Loop, shared: list[str], variable: str) -> Iterator[str]:
    """Make each row under its own name, before any is looked up by the sound its name means.

    A row comes before those that play what its name means; where they all wait for each other,
    they begin with a sound that no name means.
    """
    left = list(shared)
    while free := [row for row in left if not _is_meant(row_sound(loop, row), row, left)]:
        yield _sound_statement(loop, free[0], variable)
        left.remove(free[0])
    meant = [find_sound(row) for row in rows_of(loop)]
    spare = next((sound for sound in SOUNDS.values() if sound not in meant), None)
    if spare is not None:
        yield from (_set_sound(row, spare.id, variable) for row in left)
    yield from (_sound_statement(loop, row, variable) for row in left)


def _is_meant(sound: Sound | None, row: str, names: list[str]) -> bool:
    return any(find_sound(name) == sound for name in names if name != row)


def _sound_statement(loop: models.Loop, row: str, variable: str) -> str:
    sound = row_sound(loop, row)
    held = loop.settings.get(f"{row}.{SOUND_KEY}", sound.id if sound else row)
    return _set_sound(row, held, variable)


def _set_sound(row: str, sound: models.Value, variable: str) -> str:
    return f"{variable}.set({quoted(f'{row}.{SOUND_KEY}')}, {literal(sound)})"


_METHODS = ("filter", "env", "delay", "reverb")
_PROPERTIES = {"amp.level": "level", "amp.mute": "mute", "amp.solo": "solo", "pan.pan": "pan"}


def _settings_statements(loop: models.Loop, variable: str) -> Iterator[str]:
    """A row's settings as its properties and methods, any other by its key."""
    grouped: dict[str, list[str]] = {}
    for key, value in loop.settings.items():
        target, section, name = key.split(".")
        place = f"{variable}[{quoted(target)}]"
        if (section, name) == ("sample", "sound"):
            continue
        if target != limits.MASTER and section in _METHODS:
            grouped.setdefault(f"{place}.{section}", []).append(f"{name}={literal(value)}")
        elif target != limits.MASTER and f"{section}.{name}" in _PROPERTIES and value is not False:
            yield f"{place}.{_PROPERTIES[f'{section}.{name}']} = {literal(value)}"
        else:
            yield f"{variable}.set({quoted(key)}, {literal(value)})"
    yield from (f"{call}({', '.join(arguments)})" for call, arguments in grouped.items())


def _arguments(loop: models.Loop) -> Iterator[str]:
    yield quoted(loop.name)
    yield f"bars={loop.bars}"
    yield f"key={quoted(loop.key)}"
    if loop.tempo is not None:
        yield f"tempo={literal(loop.tempo)}"
    if loop.meter is not None:
        yield f"meter={quoted(loop.meter)}"
    if loop.color != models.DEFAULT_COLOR:
        yield f"color={quoted(loop.color)}"


def _row_statements(loop: models.Loop, row: str, variable: str) -> Iterator[str]:
    place = f"{variable}[{quoted(row)}]"
    sound = loop.settings.get(f"{row}.sample.sound")
    if sound is not None and not _is_shared(loop, row):
        yield f"{place}.sound = {literal(sound)}"
    steps = {cell: step for (name, cell), step in loop.steps.items() if name == row}
    if steps:
        yield f"{place} = {quoted(_shortest(letters_text(loop, row)))}"
    for cell, step in steps.items():
        if changes_text(step):
            yield f"{place}.set({cell}, {', '.join(_step_arguments(step))})"


def _shortest(letters: str) -> str:
    """One bar, where all bars are alike: a row repeats what is shorter than the loop."""
    bars = letters.split(" | ")
    return bars[0] if len(set(bars)) == 1 else letters


def _step_arguments(step: models.Step) -> Iterator[str]:
    yield f"velocity={velocity_text(step.velocity)}"
    if step.pitch is not None:
        yield f"note={literal(step.pitch)}"
    if step.duration is not None:
        yield f"duration={step.duration}"
    if step.probability != 1:
        yield f"probability={literal(step.probability)}"
    if step.offset:
        yield f"offset={step.offset}"


def literal(value: models.Value) -> str:
    """A value as Python writes it, whole numbers without a point."""
    if isinstance(value, str):
        return quoted(value)
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else repr(value)


def quoted(text: str) -> str:
    """A double-quoted Python string: JSON's are."""
    return json.dumps(text, ensure_ascii=False)
