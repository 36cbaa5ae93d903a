"""Goals from a file: one row is what an initiative is to do for a KPI, as an outcome or as a leading measure.

What is blank in a row says nothing. A goal whose terms are locked is never changed by a file: only the sponsor
re-baselines it (rule 7).
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any

from flask_babel import gettext as _

from tracker.goals.aims import Aim, Confidence, Horizon, horizon_name
from tracker.goals.setting import locked, locks
from tracker.goals.terms import Terms, faults_of, incomplete
from tracker.importing.directory import Directory
from tracker.importing.goals_standing import Stands, standing_of
from tracker.importing.kpis import Kpis, Meant
from tracker.importing.matching import Item, Read, Rejected, Standing, Work, resolved
from tracker.importing.notes import Note, sentence
from tracker.importing.owners import Owner, Owners
from tracker.importing.report import Outcome, Result
from tracker.importing.units import Heading
from tracker.importing.words import says_none
from tracker.kpis.figures import BadFigure, figure
from tracker.policy import May, may
from tracker.wording import day

TERMS = ("baseline", "baseline_on", "target", "target_on", "claimed")
BESIDE = ("aim", "confidence", "method", "owner")


@dataclass
class Bring:
    """A goal that a row brings: only what it says. `terms` and `beside` hold nothing for blank cells."""

    row: Read
    owner: Owner
    kpi: Meant
    horizon: Horizon
    terms: dict[str, Any]
    beside: dict[str, Any]
    remarks: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the report calls it."""
        return " · ".join((self.owner.ref, self.kpi.name, horizon_name(self.horizon)))

    @property
    def whose(self) -> Hashable:
        """Which goal it is: an initiative has one of each horizon."""
        return self.owner.id, self.horizon

    @property
    def said(self) -> tuple[Any, ...]:
        """What is compared with other rows about the same."""
        return self.kpi.id, self.terms, self.beside


def prepare(rows: list[Read], directory: Directory, heading: Heading) -> Work:
    """Compare the rows with the goals that stand."""
    work, kpis = Work(), Kpis(directory)
    owners = Owners(row.values["initiative"] for row in rows)
    brought: list[Bring] = []
    for row in rows:
        try:
            brought.append(_read(row, owners, kpis, directory))
        except Rejected as error:
            name = f"{row.values['initiative']} · {row.values['kpi']}"
            work.reject(row, name, heading(error.field), error.words)
    stands = standing_of(owners.ids())
    for one in _once(brought, work, heading):
        try:
            _compare(one, stands, work)
        except Rejected as error:
            work.reject(one.row, one.name, heading(error.field), error.words)
    if any(told and told.name for row in rows for told in _days(row)):
        work.notes.append(Note("last_day_taken", {}))
    return work


@sentence("last_day_taken")
def _last_day_taken() -> str:
    return _("Where a period stands in place of a day, its last day is taken.")


def _days(row: Read) -> tuple[Any, Any]:
    return row.values.get("baseline_on"), row.values.get("target_on")


def _read(row: Read, owners: Owners, kpis: Kpis, directory: Directory) -> Bring:
    """Return what a row says, with ids instead of names. Raises `Rejected`."""
    values, owner = row.values, owners.of(row)
    importer = directory.importer
    if importer is not None and not may(importer, May.set_goal, owner):
        raise Rejected("initiative", _lead_sets(owner, directory))
    kpi = resolved("kpi", kpis.known, values["kpi"])
    terms: dict[str, Any] = {name: _figure(name, values, kpi) for name in ("baseline", "target", "claimed")}  # fmt: skip
    terms["baseline_on"], terms["target_on"] = (told and told.last for told in _days(row))
    sure, aim = values.get("confidence"), values.get("aim")
    beside = {
        "aim": Aim(aim) if aim else None,
        "confidence": Confidence(sure) if sure else None,
        "method": values.get("method"),
        "owner": resolved("owner", lambda text: directory.colleague(text).id, values.get("owner")),
    }
    return Bring(
        row, owner, kpi, Horizon(values.get("horizon") or Horizon.outcome), _given(terms), _given(beside)
    )  # fmt: skip


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _figure(name: str, values: dict[str, Any], kpi: Meant) -> float | None:
    """The figure in a cell; None where it is blank, or says in words that there is none. Raises `Rejected`."""
    text = values.get(name)
    if text is None or says_none(text):
        return None
    low, high = (None, None) if name == "claimed" else (kpi.scale_low, kpi.scale_high)
    try:
        return figure(text, kpi.measure, low, high)
    except BadFigure as error:
        raise Rejected(name, error.words) from None


def _lead_sets(owner: Owner, directory: Directory) -> str:
    lead = next((one.name for one in directory.people if one.id == owner.lead_id), None)
    if lead is None:
        return _("%(ref)s has no lead yet, so its goals are brought by a manager.", ref=owner.ref)
    return _("The goals of %(ref)s are brought by %(lead)s, who leads it, or by a manager.", ref=owner.ref, lead=lead)  # fmt: skip


def _once(brought: list[Bring], work: Work, heading: Heading) -> list[Bring]:
    """Return each goal once. The same twice is told; where rows say otherwise, all of them are rejected."""
    alike: dict[Hashable, list[Bring]] = {}
    for one in brought:
        alike.setdefault(one.whose, []).append(one)
    once: list[Bring] = []
    for group in alike.values():
        first = group[0]
        other = next((one for one in group if one.said != first.said), None)
        if other is None:
            once.append(first)
            for one in group[1:]:
                words = _("The same as line %(line)s.", line=first.row.line)
                work.results.append(Result(one.row.line, Outcome.unchanged, one.name, words=words))
            continue
        for one in group:
            against = other if one.said == first.said else first
            words = _(
                "Line %(line)s is about the same goal and says otherwise. An initiative has one outcome and one leading measure.",
                line=against.row.line,
            )  # fmt: skip
            work.reject(one.row, one.name, heading(_difference(one, against)), words)
    return once


def _difference(one: Bring, other: Bring) -> str:
    if one.kpi.id != other.kpi.id:
        return "kpi"
    both = (one.terms | one.beside, other.terms | other.beside)
    return next(name for name in (*TERMS, *BESIDE) if both[0].get(name) != both[1].get(name))


def _compare(one: Bring, stands: Stands, work: Work) -> None:
    """Put into `work` what becomes of a goal. Raises `Rejected`."""
    found = stands.present.get((one.owner.id, one.horizon))
    if found is None:
        gone = stands.given_up(one.owner.id, one.horizon, one.kpi.id, one.terms)
        if gone is not None:
            words = _("It was given up on %(day)s, and stays so.", day=day(gone))
            work.results.append(Result(one.row.line, Outcome.unchanged, one.name, words=words))
            return
    other = found is not None and found.kpi_id != one.kpi.id
    keeps = found.terms if found is not None and not other else Terms()
    terms = replace(keeps, **one.terms)
    fields = list(_moved(one, terms, found)) if found is not None else []
    if found is not None and not fields:
        work.results.append(Result(one.row.line, Outcome.unchanged, one.name))
        return
    if found is not None and found.locked:
        raise Rejected(fields[0], _stays(fields))
    if one.owner.ended:
        raise Rejected(
            "initiative", _("%(ref)s has ended; nothing is aimed at any more.", ref=one.owner.ref)
        )
    _refuse(terms, one, new=found is None)
    changes = {"owner": one.owner, "kpi": one.kpi, "horizon": one.horizon, "terms": terms, "beside": one.beside}  # fmt: skip
    if found is None:
        if "aim" not in one.beside:
            one.remarks.append(_("It does not say what it serves, and is taken to serve the customer."))  # fmt: skip
        if locks(one.owner.stage):
            one.remarks.append(_("Piloting has begun there, so its terms are locked at once."))
    elif other:
        one.remarks.append(_("It aims at another KPI now; terms that stood for the former one are not kept."))  # fmt: skip
    words = " ".join(one.remarks)
    outcome = Outcome.created if found is None else Outcome.changed
    work.items.append(Item(one.row, Standing(found.id, found.version, {}) if found else None, changes))  # fmt: skip
    work.results.append(Result(one.row.line, outcome, one.name, words=words, fields=tuple(fields)))


def _moved(one: Bring, terms: Terms, found: Any) -> Any:
    """Yield the fields in which a goal that stands would change."""
    if one.kpi.id != found.kpi_id:
        yield "kpi"
    yield from (name for name in TERMS if getattr(terms, name) != getattr(found.terms, name))
    yield from (name for name, value in one.beside.items() if value != found.beside[name])


def _stays(fields: list[str]) -> str:
    """What is said of a row that would change a goal whose terms are locked."""
    if {"kpi", *TERMS} & set(fields):
        return locked()
    return _(
        "Its terms locked when piloting began, so no file changes it any more. What stands beside them is changed on its page; the "
        "terms only by the sponsor, who re-baselines."
    )  # fmt: skip


def _refuse(terms: Terms, one: Bring, *, new: bool) -> None:
    """Raise `Rejected` for terms that contradict each other or the KPI, and for new ones with an open end from piloting on."""
    for name, words in faults_of(terms, one.kpi):
        raise Rejected("target_on" if name == "path" else name, words)
    if new and locks(one.owner.stage) and terms.missing:
        ends = ("baseline", "baseline_on", "target", "target_on")
        name = next(name for name in ends if getattr(terms, name) is None)
        raise Rejected(name, f"{incomplete(one.kpi, terms)} {_('From piloting on this is needed.')}")  # fmt: skip
