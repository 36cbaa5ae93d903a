"""How an action comes to be, whom it is given to, and what is corrected later (rule 19)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from flask_babel import gettext as _

from tracker.actions.assignees import Assignee, able
from tracker.actions.states import State, Verb, refusal
from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.drawn import drawn
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.names import normal
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of


class Assigning:
    """How an action is added, given to somebody, and edited."""

    if TYPE_CHECKING:
        id: Any
        title: Any
        title_key: Any
        state: Any
        criteria_by_id: Any
        host_id: Any
        assignee_id: Any
        partner_id: Any
        contact_id: Any
        initiative_lead_id: Any
        acknowledged_at: Any
        assigned_at: Any
        reply: Any
        progress: Any
        returned: Any
        submission: Any
        version: Any
        is_over: Any
        record: Any
        check: Any
        _stand: Any
        _forget_proposal: Any
        _say: Any
        next_place: Any
        due_on: Any
        reschedule: Any

    EDITABLE: ClassVar[tuple[str, ...]] = ("title", "why", "description", "criteria", "host_id")

    @classmethod
    def add(
        cls,
        initiative: Initiative,
        *,
        title: str,
        due_on: date,
        assignee: Assignee,
        by: Person,
        now: datetime,
        host_id: int | None = None,
        why: str = "",
        description: str = "",
        criteria: str = "",
    ) -> Self:
        """Add an action to `initiative`; without a host it is whoever adds it.

        Raises `NotNow` for an initiative that has ended, a day that has passed, and who cannot do or host it.
        """
        if initiative.ended:
            raise NotNow(
                _("%(ref)s has ended; nothing is to be done any more.", ref=initiative.ref)
            )
        if due_on < day_of(now):
            raise NotNow(_("Choose today or a later day."))
        host = able(host_id or by.id)
        assignee = assignee.checked(now)
        fields: dict[str, Any] = dict(
            ref=drawn(),
            initiative_id=initiative.id, title=title.strip(), title_key=normal(title), why=why, description=description,
            criteria=criteria, host_id=host.id, due_on=due_on, first_due_on=due_on, due_since=day_of(now), due_changes=0,
            position=cls.next_place(initiative.id),
            state=State.to_do, progress=0, returned=0, submission="", reply="", proposed_words="", assigned_at=now,
            created_at=now, created_by_id=by.id, version=0, **assignee.columns,
        )  # fmt: skip
        action: Any = cls(**fields)
        db.session.add(action)
        db.session.flush()
        action._stand(State.to_do, now)
        action.record(
            Kind.action_added, by=by, now=now,
            after={"ref": action.ref, "host_id": host.id, "due_on": due_on.isoformat(), "state": State.to_do.value, **assignee.columns},
            private={"title": action.title, "words": description or why},
        )  # fmt: skip
        return action

    def edit(self, *, by: Person, now: datetime, **fields: Any) -> None:
        """Change what it says, or who hosts it. Raises `NotNow` once it is over, and for a host who cannot be one."""
        if self.is_over:
            raise NotNow(refusal(Verb.cancel, self.state))
        changed = {
            key: value
            for key, value in fields.items()
            if key in self.EDITABLE and getattr(self, key) != value
        }
        if not changed:
            return
        if "criteria" in changed:
            self._may_change_criteria(by)
        was = {key: getattr(self, key) for key in changed}
        if "host_id" in changed:
            able(changed["host_id"])
        for key, value in changed.items():
            setattr(self, key, value)
        if "criteria" in changed:
            self.criteria_by_id = by.id
        self.title_key = normal(self.title)
        self.version += 1
        texts = [key for key in changed if key != "host_id"]
        host = {"host_id"} & set(changed)
        self.record(
            Kind.action_changed, by=by, now=now, before={key: was[key] for key in host},
            after={"fields": sorted(texts), **{key: changed[key] for key in host}},
            private={"was": {key: was[key] for key in texts}, "now": {key: changed[key] for key in texts}} if texts else None,
        )  # fmt: skip

    def _may_change_criteria(self, by: Person) -> None:
        if self.state == State.submitted:
            raise NotNow(_("This action is handed in. Answer it before its criteria change."))
        if by.id == self.assignee_id:
            raise NotNow(
                _(
                    "Whoever does it does not change how it is accepted. Ask the host, the lead or a manager."
                )
            )

    def give(
        self, assignee: Assignee, *, by: Person, now: datetime, words: str = "", until: date | None = None
    ) -> None:  # fmt: skip
        """Give it to somebody else by hand. One whose day has passed is due `until` then: nobody is late with what they
        have just been given. Raises `NotNow` without that day, and as `assign` does.

        The date is moved for whoever has it before it is given on.
        """
        self.check(Verb.assign)
        passed = self.due_on < day_of(now)
        if passed and until is not None:
            self.reschedule(until, by=by, now=now)
        elif passed and not assignee.stays_with(self.partner_id):
            raise NotNow(
                _("Its due date has passed, and whoever gets it would be late at once. Give it another date with it.")
            )  # fmt: skip
        self.assign(assignee, by=by, now=now, words=words)

    def assign(
        self, assignee: Assignee, *, by: Person | None, now: datetime, words: str = ""
    ) -> None:
        """Give it to somebody else, who has not acknowledged it yet. Raises `NotNow` while it is handed in, and once over.

        Where the same partner keeps it only the contact is another: how far it is and what was said stays, and so do our days.
        """
        state = self.check(Verb.assign)
        if assignee == Assignee.of(self):
            return
        before = {**Assignee.of(self).columns, "state": self.state.value}
        if assignee.stays_with(self.partner_id):
            state = self.state
            self.contact_id = assignee.checked(now).contact_id
            self._say(words)
            self.version += 1
        else:
            self._give_to(assignee.checked(now), words)
            self.assigned_at = now
            self._stand(state, now)
        self.record(
            Kind.action_assigned, by=by, now=now, before=before,
            after={**assignee.columns, "state": state.value}, private={"words": words} if words else None,
        )  # fmt: skip

    def name_no_contact(self, *, by: Person | None, now: datetime) -> None:
        """Leave it with the partner alone: the contact it named has no access any more."""
        before = {"contact_id": self.contact_id}
        self.contact_id = None
        self.version += 1
        after = {"contact_id": None, "partner_id": self.partner_id}
        self.record(Kind.action_contact_gone, by=by, now=now, before=before, after=after)

    def pass_host(self, heir: Person, *, by: Person | None, now: datetime) -> None:
        """Let somebody else host it: the duty passed on (rule 2)."""
        before, self.host_id = {"duty": "host", "person_id": self.host_id}, heir.id
        self.version += 1
        self.record(
            Kind.duty_handed_over, by=by, now=now, before=before,
            after={"duty": "host", "heir_id": heir.id},
        )  # fmt: skip

    def _give_to(self, assignee: Assignee, reply: str) -> None:
        for column, value in assignee.columns.items():
            setattr(self, column, value)
        # What was said with whoever had it before is theirs; the trail keeps it.
        self.acknowledged_at, self.progress, self.returned = None, 0, 0
        self.submission, self.reply = "", reply
        self._forget_proposal()
