"""The shapes in which actions are told: records as in `shapes.py`, with moments in days ago."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DoneStep:
    """What happened to an action `ago` days ago: the value of a verb, and what was said with it.

    `to` is a due date, proposed or set, in days ago; `share` how far it is, in per cent.
    """

    verb: str
    ago: int
    words: str = ""
    to: int = 0
    share: int = 0


@dataclass(frozen=True)
class Said:
    """A comment on an action `ago` days ago, by the key of whoever said it; `shared` with the partner."""

    who: str
    ago: int
    words: str
    shared: bool = False


@dataclass(frozen=True)
class Shown:
    """A link that shows that something is done, brought `ago` days ago by whoever does it."""

    ago: int
    name: str
    url: str


@dataclass(frozen=True)
class Stop:
    """What stopped the partner that does it `ago` days ago, and the host's answers, each in days ago.

    `promised` is the date promised (negative: still to come).
    """

    ago: int
    what: str
    effect: str
    category: str
    acknowledged: int | None = None
    committed: int | None = None
    promised: int = 0
    resolved: int | None = None
    done: str = ""


@dataclass(frozen=True)
class ActionPlan:
    """Work given to `who`: a person, a partner's contact, or a partner as a whole.

    It was added `added` days ago and is due on `due`; the host is the lead of its initiative.
    """

    initiative: str
    what: str
    who: str
    added: int
    due: int
    why: str = ""
    criteria: tuple[str, ...] = ()
    more: str = ""
    steps: tuple[DoneStep, ...] = ()
    talk: tuple[Said, ...] = ()
    evidence: tuple[Shown, ...] = ()
    stops: tuple[Stop, ...] = ()
