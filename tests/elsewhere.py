"""Two hundred ways to name another site where an address of this one is asked for, and where a browser would end up.

Collected from what browsers forgive (the URL standard of WHATWG: blanks and controls at the ends are cut off, tabs and line
breaks inside left out, backslashes read as slashes) and from what programs decode twice.
"""

from __future__ import annotations

import itertools
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

HERE = "localhost"
THERE = "evil.example"

_HOSTS = (
    THERE, f"{THERE}/", f"{THERE}:80/boards", f"x@{THERE}", f"{HERE}@{THERE}", f"{HERE}:80@{THERE}/", f"{HERE}.{THERE}",
    "EVIL.EXAMPLE", "evil%2eexample", "evil。example", "ｅｖｉｌ.example", f"{HERE}%00.{THERE}", "3221225985", "0xc0.0.2.1",
    "[2001:db8::1]/",
)  # fmt: skip
_BEFORE = (
    "//",
    "///",
    "/\\",
    "\\\\",
    "\\/",
    "/\\/",
    "//\\",
    "/\t/",
    "/\n/",
    "/\r\n/",
    "http://",
    "https://",
)
_SCHEMES = (
    "http:", "https:", "http:/", "http:///", "http:\\\\", "hTtP://", "ht\ntp://", "\thttps://", "ftp://", "ws://",
    "file://", "view-source:http://", "blob:http://", "http:%2f%2f", "feed:http://", "//http://", "http://http://",
)  # fmt: skip
_WITHIN = (
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", "\x01javascript:alert(1)",
    f"javascript://{THERE}/%0aalert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "about:blank",
    f"%2f%2f{THERE}", f"%5c%5c{THERE}", f"/%2f{THERE}", f"/%5c{THERE}", f"/%09/{THERE}", f"/%0a/{THERE}", f"/%00/{THERE}",
    f"/%252f%252f{THERE}", f"/.//{THERE}", f"/..//{THERE}", f"/../../{THERE}", f"/%2e%2e//{THERE}", f"/x/..//{THERE}",
    f"/;@{THERE}", f"/?next=//{THERE}", f"/#//{THERE}", f"/@{THERE}", f"/:@{THERE}", f".//{THERE}", f"..//{THERE}",
    f"?//{THERE}", f"#//{THERE}", f"@{THERE}", f":80@{THERE}", f".{THERE}", THERE, f"{THERE}//", f"/\u2028/{THERE}",
    f"/\u200b/{THERE}", f"/\u00a0/{THERE}", f"／／{THERE}", f"⁄⁄{THERE}", f"∕∕{THERE}", f"/％2f{THERE}",
    f"/sign-in?next=//{THERE}", f"/sign-in?next=%2f%2f{THERE}", f"/language/en?next=https://{THERE}",
    f"/boards/\r\nLocation: //{THERE}", f"/boards%0d%0aLocation:%20//{THERE}", f"/\x00/{THERE}", f"/\x7f/{THERE}",
    f"//[{THERE}", "//[", "http://[", "///", "//", "\\", "/\\", "",
)  # fmt: skip
_ENDS = (" ", "\t", "\n", "\x00", "\x1f", "\x0b", "\u00a0", "\u3000", "\ufeff", "\u200b")

SPELLINGS: tuple[str, ...] = tuple(
    dict.fromkeys(
        (
            *_WITHIN,
            *(scheme + THERE for scheme in _SCHEMES),
            *(end + before + THERE for end, before in itertools.product(_ENDS, ("//", "http://"))),
            *(before + host for host, before in itertools.product(_HOSTS, _BEFORE)),
        )
    )
)[:200]


def some(count: int) -> tuple[str, ...]:
    """Return `count` of them, from all over the list."""
    return SPELLINGS[:: len(SPELLINGS) // count][:count]


def as_browsers_read(page: str, address: str) -> str:
    """Return the whole address to which a browser on `page` is led by `address` in a Location header."""
    text = re.sub(r"[\t\r\n]", "", address.strip("".join(map(chr, range(33)))))
    head, mark, tail = re.match(r"([^?#]*)([?#]?)(.*)", text, re.DOTALL).groups()  # type: ignore[union-attr]
    if re.match(r"https?:", head, re.IGNORECASE) or not re.match(
        r"[a-z][a-z0-9+.-]*:", head, re.IGNORECASE
    ):
        head = head.replace("\\", "/")
    head = re.sub(r"^(https?:)?/{2,}", lambda scheme: (scheme[1] or "") + "//", head)
    try:
        return urljoin(page, head + mark + tail)
    except ValueError:
        return "invalid:"  # a page of the browser itself


def followed(tab: Any, path: str, **query: str) -> str:
    """Open `path` in a tab, go wherever it leads as a browser would, and return the host that is reached at the end."""
    answer = tab.get(path, query_string=query)
    page = f"http://{HERE}{path}"
    for _step in range(6):
        if answer.status_code not in {301, 302, 303, 307, 308}:
            break
        page = as_browsers_read(page, answer.location)
        parts = urlsplit(page)
        if parts.scheme != "http" or parts.netloc != HERE:
            return parts.netloc or parts.scheme
        answer = tab.get(f"{parts.path}?{parts.query}" if parts.query else parts.path or "/")
    return HERE
