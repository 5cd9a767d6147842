"""What all pictures are made of: a dark card, its heading, rectangles and words, as SVG.

A picture is a pure function of the model, on a card of its own, so that it looks the same in
light and dark pages and its bytes never change by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

WIDTH = 760
MARGIN = 18
HEAD = 58
NAMES = 104

INK, PAPER, FAINT, WELL = "#e8ecf4", "#171c28", "#93a0b8", "#242c3d"
CATEGORY = {"synth": "#7aa2ff", "drum": "#ffb35c", "bass": "#c58bff", "fx": "#5fd6b4"}
OTHER = "#9aa7bd"
FONT = "system-ui,-apple-system,'Segoe UI',Roboto,sans-serif"

LETTER = 6.2
"""Pixels of a usual letter of 11 px."""


def card(width: int, height: float, title: str, parts: Iterable[str]) -> str:
    """The whole picture: parts on a card with a title for screen readers."""
    style = (
        f"text{{font-family:{FONT};fill:{INK}}}.t{{font-size:17px;font-weight:650}}"
        f".s{{font-size:12px;fill:{FAINT}}}.n{{font-size:11.5px}}"
        ".c{font-size:13px;font-weight:600}.r{font-size:10.5px}"
        f".f{{font-size:10.5px;fill:{FAINT}}}"
    )
    body = "".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height:g}" '
        f'width="{width}" height="{height:g}" role="img"><title>{escape(title)}</title>'
        f"<style>{style}</style>"
        f'<rect width="{width}" height="{height:g}" rx="12" fill="{PAPER}"/>{body}</svg>'
    )


def heading(name: str, facts: Iterable[str], color: str) -> Iterator[str]:
    """The name over a line of facts, beside a stripe of its colour."""
    yield rect(MARGIN, 17, 4, 28, color, 2)
    yield f'<text x="{MARGIN + 14}" y="29" class="t">{escape(shortened(name, 70))}</text>'
    yield f'<text x="{MARGIN + 14}" y="46" class="s">{escape(" · ".join(facts))}</text>'


def rect(x: float, y: float, width: float, height: float, fill: str, radius: float) -> str:
    """A filled rectangle with round corners."""
    return (
        f'<rect x="{x:.1f}" y="{y:g}" width="{max(width, 0):.1f}" height="{height:g}" '
        f'rx="{radius:g}" fill="{fill}"/>'
    )


def words(x: float, y: float, text: str, kind: str = "r") -> str:
    """A line of text.

    Kinds: ``t`` title, ``s`` soft, ``n`` name, ``c`` strong, ``r`` small, ``f`` small and soft.
    """
    return f'<text x="{x:.1f}" y="{y:g}" class="{kind}">{escape(text)}</text>' if text else ""


def shortened(text: str, letters: int) -> str:
    """The text in so many letters at most, none where there is room for less than two."""
    if len(text) <= letters:
        return text
    return text[: letters - 1] + "…" if letters > 2 else ""


def fitting(text: str, width: float) -> str:
    """As much of a small text as a width takes."""
    return shortened(text, int(width / LETTER))


def plural(count: int, noun: str) -> str:
    """Such as "1 bar", "2 bars"."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def clock(seconds: float) -> str:
    """Such as "3:07"."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
