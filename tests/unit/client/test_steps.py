"""How clients carry out plans, step by step, without a socket."""

from __future__ import annotations

import json

import pytest

from cellissimo.client.call import Answer, Call, Plan, as_json, as_model, as_text, at, query_of
from cellissimo.client.errors import (
    ChangedError,
    ForbiddenError,
    InvalidRequestError,
    NoServerError,
    NotThereError,
    QuotaError,
    ServerError,
    SignInError,
    TooManyError,
    UnavailableError,
)
from cellissimo.client.finding import Address, address_of
from cellissimo.client.steps import Connection, Lost, Send, Wait
from cellissimo.schema.rest.about import About


def answer(body: object, status: int = 200, **headers: str) -> Answer:
    """An answer with JSON in it."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, told, json.dumps(body).encode())


def carried_out(plan: Plan, answers: list, *urls: str) -> tuple[object, list]:
    """What a plan gives for these answers, and the steps that were asked for."""
    known = [Address(url, "cel_x") for url in urls or ("http://one/cellissimo",)]
    steps, asked, waiting = Connection(known).steps(plan), [], list(answers)
    try:
        step = next(steps)
        while True:
            asked.append(step)
            step = steps.send(None if isinstance(step, Wait) else waiting.pop(0))
    except StopIteration as end:
        return end.value, asked


def read(path: str = "projects") -> Plan:
    """A plan of one read."""
    return (yield Call("GET", path, as_json))


def change() -> Plan:
    """A plan of one change."""
    return (yield Call("POST", "projects", as_json, body={}))


def test_a_read_is_sent_with_the_token():
    """The address, the path and who asks."""
    result, (step,) = carried_out(read(), [answer({"a": 1})])
    assert result == {"a": 1}
    assert (step.method, step.url) == ("GET", "http://one/cellissimo/api/v1/projects")
    assert step.headers == {"Authorization": "Bearer cel_x"}


def test_tokens_of_jupyter_are_said_as_jupyter_wants_them():
    """Ours begin with cel_; who has none says that no other site sent them."""
    assert Address("x", "abc").headers == {"Authorization": "token abc"}
    assert Address("http://x:1/a/cellissimo").headers == {"Origin": "http://x:1"}
    assert "abc" not in repr(Address("x", "abc"))


def test_reads_are_tried_again_and_changes_are_not():
    """A lost connection and a server that is about to come back; a change is asked for once."""
    result, asked = carried_out(read(), [Lost("ReadError"), answer({}, 503), answer([1])])
    assert result == [1]
    assert [type(step) for step in asked] == [Send, Wait, Send, Wait, Send]
    assert [step.seconds for step in asked[1::2]] == [0.1, 0.2]
    with pytest.raises(NoServerError, match=r"does not answer \(ReadError\)"):
        carried_out(change(), [Lost("ReadError")])
    with pytest.raises(UnavailableError):
        carried_out(change(), [answer({}, 503)])


def test_reads_are_not_tried_for_ever():
    """Three times, and then it is said."""
    with pytest.raises(NoServerError):
        carried_out(read(), [Lost("ConnectError")] * 3)


def test_a_server_says_how_long_to_wait():
    """Seconds that are bearable are waited; hours are not."""
    _, asked = carried_out(read(), [answer({}, 503, retry_after="2"), answer({})])
    assert asked[1] == Wait(2.0)
    with pytest.raises(UnavailableError):
        carried_out(read(), [answer({}, 503, retry_after="3600")])


def test_refusals_are_not_tried_again():
    """They would be the same."""
    for status, kind in ((404, NotThereError), (429, TooManyError), (500, ServerError)):
        with pytest.raises(kind) as refused:
            carried_out(read(), [answer({}, status)])
        assert refused.value.status == status


def test_a_plan_may_go_on_after_a_refusal():
    """The error is raised where the plan asked."""

    def plan() -> Plan:
        try:
            yield from read("first")
        except NotThereError:
            return (yield from read("second"))

    result, asked = carried_out(plan(), [answer({}, 404), answer("found")])
    assert result == "found"
    assert [step.url.rpartition("/")[2] for step in asked] == ["first", "second"]


def test_of_several_servers_the_one_that_answers_is_asked():
    """One is gone, one is another program, the third is ours: it is asked from then on."""
    urls = ("http://gone/cellissimo", "http://other/cellissimo", "http://ours/cellissimo",
            "http://last/cellissimo")  # fmt: skip
    connection = Connection([Address(url) for url in urls])
    steps = connection.steps(read())
    asked = [next(steps)]
    replies = (Lost("ConnectError"), Answer(404, {}, b"no"), answer({"version": "1"}))
    asked += [steps.send(reply) for reply in replies]
    assert [step.url.split("/")[2] for step in asked] == ["gone", "other", "ours", "ours"]
    assert [step.call.timeout_s for step in asked] == [2.0, 2.0, 2.0, None]
    assert connection.address.url == "http://ours/cellissimo"


DETAIL = {"code": "changed", "message": "It changed.", "field": "name", "value": "x",
          "accepted": "y", "cure": "Look again.", "yours": 1, "theirs": 2}  # fmt: skip


def test_a_refusal_keeps_its_parts():
    """The sentence with its cure, and every part by name."""
    with pytest.raises(ChangedError, match=r"^It changed\. Look again\.$") as refused:
        carried_out(read(), [answer({"error": DETAIL}, 412)])
    error = refused.value
    assert (error.field, error.value, error.accepted) == ("name", "x", "y")
    assert (error.yours, error.theirs, error.cure) == (1, 2, "Look again.")


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("invalid", 400, InvalidRequestError),
        ("unauthenticated", 401, SignInError),
        ("forbidden", 403, ForbiddenError),
        ("quota", 413, QuotaError),
        ("never heard of", 403, ForbiddenError),
        ("never heard of", 418, ServerError),
    ],
)
def test_each_code_is_an_error_of_its_own(code, status, kind):
    """By its code, and where that is newer than we are by its status."""
    with pytest.raises(kind) as refused:
        carried_out(read(), [answer({"error": DETAIL | {"code": code}}, status)])
    assert type(refused.value) is kind


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"error": "no"}', b"\xff"])
def test_an_answer_that_is_none_of_ours_is_said(body):
    """A proxy's page, another program."""
    with pytest.raises(ServerError, match="GET projects was answered with 500"):
        carried_out(read(), [Answer(500, {}, body)])


def test_an_answer_that_does_not_read_is_said():
    """A model that misses its fields, text that is none."""
    for wanted, content in ((as_model(About), b"{}"), (as_text, b"\xff")):

        def plan(wanted=wanted) -> Plan:
            return (yield Call("GET", "about", wanted))

        with pytest.raises(ServerError, match="this version does not read"):
            carried_out(plan(), [Answer(200, {}, content)])


def test_paths_and_queries_say_what_was_meant():
    """A name is one part of a path whatever is in it; what was not given is left out."""
    assert at("users", "../a b") == "users/..%2Fa%20b"
    assert query_of(q=None, public=True, limit=20, tags=("a", "b")) == {
        "public": "true", "limit": "20", "tags": "a,b",
    }  # fmt: skip


@pytest.mark.parametrize(
    "url",
    [
        "http://h:8888",
        "http://h:8888/",
        "http://h:8888/cellissimo/",
        "http://h:8888/cellissimo/api/v1",
    ],
)
def test_an_address_may_be_written_in_several_ways(url):
    """What a browser shows, and what the server says."""
    assert address_of(url).url == "http://h:8888/cellissimo"
    assert (
        address_of("https://hub/user/ann/").interface == "https://hub/user/ann/cellissimo/api/v1/"
    )


@pytest.mark.parametrize("url", ["", "localhost:8888", "ftp://h", "http://"])
def test_what_is_no_address_is_refused(url):
    """With an example of one."""
    with pytest.raises(NoServerError, match="is no address"):
        address_of(url)
