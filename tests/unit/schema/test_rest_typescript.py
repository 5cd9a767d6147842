"""The interface's types as the page gets them."""

from typing import Annotated, Literal

import pytest
from pydantic import Field

from cellissimo.schema import rest_typescript
from cellissimo.schema.policy import Right
from cellissimo.schema.rest.shape import Request, Shape, Time


class Inner(Shape):
    """Something inside."""

    rights: list[Right]


class Answered(Shape):
    """An answer.

    Its further lines are for Python's readers.
    """

    piece_id: str | None = None
    made_at: Time
    inner: Inner
    places: dict[str, int]
    pairs: list[tuple[int, int]]
    anything: object


class Asked(Request):
    """A request."""

    kind: Literal["a", "b"]
    sample_class: Annotated[str, Field(alias="class")] = "sample"


def text_of(model: type[Shape]) -> str:
    """One model as TypeScript."""
    return rest_typescript._interface(model)


def test_an_answer_has_all_its_fields():
    """Also those with a default: the server always sends them; names and enums as they travel."""
    expected = """/** An answer. */
export interface Answered {
  readonly pieceId: string | null;
  readonly madeAt: string;
  readonly inner: Inner;
  readonly places: Readonly<Record<string, number>>;
  readonly pairs: ReadonlyArray<readonly [number, number]>;
  readonly anything: unknown;
}
"""
    assert expected == text_of(Answered)
    rights = '"listen" | "comment" | "download" | "fork" | "edit"'
    assert f"rights: ReadonlyArray<{rights}>;" in text_of(Inner)


def test_a_request_may_leave_out_what_has_a_default():
    """What is needed is needed; an alias is the name that travels."""
    expected = """/** A request. */
export interface Asked {
  readonly kind: "a" | "b";
  readonly class?: string;
}
"""
    assert expected == text_of(Asked)


@pytest.mark.parametrize("name", ["Project", "Sample", "Member", "ErrorAnswer"])
def test_every_module_of_the_interface_is_found(name):
    """A new module needs no list: its models are there."""
    assert f"export interface {name} {{" in rest_typescript.rest_ts()


def test_two_models_of_one_name_are_refused(monkeypatch):
    """The page has one name for one thing."""
    other = type("Inner", (Shape,), {"__module__": __name__, "__annotations__": {}})
    monkeypatch.setattr(rest_typescript, "_modules", lambda: ["one", "two"])
    models = {"one": [Inner], "two": [other]}
    monkeypatch.setattr(rest_typescript, "_models_of", lambda module: iter(models[module]))
    with pytest.raises(ValueError, match="two REST models are called Inner"):
        rest_typescript.rest_ts()
