"""Every dependency is pinned, explained, licensed, and comes from no named registry."""

import json
import re
import subprocess
import tomllib

import pytest

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
NPM = json.loads((ROOT / "extension" / "package.json").read_text("utf-8"))
PINNED = (ROOT / ".ci" / "requirements.txt").read_text("utf-8").splitlines()

# Lists, by esbuild's own account, the npm packages whose code is in the bundle.
BUNDLED = """
import { build } from "esbuild";
import { COMMON } from "./scripts/esbuild_options.mjs";
const entryPoints = ["src/widgets/loader.ts", "src/widgets/bundle.ts", "src/audio/worklet.ts"];
const built = await build({ ...COMMON, entryPoints, metafile: true, outdir: "x", write: false });
console.log(JSON.stringify(Object.keys(built.metafile.inputs)));
"""


def name_of(requirement):
    return canonical(re.match(r"[\w.-]+", requirement)[0])


def canonical(name):
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def python_packages():
    project = PROJECT["project"]
    extras = [name for names in project["optional-dependencies"].values() for name in names]
    wanted = [*project["dependencies"], *extras, *PROJECT["dependency-groups"]["dev"]]
    return sorted({name_of(requirement) for requirement in wanted})


@pytest.mark.parametrize("name", python_packages())
def test_each_python_package_is_pinned_for_ci(name):
    """CI installs the same versions today and in a year."""
    assert name in {canonical(line.split("==")[0]) for line in PINNED}


@pytest.mark.parametrize(
    "name", [*python_packages(), *NPM["dependencies"], *NPM["devDependencies"]]
)
def test_each_package_is_explained(name):
    """ARCHITECTURE.md says of each dependency what it saves, its licence and its keeper."""
    words = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    family = re.sub(r"^(@jupyterlab|@lumino)/.*", r"\1/*", name)
    assert re.search(rf"(?<![\w/-]){re.escape(family)}(?![\w/-])", words)


def test_pins_are_names_and_versions_only():
    """The list of pins names no address."""
    assert [line for line in PINNED if not re.fullmatch(r"[\w.-]+==[\w.+-]+", line)] == []


def test_the_npm_lock_names_no_registry():
    """Any mirror may serve the packages; their hashes tell whether they are the right ones."""
    packages = json.loads((ROOT / "extension" / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    unsealed = {name for name, package in packages.items() if "integrity" not in package}
    assert unsealed == {""}


@pytest.mark.parametrize("name", sorted(NPM["devDependencies"]))
def test_npm_tools_are_pinned_exactly(name):
    """What builds and what is bundled is one version, not a range."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", NPM["devDependencies"][name])


def test_each_package_inside_the_bundle_is_in_the_licence_file(require_tool):
    """The licence file names exactly the npm packages whose code is shipped."""
    node = require_tool("node")
    command = [node, "--input-type=module", "-e", BUNDLED]
    done = subprocess.run(command, cwd=ROOT / "extension", check=True, capture_output=True)
    inputs = json.loads(done.stdout)
    found = {
        match[1]
        for path in inputs
        if (match := re.search(r"node_modules/((?:@[^/]+/)?[^/]+)/(?!.*node_modules/)", path))
    }
    words = (ROOT / "LICENSES-THIRD-PARTY.md").read_text("utf-8")
    assert set(re.findall(r"^\| ([\w@/.-]+) \| widget bundle", words, re.MULTILINE)) == found
