"""A goal is set, changed, dropped; it locks when piloting begins, and is re-baselined by the sponsor alone (rule 7)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.activity.kinds import Kind
from tracker.db import db
from tracker.errors import NotNow
from tracker.goals.aims import Horizon
from tracker.goals.claiming import reclaim
from tracker.goals.terms import Terms, faults_of, incomplete
from tracker.goals.versions import GoalVersion
from tracker.initiatives.stages import ORDER, Stage
from tracker.kpis.readings import figure
from tracker.organisation.people import Person
from tracker.organisation.uniqueness import flush_or

BESIDE = ("aim", "confidence", "method", "owner_id")  # what may change after the terms locked


def locks(stage: Stage) -> bool:
    """Tell whether the terms of a goal are locked in this stage: from piloting on (rule 7)."""
    return ORDER.index(stage) >= ORDER.index(Stage.piloting)


class Setting:
    """The verbs of a goal."""

    if TYPE_CHECKING:
        id: Any
        initiative_id: Any
        kpi: Any
        kpi_id: Any
        horizon: Any
        stage: Any
        locked_at: Any
        dropped_at: Any
        dropped_words: Any
        version: Any
        record: Any

    @classmethod
    def set(
        cls, initiative: Any, kpi: Any, *, terms: Terms, by: Person | None, now: datetime, horizon: Horizon = Horizon.outcome,
        **beside: Any,
    ) -> Self:  # fmt: skip
        """Say what an initiative is to do for a KPI. From piloting on that is agreed at once, and locked.

        Raises `NotNow` once it has ended, where it has a goal of this horizon, for terms that contradict each other or the
        KPI, and from piloting on for terms with an open end.
        """
        refuse_ended(initiative)
        refuse_faults(terms, kpi)
        new: Any = cls
        goal = new(
            initiative_id=initiative.id, kpi=kpi, horizon=horizon, stage=initiative.stage, added_at=now,
            added_by_id=by.id if by else None, **terms.columns, **beside,
        )  # fmt: skip
        db.session.add(goal)
        flush_or(_("%(ref)s has such a goal already. Change that one.", ref=initiative.ref))
        goal.record(Kind.goal_set, by=by, now=now, after=goal.told)
        if locks(initiative.stage):
            goal.lock(by=by, now=now)
        reclaim(cls, [kpi.id])
        initiative.touch(now)
        return goal

    def change(
        self, initiative: Any, *, terms: Terms, by: Person | None, now: datetime, kpi: Any = None, **beside: Any
    ) -> None:  # fmt: skip
        """Change it before piloting; after that only what stands beside the terms (`BESIDE`).

        Where piloting has begun, terms that an open end kept from locking lock as soon as they are whole. Raises `NotNow`
        once it has ended, for locked terms, for a goal that was dropped, and what `set` raises.
        """
        self._present()
        refuse_ended(initiative)
        before, kept, aimed = self.told, Terms.of(self), self.kpi_id
        moves = terms != kept or (kpi is not None and kpi.id != self.kpi_id)
        if self.locked_at is not None and moves:
            raise NotNow(locked())
        refuse_faults(terms, kpi or self.kpi)
        if kpi is not None:
            self.kpi = kpi
        changed = self._take(terms.columns | beside)
        if not changed and not moves:
            return
        self.version += 1
        db.session.flush()
        after = self.told
        differ = [key for key in after if before[key] != after[key]]
        self.record(
            Kind.goal_changed, by=by, now=now, before={key: before[key] for key in differ},
            after={key: after[key] for key in differ} | {"fields": sorted(changed)},
        )  # fmt: skip
        if self.locked_at is None and locks(initiative.stage) and not terms.missing:
            self.lock(by=by, now=now)
        if moves:
            reclaim(type(self), {aimed, self.kpi_id})
        initiative.touch(now)

    def drop(self, initiative: Any, *, by: Person, now: datetime, words: str) -> None:
        """Give it up; `words` may say why. Raises `NotNow` once it has ended, and for a goal that is locked, unless it led
        through a stage that is over."""
        self._present()
        refuse_ended(initiative)
        served = self.horizon == Horizon.leading and self.stage != initiative.stage
        if self.locked_at is not None and not served:
            raise NotNow(locked())
        self.dropped_at, self.dropped_words = now, words.strip()
        self.version += 1
        private = {"words": words.strip()} if words.strip() else None
        self.record(Kind.goal_dropped, by=by, now=now, before=self.told, private=private)
        reclaim(type(self), [self.kpi_id])
        initiative.touch(now)

    def lock(self, *, by: Person | None, now: datetime) -> None:
        """Let the terms be agreed as they stand: version 1. Raises `NotNow` with what is open."""
        terms = Terms.of(self)
        if terms.missing:
            raise NotNow(incomplete(self.kpi, terms))
        self.locked_at = now
        self._agree(terms, by=by, now=now, words="", for_sponsor=None)
        self.record(Kind.goal_locked, by=by, now=now, after=self.told)

    def rebaseline(
        self, initiative: Any, *, terms: Terms, by: Person, now: datetime, words: str, for_sponsor: Person | None = None
    ) -> None:  # fmt: skip
        """Decide, as sponsor and in words, on other terms. Both versions stay. `for_sponsor` names the sponsor when a deputy
        decides.

        Raises `NotNow` for a goal that is not locked, without words, for terms with an open end or a contradiction, and
        where nothing would change.
        """
        self._present()
        if self.locked_at is None:
            raise NotNow(_("This goal is not locked yet: its lead may simply change it."))
        refuse_ended(initiative)
        if not words.strip():
            raise NotNow(_("Say why other terms are agreed now."))
        refuse_faults(terms, self.kpi)
        if terms.missing:
            raise NotNow(incomplete(self.kpi, terms))
        if terms == Terms.of(self):
            raise NotNow(_("These are the terms that stand already."))
        before = self.told
        self._take(terms.columns)
        self.version += 1
        self._agree(terms, by=by, now=now, words=words.strip(), for_sponsor=for_sponsor)
        after = self.told
        differ = [key for key in after if before[key] != after[key]]
        self.record(
            Kind.goal_rebaselined, by=by, now=now, before={key: before[key] for key in differ},
            after={key: after[key] for key in differ}, private={"words": words.strip()}, on_behalf_of=for_sponsor,
        )  # fmt: skip
        reclaim(type(self), [self.kpi_id])
        initiative.touch(now)

    @property
    def told(self) -> dict[str, Any]:
        """What its events say of it."""
        own: Any = self
        terms = Terms.of(self)
        return {
            "kpi_id": own.kpi.id,
            "horizon": str(own.horizon),
            "aim": str(own.aim),
            "from_figure": figure(terms.baseline),
            "from_day": terms.baseline_on.isoformat() if terms.baseline_on else None,
            "to_figure": figure(terms.target),
            "until": terms.target_on.isoformat() if terms.target_on else None,
            "claimed": figure(terms.claimed),
        }

    def _take(self, values: dict[str, Any]) -> list[str]:
        changed = [name for name, value in values.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, values[name])
        return changed

    def _agree(self, terms: Terms, *, by: Person | None, now: datetime, words: str, for_sponsor: Person | None) -> None:  # fmt: skip
        db.session.flush()
        last = select(func.max(GoalVersion.number)).where(GoalVersion.goal_id == self.id)
        row = GoalVersion(
            goal_id=self.id, number=(db.session.scalar(last) or 0) + 1, agreed_at=now, agreed_by_id=by.id if by else None,
            agreed_for_id=for_sponsor.id if for_sponsor else None, words=words, **terms.columns,
        )  # fmt: skip
        db.session.add(row)
        flush_or(_("Somebody agreed on other terms just now. Look at the goal again."))

    def _present(self) -> None:
        if self.dropped_at is not None:
            raise NotNow(_("This goal was given up. Set another one."))


def refuse_ended(initiative: Any) -> None:
    """Raise `NotNow` once an initiative is realised or stopped."""
    if initiative.ended:
        raise NotNow(_("%(ref)s has ended; nothing is aimed at any more.", ref=initiative.ref))


def refuse_faults(terms: Terms, kpi: Any) -> None:
    """Raise `NotNow` for terms that contradict each other or the KPI."""
    for _field, words in faults_of(terms, kpi):
        raise NotNow(words)


def locked() -> str:
    """Return what is said of a change to locked terms."""
    return _(
        "Its terms locked when piloting began. Only the sponsor changes them, by a re-baseline; both versions then stay."
    )
