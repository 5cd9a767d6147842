"""The settings: traitlets of the extension, each also an environment variable."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar

T = TypeVar("T", str, int, Path)

MB = 1_000_000
HOUR_S = 3600
DAY_S = 24 * HOUR_S


def _setting(default: T, words: str) -> T:
    found: T = field(default=default, metadata={"help": words})
    return found


@dataclass(frozen=True, slots=True)
class Settings:
    """What the server goes by; every field has a trait of that name and ``CELLISSIMO_<NAME>``."""

    data: Path = _setting(  # noqa: RUF009 - a dataclass's own field, made by a function
        Path(), "The folder of the database, the blobs and unfinished uploads."
    )
    database_url: str = _setting(
        "", "Empty: DuckDB in the data folder. ``memory:`` keeps nothing. ``postgresql://…``."
    )
    blobs_url: str = _setting(
        "", "Empty: the data folder. ``s3://bucket/prefix?endpoint=…`` for S3-compatible storage."
    )
    migrate: str = _setting(
        "on-start",
        "``on-start``, or ``refuse``: do not start before ``cellissimo migrate`` was run.",
    )
    single_user: str = _setting(
        "auto", "Whether everybody who may use the server is one person: yes, no or auto."
    )
    username: str = _setting(
        "", "The name of that person; empty: the login name of the server's process."
    )
    admins: str = _setting("", "Usernames of site administrators, separated by commas.")
    sample_bytes: int = _setting(5 * MB, "The largest sample.")
    recording_bytes: int = _setting(100 * MB, "The largest recording.")
    original_bytes: int = _setting(500 * MB, "The largest original.")
    sample_quota: int = _setting(100 * MB, "Bytes of samples a person may keep.")
    recording_quota: int = _setting(1000 * MB, "Bytes of recordings a person may keep.")
    original_quota: int = _setting(5000 * MB, "Bytes of originals a person may keep.")
    loop_quota: int = _setting(1000, "Loops a person may keep.")
    song_quota: int = _setting(100, "Songs a person may keep.")
    reads_per_hour: int = _setting(
        1000, "Reads of one person; the single user of a plain JupyterLab is exempt."
    )
    writes_per_hour: int = _setting(100, "Writes of one person by REST.")
    uploads_per_hour: int = _setting(20, "Uploads of one person.")
    messages_per_hour: int = _setting(600, "Lines of chat and comments of one person.")
    changes_per_hour: int = _setting(
        7200, "Requests of one person that change a song through the JSON door of its room."
    )
    guests_per_hour: int = _setting(
        500, "Visitors from one address (IPv6: one /64) who become guests; a class may share one."
    )
    room_sessions: int = _setting(500, "Sessions of one room at a time.")
    room_frames_per_s: int = _setting(
        300, "Frames a second of one session of a room; ten seconds' worth may come at once."
    )
    room_bytes_per_s: int = _setting(
        2 * MB, "Bytes a second of one session of a room; ten seconds' worth may come at once."
    )
    public_cache_s: int = _setting(300, "How long lists of public pieces are kept, in seconds.")
    share_cache_s: int = _setting(
        HOUR_S, "How long a share link's look-up is kept; a revoked link is forgotten at once."
    )
    profile_cache_s: int = _setting(600, "How long profiles are kept.")
    guest_days: int = _setting(90, "How long a guest is remembered after the last visit.")
    trash_days: int = _setting(30, "How long the trash keeps things.")
    history_days: int = _setting(
        30, "How long every single revision is kept; named versions stay for ever."
    )
    blob_grace_hours: int = _setting(
        24, "How long audio that nothing needs is kept before it is deleted."
    )
    upload_hours: int = _setting(24, "How long an unfinished upload is kept.")
    job_days: int = _setting(7, "How long a finished job and its file are kept.")
    job_workers: int = _setting(1, "Processes that decode and render.")
    jobs_per_person: int = _setting(5, "Jobs of one person that wait or run.")
    worker_seconds: int = _setting(120, "How long one upload may take to decode.")
    worker_memory: int = _setting(2000 * MB, "How much memory a worker may use.")
    scan_command: str = _setting(
        "", "A command that gets the path of an upload and exits with 0 where it is clean."
    )
    embed_origins: str = _setting(
        "", "Origins that may show every embed, separated by spaces, beside those of each project."
    )
    log_format: str = _setting(
        "text", "``text``: into Jupyter's log. ``json``: one JSON object a line on standard error."
    )


def documented() -> dict[str, str]:
    """What each setting means, by its name."""
    return {one.name: one.metadata["help"] for one in fields(Settings)}
