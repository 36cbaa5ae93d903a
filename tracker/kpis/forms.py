"""What is typed about a KPI itself."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import DataRequired, InputRequired, ValidationError

from tracker.db import db
from tracker.fields import member_of
from tracker.forms import Form, Line, Words
from tracker.kpis.fields import FigureLine
from tracker.kpis.listing import kpi_choices
from tracker.kpis.measures import Cadence, Good, Layer, cadence_name, good_name, layer_name
from tracker.kpis.models import CODE, SETTLED, TAKEN, Kpi, as_code, bad_code, once_read
from tracker.kpis.readings import Reading
from tracker.kpis.tree import below_itself, line_above
from tracker.organisation.choices import people_choices, unit_choices
from tracker.organisation.fields import NameLine, OneOf
from tracker.wording import lazy as _l

_FIGURES = ("factor", "scale_low", "scale_high", "alert_low", "alert_high")


def _places() -> list[tuple[int, str]]:
    return [(n, str(n)) for n in range(5)]


def _goods() -> list[tuple[str, str]]:
    return [(one.value, good_name(one)) for one in Good]


def _layers() -> list[tuple[str, str]]:
    return [(one.value, layer_name(one)) for one in Layer]


def _cadences() -> list[tuple[str, str]]:
    return [(one.value, cadence_name(one)) for one in Cadence]


class KpiForm(Form):
    """What a KPI measures, how, for whom, and where it stands."""

    name = NameLine()
    code = Line(_l("Code"), [DataRequired(_l("Type a code, such as NPS."))], longest=40)
    definition = Words(_l("Definition"), longest=2000)
    formula = Line(_l("Formula"), longest=400)
    origin = Line(_l("Source of the definition"), longest=300)
    measure = Line(_l("Unit of measure"), longest=40)
    by_parts = BooleanField(_l("Readings are a part of a whole, such as solved of asked"))
    factor = FigureLine(_l("Part ÷ whole ×"))
    places = SelectField(_l("Decimals shown"), coerce=int, choices=_places)
    good = RadioField(
        _l("Which way is better?"), choices=_goods, coerce=member_of(Good), validators=[InputRequired(_l("Choose one."))]
    )  # fmt: skip
    scale_low = FigureLine(_l("The scale begins at"))
    scale_high = FigureLine(_l("The scale ends at"))
    layer = RadioField(
        _l("Layer"), choices=_layers, coerce=member_of(Layer), validators=[InputRequired(_l("Choose one."))]
    )  # fmt: skip
    parent_id = OneOf(_l("Stands below"))
    unit_id = OneOf(_l("Unit that answers for it"))
    owner_id = OneOf(_l("Owner"))
    source = Line(_l("Where the readings come from"), longest=200)
    cadence = SelectField(_l("How often it is read"), choices=_cadences, coerce=member_of(Cadence))
    alert_low = FigureLine(_l("Alert below"))
    alert_high = FigureLine(_l("Alert above"))

    def __init__(self, *args: Any, kpi: Kpi | None = None, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kpi = kpi
        self.parent_id.offer(
            kpi_choices(but=kpi.id if kpi else None), nothing=_("Nothing: at the top")
        )
        self.unit_id.offer(
            unit_choices(and_also=self.unit_id.object_data), nothing=_("None: the whole company")
        )
        self.owner_id.offer(
            people_choices(and_also=self.owner_id.object_data), nothing=_("Nobody yet")
        )

    @property
    def fields(self) -> dict[str, Any]:
        """What the verbs take."""
        own: Any = self
        figures = {name: own[name].figure for name in _FIGURES}
        texts = {name: self[name].data or "" for name in ("definition", "formula", "origin", "measure", "source")}  # fmt: skip
        return {**self.values, **figures, **texts, "factor": self.factor.figure or 1.0}

    def validate_code(self, field: Any) -> None:
        code = as_code(field.data or "")
        if not CODE.fullmatch(code) or code in TAKEN:
            raise ValidationError(bad_code())
        other = db.session.scalar(select(Kpi.id).where(Kpi.code == code))
        if other is not None and (self.kpi is None or other != self.kpi.id):
            raise ValidationError(_("There is a KPI with the code %(code)s already.", code=code))

    def validate_factor(self, field: Any) -> None:
        if field.figure is not None and field.figure <= 0:
            raise ValidationError(
                _("Write a figure above 0: 100 for per cent, 1 for a plain ratio.")
            )

    def validate_scale_high(self, field: Any) -> None:
        self._in_order(self.scale_low, field)

    def validate_alert_high(self, field: Any) -> None:
        self._in_order(self.alert_low, field)

    @staticmethod
    def _in_order(low: Any, high: Any) -> None:
        if low.figure is not None and high.figure is not None and low.figure >= high.figure:
            raise ValidationError(_("This has to be above the other end."))

    def validate_parent_id(self, field: Any) -> None:
        if self.kpi is None or field.data is None:
            return
        parents = {
            row.id: row.parent_id for row in db.session.execute(select(Kpi.id, Kpi.parent_id))
        }
        if self.kpi.id in line_above(parents, field.data):
            raise ValidationError(below_itself(self.kpi.name))

    def validate_measure(self, field: Any) -> None:
        self._settled("measure", field.data or "")

    def validate_cadence(self, field: Any) -> None:
        self._settled("cadence", field.data)

    def _settled(self, name: str, value: Any) -> None:
        """Refuse to change what gives readings their meaning, once there are some."""
        if self.kpi is None or name not in SETTLED or getattr(self.kpi, name) == value:
            return
        if db.session.scalar(select(Reading.id).where(Reading.kpi_id == self.kpi.id).limit(1)):
            raise ValidationError(once_read())


def as_it_stands(kpi: Kpi) -> dict[str, Any]:
    """Return what the form would show of a KPI now, field by field."""
    form = KpiForm(formdata=None, obj=kpi, kpi=kpi)
    return {field.name: field.data for field in form}
