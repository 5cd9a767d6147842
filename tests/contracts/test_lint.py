"""The lint rules bite: what the architecture forbids in TypeScript is refused."""

import shutil
import subprocess

import pytest

from tests.conftest import ROOT

EXTENSION = ROOT / "extension"

FORBIDDEN = {
    "markup from text": ("ui/name.ts", 'document.body.innerHTML = "x";'),
    "any": ("core/name.ts", "export const name: any = 1;"),
    "core importing the document": ("core/name.ts", 'export { a } from "../crdt/a.js";'),
    "core importing a package": ("core/name.ts", 'export { Doc } from "yjs";'),
    "the interface importing sound": ("ui/name.ts", 'export { a } from "../audio/a.js";'),
    "sound importing the document": ("audio/name.ts", 'export { a } from "../crdt/a.js";'),
    "the document importing a front end": ("crdt/name.ts", 'export { a } from "@lumino/widgets";'),
    "widgets importing JupyterLab": (
        "widgets/name.ts",
        'export { a } from "@jupyterlab/services";',
    ),
    "the lab extension importing widgets": ("lab/name.ts", 'export { a } from "../widgets/a.js";'),
    "a file of 301 lines": ("core/name.ts", "export const name = 1;\n" * 301),
}

ALLOWED = {
    "core importing generated types": ("core/name.ts", 'export { a } from "../gen/models.js";'),
    "the document importing Yjs": ("crdt/name.ts", 'export { Doc } from "yjs";'),
    "widgets joining the parts": ("widgets/name.ts", 'export { a } from "../audio/a.js";'),
}


def lint(folder, file, words):
    """Lint one file as if it stood in the extension; its exit code and what was said."""
    shutil.copyfile(EXTENSION / ".oxlintrc.json", folder / ".oxlintrc.json")
    path = folder / "src" / file
    path.parent.mkdir(parents=True)
    path.write_text(words + "\n", "utf-8")
    command = ["node", EXTENSION / "node_modules" / "oxlint" / "bin" / "oxlint", "--deny-warnings"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(("file", "words"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_lint_refuses(file, words, tmp_path, require_tool):
    """Each of these fails `make check`."""
    require_tool("node")
    code, said = lint(tmp_path, file, words)
    assert code == 1, said


@pytest.mark.parametrize(("file", "words"), ALLOWED.values(), ids=ALLOWED)
def test_lint_allows(file, words, tmp_path, require_tool):
    """The refusals above are about where, not about everything."""
    require_tool("node")
    code, said = lint(tmp_path, file, words)
    assert code == 0, said
