"""One thing that waits for somebody, as the home page tells it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MOST = 8  # of each kind; the page that lists the rest is linked
ALL = 200  # of the one kind that was asked for, where home itself lists it


class Kind(StrEnum):
    """What somebody is needed for."""

    sponsorships = "sponsorships"
    asks = "asks"
    seconds = "seconds"
    returned = "returned"
    interim = "interim"
    actions = "actions"
    blockers = "blockers"
    unanswered = "unanswered"
    reports = "reports"
    proposals = "proposals"
    unsigned = "unsigned"
    objections = "objections"
    silent = "silent"
    unrated = "unrated"
    unsettled = "unsettled"


@dataclass(frozen=True)
class Need:
    """What waits, with whom, since or by when, why now (`mark` ok, warn, bad or none), and the act.

    `among` is how many of its kind there are in all.
    """

    what: str
    ref: str
    url: str
    who: str
    when: str
    why: str
    mark: str
    act: str
    act_url: str
    kind: Kind
    among: int
