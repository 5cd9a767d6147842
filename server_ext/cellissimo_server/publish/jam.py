"""The jam page: a room for whoever has a link, with what a browser needs to install it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from cellissimo_server.publish import protection
from cellissimo_server.publish.assets import STATIC, assets
from cellissimo_server.publish.pages import rendered
from cellissimo_server.publish.raster import Color, Raster, color_of, mixed
from cellissimo_server.publish.showing import Opened

ICON_SIZES = (192, 512)
"""Pixels of the icons that browsers ask for before they install a page."""

COLOR = "#5b8def"
GROUND = "#14161b"

_HOST = re.compile(r"[A-Za-z0-9.-]+(?::\d{1,5})?|\[[0-9a-fA-F:]+\](?::\d{1,5})?")
_LINES = ((0.30, 0.50), (0.50, 0.68), (0.70, 0.40))
"""Where the three notes of the mark stand, and how high they are, in shares of its size."""


@dataclass(frozen=True, slots=True)
class JamPlaces:
    """The addresses of one jam page; ``base`` and ``root`` end in a slash."""

    base: str
    root: str
    token: str

    @property
    def here(self) -> str:
        """The page, which is also the reach of its worker."""
        return f"{self.root}jam/{self.token}"

    @property
    def music(self) -> str:
        """Where the link's recordings lie."""
        return f"{self.root}s/{self.token}"


def page(opened: Opened, title: str, places: JamPlaces, name: str | None) -> str:
    """The page's HTML; ``name`` is that of whoever is signed in, None for a visitor."""
    return rendered(
        "jam.html",
        title=title,
        owner=opened.owner.name,
        kind=opened.piece.kind,
        places=places,
        facts=_facts(opened, title, places, name),
        sizes=ICON_SIZES,
        assets=assets(),
        static=f"{places.root}static/",
        color=COLOR,
        ground=GROUND,
    )


def _facts(opened: Opened, title: str, places: JamPlaces, name: str | None) -> dict[str, Any]:
    """What the page's script needs to know; extension/src/pages/jam/facts.ts reads it."""
    return {
        "piece": opened.piece.id,
        "kind": "loop" if opened.piece.kind == "loop" else "song",
        "title": title,
        "link": places.token,
        "base": places.base,
        "here": places.here,
        "blobs": f"{places.music}/blobs/",
        "outlines": f"{places.music}/outlines/",
        "worker": f"{places.root}jam/worker.js",
        "name": name,
    }


def manifest(title: str, places: JamPlaces) -> dict[str, Any]:
    """What makes the page one that can be installed. Source: W3C Web Application Manifest."""
    return {
        "id": places.here,
        "name": f"{title} · jam",
        "short_name": title[:24],
        "start_url": places.here,
        "scope": places.here,
        "display": "standalone",
        "orientation": "any",
        "background_color": GROUND,
        "theme_color": GROUND,
        "icons": [
            {
                "src": f"{places.root}jam/icon-{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in ICON_SIZES
        ],
    }


def worker(root: str) -> bytes:
    """The script that keeps the page's own files, told which those are."""
    named = assets()
    files = [f"{root}static/{name}" for name in (named.jam_script, named.jam_style)]
    files += [f"{root}jam/icon-{size}.png" for size in ICON_SIZES]
    listed = f"self.FILES = {json.dumps(files)};\n".encode()
    return listed + (STATIC / named.worker).read_bytes()


@cache
def icon_png(size: int) -> bytes:
    """The mark on a ground that may be cut to any shape: what counts is in its middle."""
    accent, ground = color_of(COLOR), color_of(GROUND)
    raster = Raster(size, size, ground)
    raster.fade(size, lambda at: mixed(mixed(ground, accent, 0.5), ground, at))
    for left, height in _LINES:
        _note(raster, size, (left, height), accent)
    return raster.png()


def _note(raster: Raster, size: int, place: tuple[float, float], accent: Color) -> None:
    left, height = place
    width = size * 0.11
    tall = round(size * height * 0.8)
    top = round(size * 0.72) - tall
    raster.rect(
        left * size - width / 2, top, (width, tall), mixed(accent, (255, 255, 255), 0.55), width / 2
    )


def headers(host: str) -> dict[str, str]:
    """The headers of a jam page: of a public page, with a socket, a worker and a manifest."""
    named = protection.headers()
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    policy = named["Content-Security-Policy"]
    policy = policy.replace("connect-src 'self'", f"connect-src 'self'{sockets}")
    policy = policy.replace("trusted-types 'none'", "trusted-types cellissimo-jam")
    policy += "; worker-src 'self'; manifest-src 'self'"
    return named | {"Content-Security-Policy": policy}
