"""What a board shows: filters that stand in its address, in the saved board, and in SQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, or_, select

from tracker.addresses import id_in
from tracker.initiatives.models import Initiative
from tracker.initiatives.narrowing import aiming_at
from tracker.initiatives.team import Involvement, Participation
from tracker.organisation.names import normal

WORDS = 8  # of a search that count
COLOURS = ("on_track", "at_risk", "off_track", "none")


@dataclass(frozen=True)
class Filters:
    """Each filter narrows; an empty one says nothing."""

    q: str = ""
    theme: str = ""
    unit: int | None = None  # lead unit, or taking part
    sponsor: int | None = None
    lead: int | None = None
    partner: int | None = None
    kpi: int | None = None  # that it aims at
    colour: str = ""
    blocked: bool = False

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any]) -> Filters:
        """Return the filters in a query string or a saved board; what makes no sense is left out."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            raw = given.get(field.name)
            if raw in (None, ""):
                continue
            if field.name in {"unit", "sponsor", "lead", "partner", "kpi"}:
                if number := id_in(raw):
                    values[field.name] = number
            elif field.name == "blocked":
                values["blocked"] = str(raw) in {"1", "true", "True"}
            elif field.name == "colour":
                if raw in COLOURS:
                    values["colour"] = raw
            else:
                values[field.name] = str(raw).replace("\x00", "")[:100]
        return cls(**values)

    def as_dict(self) -> dict[str, Any]:
        """Return what is set."""
        return {key: value for key, value in asdict(self).items() if value not in (None, "", False)}

    def as_json(self) -> str:
        return json.dumps(self.as_dict(), sort_keys=True, ensure_ascii=False)

    def as_query(self, **more: Any) -> str:
        """Return what is set as a query string, with `more` beside it."""
        pairs = {key: "1" if value is True else value for key, value in self.as_dict().items()}
        return urlencode({**pairs, **{k: v for k, v in more.items() if v}})

    def narrowed(self, other: Filters) -> Filters:
        """Return these filters with what `other` sets in their place."""
        return replace(self, **other.as_dict())

    @property
    def selective(self) -> bool:
        """Whether an index finds a small part of all initiatives."""
        return bool(
            self.theme or self.unit or self.sponsor or self.lead or self.partner or self.kpi
        )

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filters as conditions on `Initiative`."""
        found: list[ColumnElement[bool]] = []
        if self.theme:
            found.append(Initiative.theme == self.theme)
        if self.unit:
            taking_part = select(Participation.initiative_id).where(
                Participation.unit_id == self.unit
            )
            found.append(or_(Initiative.lead_unit_id == self.unit, Initiative.id.in_(taking_part)))
        if self.sponsor:
            found.append(Initiative.sponsor_id == self.sponsor)
        if self.lead:
            found.append(Initiative.lead_id == self.lead)
        if self.partner:
            found.append(
                Initiative.id.in_(
                    select(Involvement.initiative_id).where(Involvement.partner_id == self.partner)
                )
            )
        if self.kpi:
            found.append(aiming_at(self.kpi))
        if self.colour:
            found.append(
                Initiative.colour.is_(None)
                if self.colour == "none"
                else Initiative.colour == self.colour
            )
        if self.blocked:
            found.append(Initiative.open_blockers > 0)
        for word in normal(self.q).split()[:WORDS]:
            like = f"%{word.replace('%', '').replace('_', '')}%"
            found.append(or_(Initiative.title.ilike(like), Initiative.ref.ilike(like)))
        return found
