"""The answer that other sites ask for to show a link as a player.

Source: oembed.com, version 1.0.
"""

from __future__ import annotations

from html import escape
from typing import Any

from cellissimo_server.publish.exhibit import Exhibit
from cellissimo_server.publish.preview import HEIGHT, WIDTH

_WIDE = 720
_TALL = {"loop": 420, "song": 460}
_LEAST = 240


def oembed(
    exhibit: Exhibit, address: str, embed: str, most: tuple[int | None, int | None] = (None, None)
) -> dict[str, Any]:
    """What to show for a page: its player in a frame, no larger than ``most`` (width, height)."""
    width = max(_LEAST, min(_WIDE, most[0] or _WIDE))
    height = max(_LEAST, min(_TALL[exhibit.kind], most[1] or _TALL[exhibit.kind]))
    return {
        "version": "1.0",
        "type": "rich",
        "provider_name": "cellissimo",
        "title": exhibit.title,
        "author_name": exhibit.owner.name,
        "cache_age": 300,
        "thumbnail_url": f"{address}/preview.png",
        "thumbnail_width": WIDTH,
        "thumbnail_height": HEIGHT,
        "width": width,
        "height": height,
        "html": (
            f'<iframe src="{escape(embed)}" width="{width}" height="{height}" '
            f'title="{escape(exhibit.title)}" loading="lazy" allow="autoplay; clipboard-write" '
            'referrerpolicy="no-referrer" style="border:0;max-width:100%"></iframe>'
        ),
    }
