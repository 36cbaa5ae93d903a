"""Finance decides second where that was set (rule 14): what the sponsor approved waits for one more approval, by another.

Until then no stage opens. Finance approves what the sponsor approved, or sends it back in words: then it is a draft again.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _
from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.activity.kinds import Kind
from tracker.approvals.conditions import Wanted, refuse_author
from tracker.approvals.states import Decision, State, Verb
from tracker.db import Instant, db
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of

ON_TRAIL = "finance_wanted agreed_at finance_by_id wanted_owner_id wanted_due_on"
CHECKS = {
    "agreed_kept": "state <> 'agreed' OR "
    "(agreed_at IS NOT NULL AND finance_wanted AND decision IN ('approved', 'approved_with_conditions'))",
    "agreed_was_decided": "agreed_at IS NULL OR decision IS NOT NULL OR state = 'draft'",
    "condition_kept": "(wanted_owner_id IS NULL) = (wanted_due_on IS NULL)",
    "condition_waits": "wanted_owner_id IS NULL OR (state = 'agreed' AND decision = 'approved_with_conditions')",
    "finance_is_another": "finance_by_id IS NULL OR "
    "(state = 'decided' AND agreed_at IS NOT NULL AND finance_by_id NOT IN (asked_by_id, drafted_by_id, decided_by_id))",
    "finance_was_asked": "NOT finance_wanted OR state <> 'decided' OR decision NOT IN ('approved', 'approved_with_conditions') "
    "OR finance_by_id IS NOT NULL",
}  # fmt: skip


def checks() -> tuple[CheckConstraint, ...]:
    """Return what the database itself sees to."""
    return tuple(CheckConstraint(rule, name=name) for name, rule in CHECKS.items())


class Seconding:
    """The columns and the verbs of a second approval."""

    if TYPE_CHECKING:
        id: Any
        initiative: Any
        initiative_id: Any
        opens: Any
        state: Any
        digest: Any
        decision: Any
        words: Any
        decided_by_id: Any
        for_sponsor_id: Any
        sponsor_id: Any
        closed_at: Any
        decided_in: Any
        by_link: Any
        days_waited: Any
        returned_at: Any
        returned_by_id: Any
        returned_words: Any
        version: Any
        record: Any
        check: Any
        refuse_changed: Any
        _ask_for: Any

    finance_wanted: Mapped[bool] = mapped_column(default=False)  # as it was put (see `rules`)
    agreed_at: Mapped[datetime | None] = mapped_column(
        Instant
    )  # the sponsor approved, and finance was asked
    finance_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id")
    )  # approved it second, as it closed
    # The condition that the sponsor set, which becomes an action once finance approves.
    wanted_words: Mapped[str] = mapped_column(Text, default="")
    wanted_owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    wanted_due_on: Mapped[date | None]

    @property
    def wanted(self) -> Wanted | None:
        """The condition that waits for finance to approve, or None."""
        if self.wanted_owner_id is None or self.wanted_due_on is None:
            return None
        return Wanted(self.wanted_words, self.wanted_owner_id, self.wanted_due_on)

    def agree(
        self, decision: Decision, condition: Wanted | None, *, by: Person, now: datetime, words: str, for_sponsor: Person | None
    ) -> None:  # fmt: skip
        """Hold the sponsor's approval till finance approves as well. Raises `NotNow` with what stands in the way of the stage."""
        self.initiative.stage_to_open(now)
        days = self.days_waited(now)
        self.state, self.decision, self.words = State.agreed, decision, words
        self.decided_by_id, self.agreed_at, self.decided_in = by.id, now, days
        self.for_sponsor_id = for_sponsor.id if for_sponsor else None
        if condition is not None:
            self.wanted_words, self.wanted_owner_id = condition.words.strip(), condition.owner_id
            self.wanted_due_on = condition.due_on
        self.version += 1
        self.initiative.agree_ask(now=now)
        db.session.flush()
        self.record(
            Kind.approval_agreed, by=by, now=now, before={"state": State.submitted.value}, on_behalf_of=for_sponsor,
            after={
                "state": State.agreed.value, "decision": decision.value, "stage": self.opens.value,
                "sha256": self.digest,
            },
            private={"words": words} if words else None,
        )  # fmt: skip

    def second(self, *, by: Person, now: datetime) -> bool:
        """Approve as finance what the sponsor approved: its stage opens. Tell whether anything was done: once more is the same.

        Raises `NotNow` unless it waits for finance, for whoever asked or approved first, for what has changed since it was
        asked, and with what stands in the way of the stage by now.
        """
        if self.state == State.decided and self.finance_by_id == by.id:
            return False
        self.check(Verb.second)
        self._refuse_first(by)
        self.refuse_changed(now)
        condition = self.wanted
        self.state, self.closed_at, self.finance_by_id = State.decided, now, by.id
        self._forget_wanted()
        self.version += 1
        db.session.flush()  # before its initiative moves: what follows that finds it decided
        self.initiative.open_stage(self.opens, by=by, now=now, words="")
        action = None
        if condition is not None:  # the sponsor asked for it, and accepts it
            day = max(condition.due_on, day_of(now))
            action = self._ask_for(
                condition, {"by": by, "now": now}, host_id=self.initiative.sponsor_id, due_on=day
            )
        self.record(
            Kind.approval_seconded, by=by, now=now, before={"state": State.agreed.value},
            after={
                "state": State.decided.value, "stage": self.opens.value, "sha256": self.digest,
                "action_id": action.id if action else None,
            },
        )  # fmt: skip
        return True

    def give_back(self, *, by: Person, now: datetime, words: str) -> bool:
        """Send back as finance what the sponsor approved, in words: it is a draft again, and the sponsor decides anew.

        Tell whether anything was done: the same words once more are the same decision. Raises `NotNow` unless it waits for
        finance, for whoever asked or approved first, and without words.
        """
        words = words.strip()
        again = (State.draft, by.id, words)
        if (self.state, self.returned_by_id, self.returned_words) == again:
            return False
        self.check(Verb.give_back)
        self._refuse_first(by)
        if not words:
            raise NotNow(_("Say in words why you decide so."))
        agreed_at = self.agreed_at
        self.forget_agreement()
        self.state, self.returned_at, self.agreed_at = State.draft, now, agreed_at  # by finance
        self.returned_by_id, self.returned_words = by.id, words
        self.version += 1
        db.session.flush()
        self.initiative.decline_ask(by=by, now=now, words=words)
        self.record(
            Kind.approval_given_back, by=by, now=now, before={"state": State.agreed.value},
            after={"state": State.draft.value, "stage": self.opens.value, "sha256": self.digest},
            private={"words": words},
        )  # fmt: skip
        return True

    def forget_agreement(self) -> None:
        """Let go of what the sponsor approved and finance has not: it is put anew, withdrawn or sent back. The trail keeps it."""
        self.agreed_at = None
        if self.state != State.agreed:
            return
        self.decision = self.decided_by_id = self.for_sponsor_id = None
        self.words, self.by_link, self.decided_in = "", False, None
        self._forget_wanted()

    def _forget_wanted(self) -> None:
        self.wanted_words, self.wanted_owner_id, self.wanted_due_on = "", None, None

    def _refuse_first(self, person: Person) -> None:
        """Raise `NotNow` for whoever asked, approved first, or is the sponsor in whose name that was done."""
        refuse_author(self, person)
        if person.id in (self.decided_by_id, self.for_sponsor_id, self.initiative.sponsor_id):
            raise NotNow(_("Two people approve this: somebody else of finance decides second."))
