"""Milestones from a file: found as the gate of a stage, else by their name in their initiative.

Of a milestone that is still ahead a file changes what its planners could: what a gate is called, its day, and by what one
sees it. Whether it is reached, people say on its page; the sponsor decides on gates (rule 12).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask_babel import gettext as _

from tracker.errors import NotNow
from tracker.importing.directory import Directory
from tracker.importing.matching import Read, Rejected, Standing, Work, compare
from tracker.importing.milestones_standing import Stands, place_of
from tracker.importing.owners import Owner, Owners
from tracker.importing.units import Heading
from tracker.initiatives.stages import Stage
from tracker.milestones.criteria import Measure
from tracker.milestones.forms import MOST_CRITERIA, lines_of
from tracker.milestones.planning import MOST, refuse_behind, refuse_ended
from tracker.milestones.plans import terms_of, usual_plan
from tracker.milestones.states import State
from tracker.milestones.usual import GateTerms, usual_name
from tracker.policy import May, may

PLANNED = ("name", "due", "criteria")  # what a file changes of what stands


@dataclass(frozen=True)
class New:
    """What a row plans. `words` say why it was dropped, where it was."""

    owner: Owner
    name: str
    opens: Stage | None
    due: date
    criteria: Sequence[str]
    measures: Sequence[Measure]
    state: State
    words: str
    stage_plan_id: int | None  # the plan that its criteria are from


@dataclass
class _Comparing:
    """What is asked about every row."""

    owners: Owners
    stands: Stands
    directory: Directory
    plan_id: int | None  # of the usual stage plan; None is the built-in one
    terms: Mapping[Stage, GateTerms]
    remarks: dict[int, list[str]] = field(default_factory=dict)

    def wanted(self, row: Read, found: Standing | None) -> dict[str, Any]:
        """What a row plans or changes. Raises `Rejected`."""
        if not row.values.get("name") and not row.values.get("opens"):
            raise Rejected("name", _("Say what is reached then, or which stage it opens."))
        owner = self.owners.of(row)
        importer = self.directory.importer
        if importer is not None and not may(importer, May.plan_milestone, owner):
            words = _("The milestones of %(ref)s are brought by whoever leads it, or by a manager.", ref=owner.ref)  # fmt: skip
            raise Rejected("initiative", words)
        said = self.remarks.setdefault(row.line, [])
        if found is None:
            return {"new": self._new(row, owner, said)}
        return self._known(row, found, said)

    def _new(self, row: Read, owner: Owner, said: list[str]) -> New:
        values, opens = row.values, _opens(row)
        _or_reject("initiative", refuse_ended, owner)
        if not values.get("due"):
            raise Rejected("due", _("Say by when it is due."))
        _or_reject("opens", refuse_behind, owner, opens)
        criteria = _criteria(values.get("criteria"))
        usual = opens is not None and not criteria
        if usual:
            said.append(_("It gets the criteria that its gate usually has."))
        terms = self.terms[Stage(opens)] if opens is not None else None
        return New(
            owner,
            values.get("name") or (terms.called(Stage(opens)) if terms else ""),
            opens,
            values["due"],
            terms.criteria if terms and usual else criteria,
            terms.measures if terms and usual else (),
            _state(values, opens, criteria, said),
            values.get("words") or "",
            self.plan_id if usual else None,
        )

    def _known(self, row: Read, found: Standing, said: list[str]) -> dict[str, Any]:
        values, state = row.values, found.state
        opens = _opens(row)
        if opens is not None and state["opens"] != opens:
            raise Rejected("opens", _("It stands here as no gate, and does not become one. Call the gate otherwise."))  # fmt: skip
        criteria = _criteria(values.get("criteria"))
        asked = {"name": values.get("name"), "due": values.get("due"), "criteria": "\n".join(criteria) or None}  # fmt: skip
        differs = [name for name in PLANNED if asked[name] not in (None, state[name])]
        if state["state"] != State.planned:
            if differs or values.get("state") == State.planned:
                said.append(
                    _("It is reached, and is kept as it was.")
                    if state["state"] == State.reached
                    else _("It was dropped, and is kept as it was.")
                )
            return {}
        if values.get("state") not in (None, State.planned):
            said.append(_("Whether it is reached or dropped is said on its page; that stays."))
        if "due" in differs and asked["due"] < self.directory.today:
            raise Rejected("due", _("Choose today or a later day."))
        return asked | ({"words": values["words"]} if "due" in differs and values.get("words") else {})  # fmt: skip


def prepare(rows: list[Read], directory: Directory, heading: Heading) -> Work:
    """Compare the rows with the milestones that stand."""
    owners = Owners(row.values["initiative"] for row in rows)
    plan = usual_plan()
    asking = _Comparing(
        owners,
        Stands(owners.ids()),
        directory,
        plan.id if plan is not None else None,
        terms_of(plan),
    )

    work = compare(
        rows,
        name_of=_called,
        identity=lambda row: (owners.id_of(row), *place_of(row)),
        find=lambda row: (asking.stands.find(row, owners.id_of(row)), ""),
        wanted=asking.wanted,
        heading=heading,
    )
    told = {line: " ".join(words) for line, words in asking.remarks.items()}
    work.results = [
        result._replace(words=result.words or told.get(result.line, "")) for result in work.results
    ]
    _refuse_too_many(work, asking.stands.count, heading)
    return work


def _refuse_too_many(work: Work, there: Counter[int], heading: Heading) -> None:
    """Reject the rows that would give an initiative more milestones than one has."""
    count = Counter(there)
    for item in list(work.items):
        if item.found is None:
            owner = item.changes["new"].owner
            count[owner.id] += 1
            if count[owner.id] > MOST:
                words = _("%(ref)s has %(count)s milestones. Change one of those.", ref=owner.ref, count=MOST)  # fmt: skip
                work.reject(item.row, _called(item.row), heading("initiative"), words)


def _or_reject(name: str, refuse: Callable[..., None], *given: Any) -> None:
    """Reject a row at a field for what a verb of a milestone would refuse it for."""
    try:
        refuse(*given)
    except NotNow as error:
        raise Rejected(name, str(error.words)) from None


def _called(row: Read) -> str:
    opens = _opens(row)
    return row.values.get("name") or (usual_name(opens) if opens else row.values["initiative"])


def _opens(row: Read) -> Stage | None:
    opens = row.values.get("opens")
    return Stage(opens) if opens else None


def _criteria(text: str | None) -> list[str]:
    lines = list(dict.fromkeys(lines_of(text)))
    if len(lines) > MOST_CRITERIA:
        raise Rejected("criteria", _("Keep it to %(most)s criteria.", most=MOST_CRITERIA))
    return lines


def _state(
    values: dict[str, Any], opens: Stage | None, criteria: Sequence[str], said: list[str]
) -> State:
    """How far a new one is: reached only where nothing is left for people to find met or to decide."""
    state = State(values.get("state") or State.planned)
    if state != State.reached:
        return state
    if opens is not None:
        said.append(_("It begins as planned: a gate is reached by the sponsor's decision."))
    elif criteria:
        said.append(_("It begins as planned: what is met of it is said here, with what shows it."))
    else:
        said.append(_("It counts as reached from the day of the import on."))
        return State.reached
    return State.planned
