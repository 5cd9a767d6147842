"""In IPython: rich display, undo steps by cell, and the cell magic."""

import subprocess
import sys
import textwrap

import pytest

START = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
def cell(code):
    result = shell.run_cell(code)
    result.raise_error()
    return result.result
cell("import cellissimo as cm")
"""


def run(code):
    """Run code in a fresh process with a shell; give what it said and all it printed."""
    program = START + textwrap.dedent(code)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    said = [line[5:] for line in done.stdout.splitlines() if line.startswith("SAID ")]
    return said, done.stdout + done.stderr


def test_one_cell_is_one_undo_step():
    """[DOC-11] A cell that makes several changes is taken back as a whole."""
    said, _ = run("""
        cell("loop = cm.Loop('A', bars=1)")
        cell("loop['kick'] = 'x...'; loop.tempo = 90; loop.chords = 'I'")
        cell("loop['snare'] = '..x.'")
        cell("loop.undo()")
        print('SAID', cell("list(loop.rows)"), cell("loop.tempo"))
        cell("loop.undo()")
        print("SAID", cell("list(loop.rows)"), cell("loop.tempo"), cell("len(loop.chords)"))
    """)
    assert said == ["['kick'] 90.0", "[] 120.0 0"]


def test_a_bare_loop_gives_a_rich_bundle():
    """The formatter knows our types without importing them first."""
    said, _ = run("""
        cell("loop = cm.Loop('A', bars=1)")
        data, _ = shell.display_formatter.format(shell.user_ns["loop"])
        print("SAID", sorted(data))
    """)
    assert "'application/vnd.cellissimo.view+json'" in said[0]
    assert "'text/html'" in said[0]


def test_each_player_gives_a_rich_bundle():
    """Also the second: widgets are of a class of their own each."""
    said, _ = run("""
        cell("import numpy as np; sound = np.ones((2, 4800), np.float32)")
        for _ in range(2):
            cell("player = cm.Player(sound)")
            data, _ = shell.display_formatter.format(shell.user_ns["player"])
            print("SAID", "text/html" in data, data["text/plain"])
    """)
    assert said == ["True Player array, 0:00, silent"] * 2


def test_the_pattern_magic_makes_and_then_changes_one_loop():
    """Run again, the magic changes the loop in place; a bad text leaves it as it was."""
    said, printed = run("""
        cell("%%pattern beat\\nTEMPO 90\\nseq kick: x...")
        first = shell.user_ns["beat"]
        cell("%%pattern beat\\nTEMPO 91\\nseq kick: x.x.")
        print("SAID", shell.user_ns["beat"] is first, first.tempo, len(first["kick"].steps))
        cell("%%pattern beat\\nTEMPO 92\\nseq kick: x.z.")
        print("SAID", first.tempo)
    """)
    assert said == ["True 91.0 8", "91.0"]
    assert '"z" is not a step' in printed


@pytest.mark.parametrize("line", ["1x", "a b", "for"])
def test_the_pattern_magic_wants_one_name(line):
    """The error says how to write it."""
    with pytest.raises(AssertionError, match="name one variable"):
        run(f'cell("%%pattern {line}\\nseq kick: x...")')


def test_the_pattern_magic_overwrites_nothing_but_loops():
    """A variable that holds something else is kept, and the error names it."""
    with pytest.raises(AssertionError, match="'cm' is a module already"):
        run('cell("%%pattern cm\\nseq kick: x...")')


def test_play_without_a_notebook_says_what_to_do():
    """A plain Python has no page to play in."""
    program = "import cellissimo as cm; cm.Loop('A').play()"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert '.export("sound.wav")' in done.stderr


def test_a_cell_runs_in_another_kernel():
    """``%%elsewhere`` shows what it shows, keeps its names to itself, and ends with this one."""
    said, printed = run("""
        cell("%%elsewhere ben\\nimport os\\nwho = os.getpid()\\nprint('from there')")
        cell("%%elsewhere ben\\nwho == os.getpid()")
        print("SAID", "who" in shell.user_ns)
        try:
            cell("%%elsewhere ben\\n1 / 0")
        except Exception as error:
            print("SAID", error)
    """)
    assert said == ["False", "elsewhere: ZeroDivisionError: division by zero"]
    assert "from there\n" in printed
    assert "True\n" in printed
