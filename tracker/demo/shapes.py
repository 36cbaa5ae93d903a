"""The shapes in which the demo story is told: plain records, no database, no clock.

Every moment is a number of days before today (`ago`); a negative number lies in the future. People,
units and partners are named by their short keys. The words for stages, colours, disciplines and
causes are the values of the enums in the rooms above; seeding turns one into the other and fails
loudly on a word that does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.demo.shapes_of_requests import SaysPlan


@dataclass(frozen=True)
class UnitPlan:
    """A department. `deputy` stands in from `deputy_from` to `deputy_until` days ago."""

    code: str
    name: str
    short: str
    head: str
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    deputy: str | None = None
    deputy_from: int = 0
    deputy_until: int = 0


@dataclass(frozen=True)
class PersonPlan:
    """Somebody who works for the company. `was` is the role held until `changed` days ago."""

    key: str
    name: str
    role: str
    unit: str
    post: str
    language: str = "en"
    administrator: bool = False
    was: str | None = None
    changed: int = 0


@dataclass(frozen=True)
class ContactPlan:
    """Somebody at a partner who signs in for that partner alone."""

    key: str
    name: str
    post: str


@dataclass(frozen=True)
class PartnerPlan:
    """A vendor organisation, the terms agreed with it and who looks after the relationship."""

    key: str
    name: str
    owner: str
    serves: str
    terms: str
    contacts: tuple[ContactPlan, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class FrictionPlan:
    """What goes wrong for the customer, in the customer's words, and how we know."""

    words: str
    touchpoint: str
    channel: str
    cause: str
    known: str


@dataclass(frozen=True)
class RevisionPlan:
    """A later version of a charter: when, what changed in short, and the sections that did."""

    ago: int
    note: str
    wording_only: bool = False
    inside: str = ""
    outside: str = ""
    measures: str = ""
    time: str = ""


@dataclass(frozen=True)
class CharterPlan:
    """What was agreed beside the purpose: for the customer, in and out of scope, proof, time, risks."""

    customer: str
    inside: str
    outside: str
    measures: str
    time: str
    risks: str
    revision: RevisionPlan | None = None


@dataclass(frozen=True)
class SeatPlan:
    """A person on an initiative: with which discipline, what for, and how deep (responsibility).

    `since` is the day ago on which they joined, for those who were not there from the beginning.
    """

    who: str
    discipline: str
    what_for: str
    part: str = "responsible"
    share: int | None = None
    since: int | None = None


@dataclass(frozen=True)
class StepPlan:
    """A stage entered `ago` days ago, and the sponsor's words for it; the first is accepted without.

    `stage` may also be `hold`, `resume`, `back` or `stop`: the sponsor's other decisions.
    """

    stage: str
    ago: int
    words: str = ""


@dataclass(frozen=True)
class AskPlan:
    """A proposal of a sponsor that still waits, or that was declined in words."""

    who: str
    ago: int
    answer: str = "waiting"
    answered: int = 0
    words: str = ""


@dataclass(frozen=True)
class StageAskPlan:
    """The team's request to open the next stage: still open, or answered "not yet" in words."""

    ago: int
    says: SaysPlan
    answered: int | None = None
    answer: str = ""


@dataclass(frozen=True)
class InitiativePlan:
    """One improvement project: its friction, its people and its way through the stages."""

    key: str
    title: str
    theme: str
    lead_unit: str
    lead: str
    friction: FrictionPlan
    charter: str
    path: tuple[StepPlan, ...]
    sponsor: str | None = None
    units: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    team: tuple[SeatPlan, ...] = ()
    asks: tuple[AskPlan, ...] = ()
    stage_asks: tuple[StageAskPlan, ...] = ()
    budget: int | None = None
    cadence: str = "monthly"
    processes: str = ""
    systems: str = ""
    pilot_scope: str = ""
    next_units: str = ""
    adopted: bool = False


@dataclass(frozen=True)
class UpdatePlan:
    """One dated report by the lead. `why` and `ask` (help needed) are given unless on track."""

    ago: int
    colour: str
    changed: str
    coming: str
    why: str = ""
    ask: str = ""


@dataclass(frozen=True)
class BlockerPlan:
    """Something that stops work: who owes it to whom, and how far it has come.

    `holder` is a unit's code, a partner's key or, with `outside`, an outside party in words. Each
    later moment is given in days ago; `promised` is the date promised, and `proposed` the one
    proposed instead of `needed` (negative: still to come); `why` is said with that, or with the dispute.
    """

    initiative: str
    what: str
    effect: str
    blocked: str
    holder: str
    category: str
    cause: str
    raised: int
    by: str
    needed: int
    outside: bool = False
    backstage: bool = True
    answerer: str | None = None
    acknowledged: int | None = None
    committed: int | None = None
    promised: int | None = None
    countered: int | None = None
    proposed: int | None = None
    disputed: int | None = None
    why: str = ""
    resolved: int | None = None
    done: str = ""
    confirmed: int | None = None
    withdrawn: int | None = None
    waits_for: str = ""  # what another one says, which was raised before
    waits_since: int = 0


@dataclass(frozen=True)
class BoardPlan:
    """A saved board: of one theme or of everything, for all or for one `owner`."""

    title: str
    lanes: str
    theme: str = ""
    blocked: bool = False
    owner: str | None = None


ON_TRACK, AT_RISK, OFF_TRACK = "on_track", "at_risk", "off_track"
