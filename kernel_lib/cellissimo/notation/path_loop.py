"""Loops at paths: their fields, chords, rows and steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cellissimo.domain.pitch import parse_pitch
from cellissimo.notation.path_node import Json, Node, PathError, fields_of, leaf, snake
from cellissimo.notation.path_strip import Strip
from cellissimo.notation.pattern_line import Word
from cellissimo.notation.pattern_problem import LineFault
from cellissimo.notation.pattern_steps import letter_steps, letters_text, read_letters
from cellissimo.notation.roman_numerals import canonical_symbol
from cellissimo.schema import checks, limits
from cellissimo.schema.models import Loop, Song, Step, Value

FIELDS: Mapping[str, Callable[[Any], Any]] = {
    "name": checks.name,
    "bars": checks.bars,
    "steps_per_bar": lambda value: checks.whole(value, *limits.STEPS_PER_BAR, "stepsPerBar"),
    "key": checks.key,
    "tempo": lambda value: None if value is None else checks.tempo(value),
    "meter": lambda value: None if value is None else checks.meter(value),
    "color": checks.color,
}
"""The plain fields of a loop, each with its check."""

_STEP = ("velocity", "pitch", "note", "duration", "probability", "offset")


class LoopPaths:
    """What stands at the paths of one loop."""

    def __init__(self, song: Song, loop: Loop) -> None:
        """A loop of ``song``."""
        self._song = song
        self._loop = loop

    def node(self, **other: Any) -> Node:  # noqa: ANN401 - what a node can do
        """The loop; its rows are those of a pattern's instruments."""
        children: dict[str, Callable[[], Node]] = {
            "chords": self._chords,
            "steps": self._steps,
            "rows": self._rows,
            "instruments": self._rows,
            "master": lambda: self._strip(limits.MASTER),
        }
        fields = (*FIELDS, "stepsPerBar")

        def child(name: str) -> Node | None:
            if name in children:
                return children[name]()
            return self._field(snake(name)) if name in fields else None

        def told() -> Json:
            plain = {name: getattr(self._loop, name) for name in FIELDS}
            return {"id": self._loop.id, **plain, "steps": self._steps().value()}

        return Node(told, child=child, names=lambda: (*FIELDS, *children), **other)

    def _with(self, **fields: Any) -> Song:  # noqa: ANN401 - any field
        loop = replace(self._loop, **fields)
        return replace(self._song, loops={**self._song.loops, loop.id: loop})

    def _field(self, name: str) -> Node:
        def put(value: Json) -> Song:
            return self._with(**{name: FIELDS[name](value)})

        return leaf(getattr(self._loop, name), put)

    def _cell(self, name: object) -> int:
        text = str(name)
        found = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else text
        return checks.whole(found, 0, self._loop.cells - 1, "cell")

    # -- chords ----------------------------------------------------------------------------------

    def _chords(self) -> Node:
        chords = self._loop.chords

        def write(cell: int, symbol: Json) -> Song:
            kept = {key: held for key, held in chords.items() if key != cell}
            if symbol is not None:
                kept[cell] = canonical_symbol(checks.text(symbol, "chord", "Am7"))
            return self._with(chords=dict(sorted(kept.items())))

        def child(name: str) -> Node:
            cell = self._cell(name)
            remove = (lambda: write(cell, None)) if cell in chords else None
            return leaf(chords.get(cell), lambda value: write(cell, value), remove=remove)

        def add(value: Json, _: object) -> Song:
            given = fields_of(value, "a chord")
            return write(self._cell(given.get("cell", "")), given.get("symbol"))

        return Node(
            lambda: {str(cell): symbol for cell, symbol in chords.items()},
            child=child,
            add=add,
            names=lambda: ["a cell of the loop"],
        )

    # -- rows and steps --------------------------------------------------------------------------

    def row_names(self) -> list[str]:
        """The rows that there are."""
        targets = (key.partition(".")[0] for key in self._loop.settings)
        rows = (*(row for row, _ in self._loop.steps), *targets)
        return [row for row in dict.fromkeys(rows) if row != limits.MASTER]

    def _rows(self) -> Node:
        return Node(
            lambda: {name: self._row(name).value() for name in self.row_names()},
            child=self._row,
            names=self.row_names,
        )

    def _row(self, name: str) -> Node:
        row, strip = checks.row_name(name), self._strip_of(name)

        def child(word: str) -> Node | None:
            return self._row_steps(row) if word == "steps" else strip.child(word)

        def remove() -> Song:
            settings = self._loop.settings.items()
            return self._with(
                steps={key: step for key, step in self._loop.steps.items() if key[0] != row},
                settings={key: value for key, value in settings if key.partition(".")[0] != row},
            )

        return Node(
            lambda: {"steps": letters_text(self._loop, row), **strip.told()},
            child=child,
            remove=remove,
            names=lambda: ("steps", *strip.names()),
        )

    def _strip(self, target: str) -> Node:
        strip = self._strip_of(target)
        return Node(strip.told, child=strip.child, names=strip.names)

    def _strip_of(self, target: str) -> Strip:
        """The settings of a row, or of the loop's master."""
        held = self._loop.settings
        own = {key.partition(".")[2]: v for key, v in held.items() if key.startswith(f"{target}.")}

        def put(key: str, value: Value | None) -> Song:
            kept = {name: old for name, old in held.items() if name != f"{target}.{key}"}
            if value is not None:
                kept[f"{target}.{key}"] = checks.setting(target, key, value)
            return self._with(settings=kept)

        return Strip(own, put, "" if target == limits.MASTER else target)

    def _steps(self) -> Node:
        return Node(
            lambda: {name: letters_text(self._loop, name) for name in self.row_names()},
            child=lambda name: self._row_steps(checks.row_name(name)),
            names=self.row_names,
        )

    def _row_steps(self, row: str) -> Node:
        """The steps of a row: set whole by letters or a list, or cell by cell."""

        def write(cell: int, step: Step | None) -> Song:
            steps = {key: held for key, held in self._loop.steps.items() if key != (row, cell)}
            if step is not None:
                steps[row, cell] = step
            return self._with(steps=steps)

        def child(name: str) -> Node:
            cell = self._cell(name)
            there = self._loop.steps.get((row, cell))
            remove = (lambda: write(cell, None)) if there else None
            told = None if there is None else _told(there)
            return leaf(told, lambda value: write(cell, read_step(value, there)), remove=remove)

        def put(value: Json) -> Song:
            others = {key: step for key, step in self._loop.steps.items() if key[0] != row}
            fresh = {(row, cell): step for cell, step in self._read_row(value).items()}
            return self._with(steps=others | fresh)

        def add(value: Json, _: object) -> Song:
            given = value if isinstance(value, Mapping) else {"cell": value}
            rest = {key: held for key, held in given.items() if key != "cell"}
            return write(self._cell(given.get("cell", "")), read_step(rest or True, None))

        return Node(
            lambda: letters_text(self._loop, row),
            put,
            remove=lambda: put([]),
            add=add,
            child=child,
            names=lambda: ["a cell of the loop"],
        )

    def _read_row(self, value: Json) -> dict[int, Step]:
        """The steps that letters or a list mean; what is shorter than the loop begins again."""
        cells = self._loop.cells
        if isinstance(value, str):
            try:
                letters = read_letters(Word(value, 1, 1))
            except LineFault as fault:
                problem = fault.problem
                raise _refused(problem.message, "letters X x o . -", problem.cure) from fault
            value = [dict(letter_steps(one, 1)).get(0) for one in letters]
        if not isinstance(value, list) or len(value) > cells:
            raise _refused(
                f"a row of {cells} cells is no {str(value)[:60]!r}",
                f"letters such as 'x...x...', or a list of at most {cells} cells",
                "Send one of them.",
            )
        steps = [one if isinstance(one, Step) else read_step(one, None) for one in value]
        if not steps:
            return {}
        looped = ((cell, steps[cell % len(steps)]) for cell in range(cells))
        return {cell: step for cell, step in looped if step is not None}


def read_step(value: Json, there: Step | None) -> Step | None:
    """A step out of JSON: true or 1, a velocity 0 … 1 or 2 … 127, an object; null is a rest.

    An object leaves what it does not name as it is ``there``.
    """
    if value is None or value is False or value == 0:
        return None
    if value is True or value == 1:
        return there or Step()
    if isinstance(value, int | float):
        return checks.step(replace(there or Step(), velocity=_velocity(value)))
    given = fields_of(value, "a step")
    unknown = [name for name in given if name not in _STEP]
    if unknown:
        near = checks.nearest(unknown[0], _STEP)
        raise _refused(f"a step has no {unknown[0]!r}{near}", ", ".join(_STEP), "Leave it out.")
    fields = {name: held for name, held in given.items() if name not in {"velocity", "note"}}
    if "velocity" in given:
        fields["velocity"] = _velocity(given["velocity"])
    if "note" in given:
        fields["pitch"] = given["note"]
    if isinstance(fields.get("pitch"), str):
        fields["pitch"] = parse_pitch(fields["pitch"])
    return checks.step(replace(there or Step(), **fields))


def _velocity(value: Json) -> int:
    """0 … 127 of a share 0 … 1, or of itself where it is more."""
    number = checks.number(value, 0, limits.VELOCITY_RANGE[1], "velocity (0 … 1, or 2 … 127)")
    return round(number * 127) if number <= 1 else checks.whole(number, 0, 127, "velocity")


def _told(step: Step) -> dict[str, Json]:
    return {
        "velocity": round(step.velocity / 127, 2),
        "note": step.pitch,
        "duration": step.duration,
        "probability": step.probability,
        "offset": step.offset,
    }


def _refused(message: str, accepted: str, cure: str) -> PathError:
    return PathError(message, path="", accepted=accepted, cure=cure, field="value")
