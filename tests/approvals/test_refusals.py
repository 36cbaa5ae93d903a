"""Everything that somebody may try with a request and may not: what is answered, in which words, and that nothing came of it.

Planted, each seen red: `not_the_requester` left out of the policy; the dates of a deputyship not asked; the lead as deputy;
`refuse_unaskable` left out of `draft`; `refuse_asked` not hung on dropping; the state not checked in `decide`; a condition
without an owner taken; a refusal that keeps what it did before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from tests import gates
from tests.bodies import LATER, REQUEST
from tests.cast import START
from tests.initiatives.stories import idea, sponsored
from tracker.approvals.deciding import Wanted
from tracker.approvals.models import Approval
from tracker.approvals.states import Decision
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.milestones.models import Milestone
from tracker.organisation.deputies import Capacity, Deputyship

TODAY = START.date()
TABLES = (
    *("approval", "approval_condition", "milestone", "milestone_criterion", "milestone_move", "initiative", "stage_ask", "stage_spell"),
    *("sponsorship", "hold", "action", "event", "notice", "mail", "job"),
)  # fmt: skip
WORDS = {"words": "Ten first."}
CONDITION = {**WORDS, "owner_id": "{member}", "due_on": LATER}


@dataclass(frozen=True)
class Try:
    """Who tries what, after what happened; the status, and the words that stand on the page."""

    who: str
    address: str  # with the numbers of the request and its gate, and the name of the initiative
    status: int
    words: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    after: str = "asked"


APPROVE, REFUSE, CONDITIONAL = "/approvals/{id}/approval", "/approvals/{id}/not-yet", "/approvals/{id}/condition"  # fmt: skip
ASK, NEW, DROP = "/initiatives/{ref}/stage/request", "/initiatives/{ref}/milestones/new", "/milestones/{gate}/dropping"  # fmt: skip
NOT_YOURS = "This is not yours to do"
SENT_BACK = {**WORDS, "decision": "sent_back"}
AGAIN = {**REQUEST, "then": "submit"}


def to(stage: str) -> dict[str, Any]:
    """Return what the form of a request for a stage says."""
    return {**AGAIN, "to": stage}


TRIES = {
    # who may not decide (rule 14)
    "the requester as deputy": Try("other_executive", APPROVE, 403, NOT_YOURS, after="asked_by_the_deputy"),
    "the requester as deputy says not yet": Try("other_executive", REFUSE, 403, NOT_YOURS, SENT_BACK, "asked_by_the_deputy"),
    "a deputy who once wrote in it": Try("other_executive", APPROVE, 409,
        "You asked for this, so somebody else decides it.", after="edited_by_the_deputy"),
    "a deputy's deputy": Try("alternate", APPROVE, 403, NOT_YOURS, after="deputys_deputy"),
    "a deputy whose time is over": Try("other_executive", APPROVE, 403, NOT_YOURS, after="deputy_before"),
    "a deputy whose time has not begun": Try("other_executive", APPROVE, 403, NOT_YOURS, after="deputy_later"),
    "a deputy who was dismissed": Try("other_executive", APPROVE, 403, NOT_YOURS, after="deputy_dismissed"),
    "a deputy who leads": Try("other_executive", APPROVE, 403, NOT_YOURS, after="deputy_leads"),
    "the programme owner": Try("owner", APPROVE, 403, NOT_YOURS),
    "a manager": Try("manager", CONDITIONAL, 403, NOT_YOURS, CONDITION),
    "the lead": Try("lead", APPROVE, 403, NOT_YOURS),
    "a partner's contact": Try("contact", APPROVE, 404, "There is nothing here"),
    # what cannot be decided (rules 13 and 15)
    "what was decided": Try("executive", REFUSE, 409, "This was decided already.", SENT_BACK, "decided"),
    "what was withdrawn": Try("executive", APPROVE, 409, "This request was withdrawn.", after="withdrawn"),
    "what is a draft": Try("executive", APPROVE, 409, "This is still a draft", after="drafted"),
    "what was sent back": Try("executive", APPROVE, 409, "This is still a draft", after="sent_back"),
    "what has changed": Try("executive", APPROVE, 409, "The budget is another one.", after="changed"),
    "what has changed, with a condition": Try("executive", CONDITIONAL, 409, "The budget is another one.", CONDITION, "changed"),
    "what is on hold": Try("executive", APPROVE, 409, "is on hold. The sponsor resumes it first.", after="held"),
    "what is on hold, held again": Try("executive", REFUSE, 422, "Choose one from the list.", {**WORDS, "decision": "held"}, "held"),
    "what was stopped": Try("executive", APPROVE, 409, "This request was withdrawn.", after="stopped"),
    # what is said too little of
    "a condition without an owner": Try("executive", CONDITIONAL, 422, "Choose who does it.", {**CONDITION, "owner_id": ""}),
    "a condition without words": Try("executive", CONDITIONAL, 422, "Say what has to be done.", {**CONDITION, "words": " "}),
    "a condition without a day": Try("executive", CONDITIONAL, 422, "Say by when it is due.", {**CONDITION, "due_on": ""}),
    "a condition due yesterday": Try("executive", CONDITIONAL, 422,
        "Choose today or a later day.", {**CONDITION, "due_on": "2026-03-01"}),
    "a condition of the sponsor's own": Try("executive", CONDITIONAL, 422,
        "Choose one from the list.", {**CONDITION, "owner_id": "{executive}"}),
    "not yet without a reason": Try("executive", REFUSE, 422, "Say in words why you decide so.", {**SENT_BACK, "words": ""}),
    "not yet without a choice": Try("executive", REFUSE, 422, "Choose what happens now.", WORDS),
    # who may not ask, and when nothing is asked
    "the sponsor asks": Try("executive", ASK, 403, NOT_YOURS, to("designing"), "sponsored"),
    "the sponsor writes": Try("executive", "/approvals/{id}/edit", 403, NOT_YOURS, AGAIN, "drafted"),
    "somebody outside the team asks": Try("finance", ASK, 403, NOT_YOURS, to("designing"), "sponsored"),
    "somebody outside the team takes it back": Try("finance", "/approvals/{id}/withdrawal", 403, NOT_YOURS),
    "a gate is skipped": Try("lead", ASK, 409, "stands at Framed by now", to("piloting"), "sponsored"),
    "the last gate at once": Try("lead", ASK, 409, "stands at Framed by now", to("realised"), "sponsored"),
    "a gate behind": Try("lead", ASK, 409, "stands at Framed by now", to("framed"), "sponsored"),
    "no gate at all": Try("lead", ASK, 409, "The form did not say which stage is meant.", to("flying"), "sponsored"),
    "a second request": Try("manager", ASK, 409, "Somebody has a request to open Designing already.", to("designing")),
    "an idea": Try("lead", ASK, 409, "when an executive accepts to sponsor it", to("framed"), "young"),
    "after it was stopped": Try("lead", ASK, 409, "has ended; nothing is asked about it any more.", to("designing"), "stopped"),
    "while on hold": Try("lead", ASK, 409,
        "is on hold. The sponsor resumes it first.", to("designing"), "held_before"),
    "while a condition is open": Try("lead", ASK, 409,
        "An earlier decision set a condition that is open", to("piloting"), "conditional"),
    "a decided one is put anew": Try("lead", "/approvals/{id}/edit", 409,
        "This was decided already.", {**AGAIN, "version": "{version}"}, "decided"),
    "a decided one is taken back": Try("lead", "/approvals/{id}/withdrawal", 409, "This was decided already.", after="decided"),
    # gates (rule 12)
    "two gates to one stage": Try("lead", NEW, 422, "Choose one from the list.", {"name": "Second", "due_on": LATER, "opens": "designing"}),
    "a gate behind is planned": Try("lead", NEW, 422,
        "Choose one from the list.", {"name": "Behind", "due_on": LATER, "opens": "framed"}),
    "the gate of a request is dropped": Try("lead", DROP, 409, "A request is open about this gate.", WORDS),
    "a gate is said to be reached": Try("lead", "/milestones/{gate}/reaching", 409, "the sponsor reaches it by deciding"),
    "a gate that was decided on is taken up": Try("lead", "/milestones/{gate}/taking-up", 409,
        "The sponsor decided on this gate.", after="decided"),
    # conditions (rule 16)
    "the lead accepts a condition": Try("lead", "/approvals/{id}/conditions/1/acceptance", 403,
        NOT_YOURS, after="conditional"),
    "the programme owner waives one": Try("owner", "/approvals/{id}/conditions/1/waiving", 403,
        NOT_YOURS, WORDS, "conditional"),
    "waived without words": Try("executive", "/approvals/{id}/conditions/1/waiving", 422, "Say why the condition is waived.",
        after="conditional"),
    "a condition that never was": Try("executive", "/approvals/{id}/conditions/9/acceptance", 404, "There is nothing here",
        after="conditional"),
}  # fmt: skip


class Before:
    """What happened before somebody tries; `one` stands at framed, led by Lena and sponsored by Emil."""

    def __init__(self, cast: SimpleNamespace, now: Any) -> None:
        self.cast, self.now = cast, now
        self.one = sponsored(cast, now)
        self.told: dict[str, Any] = {"by": cast.executive, "now": now}
        self.request: Approval | None = None

    def sponsored(self) -> None:
        pass

    def young(self) -> None:
        self.one = idea(self.cast, self.now, "Young")

    def drafted(self, **says: Any) -> None:
        with writing():
            self.request = gates.drafted(self.one, now=self.now, **says)

    def asked(self, **says: Any) -> Approval:
        with writing():
            self.request = gates.requested(self.one, now=self.now, **says)
        return self.request

    def _joins(self) -> Any:
        with writing():
            self.one.add_member(self.cast.other_executive, by=self.cast.lead, now=self.now)
        return self.cast.other_executive

    def _stands_in(self, of: Any, who: Any, starts: date = TODAY, ends: date = date(2026, 12, 1)) -> Deputyship:  # fmt: skip
        with writing():
            made = Deputyship(person_id=of.id, deputy_id=who.id, capacity=Capacity.sponsor, starts=starts, ends=ends)  # fmt: skip
            db.session.add(made)
        return made

    def asked_by_the_deputy(self) -> None:
        self._stands_in(self.cast.executive, self._joins())
        self.asked(by=self.cast.other_executive)

    def edited_by_the_deputy(self) -> None:
        made, who = self.asked(), self._joins()
        with writing():
            made.change({"gain": "More"}, by=who, now=self.now)
            made.submit(by=self.cast.lead, now=self.now)
        self._stands_in(self.cast.executive, who)

    def deputys_deputy(self) -> None:
        self.asked()
        self._stands_in(self.cast.executive, self.cast.other_executive)
        self._stands_in(self.cast.other_executive, self.cast.alternate)

    def deputy_before(self) -> None:
        self.asked()
        self._stands_in(self.cast.executive, self.cast.other_executive, date(2026, 1, 1), TODAY - timedelta(days=1))  # fmt: skip

    def deputy_later(self) -> None:
        self.asked()
        self._stands_in(self.cast.executive, self.cast.other_executive, TODAY + timedelta(days=1))

    def deputy_dismissed(self) -> None:
        self.asked()
        made = self._stands_in(self.cast.executive, self.cast.other_executive)
        with writing():
            made.revoke(**self.told)

    def deputy_leads(self) -> None:
        self.asked()
        self._stands_in(self.cast.executive, self.cast.other_executive)
        with writing():
            self.one.set_lead(self.cast.other_executive, by=self.cast.manager, now=self.now)

    def _decides(self, decision: Decision, words: str = "", **more: Any) -> None:
        made = self.asked()
        with writing():
            made.decide(decision, words=words, **self.told, **more)

    def decided(self) -> None:
        self._decides(Decision.approved)

    def sent_back(self) -> None:
        self._decides(Decision.sent_back, "Ten first.")

    def conditional(self) -> None:
        wanted = Wanted("Ring ten customers", self.cast.member.id, TODAY + timedelta(days=9))
        self._decides(Decision.conditional, condition=wanted)

    def withdrawn(self) -> None:
        made = self.asked()
        with writing():
            made.withdraw(by=self.cast.lead, now=self.now)

    def changed(self) -> None:
        self.asked()
        with writing():
            self.one.edit(by=self.cast.lead, now=self.now, budget=5000)

    def held(self) -> None:
        self.asked()
        self.held_before()

    def held_before(self) -> None:
        with writing():
            self.one.hold(words="Wait.", **self.told)

    def stopped(self) -> None:
        self.asked()
        with writing():
            self.one.stop(words="Enough.", **self.told)


def rows(app: Flask) -> dict[str, Any]:
    """Return every row that a refusal must leave alone, what is told of it included."""
    with app.app_context():
        return {name: db.session.execute(text(f"SELECT * FROM {name} ORDER BY id")).all() for name in TABLES}  # fmt: skip


@pytest.mark.parametrize("name", TRIES)
def test_what_may_not_be_is_refused_in_plain_words_and_leaves_nothing(
    app: Flask, cast: SimpleNamespace, clock: Any, as_: Any, told: Callable[..., Any], name: str
) -> None:
    one = TRIES[name]

    def happens() -> dict[str, Any]:
        before = Before(cast, clock())
        getattr(before, one.after)()
        request = before.request
        assert db.session.get_one(Initiative, before.one.id)
        there = db.session.get_one(Milestone, request.milestone_id).id if request else 0
        return {
            "id": request.id if request else 0,
            "ref": before.one.ref,
            "gate": there,
            "version": request.version if request else 0,
        }

    where = told(happens)
    people = {part: getattr(cast, part).id for part in ("member", "executive")} | where
    fields = {key: value.format(**people) if isinstance(value, str) else value for key, value in one.fields.items()}  # fmt: skip
    before = rows(app)
    answer = as_(getattr(cast, one.who)).submit(one.address.format(**where), **fields)
    shown = re.findall(r'class="error".*?</p>|<h1.*?</p>', answer.text, re.DOTALL)
    said = [" ".join(re.sub("<[^>]+>", "", words).split()) for words in shown]
    assert (answer.status_code, one.words in answer.text) == (one.status, True), said
    if one.status == 422:
        assert 'class="error' in answer.text or "aria-invalid" in answer.text, "not beside its field"  # fmt: skip
    assert rows(app) == before
