"""Compiles the engine: ``python -m cellissimo.native.build`` writes ``engine.wasm``.

Needs the `ziglang` package and nothing else of this project's; wheels and sdists hold the result.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

NATIVE = Path(__file__).parent
SOURCES = NATIVE / "csrc"
ENGINE = NATIVE / "engine.wasm"

WARNINGS = ("-Wall", "-Wextra", "-Werror", "-Wconversion")

FLAGS = (
    "-std=c11",
    "-O3",
    "-ffp-contract=off",  # a fused multiply-add would round differently from host to host
    "-fno-builtin",
    "-msimd128",
    "-mbulk-memory",
    "-mllvm",
    "-inline-threshold=1000",  # calls inside the loops over frames cost more than the size
    *WARNINGS,
)

LINK = (
    "-target",
    "wasm32-freestanding",
    "-nostdlib",
    "-s",
    "-Wl,--no-entry",
    "-Wl,--export-dynamic",
    "-Wl,-z,stack-size=65536",
)


def sources() -> list[Path]:
    """The C files of the engine, in a stable order."""
    return sorted(SOURCES.glob("*.c"))


def command(target: Path) -> list[str]:
    """The compiler's command line that writes ``target``."""
    files = [str(path) for path in sources()]
    return [sys.executable, "-m", "ziglang", "cc", *LINK, *FLAGS, "-o", str(target), *files]


def build(target: Path = ENGINE) -> Path:
    """The path of the compiled engine.

    Raises subprocess.CalledProcessError when the compiler refuses; it has then said why.
    """
    subprocess.run(command(target), check=True)  # noqa: S603 - our own command line
    return target


if __name__ == "__main__":
    build()
