"""What is to be true of requests by the rules, reckoned from what people did and from nothing that the application keeps.

Stages, people and requests are texts and numbers here: no policy, no life of a request, no frozen content is asked.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from typing import Any

STAGES = ["idea", "framed", "designing", "piloting", "rolling_out", "proving_benefit", "realised"]
OPENING = ("approved", "approved_with_conditions")
OPEN = ("draft", "submitted")
# What the gate of a stage reads by itself, beside what is found by hand.
READ = {"designing": ("charter",), "rolling_out": ("blocked",), "proving_benefit": ("blocked",), "realised": ("result",)}  # fmt: skip


@dataclass
class Asked:
    """One request: who had a hand in it, what it says, and what stood when it was put to the sponsor."""

    id: int
    gate: int
    stage: str
    drafter: int
    decide_by: date
    says: dict[str, Any]
    state: str = "draft"
    asker: int = 0
    authors: set[int] = field(default_factory=set)
    frozen: Any = None
    decided: Any = None  # decision, words, by whom, what it asked for
    taken_back: bool = False

    @property
    def open(self) -> bool:
        return self.state in OPEN


@dataclass
class Work:
    """One initiative."""

    id: int
    lead: int | None
    team: set[int]
    stage: str = "idea"
    sponsor: int | None = None
    interim: bool = False
    proposed: int | None = None
    proposed_on: date = date.min
    adopts: str | None = None
    held: bool = False
    stopped: bool = False
    requests: list[Asked] = field(default_factory=list)
    conditions: dict[int, tuple[Asked, bool]] = field(default_factory=dict)  # whose, still open
    gates: dict[int, dict[str, Any]] = field(default_factory=dict)  # what was changed of them
    blockers: list[int] = field(default_factory=list)
    budget: Any = None
    terms: int = 0
    charter: bool = False
    result: bool = False
    decisions: int = 0
    opened: int = 0
    last: Any = None  # the decision that was made last: about what, by whom, when, from which stage, and after how many acts

    @property
    def ended(self) -> bool:
        return self.stopped or self.stage == "realised"

    @property
    def open(self) -> Asked | None:
        """The request that waits or is drafted; the reckoning knows of one at most."""
        return next((one for one in reversed(self.requests) if one.open), None)

    @property
    def chip(self) -> tuple[str | None, int | None]:
        """What the card wears: the stage that was asked for, and who asked."""
        one = self.open
        waits = one is not None and one.state == "submitted"
        return (one.stage, one.asker) if one and waits else (None, None)

    @property
    def owes(self) -> bool:
        """Whether an earlier decision asked for something that is open."""
        return any(still for _asked, still in self.conditions.values())

    def gate(self, id_: int) -> dict[str, Any]:
        return self.gates.setdefault(id_, {"name": "", "due": None, "met": {}, "more": []})

    def stands(self, asked: Asked) -> Any:
        """Return everything that a request is decided on, as it stands now."""
        read = {"charter": self.charter, "blocked": bool(self.blockers), "result": self.result}
        seen = {name: read[name] for name in READ.get(asked.stage, ())}
        return deepcopy((self.gate(asked.gate), self.budget, self.terms, seen, asked.says))

    def end_requests(self, but_for: str | None = None) -> None:
        for one in self.requests:
            if one.open and one.stage != but_for:
                one.state = "withdrawn"

    def stop(self) -> None:
        self.stopped, self.held, self.proposed, self.blockers = True, False, None, []
        self.end_requests()


@dataclass
class Deputy:
    """Who stands in for whom, both days included."""

    id: int
    person: int
    deputy: int
    starts: date
    ends: date
    over: bool = False


@dataclass
class Company:
    """Everybody, and who stands for what."""

    executives: list[int]  # who were any, in the order of their numbers
    managers: set[int]
    others: list[int]
    owner: int
    alternate: int | None
    active: set[int]
    works: list[Work] = field(default_factory=list)
    deputies: list[Deputy] = field(default_factory=list)
    designing: bool = True

    @property
    def stages(self) -> list[str]:
        return [one for one in STAGES if self.designing or one != "designing"]

    def after(self, stage: str) -> str | None:
        later = [one for one in self.stages if STAGES.index(one) > STAGES.index(stage)]
        return later[0] if later else None

    def before(self, stage: str) -> str | None:
        earlier = [one for one in self.stages[1:] if STAGES.index(one) < STAGES.index(stage)]
        return earlier[-1] if earlier else None

    def stand_ins(self, person: int | None, today: date) -> list[int]:
        """Return who stands in for an executive today. A deputy's deputy does not."""
        return [
            one.deputy
            for one in self.deputies
            if one.person == person and not one.over and one.starts <= today <= one.ends
        ]

    def rules(self, who: int, work: Work, today: date) -> bool:
        """Whether somebody is the sponsor, or stands in without being the lead (rule 14)."""
        if who not in self.active or who not in self.executives or work.sponsor is None:
            return False
        return who == work.sponsor or (
            who != work.lead and who in self.stand_ins(work.sponsor, today)
        )

    def works_on(self, who: int, work: Work) -> bool:
        return who in self.active and (who in self.managers or who == work.lead or who in work.team)

    def edits(self, who: int, work: Work, asked: Asked) -> bool:
        """Whether a request is somebody's to change: the lead's, a manager's, the author's who is on the team."""
        if who not in self.active or not asked.open:
            return False
        runs = who in self.managers or who == work.lead
        return runs or (who in (asked.asker, asked.drafter) and who in work.team)

    def can_be_put(self, work: Work, stage: str) -> bool:
        """Whether nothing stands in the way of opening a stage (rules 1, 6, 11 and 16)."""
        next_ = not work.ended and work.stage != "idea" and stage == self.after(work.stage)
        proven = stage != "realised" or work.result
        return next_ and proven and not work.held and not work.owes

    def decides(self, who: int, work: Work, asked: Asked, decision: str, today: date) -> bool:
        """Whether somebody may decide so on what stands now (rules 13 to 16)."""
        if not self.rules(who, work, today) or who in asked.authors or asked.state != "submitted":
            return False
        if decision in OPENING:
            last = decision == "approved_with_conditions" and asked.stage == "realised"
            same = asked.frozen == work.stands(asked)
            return same and not last and self.can_be_put(work, asked.stage)
        return decision != "held" or not work.held

    def heir(self, leaving: int) -> int:
        """Return who takes over what an executive held: the programme owner, else the alternate, else another (rule 2)."""
        there = [one for one in self.executives if one in self.active and one != leaving]
        named = [one for one in (self.owner, self.alternate) if one in there]
        return named[0] if named else there[0]

    def leave(self, who: int) -> None:
        """Let somebody's access end."""
        if who == self.owner:
            self.owner = self.heir(who)
            self.alternate = None if self.alternate == self.owner else self.alternate
        elif who == self.alternate:
            self.alternate = None
        for work in self.works:
            work.proposed = None if work.proposed == who else work.proposed
            if work.sponsor == who:
                work.sponsor, work.interim = self.heir(who), True
            work.team.discard(who)
        for one in self.deputies:
            one.over |= who in (one.person, one.deputy)
        self.active.discard(who)
