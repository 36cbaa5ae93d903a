"""The terms of a goal: from which value on which day, to which by when, and what of that it claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from typing import Any

from flask_babel import gettext as _

from tracker.kpis.measures import DAYS, cadence_name
from tracker.kpis.saying import value_told
from tracker.wording import listed


@dataclass(frozen=True)
class Terms:
    """What locks when piloting begins. Values and `claimed` are in the unit of the KPI; `path` holds planned values between
    the ends, in the order of days."""

    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    target_on: date | None = None
    claimed: float | None = None
    path: tuple[tuple[date, float], ...] = ()

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of a goal, and of a version, that keep them."""
        kept = {one.name: getattr(self, one.name) for one in fields(self)}
        return kept | {"path": [[day.isoformat(), value] for day, value in self.path]}

    @classmethod
    def of(cls, kept: Any) -> Terms:
        """Return the terms that a goal, or a version of it, keeps."""
        own: dict[str, Any] = {one.name: getattr(kept, one.name) for one in fields(cls)}
        own["path"] = tuple((date.fromisoformat(day), value) for day, value in kept.path or ())
        return cls(**own)

    @property
    def line(self) -> list[tuple[date, float]]:
        """The planned values from the baseline to the target; empty where an end is open."""
        if None in (self.baseline, self.baseline_on, self.target, self.target_on):
            return []
        ends: Any = (self.baseline_on, self.baseline), (self.target_on, self.target)
        return [ends[0], *self.path, ends[1]]

    @property
    def missing(self) -> list[str]:
        """What of the ends is open, in words."""
        names = {
            "baseline": _("the baseline"),
            "baseline_on": _("the day of the baseline"),
            "target": _("the target"),
            "target_on": _("the day of the target"),
        }
        return [words for name, words in names.items() if getattr(self, name) is None]


def faults_of(terms: Terms, kpi: Any) -> Iterable[tuple[str, str]]:
    """Yield (field, words) for everything that is wrong with `terms` as a goal on `kpi`; nothing for what is only open."""
    if terms.baseline is not None and terms.target is not None:
        gain = terms.target - terms.baseline if kpi.up_is_good else terms.baseline - terms.target
        if gain <= 0:
            yield "target", _wrong_side(terms, kpi)
    if terms.baseline_on and terms.target_on:
        lasts = (terms.target_on - terms.baseline_on).days
        if lasts <= 0:
            yield "target_on", _("The target has to lie after the baseline.")
        elif lasts < DAYS[kpi.cadence]:
            yield "target_on", too_seldom(kpi)
    if terms.claimed is not None and terms.claimed < 0:
        yield "claimed", _("A contribution is a movement for the better: write it without a minus.")
    if terms.path and terms.line and not _in_order([day for day, _value in terms.line]):
        yield "path", _("The planned days have to lie between baseline and target, one after the other.")  # fmt: skip


def _in_order(days: list[date]) -> bool:
    return all(one < other for one, other in pairwise(days))


def _wrong_side(terms: Terms, kpi: Any) -> str:
    told = {"baseline": value_told(terms.baseline, kpi), "kpi": kpi.name}
    if kpi.up_is_good:
        return _("Higher is better for %(kpi)s: the target has to lie above the baseline of %(baseline)s.", **told)  # fmt: skip
    return _("Lower is better for %(kpi)s: the target has to lie below the baseline of %(baseline)s.", **told)  # fmt: skip


def too_seldom(kpi: Any) -> str:
    """Return what is said where a KPI is read less often than the goal lasts."""
    return _(
        "%(kpi)s is read too seldom for this (%(cadence)s): no reading would fall between baseline and target. "
        "Choose a later day, or a KPI that is read more often.",
        kpi=kpi.name,
        cadence=cadence_name(kpi.cadence).lower(),
    )


def incomplete(kpi: Any, terms: Terms) -> str:
    """Return what a goal on `kpi` still lacks, as a sentence."""
    return _("The goal on %(kpi)s lacks %(what)s.", kpi=kpi.name, what=listed(terms.missing))
