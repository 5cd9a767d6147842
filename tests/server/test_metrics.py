from __future__ import annotations

import re

from tests.server.pieces import made
from tests.server.running import Running
from tests.server.sitting import sitting


def metrics(server: Running) -> dict[str, float]:
    text = server.as_("root").get(f"{server.url}metrics").text
    found = re.findall(r"^(cellissimo_[^ ]+) ([0-9.e+-]+)$", text, re.MULTILINE)
    return {name: float(value) for name, value in found}


def test_requests_are_counted_by_route_and_status(server: Running) -> None:
    """The label is the route as the documentation names it, however many things there are."""
    name = 'cellissimo_requests_total{method="GET",route="users/{username}",status="404"}'
    before = metrics(server).get(name, 0)
    for number in range(3):
        server.as_("ann").get(f"users/nobody-{number}")
    after = metrics(server)
    assert after[name] == before + 3
    assert not [one for one in after if "nobody" in one]


def test_latency_and_what_is_open_are_measured(server: Running) -> None:
    """How long requests take, how many are under way, documents, listeners and lag are there."""
    server.as_("ann").get("users/me")
    found = metrics(server)
    assert found['cellissimo_request_seconds_count{method="GET",route="users/me"}'] >= 1
    for name in ("requests_under_way", "open_documents", "journal_lag_seconds"):
        assert found[f"cellissimo_{name}"] >= 0
    with server.as_("ann").stream("GET", "events") as answer:
        lines = answer.iter_lines()
        next(lines)
        assert metrics(server)["cellissimo_event_listeners"] == 1


def test_rooms_are_measured(server: Running) -> None:
    """How many, how fast and how often refused; nobody's name and no room's."""
    ann = server.as_("ann")
    piece = made(ann)
    before = metrics(server)
    with sitting(server, ann, piece) as one, sitting(server, ann, piece) as two:
        one.keep(lambda write: write.set_song_field("name", "New"))
        two.sees(2)
        after = metrics(server)
        two.send(b"\x02")
        assert two.closed() == 4400
    for name, more in {
        "rooms": 1,
        "room_sessions": 2,
        "room_edits_total": 1,
        "room_told_seconds_count": 1,
    }.items():
        assert after[f"cellissimo_{name}"] == before.get(f"cellissimo_{name}", 0) + more
    assert after["cellissimo_room_outbox_bytes"] == 0
    assert metrics(server)['cellissimo_room_refusals_total{code="4400"}'] >= 1
    assert not [name for name in after if piece in name]


def test_metrics_are_not_for_visitors(server: Running) -> None:
    """Jupyter asks for a login there, and so it stays."""
    assert server.client().get(f"{server.url}metrics").status_code == 403
