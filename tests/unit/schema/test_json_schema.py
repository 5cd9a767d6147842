"""The JSON Schema describes the documents that are really written."""

import json

import jsonschema
import pycrdt
import pytest
from hypothesis import given, settings

from cellissimo.crdt.document import Document
from cellissimo.schema import json_schema, models
from cellissimo.schema.generate import files
from tests.strategies import songs

VALIDATOR = jsonschema.Draft202012Validator(json_schema.document())


def stored(document):
    """The document's root maps as another reader sees them, whole floats as integers."""
    doc = pycrdt.Doc()
    doc.apply_update(document.encode())
    roots = json_schema.document()["properties"]
    return whole({name: doc.get(name, type=pycrdt.Map).to_py() or {} for name in roots})


def whole(value):
    """JSON numbers without a fraction are integers."""
    if isinstance(value, dict):
        return {key: whole(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def test_the_schema_is_a_schema():
    """It is valid JSON Schema 2020-12."""
    jsonschema.Draft202012Validator.check_schema(json_schema.document())


@settings(max_examples=25)
@given(songs())
def test_every_document_that_is_written_is_valid(song):
    """Whatever a song says, its stored form satisfies the schema."""
    VALIDATOR.validate(stored(Document(song)))


@pytest.mark.parametrize(
    "break_it",
    [
        lambda loop: loop.update(bars=3),
        lambda loop: loop["steps"].update({"kick": [1]}),
        lambda loop: loop["steps"].update({"kick/1": [200]}),
        lambda loop: loop["steps"].update({"kick/1": [100, 1, 2, 0.5, 0, 9]}),
        lambda loop: loop["settings"].update({"kick": 1}),
        lambda loop: loop.update(meter="4/5"),
        lambda loop: loop.pop("chords"),
        lambda loop: loop.update(more=1),
    ],
)
def test_a_broken_document_is_not_valid(break_it):
    """The schema can tell right from wrong."""
    document = stored(Document(models.Song("s", "S", loops={"a": models.Loop("a", "A")})))
    VALIDATOR.validate(document)
    break_it(document["loops"]["a"])
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(document)


@pytest.mark.parametrize("path", sorted(files()), ids=lambda path: path.name)
def test_generated_files_are_as_generated(path):
    """What is committed is what the schema says now."""
    assert path.read_text("utf-8") == files()[path]


def test_the_committed_schema_is_json():
    """Other programs can read it."""
    path = next(path for path in files() if path.suffix == ".json")
    assert json.loads(path.read_text("utf-8"))["title"] == "cellissimo document"
