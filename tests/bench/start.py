"""What `import cellissimo` costs beside `import numpy`."""

from __future__ import annotations

import subprocess
import sys
import time


def seconds(code: str, times: int = 7) -> float:
    """The shortest of a few fresh processes, without what an empty one takes."""
    return _process(code, times) - _process("pass", times)


def _process(code: str, times: int) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], check=True)
        best = min(best, time.perf_counter() - start)
    return best


def results() -> dict[str, str]:
    """What was measured, by its name."""
    numpy = seconds("import numpy")
    first = seconds("import cellissimo as cm; cm.Loop('a')")
    return {
        "import cellissimo": f"{seconds('import cellissimo') / numpy:.2f} × import numpy",
        "import, and the first loop": f"{first / numpy:.2f} × import numpy",
    }
