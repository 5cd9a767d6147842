"""Addresses that others can open, and those that others have come from."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from jupyter_server.utils import url_path_join

if TYPE_CHECKING:
    from cellissimo_server.web.handler import Handler


def address_of(handler: Handler, *path: str) -> str:
    """The whole address of a path below ``/cellissimo``."""
    request = handler.request
    origin = f"{request.protocol}://{request.host}"
    return origin + url_path_join(handler.services.base_url, "cellissimo", *path)


def parts_of(address: str) -> SplitResult:
    """The parts of an address that somebody sent; all are empty where it does not read."""
    try:
        return urlsplit(address)
    except ValueError:
        return SplitResult("", "", "", "", "")


def household_of(ip: str) -> str:
    """Where somebody has come from, as it counts: of IPv6 the network, a /64."""
    try:
        address = ip_address(ip)
    except ValueError:  # a socket of this machine has none
        return ip
    if not isinstance(address, IPv6Address):
        return ip
    old = address.ipv4_mapped
    return str(old) if old else str(IPv6Address(int(address) >> 64 << 64))
