"""How a request comes to be: drafted, changed, put to the sponsor with everything it stands on frozen, and taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from flask_babel import gettext as _

from tracker.activity.declaring import digest_of
from tracker.activity.kinds import Kind
from tracker.approvals.askable import gate_of, open_already, refuse_sponsor, refuse_unaskable
from tracker.approvals.deciders import deciders_of
from tracker.approvals.freezing import content_of
from tracker.approvals.links import make_links
from tracker.approvals.rules import bind
from tracker.approvals.states import ASKED, State, Verb
from tracker.db import db
from tracker.errors import NotNow
from tracker.initiatives.stages import Stage
from tracker.organisation.people import Person
from tracker.organisation.settings import day_of
from tracker.organisation.uniqueness import flush_or
from tracker.wording import listed

WORDS = ("question", "cost_words", "gain", "waiting", "risk")
SAYS = (*WORDS, "cost", "decide_by")


class Asking:
    """The verbs of those who ask."""

    if TYPE_CHECKING:
        id: Any
        initiative: Any
        initiative_id: Any
        milestone: Any
        milestone_id: Any
        opens: Any
        state: Any
        question: Any
        cost: Any
        cost_words: Any
        gain: Any
        waiting: Any
        risk: Any
        decide_by: Any
        asked_at: Any
        asked_by_id: Any
        frozen: Any
        digest: Any
        closed_at: Any
        version: Any
        record: Any
        check: Any
        end_all: Any
        waits_from: Any
        forget_agreement: Any

    @classmethod
    def draft(
        cls, initiative: Any, stage: Stage, *, by: Person, now: datetime, question: str, cost: Decimal | None = None,
        cost_words: str = "", gain: str = "", waiting: str = "", risk: str = "", decide_by: date | None = None,
    ) -> Self:  # fmt: skip
        """Begin a request to open `stage`, the next one. A gate that nobody has planned is planned with it, as its stage plan has it.

        Raises `NotNow` for the sponsor, who decides and does not ask, for any other stage, for one that nothing can be asked
        about, for a gate with an open request, and without a question.
        """
        refuse_sponsor(initiative, by)
        refuse_unaskable(initiative, stage)
        if not question.strip():
            raise NotNow(_("Say in one question what is to be decided."))
        cls.end_all(initiative, by=by, now=now, unless=stage)  # a stage may be out of use since
        taken = open_already(stage)
        gate = gate_of(initiative, stage, decide_by, by, now)
        model: Any = cls
        new = model(
            initiative=initiative, milestone=gate, initiative_id=initiative.id, milestone_id=gate.id, opens=stage, state=State.draft,
            question=question.strip(), cost=cost, cost_words=cost_words.strip(), gain=gain.strip(), waiting=waiting.strip(),
            risk=risk.strip(), decide_by=decide_by, drafted_at=now, drafted_by_id=by.id, asked_by_id=by.id, digest="", words="",
            returned_words="", version=1,
        )  # fmt: skip
        db.session.add(new)
        flush_or(taken)  # the database refuses a second open one here
        new.record(
            Kind.approval_drafted, by=by, now=now, after={"milestone_id": gate.id, "stage": stage.value},
            private={"words": new.question},
        )  # fmt: skip
        return new

    def change(self, says: Mapping[str, Any], *, by: Person, now: datetime) -> None:
        """Say it otherwise; what the sponsor has already is put to them anew with it, or stays as it was.

        Raises `NotNow` once it is decided or withdrawn, for the sponsor, and without a question.
        """
        self.check(Verb.change)
        refuse_sponsor(self.initiative, by)
        wanted = {
            key: says[key].strip() if key in WORDS else says[key] for key in SAYS if key in says
        }
        if not wanted.get("question", self.question):
            raise NotNow(_("Say in one question what is to be decided."))
        was = {key: getattr(self, key) for key in wanted if getattr(self, key) != wanted[key]}
        if not was:
            return
        for key in was:
            setattr(self, key, wanted[key])
        self.version += 1
        db.session.flush()
        told = [key for key in was if key in WORDS]
        self.record(
            Kind.approval_changed, by=by, now=now, before=_plainly(was), after={"fields": sorted(was), **_plainly(wanted, only=was)},
            private={"was": {key: was[key] for key in told}, "now": {key: wanted[key] for key in told}} if told else None,
        )  # fmt: skip

    @property
    def missing(self) -> list[str]:
        """Name what a request has to say before it is put to the sponsor, and does not yet (rule 13)."""
        asked = {
            _("the cost"): self.cost is not None or self.cost_words,
            _("the gain"): self.gain,
            _("what happens if it waits"): self.waiting,
            _("the open risk"): self.risk,
            _("by when to decide"): self.decide_by,
        }
        return [words for words, there in asked.items() if not there]

    def submit(self, *, by: Person, now: datetime) -> None:
        """Put it to the sponsor, or put it to them anew because something changed; the card wears "asked" from now on.

        Raises `NotNow` for the sponsor, with what it does not say yet, for a day to decide that has passed, and with what
        stands in the way of its stage.
        """
        self.check(Verb.submit)
        refuse_sponsor(self.initiative, by)
        if self.missing:
            raise NotNow(_("The request does not say yet: %(what)s.", what=listed(self.missing)))
        if self.decide_by < day_of(now):
            raise NotNow(_("The day by which to decide has passed. Choose today or a later day."))
        refuse_unaskable(self.initiative, self.opens)
        content = content_of(self, now)
        before = {"state": self.state.value}
        if self.state in ASKED and digest_of(content) == self.digest:
            raise NotNow(
                _("Finance has this request already, and nothing of it has changed.")
                if self.state == State.agreed
                else _("The sponsor has this request already, and nothing of it has changed.")
            )
        self._take_back(by, now)  # this one, or one from before there were requests
        self.forget_agreement()
        self.state, self.asked_at, self.asked_by_id = State.submitted, now, by.id
        self.waits_from(now)
        self.frozen, self.digest = content, digest_of(content)
        bind(self)
        self.version += 1
        db.session.flush()
        self.initiative.ask_stage(by=by, now=now, words=self.question)
        make_links(self, deciders_of(self, day_of(now)), now=now)
        self.record(
            Kind.approval_submitted, by=by, now=now, before=before,
            after={
                "state": State.submitted.value, "stage": self.opens.value, "sha256": self.digest,
                "decide_by": self.decide_by.isoformat(),
            },
            private={"words": self.question},
        )  # fmt: skip

    def withdraw(self, *, by: Person, now: datetime) -> None:
        """Take it back. Raises `NotNow` once it is decided or withdrawn."""
        self.check(Verb.withdraw)
        if self.state in ASKED:
            self._take_back(by, now)
        self._withdrawn(Kind.approval_withdrawn, by, now)

    def close(self, *, by: Person | None, now: datetime) -> None:
        """Let it end because nothing can be decided any more: its initiative was stopped, or stands elsewhere."""
        if by is not None and self.state in ASKED:
            self._take_back(by, now)
        self._withdrawn(Kind.approval_closed, by, now)

    def _take_back(self, by: Person, now: datetime) -> None:
        """Let the card wear "asked" no more, if it does so for the stage of this request."""
        if self.initiative.asked_stage == self.opens:
            self.initiative.withdraw_ask(by=by, now=now)

    def _withdrawn(self, kind: Kind, by: Person | None, now: datetime) -> None:
        before = {"state": self.state.value}
        self.forget_agreement()
        self.state, self.closed_at = State.withdrawn, now
        self.version += 1
        db.session.flush()
        self.record(kind, by=by, now=now, before=before, after={"state": State.withdrawn.value})


def _plainly(says: Mapping[str, Any], only: Collection[str] | None = None) -> dict[str, Any]:
    """Return the amount and the day of what is said, as an event may hold them."""
    keys = says.keys() if only is None else only
    told = {key: says[key] for key in ("cost", "decide_by") if key in keys}
    return {
        key: one.isoformat() if isinstance(one, date) else float(one) if one is not None else None
        for key, one in told.items()
    }
