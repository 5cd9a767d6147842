"""L-systems: texts that grow by rewriting every letter at once, and walks through a key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cellissimo.domain.errors import CellissimoError
from cellissimo.domain.key import parse_key
from cellissimo.domain.pitch import parse_pitch
from cellissimo.generate.seeded import MOST, Seed, chosen, random_of
from cellissimo.schema import checks

Rules = Mapping[str, str | Sequence[str]]
"""What each letter becomes; of several texts, chance takes one each time."""

MOST_GENERATIONS = 1000


def l_system(axiom: str, rules: Rules, generations: int, seed: Seed = 0) -> str:
    """The text that grows from ``axiom`` when all its letters are rewritten, again and again.

    A letter without a rule stays. Where a rule lists several texts, ``seed`` decides.

    >>> l_system("A", {"A": "AB", "B": "A"}, 4)
    'ABAABABA'
    >>> l_system("x", {"x": "x.x", ".": "..."}, 2)
    'x.x...x.x'

    Raises:
        CellissimoError: it grows beyond 10 000 letters, or a value is out of range.
    Source: A. Lindenmayer, "Mathematical models for cellular interactions in development" (1968).
    """
    text = checks.text(axiom, "axiom", "A")
    options = {letter: _options(letter, texts) for letter, texts in rules.items()}
    rng = random_of(seed)
    for generation in range(checks.whole(generations, 0, MOST_GENERATIONS, "generations")):
        parts = []
        for letter in text:
            known = options.get(letter, (letter,))
            parts.append(known[chosen(rng, len(known))] if len(known) > 1 else known[0])
        text = "".join(parts)
        if len(text) > MOST:
            message = (
                f"after {generation + 1} generations the text has {len(text)} letters; {MOST} is "
                "the most, so let it grow for fewer"
            )
            raise CellissimoError(message)
    return text


def _options(letter: str, texts: str | Sequence[str]) -> tuple[str, ...]:
    listed = (texts,) if isinstance(texts, str) else tuple(texts)
    if len(letter) != 1 or not listed:
        message = f"the rule of {letter!r} is {texts!r}; give one letter and what it becomes"
        raise CellissimoError(message)
    return listed


def walk(text: str, start: str | int = "C4", key: str = "C major") -> list[int]:
    """The pitches of a walk through a key, one for each letter of ``text``.

    ``+`` goes a degree up, ``-`` a degree down, ``[`` remembers the place, ``]`` goes back to it;
    every other letter sounds the degree where the walk is. What would leave 0 … 127 is moved by
    octaves.

    >>> walk("A+A[++A]-A")
    [60, 62, 65, 60]

    Raises:
        CellissimoError: ``start`` or ``key`` does not read, or a bracket closes nothing.
    """
    first = parse_pitch(start) if isinstance(start, str) else start
    ladder = _Ladder(checks.whole(first, 0, 127, "start (MIDI number)"), key)
    place, kept, pitches = 0, [], []
    for letter in checks.text(text, "text", "A+A-A"):
        if letter in "+-":
            place += 1 if letter == "+" else -1
        elif letter == "[":
            kept.append(place)
        elif letter != "]":
            pitches.append(ladder.pitch(place))
        elif kept:
            place = kept.pop()
        else:
            raise CellissimoError(f'in {text!r} a "]" closes nothing; write a "[" before it')
    return pitches


class _Ladder:
    """The pitches of a key, counted in degrees from one of them."""

    def __init__(self, start: int, key: str) -> None:
        self._scale = sorted(parse_key(checks.text(key, "key", "C major")).scale)
        below = [degree for degree, tone in enumerate(self._scale) if tone <= start % 12]
        self._first = start // 12 * 7 + (below[-1] if below else -1)

    def pitch(self, degrees: int) -> int:
        """The pitch so many degrees above the first, within 0 … 127."""
        octave, degree = divmod(self._first + degrees, 7)
        found = 12 * octave + self._scale[degree]
        while found > 127:
            found -= 12
        return found if found >= 0 else found % 12
