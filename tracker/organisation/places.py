"""Where somebody signs in from, in so few words that they tell the person and nobody else: browser, device, part of the address."""

from __future__ import annotations

import ipaddress

from tracker.organisation.sign_ins import Place

# The first that is named: most browsers name others too.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
DEVICES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def place_of(agent: str, address: str) -> Place:
    """Return browser, device and network of a request; an empty text for what is not known."""
    return Place(_first(BROWSERS, agent), _first(DEVICES, agent), _part_of(address))


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for mark, name in names if mark in text), "")


def _part_of(address: str) -> str:
    """Return the network that an address lies in: the first 24 bits of an IPv4 address, 48 of an IPv6 one."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped:
        known = known.ipv4_mapped
    return str(ipaddress.ip_network((known, 24 if known.version == 4 else 48), strict=False))
