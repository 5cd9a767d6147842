"""A PostgreSQL server of the tests' own: made in a temporary folder, on loopback, as it comes."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.conftest import lacking
from tests.ports import free_port

DEBIAN = Path("/usr/lib/postgresql")
USER = "cellissimo"


def programs():
    """The folder of PostgreSQL's programs; a skip (in CI a failure) where there is none."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if not versions:
        lacking("PostgreSQL's server (on Debian: apt-get install postgresql)")
    return versions[-1].parent


class Server:
    """A server in a folder of its own, at a free port; ``address`` lacks the database's name."""

    def __init__(self, home):
        """Make the folder; nothing runs yet."""
        if os.geteuid() == 0:
            shutil.chown(home, "postgres")
        port = free_port()
        self.address = f"postgresql://{USER}@127.0.0.1:{port}"
        folder = programs()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
        self._control = [folder / "pg_ctl", "-D", f"{home}/kept", "-l", f"{home}/log", "-w"]
        self._options = ["-o", options]
        _run(folder / "initdb", "-D", f"{home}/kept", "-U", USER, "-A", "trust",
             "-E", "UTF8", "--locale=C.UTF-8")  # fmt: skip

    def start(self):
        """Start it, and wait until it takes connections. It ends when this process does."""
        _run(*self._control, *self._options, "start")
        stop = _words(*self._control, "-m", "immediate", "stop")
        self._watch = subprocess.Popen(
            ["sh", "-c", 'cat; exec "$@"', "watch", *stop],  # cat ends when we do
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            start_new_session=True,
        )

    def crash(self):
        """Stop it as if the power went: nothing is written any more, it recovers when started."""
        _run(*self._control, "-m", "immediate", "stop")
        self._watch.communicate()


@contextmanager
def serving():
    """Give a server while it runs."""
    with tempfile.TemporaryDirectory(prefix="cellissimo-pg-", ignore_cleanup_errors=True) as home:
        server = Server(home)
        server.start()
        try:
            yield server
        finally:
            server.crash()


@contextmanager
def fresh_database(server, name, *, template="template0"):
    """Give the address of a new database, which is dropped afterwards."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield f"{server}/{name}"
        finally:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _words(*command):
    """As the user postgres where the tests run as root, whom PostgreSQL refuses."""
    words = [str(word) for word in command]
    return [_runuser(), "-u", "postgres", "--", *words] if os.geteuid() == 0 else words


def _runuser():
    """Where it is, also for a PATH without the folders of administrators."""
    places = os.pathsep.join((os.environ["PATH"], "/usr/sbin", "/sbin"))
    return shutil.which("runuser", path=places) or lacking("the program 'runuser'")


def _run(*command):
    done = subprocess.run(
        _words(*command),
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
    )
    assert done.returncode == 0, done.stdout + done.stderr
