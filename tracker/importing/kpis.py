"""The KPIs that a file names: found by code or name, or proposed to be made; and who may bring readings of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.db import db
from tracker.importing.directory import Directory, New
from tracker.importing.tidy import key
from tracker.importing.words import BadValue, shortened
from tracker.kpis.measures import Cadence, Good
from tracker.kpis.models import TAKEN, Kpi, as_code
from tracker.organisation.names import slug
from tracker.organisation.people import Person
from tracker.policy import May, may
from tracker.wording import listed

LONGEST_CODE = 40


@dataclass(frozen=True)
class Meant:
    """A KPI as far as a row has to know: its id, or `New` with what it would be made as."""

    id: int | New
    version: int
    code: str
    name: str
    cadence: Cadence
    measure: str
    by_parts: bool
    factor: float
    scale_low: float | None
    scale_high: float | None
    places: int
    owner_id: int | None
    owner: str | None
    good: Good = Good.up

    @property
    def up_is_good(self) -> bool:
        """Whether higher is better."""
        return self.good == Good.up

    @property
    def made(self) -> dict[str, Any]:
        """What `Kpi.add` takes, of one that is to be made."""
        names = (
            "code",
            "name",
            "cadence",
            "measure",
            "by_parts",
            "factor",
            "scale_low",
            "scale_high",
            "places",
        )
        return {name: getattr(self, name) for name in names}


class Kpis:
    """Every KPI, loaded once. A name nobody knows is proposed where a column names it, never where a constant does:
    that would be a slip of the pen."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._by_code: dict[str, Meant] = {}
        self._by_name: dict[str, list[Meant]] = {}
        columns = (
            Kpi.id, Kpi.version, Kpi.code, Kpi.name, Kpi.cadence, Kpi.measure, Kpi.by_parts, Kpi.factor, Kpi.scale_low,
            Kpi.scale_high, Kpi.places, Kpi.owner_id, Person.name.label("owner"), Kpi.good,
        )  # fmt: skip
        query = select(*columns).join(Person, Person.id == Kpi.owner_id, isouter=True)
        for row in db.session.execute(query.order_by(Kpi.id)).mappings():
            meant = Meant(**row)
            self._by_code[meant.code] = meant
            self._by_name.setdefault(key(meant.name), []).append(meant)

    def known(self, text: str) -> Meant:
        """Return the KPI with this code or name, whosever it is. Raises `BadValue`."""
        found = self._by_code.get(as_code(text)) or self._one_named(text)
        if found is None:
            raise BadValue(_not_known(text))
        return found

    def named(self, text: str) -> Meant | New:
        """Return the KPI with this code or name for a reading, or the one that would be made. Raises `BadValue`."""
        found = self._by_code.get(as_code(text)) or self._one_named(text)
        if found is not None:
            self._refuse_others(found)
            return found
        if "kpi" not in self._directory.columns:
            raise BadValue(_not_known(text))
        if not self._makes():
            raise BadValue(
                _("The KPI “%(name)s” is not known, and only a manager can have it made here.", name=shortened(text))
            )  # fmt: skip
        new = self._directory.new_kpis.setdefault(key(text), New("kpi", key(text), text))
        if not self._directory.create_missing:
            raise BadValue(
                _("The KPI “%(name)s” is not known. Ask for missing KPIs to be made, or correct the name.", name=shortened(text))
            )  # fmt: skip
        return new

    def _one_named(self, text: str) -> Meant | None:
        alike = self._by_name.get(key(text), [])
        if len(alike) > 1:
            codes = listed(one.code for one in alike)
            raise BadValue(
                _("Several KPIs have this name. Write the code: %(codes)s.", codes=codes)
            )
        return alike[0] if alike else None

    def _refuse_others(self, kpi: Meant) -> None:
        """A reading is its owner's word, and a manager's where nobody owns the KPI; the command asks nobody."""
        importer = self._directory.importer
        if importer is None or may(importer, May.add_reading, kpi):
            return
        if kpi.owner_id is None:
            raise BadValue(
                _(
                    "Nobody owns %(kpi)s yet, so its readings are brought by a manager.",
                    kpi=kpi.name,
                )
            )
        raise BadValue(
            _(
                "The readings of %(kpi)s are brought by %(owner)s, who owns it.",
                kpi=kpi.name,
                owner=kpi.owner,
            )
        )

    def _makes(self) -> bool:
        importer = self._directory.importer
        nobodys = Kpi(owner_id=None)
        return importer is None or (
            may(importer, May.add_kpi) and may(importer, May.add_reading, nobodys)
        )

    def free_codes(self, news: Iterable[New]) -> dict[New, str]:
        """Return a code for each KPI that is to be made: of its name, and taken by no other."""
        taken = set(self._by_code) | TAKEN
        codes: dict[New, str] = {}
        for new in news:
            codes[new] = _free(_code(new.name), taken)
            taken.add(codes[new])
        return codes


def _not_known(text: str) -> str:
    return _("The KPI “%(name)s” is not known. Write the code of one that is, or add it first.", name=shortened(text))  # fmt: skip


def _code(name: str) -> str:
    """What of a name can stand in a code; names of other scripts leave nothing, and are numbered."""
    plain = re.sub(r"[^A-Z0-9]+", "-", slug(name).upper()).strip("-")
    return plain[:LONGEST_CODE].strip("-") or "KPI-1"


def _free(wanted: str, taken: set[str]) -> str:
    candidate, number = wanted, 1
    stem = wanted.removesuffix("-1") if wanted == "KPI-1" else wanted[: LONGEST_CODE - 5]
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}"
    return candidate
