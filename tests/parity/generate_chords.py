"""Writes the chord fixtures that Python and the browser must both read alike.

Run from the top of the repository, with the real lead-sheet tokens at hand:
`python tests/parity/generate_chords.py`. The Python library is the author; the hand-checked
chords and music21 are its own judges, in the tests of chord symbols and roman numerals.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from itertools import product
from pathlib import Path

from cellissimo.domain.chord import Chord
from cellissimo.domain.errors import NotationError
from cellissimo.domain.key import MODES, Key, parse_key
from cellissimo.notation.chord_symbols import parse_chord
from cellissimo.notation.palette import VARIATIONS, palette_for, vary
from cellissimo.notation.roman_numerals import parse_roman, read_roman, roman_of

HERE = Path(__file__).parent
TARGET = HERE / "chords.json"

SPELLINGS = (
    "C Cm C- Cmin CM7 Cmaj7 CΔ7 C△ C7#9 C(7) C° Cº7 Cø C0 C07 C+ C+7 C7+ CmM7 Cm(maj7) C-Δ7 "
    "Cm/maj7 C6/9 Cm6/9 C69 Csus C7sus4 C7b9sus Csus2 Csus24 Cadd9 Cadd2 Cmadd9 C(add9) C5 Cno3 "
    "C7no5 C7(b9,#11) C7(b9)(#11) C7b5#5 Calt C7alt C(b5) C♭maj7 F♯ø7 B♭7 Bbb7 Ebb(9) Cx C^7 C7M "
    "Cbb(7sus4)/Ab Caug9 Cm7-5 Cm7b5 C°maj7 Cm#5 Cmb6 Cmb5 C13#11 Cm13 Cm11b5 Cmaj13#11 (Bb7) "
    "(C/E) C/G(Am7) A7b9(Em7b5) Gm7b5(C7b9/G) N.C. NC n.c. Eb/Db G/F## C7b9#9"
).split()
REFUSED = (
    "c am H7 C-5 C2 C4 C+9 Cmsus4 Cm7sus C9b9 C7b9b9 C7( C7) C7() C7(b9,) C() C/ C/H C/9 C7maj7 "
    "Ebb9 Bb(( C7(D(E)) Cq7 C7,b9 II () C7/b9 C##9 Cadd9add9 Cdimb5 C13b13 A7(Eq) (Gq) C7(A7(D))"
).split(" ")
NUMERALS = (
    "I i ii II iii III IV iv V v VI vi VII vii viio vii°7 viiø7 iiø bVII bVI bIII bII #iv° #VI "
    "#VII I6 I64 V65 V43 V42 V2 ii65 vii°6 vii°65 viiø43 III+ III+6 IVmaj7 imaj7 Iadd6 iadd6 I69 "
    "I6/9 V7 V9 V13 V7b9 V7alt Vsus4 iisus2 V7sus IIm7 VIm V/V V7/V V65/V vii°7/V V7/ii V7/bVII "
    "ii/ii IV/^5 V7/^4 I/^3 I/^b7 V7(iiø7) (IV) (V7/V) I5 i#5 I(b5) i(add9)"
).split()
REFUSED_NUMERALS = (
    "I/3 I/G iii+ VIIII Iv Vq V65/^3 V7/vii° viiø6 I6maj7 +65 VIII V7(iii+) (Iq) I(IV(V))".split()
)
TONICS = ("C", "G", "Eb", "F#", "Bb", "C#", "Gb", "A")
FUNCTION_CHORDS = "C Dm Em F G Am Bdim G7 Bb D7 E E7 Bm7b5 Fm Ab Cmaj7 Gsus4 N.C. F/C G#dim".split()


def shared_tokens() -> dict[str, int]:
    """Lead-sheet chords and how often each occurs. Raises: FileNotFoundError without them."""
    beside = Path(__file__).resolve().parents[3] / "shared" / "data"
    folder = Path(os.environ.get("CELLISSIMO_SHARED", beside))
    tokens: dict[str, int] = json.loads((folder / "chords" / "tokens.json").read_text())
    return tokens


def sound(chord: Chord) -> dict[str, object]:
    """What both languages must agree on about a chord."""
    return {
        "symbol": chord.symbol,
        "root": chord.root_pc,
        "bass": chord.bass_pc,
        "intervals": list(chord.intervals),
    }


def refusal(read: Callable[[str], object], text: str) -> list[object]:
    """What both languages must say about a text that is refused: problem, column and cure."""
    try:
        read(text)
    except NotationError as error:
        return [text, error.problem, error.column, error.cure]
    raise AssertionError(text)


def numeral(text: str, key: Key) -> dict[str, object]:
    """A numeral in a key: its canonical text, its chord, and the numeral of that chord."""
    chord = parse_roman(text, key)
    row = {"text": text, "key": str(key), "roman": read_roman(text).text}
    return row | sound(chord) | {"back": roman_of(chord, key)}


def variations(key: Key) -> list[list[str]]:
    """What each variation makes of chords in a key."""
    texts = ("I", "V", "vi7", "vii°", "V/V", "Am7", "I6", "C/E", "bVII", "G7", "Esus4")
    return [[text, how, str(key), vary(text, how, key)] for text in texts for how in VARIATIONS]


def fixtures(tokens: list[str]) -> dict[str, object]:
    """All fixtures as plain JSON values."""
    keys = [Key(tonic, mode) for tonic, mode in product(TONICS, MODES)]
    few = [parse_key(text) for text in ("C major", "A minor", "Eb dorian")]
    return {
        "chords": [{"text": text} | sound(parse_chord(text)) for text in (*SPELLINGS, *tokens)],
        "refused": [refusal(parse_chord, text) for text in REFUSED],
        "numerals": [numeral(text, key) for text, key in product(NUMERALS, keys)],
        "refusedNumerals": [refusal(read_roman, text) for text in REFUSED_NUMERALS],
        "functions": [
            [text, str(key), key.function_of(parse_chord(text))]
            for text, key in product(FUNCTION_CHORDS, few)
        ],
        "palettes": {
            str(key): [[tile.text, tile.kind, tile.role] for tile in palette_for(key)]
            for key in few
        },
        "variations": [row for key in few for row in variations(key)],
        "keys": {str(key): list(key.note_names) for key in keys},
    }


def printed(content: dict[str, object]) -> str:
    """JSON with one fixture a line, so that a change shows as the lines it changes."""
    parts = []
    for name, rows in content.items():
        if isinstance(rows, dict):
            lines = [f"{json.dumps(key)}: {_line(row)}" for key, row in rows.items()]
            parts.append(f'"{name}": {{\n' + ",\n".join(lines) + "\n}")
        else:
            assert isinstance(rows, list)
            parts.append(f'"{name}": [\n' + ",\n".join(map(_line, rows)) + "\n]")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _line(row: object) -> str:
    return json.dumps(row, ensure_ascii=False)


if __name__ == "__main__":
    TARGET.write_text(printed(fixtures(list(shared_tokens()))), encoding="utf-8")
