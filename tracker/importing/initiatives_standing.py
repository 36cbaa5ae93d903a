"""The initiatives that stand, as far as rows of a file mean them: a few queries for all rows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.db import db
from tracker.importing.bulk import chunks
from tracker.importing.matching import Read, Rejected, by_name
from tracker.importing.models import ImportMark
from tracker.importing.reports import StandingReport, standing_reports
from tracker.initiatives.friction import Friction
from tracker.initiatives.keeping import title_key as key_of_title
from tracker.initiatives.models import Initiative
from tracker.initiatives.sponsoring import Sponsorship
from tracker.initiatives.stages import Stage, stage_name
from tracker.initiatives.team import Involvement, Participation
from tracker.wording import listed

title_key = lru_cache(maxsize=2**17)(key_of_title)


class Found(NamedTuple):
    """An initiative that stands; `as_of` is the period that a former import described it for."""

    id: int
    ref: str
    version: int
    touches: int
    stage: Stage
    stopped: bool
    as_of: date | None
    colour: str | None
    sponsored_by: int | None
    proposed_to: int | None
    asked_before: frozenset[int]
    friction_id: int | None
    state: dict[str, Any]


class Stands:
    """Finds what rows mean, among the initiatives that stand."""

    def __init__(self, rows: Iterable[Read]) -> None:
        rows = list(rows)
        refs = sorted({row.values["ref"] for row in rows if row.values.get("ref")})
        titles = sorted({title_key(row.values["name"]) for row in rows})
        ids = _ids(Initiative.outside_id, refs) | _ids(Initiative.title_key, titles)
        self._found = _loaded(sorted(ids))
        self._by_outside = {
            found.state["ref"]: found for found in self._found.values() if found.state["ref"]
        }
        self._by_title: dict[str, list[Found]] = {}
        for found in self._found.values():
            self._by_title.setdefault(title_key(found.state["name"]), []).append(found)
        self.reports: dict[int, list[StandingReport]] = standing_reports(sorted(ids))

    def find(self, group: list[Read]) -> tuple[Found | None, str]:
        """What the rows mean: by outside id, else by name and unit, with the remark that says so.

        Raises `Rejected` when two initiatives have that name and unit.
        """
        ref = next((row.values["ref"] for row in group if row.values.get("ref")), None)
        if ref in self._by_outside:
            return self._by_outside[ref], ""
        for row in group:
            found = self._named(row, without_id=ref is not None)
            if found:
                return found, by_name()
        return None, ""

    def _named(self, row: Read, *, without_id: bool) -> Found | None:
        unit = row.values.get("unit")
        alike = [
            found
            for found in self._by_title.get(title_key(row.values["name"]), [])
            if unit in {None, found.state["unit"]} and not (without_id and found.state["ref"])
        ]
        if len(alike) > 1:
            raise Rejected(
                "name",
                _(
                    "Two initiatives have this name: %(refs)s. Give outside ids.",
                    refs=listed(found.ref for found in alike),
                ),
            )
        return alike[0] if alike else None

    def check_people(self, wanted: dict[str, Any], course: Any, remarks: list[str]) -> None:
        """Take out of `wanted` what a file cannot decide, and say so in `remarks`.

        Stages are moved and sponsors replaced by people, not by files. Raises `Rejected` when the
        sponsor would lead.
        """
        found: Found | None = course.found
        if found and found.stage != Stage.idea:
            _keep_stage(wanted, found, remarks)
        elif wanted["stage"] == Stage.idea:
            wanted["stage"] = None
        if found:
            _keep_sponsor(wanted, found, remarks)
        lead = wanted["lead"] or course.so_far.get("lead")
        sponsors = {wanted["sponsor"], course.so_far.get("sponsor")}
        if found:
            sponsors |= {found.sponsored_by, found.proposed_to}
        if lead is not None and lead in sponsors:
            raise Rejected(
                "sponsor" if wanted["sponsor"] == lead else "lead",
                _("The sponsor never leads. Name two different people."),
            )


def _keep_stage(wanted: dict[str, Any], found: Found, remarks: list[str]) -> None:
    if wanted["stage"] not in {None, found.stage}:
        remarks.append(
            _(
                "It stands at %(stage)s; only its sponsor moves it.",
                stage=stage_name(found.stage),
            )
        )
    wanted["stage"] = None


def _keep_sponsor(wanted: dict[str, Any], found: Found, remarks: list[str]) -> None:
    sponsor = wanted["sponsor"]
    if sponsor is None or sponsor in {found.sponsored_by, found.proposed_to}:
        wanted["sponsor"] = None
    elif found.sponsored_by is not None or found.proposed_to is not None:
        remarks.append(_("It has another sponsor, or one is proposed; that stays."))
        wanted["sponsor"] = None
    elif sponsor in found.asked_before:
        remarks.append(_("This sponsor was proposed before and did not accept; that stays."))
        wanted["sponsor"] = None


def _ids(column: Any, values: list[Any]) -> set[int]:
    found: set[int] = set()
    for chunk in chunks(values):
        found.update(db.session.scalars(select(Initiative.id).where(column.in_(chunk))))
    return found


def _loaded(ids: list[int]) -> dict[int, Found]:
    found: dict[int, Found] = {}
    for chunk in chunks(ids):
        units = _sets(Participation.initiative_id, Participation.unit_id, chunk)
        partners = _sets(Involvement.initiative_id, Involvement.partner_id, chunk)
        asked = _sets(Sponsorship.initiative_id, Sponsorship.person_id, chunk)
        frictions = {
            row.initiative_id: row
            for row in db.session.execute(
                select(
                    Friction.id, Friction.initiative_id, Friction.words, Friction.touchpoint, Friction.channel,
                    Friction.root_cause,
                ).where(Friction.initiative_id.in_(chunk))
            )
        }  # fmt: skip
        query = (
            select(
                Initiative.id, Initiative.ref, Initiative.version, Initiative.touches,
                Initiative.stage, Initiative.stopped_at, Initiative.colour, Initiative.sponsor_id,
                Initiative.proposed_sponsor_id, Initiative.outside_id, Initiative.title,
                Initiative.theme, Initiative.category, Initiative.budget, Initiative.lead_unit_id,
                Initiative.lead_id, Initiative.adopt_stage, ImportMark.as_of,
            )
            .outerjoin(ImportMark, ImportMark.initiative_id == Initiative.id)
            .where(Initiative.id.in_(chunk))
            .order_by(Initiative.id)
        )  # fmt: skip
        for row in db.session.execute(query):
            friction = frictions.get(row.id)
            found[row.id] = Found(
                row.id, row.ref, row.version, row.touches, row.stage, row.stopped_at is not None, row.as_of,
                row.colour, row.sponsor_id, row.proposed_sponsor_id,
                asked.get(row.id, frozenset()), friction.id if friction else None,
                {
                    "ref": row.outside_id,
                    "name": row.title,
                    "theme": row.theme,
                    "category": row.category,
                    "budget": row.budget,
                    "unit": row.lead_unit_id,
                    "lead": row.lead_id,
                    "stage": row.adopt_stage,
                    "units": units.get(row.id, frozenset()),
                    "partners": partners.get(row.id, frozenset()),
                    "friction": friction.words if friction else "",
                    "touchpoint": friction.touchpoint if friction else "",
                    "channel": friction.channel if friction else "",
                    "cause": friction.root_cause if friction else None,
                },
            )  # fmt: skip
    return found


def _sets(whose: Any, what: Any, ids: Any) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for owner, value in db.session.execute(select(whose, what).where(whose.in_(ids))):
        found.setdefault(owner, set()).add(value)
    return {owner: frozenset(values) for owner, values in found.items()}
