"""Measures all there is to measure: writes RESULTS.md beside this file, and docs/sounds.md."""

import platform
from pathlib import Path

from tests.bench import api, document, engine, idle, media, memory, notation, rooms, sounds, start

RESULTS = Path(__file__).with_name("RESULTS.md")


def main() -> None:
    """Write both tables."""
    results = {
        name: value
        for bench in (engine, document, notation, media, api, rooms, memory, idle, start)
        for name, value in bench.results().items()
    }
    rows = [f"| {name} | {value} |" for name, value in results.items()]
    place = f"{platform.machine()}, Python {platform.python_version()}, one core"
    head = ["# Measured", "", f"By `make bench`, on {place}.", "", "| what | result |", "|---|---|"]
    RESULTS.write_text("\n".join([*head, *rows, ""]), "utf-8")
    sounds.main()


if __name__ == "__main__":
    main()
