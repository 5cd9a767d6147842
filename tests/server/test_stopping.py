from __future__ import annotations

import asyncio
import threading

import pytest

from tests.server.child import child
from tests.server.running import Running, running


class Slow:
    """A database whose next read for a request waits until the test says so."""

    def __init__(self, server: Running) -> None:
        self.entered = threading.Event()
        self.released: asyncio.Event = asyncio.Event()
        self.server = server
        self.read = server.services.database.read

    async def __call__(self, work):
        """Wait, then read; the queue of jobs looks for work meanwhile."""
        if asyncio.current_task().get_name() == "cellissimo-jobs":
            return await self.read(work)
        self.server.services.database.read = self.read
        self.entered.set()
        await self.released.wait()
        return await self.read(work)


def test_what_is_under_way_is_finished_and_nothing_new_begun(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stopping server answers who is inside, sends others away with a time, then closes."""
    with running(tmp_path) as server:
        client = server.as_("ann")
        client.get("users/me")
        slow = Slow(server)
        monkeypatch.setattr(server.services.database, "read", slow)
        answers = []
        thread = threading.Thread(target=lambda: answers.append(client.get("users/me")))
        thread.start()
        assert slow.entered.wait(30)
        ours = next(iter(server.app.extension_manager.extension_apps["cellissimo_server"]))
        stopping = asyncio.run_coroutine_threadsafe(ours.stop_extension(), server.loop)
        server.run(asyncio.sleep(0))
        late = server.as_("bob").get("users/me")
        assert late.status_code == 503
        assert late.headers["Retry-After"] == "5"
        assert late.json()["error"]["code"] == "unavailable"
        assert not stopping.done()
        server.loop.call_soon_threadsafe(slow.released.set)
        stopping.result(30)
        thread.join(30)
        assert answers[0].status_code == 200


def test_who_listens_does_not_hold_up_the_end(tmp_path) -> None:
    """Open event streams end by themselves when the server stops."""
    with running(tmp_path) as server, server.as_("ann").stream("GET", "events") as answer:
        lines = answer.iter_lines()
        next(lines)
        ours = next(iter(server.app.extension_manager.extension_apps["cellissimo_server"]))
        asyncio.run_coroutine_threadsafe(ours.stop_extension(), server.loop).result(60)
        assert [line for line in lines if line.startswith("event")] == []


def test_sigterm_keeps_everything_and_says_goodbye(tmp_path) -> None:
    """A service manager's signal ends the process cleanly; the next one has all that was saved."""
    with child(tmp_path, "first") as server:
        with server.client() as client:
            made = client.post("projects", json={"name": "Kept"}).json()["id"]
        assert server.stop() == 0
        assert "Traceback" not in "".join(server.said)
    with child(tmp_path, "second") as server, server.client() as client:
        assert client.get(f"projects/{made}").json()["name"] == "Kept"


def test_sigterm_is_heard_by_a_server_that_sleeps(tmp_path) -> None:
    """One that waits for requests, and one that hands them on to it, end without the next one."""
    module = "tests.server.hard_of_hearing"
    with child(tmp_path, "first", module) as first, child(tmp_path, "second", module) as second:
        assert second.stop() == 0
        assert first.stop() == 0
