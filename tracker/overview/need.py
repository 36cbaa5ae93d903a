"""One thing that waits for somebody, as the home page tells it."""

from __future__ import annotations

from dataclasses import dataclass

MOST = 8  # of each kind; the page that lists the rest is linked


@dataclass(frozen=True)
class Need:
    """What waits, with whom, since or by when, why now (`mark` ok, warn, bad or none), and the act."""

    what: str
    ref: str
    url: str
    who: str
    when: str
    why: str
    mark: str
    act: str
    act_url: str
