"""The forms of an import: the file, and which column holds what."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField, FileField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired

from tracker.forms import Form, Line
from tracker.importing.checked import Checked
from tracker.importing.columns import Mapping
from tracker.importing.decoding import ENCODINGS
from tracker.importing.fields import FIELDS, WHAT, What
from tracker.importing.models import ImportMap, ImportRun
from tracker.importing.years import BEGIN, BEGINS, NAMED, has_periods
from tracker.wording import lazy as _l
from tracker.wording import month_name

OPTIONS = ("encoding", "delimiter", "sheet", "date_order", "decimal", BEGINS, NAMED)


class FileForm(Form):
    """What the file holds, and the file."""

    what = RadioField(_l("What does the file hold?"), [InputRequired(_l("Choose one."))])
    file = FileField(_l("File"))
    kpi = Line(_l("KPI (code or name)"), longest=120)  # of every row, where a KPI's page sent it

    def offer(self, kinds: list[What]) -> FileForm:
        """Offer only the kinds that this person may import."""
        self.what.choices = [(kind.value, WHAT[kind]) for kind in kinds]
        return self


class ColumnsForm(Form):
    """Options of one import; the columns are added for each kind by `columns_form`."""

    create_missing = BooleanField(_l("Make the units and partners that are not known"))
    skip_bad = BooleanField(_l("Leave out rejected rows and import the others"))
    encoding = SelectField(_l("Encoding"), default="")
    delimiter = SelectField(_l("Delimiter"), default="")
    sheet = SelectField(_l("Sheet"), default="")
    date_order = SelectField(_l("Order of day and month"), default="")
    decimal = SelectField(_l("Decimal mark"), default="")
    fiscal_year_begins = SelectField(_l("Its quarters and years begin in"), default="")
    fiscal_year_named = SelectField(
        _l("A fiscal year is called after the year in which it"), default=""
    )
    saved = SelectField(_l("Saved map"), default="")
    map_name = Line(_l("Name of the map"), longest=80)
    act = HiddenField()

    def mapping(self, what: What) -> Mapping:
        """What was chosen, as a map."""
        mapping = Mapping(what)
        for field in FIELDS[what]:
            if heading := self[f"column_{field.name}"].data:
                mapping.columns[field.name] = heading
            if default := self[f"default_{field.name}"].data:
                mapping.defaults[field.name] = default
        for name in OPTIONS:
            if name in self and (value := self[name].data):
                mapping.options[name] = "\t" if value == "tab" else value
        return mapping


def columns_form(run: ImportRun, checked: Checked, maps: list[ImportMap]) -> ColumnsForm:
    """The form for the columns of one file, filled from how the import stands."""
    what = run.what
    fields: dict[str, Any] = {}
    for field in FIELDS[what]:
        fields[f"column_{field.name}"] = SelectField(field.label, default="")
        fields[f"default_{field.name}"] = Line(field.label, longest=200)
    form = type("ColumnsOf", (ColumnsForm,), fields)()
    columns = [("", _("(not in the file)")), *((header, header) for header in checked.headers)]
    for field in FIELDS[what]:
        chosen: Any = form[f"column_{field.name}"]
        chosen.choices = columns
    form.encoding.choices = [("", _("Find out")), *ENCODINGS.items()]
    form.delimiter.choices = [
        ("", _("Find out")),
        (",", _("Comma")),
        (";", _("Semicolon")),
        ("tab", _("Tab")),
        ("|", _("Vertical bar")),
    ]
    form.sheet.choices = [("", _("The first one")), *((name, name) for name in checked.sheets)]
    form.date_order.choices = [
        ("", _("Find out")),
        ("dmy", _("Day first: 31/12/2025")),
        ("mdy", _("Month first: 12/31/2025")),
    ]
    form.decimal.choices = [
        ("", _("Find out")),
        (".", _("Point: 1,059.5")),
        (",", _("Comma: 1.059,5")),
    ]
    form.fiscal_year_begins.choices = [
        ("", _("Not said: as the calendar has them")),
        *((str(month), month_name(month)) for month in range(1, 13)),
    ]
    form.fiscal_year_named.choices = [("", _("ends")), (BEGIN, _("begins"))]
    if not has_periods(what):
        del form.fiscal_year_begins, form.fiscal_year_named
    if what == What.readings:
        form.create_missing.label.text = _("Make the units and KPIs that are not known")
    if len(checked.sheets) < 2:
        del form.sheet
    form.saved.choices = [("", _("Choose a map")), *((str(m.id), m.name) for m in maps)]
    if not maps:
        del form.saved
    return form


def fill(form: ColumnsForm, run: ImportRun) -> ColumnsForm:
    """Show how the import stands."""
    mapping = run.mapping
    for field in FIELDS[run.what]:
        form[f"column_{field.name}"].data = mapping.columns.get(field.name, "")
        form[f"default_{field.name}"].data = mapping.defaults.get(field.name, "")
    for name in OPTIONS:
        if name in form:
            value = mapping.options.get(name, "")
            form[name].data = "tab" if value == "\t" else value
    form.create_missing.data, form.skip_bad.data = run.create_missing, run.skip_bad
    return form
