"""Python that makes an object again, and what of an object counts when two are compared."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

from cellissimo.notation.pattern_steps import changes_text, letters_text, velocity_text
from cellissimo.notation.progression import print_progression
from cellissimo.notation.rows import rows_of
from cellissimo.schema import limits, models


def content(loop: models.Loop) -> models.Loop:
    """The loop without its identity and lineage."""
    return dataclasses.replace(loop, id="", source=None)


def loop_code(loop: models.Loop, variable: str = "loop") -> str:
    """Python that makes the loop again, one statement a line."""
    return "\n".join(("import cellissimo as cm", "", *loop_statements(loop, variable))) + "\n"


def loop_statements(loop: models.Loop, variable: str) -> Iterator[str]:
    """The statements that make the loop, without the import."""
    yield f"{variable} = cm.Loop({', '.join(_arguments(loop))})"
    if loop.chords:
        text = print_progression(loop.chords.items(), loop.bars, loop.steps_per_bar)
        yield f"{variable}.chords = {_quoted(text)}"
    for row in rows_of(loop):
        yield from _row_statements(loop, row, variable)
    yield from _settings_statements(loop, variable)


_METHODS = ("filter", "env", "delay", "reverb")
_PROPERTIES = {"amp.level": "level", "amp.mute": "mute", "amp.solo": "solo", "pan.pan": "pan"}


def _settings_statements(loop: models.Loop, variable: str) -> Iterator[str]:
    """A row's settings as its properties and methods, any other by its key."""
    grouped: dict[str, list[str]] = {}
    for key, value in loop.settings.items():
        target, section, name = key.split(".")
        place = f"{variable}[{_quoted(target)}]"
        if (section, name) == ("sample", "sound"):
            continue
        if target != limits.MASTER and section in _METHODS:
            grouped.setdefault(f"{place}.{section}", []).append(f"{name}={_literal(value)}")
        elif target != limits.MASTER and f"{section}.{name}" in _PROPERTIES:
            yield f"{place}.{_PROPERTIES[f'{section}.{name}']} = {_literal(value)}"
        else:
            yield f"{variable}.set({_quoted(key)}, {_literal(value)})"
    yield from (f"{call}({', '.join(arguments)})" for call, arguments in grouped.items())


def _arguments(loop: models.Loop) -> Iterator[str]:
    yield _quoted(loop.name)
    yield f"bars={loop.bars}"
    yield f"key={_quoted(loop.key)}"
    if loop.tempo is not None:
        yield f"tempo={_literal(loop.tempo)}"
    if loop.meter is not None:
        yield f"meter={_quoted(loop.meter)}"
    if loop.color != models.DEFAULT_COLOR:
        yield f"color={_quoted(loop.color)}"


def _row_statements(loop: models.Loop, row: str, variable: str) -> Iterator[str]:
    place = f"{variable}[{_quoted(row)}]"
    sound = loop.settings.get(f"{row}.sample.sound")
    if sound is not None:
        yield f"{place}.sound = {_literal(sound)}"
    steps = {cell: step for (name, cell), step in loop.steps.items() if name == row}
    if steps:
        yield f"{place} = {_quoted(_shortest(letters_text(loop, row)))}"
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
        yield f"note={_literal(step.pitch)}"
    if step.duration is not None:
        yield f"duration={step.duration}"
    if step.probability != 1:
        yield f"probability={_literal(step.probability)}"
    if step.offset:
        yield f"offset={step.offset}"


def song_code(song: models.Song) -> str:
    """Python that makes the song again, its loops and pads included."""
    return "\n".join(("import cellissimo as cm", "", *_song_statements(song))) + "\n"


def _song_statements(song: models.Song) -> Iterator[str]:
    tempo, meter, key = _literal(song.tempo), _quoted(song.meter), _quoted(song.key)
    yield f"song = cm.Song({_quoted(song.name)}, tempo={tempo}, meter={meter}, key={key})"
    variables = {loop_id: f"loop_{at + 1}" for at, loop_id in enumerate(in_pad_order(song))}
    for loop_id, variable in variables.items():
        yield ""
        yield from loop_statements(song.loops[loop_id], variable)
        if loop_id not in song.pads.values():
            yield f"song.add({variable})"
    yield from (f"song.pads[{pad}] = {variables[held]}" for pad, held in song.pads.items())


def in_pad_order(song: models.Song) -> list[str]:
    """The ids of the loops: those on pads in the order of the pads, then the others by name."""
    on_pads = dict.fromkeys(song.pads[pad] for pad in sorted(song.pads))
    others = sorted(set(song.loops) - set(on_pads), key=lambda i: (song.loops[i].name, i))
    return [*on_pads, *others]


def song_content(song: models.Song) -> tuple[models.Song, list[models.Loop], list[int | None]]:
    """The song without ids: itself bare, its loops in order, and the loop of each pad."""
    order = in_pad_order(song)
    bare = dataclasses.replace(song, id="", loops={}, pads={})
    pads = [order.index(song.pads[p]) if p in song.pads else None for p in range(limits.PADS)]
    return bare, [content(song.loops[loop_id]) for loop_id in order], pads


def _literal(value: models.Value) -> str:
    if isinstance(value, str):
        return _quoted(value)
    whole = isinstance(value, float) and value.is_integer()
    return str(int(value)) if whole else repr(value)


def _quoted(text: str) -> str:
    """A double-quoted Python string: JSON's are."""
    return json.dumps(text, ensure_ascii=False)
