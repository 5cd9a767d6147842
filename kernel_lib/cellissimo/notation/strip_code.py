"""Python that mixes a strip again: its settings and its automation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cellissimo.domain.tempo_map import MeterMap
from cellissimo.notation.loop_code import literal, quoted
from cellissimo.schema.models import Lanes, Point, Value

STRIP_PROPERTIES = {"amp.level": "volume", "pan.pan": "pan", "amp.mute": "muted"}
"""The settings that a strip has as properties."""


def setting_statements(
    variable: str,
    settings: Mapping[str, Value],
    properties: Mapping[str, str] = STRIP_PROPERTIES,
) -> Iterator[str]:
    """The settings: as properties, or together by their keys."""
    for key, name in properties.items():
        if key in settings:
            yield f"{variable}.{name} = {literal(settings[key])}"
    others = [
        f"{quoted(key)}: {literal(value)}"
        for key, value in sorted(settings.items())
        if key not in properties
    ]
    if others:
        yield f"{variable}.settings.update({{{', '.join(others)}}})"


def lane_statements(variable: str, lanes: Lanes, grid: MeterMap) -> Iterator[str]:
    """The automation: by bars where all points of a lane begin one, else by ticks."""
    for key, points in sorted(lanes.items()):
        curves = {point.curve for point in points.values()}
        if len(curves) == 1 and not any(grid.bar_at(tick)[1] for tick in points):
            curve = next(iter(curves))
            by_bar = {grid.bar_at(tick)[0]: point.value for tick, point in sorted(points.items())}
            said = ", ".join(f"{bar}: {literal(value)}" for bar, value in by_bar.items())
            shape = "" if curve == "linear" else f", curve={quoted(curve)}"
            yield f"{variable}.automate({quoted(key)}, {{{said}}}{shape})"
        else:
            said = ", ".join(f"{tick}: {_point(point)}" for tick, point in sorted(points.items()))
            yield f"{variable}.lanes.write({quoted(key)}, {{{said}}})"


def _point(point: Point) -> str:
    curve = "" if point.curve == "linear" else f", {quoted(point.curve)}"
    return f"Point({literal(point.value)}{curve})"
