from __future__ import annotations

import uuid

import pytest

from cellissimo_server.store import users
from tests.server.running import Running


@pytest.fixture(scope="module")
def staff(server: Running) -> Running:
    """A site with an administrator, root, and a moderator, mod."""
    for name in ("root", "mod", "owner"):
        server.as_(name).get("users/me")
    _make_admin(server, "root")
    change = {"siteRole": "moderator"}
    assert server.as_("root").patch("admin/users/mod", json=change).status_code == 200
    return server


def _make_admin(server: Running, name: str) -> None:
    def work(db: object) -> None:
        users.change(db, users.by_username(db, name).id, None, site_role="admin")

    server.run(server.services.database.write(work))


@pytest.fixture
def piece(server: Running) -> dict:
    """Something public that somebody may take offence at."""
    wanted = {"name": "Rude song", "visibility": "public"}
    made = server.as_("owner").post("projects", json=wanted)
    assert made.status_code == 201, made.text
    return made.json()


def report(server: Running, piece: dict, name: str = "reader", **more: object) -> dict:
    wanted = {"pieceId": piece["id"], "reason": "abuse", "message": "rude words"} | more
    answer = server.as_(name).post("reports", json=wanted)
    assert answer.status_code == 201, answer.text
    return answer.json()


def decide(server: Running, made: dict, decision: str) -> object:
    server.clock.forward(seconds=1)
    wanted = {"decision": decision, "message": "looked at"}
    return server.as_("mod").patch(f"reports/{made['id']}", json=wanted)


def test_a_report_waits_for_a_moderator(staff: Running, piece: dict) -> None:
    """The queue shows what was reported, by whom and why."""
    made = report(staff, piece)
    queue = staff.as_("mod").get("reports?limit=100").json()["reports"]
    found = next(one for one in queue if one["id"] == made["id"])
    assert found["pieceName"] == "Rude song"
    assert (found["reporter"]["username"], found["owner"]["username"]) == ("reader", "owner")
    assert (found["reason"], found["message"]) == ("abuse", "rude words")


def test_the_queue_is_the_moderators(staff: Running) -> None:
    """Whoever is no moderator sees and decides nothing."""
    assert staff.as_("reader").get("reports").status_code == 403
    answer = staff.as_("reader").patch("reports/x", json={"decision": "dismiss"})
    assert answer.status_code == 403


def test_reporting_twice_is_one_report(staff: Running, piece: dict) -> None:
    """Impatience does not fill the queue."""
    assert report(staff, piece)["id"] == report(staff, piece)["id"]


def test_an_upheld_report_hides_the_piece_and_tells_both(staff: Running, piece: dict) -> None:
    """Strangers cannot see it any more; its owner can, and knows why."""
    made = report(staff, piece)
    decided = decide(staff, made, "uphold")
    assert decided.json()["state"] == "upheld"
    assert staff.as_("reader").get(f"projects/{piece['id']}").status_code == 404
    mine = staff.as_("owner").get(f"projects/{piece['id']}").json()
    assert mine["visibility"] == "private"
    told = staff.as_("owner").get("notifications").json()["notifications"][0]
    assert (told["kind"], told["pieceId"]) == ("report", piece["id"])
    assert "“Rude song” was hidden" in told["words"]
    answer = staff.as_("reader").get("notifications").json()["notifications"][0]
    assert answer["detail"]["state"] == "upheld"


def test_a_dismissed_report_changes_nothing(staff: Running, piece: dict) -> None:
    """The piece stays as it was, and whoever reported it is told."""
    decide(staff, report(staff, piece), "dismiss")
    assert staff.as_("reader").get(f"projects/{piece['id']}").status_code == 200
    answer = staff.as_("reader").get("notifications").json()["notifications"][0]
    assert answer["detail"]["state"] == "dismissed"


def test_a_report_is_decided_once(staff: Running, piece: dict) -> None:
    """Two moderators do not decide against each other without seeing it."""
    made = report(staff, piece)
    assert decide(staff, made, "dismiss").status_code == 200
    assert decide(staff, made, "uphold").status_code == 409


def test_nobody_learns_of_a_private_piece_by_reporting_it(staff: Running) -> None:
    """A piece of somebody else's and one that never was answer the same."""
    hidden = staff.as_("owner").post("projects", json={"name": "Mine"}).json()
    wanted = {"reason": "spam"}
    theirs = staff.as_("reader").post("reports", json=wanted | {"pieceId": hidden["id"]})
    unknown = staff.as_("reader").post("reports", json=wanted | {"pieceId": str(uuid.uuid4())})
    assert theirs.status_code == unknown.status_code == 404
    assert theirs.json() == unknown.json()


# ----------------------------------------------------------------------------- administration


def test_the_audit_log_has_ids_and_no_names(staff: Running, piece: dict) -> None:
    """What was decided is there with who, when and about what; no title, text or token is."""
    made = report(staff, piece)
    decide(staff, made, "uphold")
    log = staff.as_("root").get(f"admin/audit?subject={piece['id']}")
    acts = {act["action"]: act for act in log.json()["acts"]}
    assert acts["piece.hide"]["actor"]["username"] == "mod"
    assert acts["piece.hide"]["detail"]["report"] == made["id"]
    everything = staff.as_("root").get("admin/audit?limit=100").text
    for secret in ("Rude song", "rude words", "looked at"):
        assert secret not in everything


@pytest.mark.parametrize("path", ["admin/audit", "admin/usage"])
def test_administration_is_the_administrators(staff: Running, path: str) -> None:
    """A moderator is no administrator."""
    assert staff.as_("mod").get(path).status_code == 403
    assert staff.client().get(path).status_code == 401
    assert staff.as_("root").get(path).status_code == 200


def test_usage_counts_what_is_kept(staff: Running, piece: dict) -> None:
    """The site's administrators see how much there is and who keeps most."""
    before = staff.as_("root").get("admin/usage").json()["songs"]
    staff.as_("owner").post("projects", json={"name": "One more"})
    after = staff.as_("root").get("admin/usage").json()
    assert after["songs"] == before + 1
    assert "owner" in [one["username"] for one in after["largest"]]


def test_a_role_that_was_taken_away_is_gone_at_once(staff: Running) -> None:
    """The next request of somebody who is no moderator any more is refused."""
    staff.as_("temp").get("users/me")
    root = staff.as_("root")
    root.patch("admin/users/temp", json={"siteRole": "moderator"})
    assert staff.as_("temp").get("reports").status_code == 200
    root.patch("admin/users/temp", json={"siteRole": "member"})
    assert staff.as_("temp").get("reports").status_code == 403
