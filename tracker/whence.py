"""Where a request says it comes from and whom it asks: believed only as far as the settings say.

Which host is asked must be one of ours, so that nothing that is made of a request can carry another's name. Who the client
is, and whether it came by TLS, may be said by a proxy whose own address is on the list, and by nobody else.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask_babel import gettext as _

from tracker.errors import Said

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
# These build no address, and whatever watches over the process knows its number only.
ANY_HOST = ("/health/", "/metrics")

_HOST = re.compile(r"([a-z0-9._-]*|\[[0-9a-f:.]+\])(?::\d{0,5})?", re.ASCII)  # RFC 3986, 3.2.2

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Start = Callable[..., Any]


class OtherHost(Said):
    """The request asks for a host that is none of ours (400)."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "This address is not one under which this place may be reached. Whoever runs it can allow it "
                "with TRACKER_ALLOWED_HOSTS."
            )
        )


@lru_cache(512)
def host_of(header: str) -> str:
    """Return the name in a Host header, without port, in small letters; an empty text for what is no host."""
    found = _HOST.fullmatch(header.strip().lower())
    return found[1].rstrip(".") if found else ""


def our_hosts(config: Mapping[str, Any]) -> frozenset[str]:
    """Return the hosts under which this place may be asked for: that of its address, those that are set, in the demo loopback."""
    base = host_of(urlsplit(config["BASE_URL"]).netloc.rpartition("@")[2])
    loopback = LOOPBACK if config["ENVIRONMENT"] == "demo" else frozenset()
    return frozenset({base, *config.get("ALLOWED_HOSTS", ())}) | loopback


class Hosts:
    """Knows which hosts are ours."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        self._ours = our_hosts(config)
        self._base = urlsplit(config["BASE_URL"]).netloc.rpartition("@")[
            2
        ]  # as a Host header says it

    def asked(self, environ: dict[str, Any]) -> bool:
        """Tell whether a request asks for one of our hosts, or for what answers under any.

        Another host is taken out of it: nothing is made of its name, not even the page that says so.
        """
        named = environ.get("HTTP_HOST") or environ.get("SERVER_NAME", "")
        if host_of(named) in self._ours:
            return True
        environ["HTTP_HOST"] = self._base
        return environ["PATH_INFO"].startswith(ANY_HOST)


class Proxies:
    """Knows whose word counts: the addresses and networks of the proxies in front."""

    def __init__(self, networks: Iterable[str]) -> None:
        self._networks: tuple[Network, ...] = tuple(
            ipaddress.ip_network(one, strict=False) for one in networks
        )
        self.know = lru_cache(1024)(self._know)

    def __bool__(self) -> bool:
        return bool(self._networks)

    def _know(self, address: str) -> bool:
        """Tell whether `address` is one of theirs."""
        try:
            known = ipaddress.ip_address(address.strip())
        except ValueError:
            return False
        if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped:
            known = known.ipv4_mapped
        return any(known in network for network in self._networks)

    def client(self, peer: str, forwarded: str) -> str:
        """Return the client: the last of `forwarded` that is no proxy of ours, when `peer` is one; else `peer` itself.

        What stands before it was said by the client, who can say anything. What is no address ends the walk.
        """
        client = peer
        for said in reversed(forwarded.split(",")):
            if not self.know(client) or not _is_address(said):
                break
            client = said.strip()
        return client


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip())
    except ValueError:
        return False
    return True


class Forwarded:
    """WSGI middleware: takes the client and the scheme from a proxy of ours."""

    def __init__(self, behind: Callable[..., Any], proxies: Proxies) -> None:
        self.behind, self.proxies = behind, proxies

    def __call__(self, environ: dict[str, Any], start: Start) -> Any:
        peer = environ.get("REMOTE_ADDR") or ""
        if self.proxies.know(peer):
            said = environ.get("HTTP_X_FORWARDED_FOR", "")
            environ["REMOTE_ADDR"] = self.proxies.client(peer, said)
            scheme = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip().lower()
            if scheme in {"http", "https"}:
                environ["wsgi.url_scheme"] = scheme
        return self.behind(environ, start)


def init_app(app: Flask) -> None:
    """Take the word of the proxies that `TRUSTED_PROXIES` lists."""
    proxies = Proxies(app.config.get("TRUSTED_PROXIES", ()))
    if proxies:
        app.wsgi_app = Forwarded(app.wsgi_app, proxies)  # type: ignore[method-assign]
