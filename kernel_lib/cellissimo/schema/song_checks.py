"""What may be written of a song beyond its loops: each check gives what to store, or a cure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from cellissimo.schema import checks, limits
from cellissimo.schema.checks import LimitError, number, whole
from cellissimo.schema.models import (
    Block,
    Marker,
    Note,
    Point,
    Return,
    Section,
    Segment,
    Stem,
    Tempo,
    Value,
)
from cellissimo.schema.parameter import Kind, Parameter
from cellissimo.schema.parameters import BY_KEY, ENGINE

STEM = "stem"
"""The target under which the settings of stems and returns are checked."""


def one_of(value: object, known: Iterable[str], what: str) -> str:
    """A word of a fixed set."""
    words = tuple(known)
    if not isinstance(value, str) or value not in words:
        near = checks.nearest(str(value), words)
        message = f"{what} is {value!r}{near}; choose one of {', '.join(words)}"
        raise LimitError(message)
    return value


def tick(value: object, what: str = "start (ticks)") -> int:
    """A place in the song."""
    return whole(value, 0, limits.LAST_TICK, what)


def ticks(value: object, what: str = "length (ticks)") -> int:
    """A length in the song."""
    return whole(value, 1, limits.LAST_TICK, what)


def tempo(value: Tempo) -> Tempo:
    """A tempo of the song's map."""
    return replace(value, bpm=checks.tempo(value.bpm), ramp=bool(value.ramp))


def seed(value: object) -> int:
    """A seed of chance."""
    return whole(value, *limits.SEED_RANGE, "seed")


def level(value: object, what: str = "level") -> float:
    """A linear level."""
    return number(value, 0, 1, what)


def block(value: Block) -> Block:
    """A block of the timeline."""
    return replace(
        value,
        start=tick(value.start),
        length=ticks(value.length),
        lane=whole(value.lane, 0, limits.LANES - 1, "lane"),
    )


def section(value: Section) -> Section:
    """A section."""
    return replace(
        value,
        name=checks.name(value.name),
        start=tick(value.start),
        length=ticks(value.length),
        color=checks.color(value.color),
    )


def marker(value: Marker) -> Marker:
    """A marker."""
    return replace(value, name=checks.name(value.name), tick=tick(value.tick, "tick"))


def order(value: object) -> str:
    """A fractional key."""
    if not isinstance(value, str) or not re.fullmatch(limits.ORDER_PATTERN, value):
        message = f"order is {value!r}; take a key of cellissimo.domain.order.key_between"
        raise LimitError(message)
    return value


def stem(value: Stem) -> Stem:
    """A stem's own fields; settings, sends and points have checks of their own."""
    channel = value.channel
    return replace(
        value,
        name=checks.name(value.name),
        color=checks.color(value.color),
        order=order(value.order),
        channel=None if channel is None else whole(channel, 1, 16, "channel (MIDI)"),
    )


def send_return(value: Return) -> Return:
    """A return's own fields."""
    return replace(
        value,
        name=checks.name(value.name),
        color=checks.color(value.color),
        order=order(value.order),
    )


def setting(key: str, value: object, *, of_master: bool = False) -> Value:
    """The value to store for ``section.parameter`` of a stem, a return or the master."""
    return checks.setting(limits.MASTER if of_master else STEM, key, value)


def segment(value: Segment) -> Segment:
    """A segment without its notes."""
    farthest = limits.MOST_FRAMES if value.kind == "audio" else limits.LAST_TICK
    return replace(
        value,
        kind=one_of(value.kind, limits.SEGMENT_KINDS, "kind of a segment"),
        start=tick(value.start),
        length=ticks(value.length),
        name=checks.name(value.name) if value.name else "",
        offset=whole(value.offset, 0, farthest, "offset"),
        gain=number(value.gain, *limits.GAIN_RANGE, "gain (dB)"),
        fade_in=number(value.fade_in, *limits.FADE_RANGE, "fade_in (ms)"),
        fade_out=number(value.fade_out, *limits.FADE_RANGE, "fade_out (ms)"),
        fade_in_curve=one_of(value.fade_in_curve, limits.FADE_CURVES, "fade_in_curve"),
        fade_out_curve=one_of(value.fade_out_curve, limits.FADE_CURVES, "fade_out_curve"),
        frames=whole(value.frames, 0, limits.MOST_FRAMES, "frames"),
    )


def note(value: Note) -> Note:
    """A note of a midi segment."""
    return Note(
        start=tick(value.start, "start of a note (ticks)"),
        duration=ticks(value.duration, "duration of a note (ticks)"),
        pitch=number(value.pitch, *limits.PITCH_RANGE, "pitch (MIDI number)"),
        velocity=whole(value.velocity, *limits.VELOCITY_RANGE, "velocity"),
    )


def automated(key: str) -> str:
    """A parameter that can move: each that the engine hears."""
    if BY_KEY[checks.known_setting(key)] not in ENGINE:
        message = f"{key!r} cannot move; automate a number, a switch or a choice that is heard"
        raise LimitError(message)
    return key


def point(key: str, value: Point) -> Point:
    """A point of the lane of a parameter; of a choice it holds the choice's place."""
    parameter = BY_KEY[automated(key)]
    if parameter.kind is Kind.CHOICE:
        return Point(_place(parameter, value.value), "hold")
    unit = f" ({parameter.unit})" if parameter.unit else ""
    return Point(
        number(value.value, parameter.low, parameter.high, key + unit),
        one_of(value.curve, limits.CURVES, "curve"),
    )


def _place(parameter: Parameter, value: object) -> int:
    """The place of a choice that is given by its word, or by its place."""
    if not isinstance(value, str):
        return whole(value, 0, len(parameter.choices) - 1, f"{parameter.key} (place of a choice)")
    return parameter.choices.index(one_of(value, parameter.choices, parameter.key))


def room_for(count: int, most: int, what: str) -> None:
    """Refuse what would be more than a song holds."""
    if count >= most:
        message = f"the song has {count} {what}, as many as it can hold; remove one, or split it"
        raise LimitError(message)
