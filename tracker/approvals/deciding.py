"""How a request is decided: once, in words, by the sponsor or the sponsor's deputy, about what stands unchanged (rules 13-16)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.activity.declaring import digest_of
from tracker.activity.kinds import Kind
from tracker.approvals.conditions import ApprovalCondition, Wanted, conditions_of, refuse_author
from tracker.approvals.freezing import changes, content_of
from tracker.approvals.states import ASKED, OF, OPENING, Decision, State
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person


class Deciding:
    """The verb of those who decide."""

    if TYPE_CHECKING:
        id: Any
        initiative: Any
        initiative_id: Any
        milestone: Any
        opens: Any
        state: Any
        asked_by_id: Any
        drafted_by_id: Any
        frozen: Any
        digest: Any
        decision: Any
        words: Any
        decided_by_id: Any
        for_sponsor_id: Any
        closed_at: Any
        decided_in: Any
        undone_at: Any
        days_waited: Any
        returned_at: Any
        returned_by_id: Any
        returned_words: Any
        version: Any
        finance_wanted: Any
        wanted: Any
        agree: Any
        record: Any
        check: Any

    def changed(self, now: datetime) -> list[str]:
        """Return in plain words what of the frozen content is another by now; nothing while it stands as it was asked."""
        if self.state not in ASKED:
            return []
        if digest_of(self.frozen) != self.digest:
            return [
                _(
                    "What was frozen with it is not what was put to the sponsor. Ask whoever keeps the database."
                )
            ]
        content = content_of(self, now)
        if digest_of(content) == self.digest:
            return []
        return changes(self.frozen, content) or [_("Something of it is another by now.")]

    def refuse_changed(self, now: datetime) -> None:
        """Raise `NotNow` with what has changed since it was asked."""
        what = " ".join(self.changed(now))
        if what and self.state == State.agreed:
            raise NotNow(_("This is no longer what was asked, and has to be put to the sponsor again. %(what)s", what=what))  # fmt: skip
        if what:
            raise NotNow(_("This is no longer what was asked, and has to be put to you again. %(what)s", what=what))  # fmt: skip

    def decide(
        self, decision: Decision, *, by: Person, now: datetime, words: str = "", for_sponsor: Person | None = None,
        condition: Wanted | None = None,
    ) -> bool:  # fmt: skip
        """Decide. `for_sponsor` names the sponsor when a deputy decides ("B for A"); `condition` is what approving asks for.

        Tell whether anything was done: the same decision once more is the same decision. Raises `NotNow` once another was
        made, for whoever asked, without words for all but a plain approval, for a stage that opens on what has changed since
        it was asked, and with what stands in the way of that stage.
        """
        words = words.strip() or (condition.words.strip() if condition else "")
        if self._was_so(decision, words, condition, by):
            return False
        self.check(OF[decision])
        refuse_author(self, by)
        if decision != Decision.approved and not words:
            raise NotNow(_("Say in words why you decide so."))
        if decision in OPENING:
            self.refuse_changed(now)
        if decision == Decision.conditional:
            refuse_after_the_last(self.opens)
            refuse_unconditional(condition, (by.id, self.initiative.sponsor_id))
        told: dict[str, Any] = {"by": by, "now": now, "words": words, "for_sponsor": for_sponsor}
        if decision in OPENING and self.finance_wanted:
            self.agree(decision, condition, **told)
            return True
        if decision == Decision.sent_back:
            self._send_back(**told)
        else:
            self._close(decision, **told)
        action = self._act(decision, condition, told)
        self.record(
            Kind.approval_decided, by=by, now=now, before={"state": State.submitted.value}, on_behalf_of=for_sponsor,
            after={
                "state": self.state.value, "decision": decision.value, "stage": self.opens.value,
                "sha256": self.digest, "action_id": action.id if action else None,
            },
            private={"words": words} if words else None,
        )  # fmt: skip
        return True

    def _was_so(self, decision: Decision, words: str, condition: Wanted | None, by: Person) -> bool:
        """Tell whether this very decision was made already, by the same person: in the same words, about the same condition."""
        if self.undone_at is not None:
            raise NotNow(
                _("This decision was taken back. The request waits again, as another one.")
            )
        if (self.decision, self.words, self.decided_by_id) != (decision, words, by.id):
            return False
        asked_for = [(one.words, one.owner_id, one.due_on) for one in conditions_of(self.id)]
        asked_for += [self.wanted] if self.wanted else []
        wanted = (
            (condition.words.strip(), condition.owner_id, condition.due_on) if condition else None
        )
        return wanted is None or wanted in asked_for

    def _send_back(
        self, *, by: Person, now: datetime, words: str, for_sponsor: Person | None
    ) -> None:
        self.state, self.for_sponsor_id = State.draft, for_sponsor.id if for_sponsor else None
        self.returned_at, self.returned_by_id, self.returned_words = now, by.id, words
        self.version += 1
        db.session.flush()

    def _close(
        self, decision: Decision, *, by: Person, now: datetime, words: str, for_sponsor: Person | None
    ) -> None:  # fmt: skip
        days = self.days_waited(now)
        self.state, self.decision, self.words = State.decided, decision, words
        self.decided_by_id, self.closed_at = by.id, now
        self.decided_in = days
        self.for_sponsor_id = for_sponsor.id if for_sponsor else None
        self.version += 1
        db.session.flush()  # before its initiative moves: what follows that finds it decided

    def _act(
        self, decision: Decision, condition: Wanted | None, told: dict[str, Any]
    ) -> Action | None:
        """Let the initiative go the way that was decided; return the action that a condition became."""
        initiative, stage = self.initiative, self.opens
        if decision in OPENING:
            initiative.open_stage(stage, **told)
            return self._ask_for(condition, told) if condition else None
        if decision == Decision.stopped:
            initiative.stop(**told)
            return None
        initiative.decline_ask(**told)
        if decision == Decision.held:
            initiative.hold(**told)
        return None

    def _ask_for(self, condition: Wanted, told: dict[str, Any], **more: Any) -> Action:
        """Make the action of a condition, which the sponsor accepts or waives before the next gate (rule 16)."""
        words, by, now = condition.words.strip(), told["by"], told["now"]
        why = _("A condition of the decision on “%(gate)s”.", gate=self.milestone.name)
        action = Action.add(
            self.initiative, title=" ".join(words.split())[:500], assignee=Assignee(person_id=condition.owner_id),
            by=by, now=now, why=why, description=words, **{"due_on": condition.due_on, **more},
        )  # fmt: skip
        db.session.add(
            ApprovalCondition(
                approval_id=self.id, initiative_id=self.initiative_id, action_id=action.id, words=words, set_at=now,
                owner_id=condition.owner_id, due_on=condition.due_on, settled_words="",
            )
        )  # fmt: skip
        db.session.flush()
        return action


def refuse_after_the_last(stage: Stage) -> None:
    """Raise `NotNow` for a condition at the last gate: nobody would answer for it there."""
    if stage == Stage.realised:
        raise NotNow(
            _("Nothing comes after this gate, so no condition can follow it. Approve it, or say not yet.")
        )  # fmt: skip


def refuse_unconditional(condition: Wanted | None, deciders: Collection[int | None]) -> None:
    """Raise `NotNow` for a condition without words or owner, and for one that those who settle it would do themselves."""
    if condition is None or not condition.words.strip() or not condition.owner_id:
        raise NotNow(_("Say what has to be done, who does it, and by when."))
    if condition.owner_id in deciders:
        raise NotNow(_("Whoever accepts the condition does not do it. Choose somebody else."))
