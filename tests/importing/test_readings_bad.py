"""Rows that cannot be readings: each is refused in plain words, at its column, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from tests.cast import START
from tracker.db import db, writing
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import Plan, plan
from tracker.importing.reading import read
from tracker.kpis.measures import Cadence
from tracker.kpis.models import Kpi
from tracker.kpis.readings import Reading
from tracker.organisation.people import Person

Bring = Callable[..., Plan]
HEAD = "kpi,unit,date,year,quarter,value,part,failed,whole"


@pytest.fixture
def kpis(inside: None, cast: Any) -> None:
    with writing():
        common = {"by": None, "now": START}
        Kpi.add(
            code="FOUR",
            name="Seen in four hours",
            measure="%",
            by_parts=True,
            factor=100.0,
            scale_low=0.0,
            scale_high=100.0,
            **common,
        )
        Kpi.add(code="CSAT", name="Satisfaction", scale_low=1.0, scale_high=5.0, **common)
        Kpi.add(code="WAIT", name="Waiting", measure="d", **common)
        Kpi.add(code="WAIT2", name="Waiting", measure="d", cadence=Cadence.daily, **common)
        Kpi.add(code="BILLS", name="Clear bills", owner_id=cast.lead.id, **common)


def refused(made: Plan) -> list[tuple[str, str]]:
    results = made.report.results
    assert [r.outcome.value for r in results] == ["rejected"] * len(results)
    assert db.session.scalars(select(Reading)).all() == []
    return [(r.column, r.words) for r in results]


@pytest.mark.parametrize(
    ("row", "column", "words"),
    [
        ("CSAT,,2026-01-31,,,good,,,", "value", "“good” is not a number"),
        ("CSAT,,2026-01-31,,,4.5 points,,,", "value", "write the figure alone"),
        ("CSAT,,2026-01-31,,,95%,,,", "value", "not measured in per cent"),
        ("WAIT,,2026-01-31,,,95%,,,", "value", "measured in d, not in per cent"),
        ('WAIT2,,2026-01-31,,,"1,234",,,', "value", "can be read in two ways"),
        ("CSAT,,2026-01-31,,,7,,,", "value", "not on the scale, which goes from 1 to 5"),
        ("FOUR,,2026-01-31,,,,120,,100", "part", "not on the scale of this KPI. Is one in the other's place?"),
        ("FOUR,,2026-01-31,,,,,120,100", "failed", "not on the scale of this KPI. Is one in the other's place?"),
        ("FOUR,,2026-01-31,,,,5,,", "part", "A part needs its whole"),
        ("FOUR,,2026-01-31,,,,,,100", "whole", "A part needs its whole"),
        ("FOUR,,2026-01-31,,,,5,,-10", "whole", "A whole cannot be below 0"),
        ("FOUR,,2026-01-31,,,,5,,0", "part", "The whole is 0"),
        ("FOUR,,2026-01-31,,,,90,20,100", "failed", "do not add up"),
        ("FOUR,,2026-01-31,,,0.9,90,,100", "value", "It says 0.9 here, but part and whole give 90"),
        ("CSAT,,2026-01-31,,,,9,,10", "part", "Readings of Satisfaction are single figures"),
        ("CSAT,,2026-03-03,,,4,,,", "date", "lies ahead"),
        ("CSAT,,,2026,2,4,,,", "quarter", "lies ahead"),
        ("CSAT,,,2025,1,4,,,", "quarter", "“2025 Q1” is longer than the rhythm of this KPI (Monthly)"),
        ("WAIT2,,2025-01,,,4,,,", "date", "longer than the rhythm of this KPI (Daily)"),
        ("CSAT,,,2025,5,4,,,", "quarter", "“5” is not a quarter"),
        ("CSAT,,,soon,1,4,,,", "quarter", "“soon Q1” is not a period"),
        ("CSAT,,,,,4,,,", "date", "Give the period"),
        ("CSAT,,someday,,,4,,,", "date", "“someday” is not a period"),
        (",,2026-01-31,,,4,,,", "kpi", "must not be blank"),
        ("NOPE,,2026-01-31,,,4,,,", "kpi", "The KPI “NOPE” is not known"),
        ("Waiting,,2026-01-31,,,4,,,", "kpi", "Several KPIs have this name. Write the code: WAIT, WAIT2"),
        ("CSAT,Legal,2026-01-31,,,4,,,", "unit", "The unit “Legal” is not known"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_reading_is_refused_in_words(
    bring: Bring, kpis: None, row: str, column: str, words: str
) -> None:
    """Canaries: `figure` called without the scale; the future let in; a part without its whole taken as the value."""
    made = bring(What.readings, HEAD, row)
    assert refused(made) == [(column, made.report.results[0].words)]
    assert words in made.report.results[0].words


def test_two_rows_of_one_period_with_other_figures_are_both_refused(
    bring: Bring, kpis: None
) -> None:
    """Canary: the first of them winning in silence."""
    rows = (
        "CSAT,,2026-01-05,,,4.50,,,",
        "CSAT,,2026-01-31,,,4.6,,,",
        "Satisfaction,,2026-01-31,,,4.5,,,",
    )
    told = refused(bring(What.readings, HEAD, *rows))
    assert [("line 3" in why.lower(), "line 2" in why.lower()) for _where, why in told] == [
        (True, False), (False, True), (True, False),
    ]  # fmt: skip


def test_the_same_twice_is_told_and_entered_once(bring: Bring, kpis: None) -> None:
    made = bring(What.readings, HEAD, "CSAT,,2026-01-05,,,4.50,,,", "CSAT,,2026-01-31,,,4.5,,,")
    assert [r.outcome.value for r in made.report.results] == ["created", "unchanged"]
    assert made.report.results[1].words == "The same as line 2."
    assert len(db.session.scalars(select(Reading)).all()) == 1


@pytest.mark.parametrize(
    ("who", "code", "words"),
    [
        ("manager", "BILLS", "brought by Lena Lead, who owns it"),
        ("member", "BILLS", "brought by Lena Lead, who owns it"),
        ("lead", "CSAT", "brought by a manager"),
        ("member", "NEW ONE", "only a manager can have it made"),
        ("owner", "NEW ONE", "only a manager can have it made"),
    ],
)
def test_on_a_page_nobody_brings_what_is_not_theirs_to_say(
    cast: Any, kpis: None, who: str, code: str, words: str
) -> None:
    """Canary: `_refuse_others` letting everybody through."""
    made = planned(getattr(cast, who), code)
    assert [r.outcome.value for r in made.report.results] == ["rejected"]
    assert words in made.report.results[0].words
    assert made.kpis == []


@pytest.mark.parametrize(("who", "code"), [("lead", "BILLS"), ("manager", "CSAT"), ("manager", "NEW ONE"), (None, "BILLS")])  # fmt: skip
def test_its_owner_brings_them_a_manager_those_nobody_owns_and_the_command_all(
    cast: Any, kpis: None, who: str | None, code: str
) -> None:
    made = planned(getattr(cast, who) if who else None, code)
    assert [r.outcome.value for r in made.report.results] == ["created"]


def planned(importer: Person | None, code: str) -> Plan:
    table = read(f"kpi,date,value\n{code},2026-01-31,4\n".encode(), "file.csv")
    mapping, _sure = guessed(What.readings, table)
    return plan(table, mapping, today=START.date(), create_missing=True, importer=importer)
