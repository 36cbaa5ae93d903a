"""Each model says which of its columns the trail answers for, and events hold those."""

from __future__ import annotations

import ast
import contextlib
from decimal import Decimal

import pytest
from sqlalchemy import Numeric, select

from tests.activity.conftest import DAY, change
from tracker import models, paths
from tracker.activity.comparing import compare
from tracker.activity.declaring import BORN, EVERYWHERE, MARK, declared_models
from tracker.activity.gathering import note, note_gone
from tracker.activity.models import TABLES, Event
from tracker.activity.trail import verify_stored
from tracker.db import Model, db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit

assert models


def every_model() -> list[type]:
    return sorted(
        (mapper.class_ for mapper in Model.registry.mappers), key=lambda model: model.__name__
    )


@pytest.mark.parametrize("model", every_model(), ids=lambda model: model.__name__)
def test_every_column_is_declared_or_left_out_with_the_reason(model):
    """Canary: a column `mood` added to Unit and not declared; one misspelt in the declaration of Partner."""
    on_trail = vars(model).get("on_trail")
    assert on_trail is not None, f"{model.__name__} says nothing: see activity/declaring.py"
    if on_trail.why:
        return
    columns = set(model.__table__.columns.keys())
    told = (on_trail.fields | on_trail.digests.keys() | on_trail.left.keys()) - (
        EVERYWHERE.keys() - columns
    )
    assert told == columns, (
        f"{model.__name__}: declare {columns ^ told}, or say why they are left out"
    )
    assert not on_trail.values & on_trail.words
    assert not on_trail.fields & on_trail.left.keys()
    assert not on_trail.fields & on_trail.digests.keys()
    assert on_trail.values >= {*on_trail.digests.values()}


def test_rows_that_a_statement_takes_out_are_told_of():
    """The check of the tables against the trail would call them lost. Planted: `note_gone` left out of `reaching._leave`."""
    declared = {model.__name__ for model in declared_models().values()}
    silent = [
        f"{file.name}: {function.name} deletes {', '.join(sorted(gone))}"
        for file in sorted(paths.PACKAGE.rglob("*.py"))
        for owner, function in functions(ast.parse(file.read_text("utf-8")))
        if (gone := deleted(function, owner) & declared) and "note_gone" not in ast.dump(function)
    ]
    assert not silent, silent


def functions(tree):
    """Yield each function with the name of the class around it, "" for none."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.Module):
            owner = getattr(node, "name", "")
            yield from ((owner, one) for one in node.body if isinstance(one, ast.FunctionDef))


def deleted(function, owner):
    """Return the names of the models of which the function makes a DELETE."""
    calls = (one for one in ast.walk(function) if isinstance(one, ast.Call) and one.args)
    named = (
        one.args[0].id
        for one in calls
        if isinstance(one.func, ast.Name) and one.func.id == "delete" and isinstance(one.args[0], ast.Name)
    )  # fmt: skip
    return {owner if name == "cls" else name for name in named}


def test_money_has_two_decimals_everywhere():
    """What `plain` writes. Canary: a column of three decimals would have been called changed."""
    scales = {
        c.type.scale
        for table in Model.metadata.sorted_tables
        for c in table.c
        if isinstance(c.type, Numeric)
    }
    assert scales == {2}


def last(kind: str) -> Event:
    return db.session.scalars(
        select(Event).where(Event.kind == kind).order_by(Event.id.desc())
    ).first()  # type: ignore[return-value]


def test_a_birth_holds_every_declared_field_and_words_as_a_commitment(crew):
    """Canary: `born` leaving out what has a default, so that `is_finance` was missing."""
    with writing():
        noor = Person.add(
            email="noor@example.org", name="Noor", role=Role.member, by=crew.manager, now=DAY
        )
    told = last("person.added").after[TABLES]["person"][str(noor.id)]
    assert told.keys() == Person.on_trail.fields | {BORN}
    assert (told["role"], told["is_finance"], told["ended_at"]) == ("member", False, None)
    assert told["name"].startswith(MARK)
    assert "Noor" not in str(last("person.added").after)
    assert "tables" not in last("person.added").facts


def test_a_change_holds_what_changed_and_nothing_else(crew):
    """Canary: taking every loaded field, changed or not."""
    with writing():
        crew.executive.change(by=crew.manager, now=DAY, is_finance=True)
    assert last("person.changed").after[TABLES] == {
        "person": {str(crew.executive.id): {"is_finance": True}}
    }


def test_what_is_changed_after_the_last_event_joins_it(crew):
    """Canary: `settle` left out of before_commit: the head was nowhere on the trail."""
    with writing():
        said = change(crew.executive, crew.manager)
        crew.it.head_id = crew.lead.id
    held = db.session.get_one(Event, said.id, populate_existing=True)
    assert held.after[TABLES]["unit"] == {str(crew.it.id): {"head_id": crew.lead.id}}
    assert verify_stored().whole


def test_what_a_savepoint_took_back_is_on_no_event(crew):
    """Canary: without `_go_back` the event said what never was."""
    with writing() as session:
        with contextlib.suppress(LookupError), session.begin_nested():
            crew.it.head_id = crew.member.id
            session.flush()
            raise LookupError
        change(crew.executive, crew.manager)
    assert TABLES not in last("person.changed").after
    with contextlib.suppress(LookupError), writing() as session:
        crew.it.head_id = crew.member.id
        session.flush()
        raise LookupError
    with writing():
        change(crew.executive, crew.manager)
    assert TABLES not in last("person.changed").after


def test_what_a_statement_writes_is_told_by_a_note(crew):
    """Canary: `note_gone` keeping the old fields."""
    with writing() as session:
        note(session, Unit, {"id": crew.it.id, "head_id": crew.lead.id, "version": 9})
        note(session, Unit, {"id": crew.billing.id, "head_id": None})
        note_gone(session, Unit, {"id": crew.billing.id})
        change(crew.executive, crew.manager)
    assert last("person.changed").after[TABLES]["unit"] == {
        str(crew.it.id): {"head_id": crew.lead.id},
        str(crew.billing.id): None,
    }


def test_an_expression_is_refused(crew):
    """What the database would compute is not known to the trail. Canary: the text of the expression was recorded."""
    with pytest.raises(RuntimeError, match="give a value"), writing() as session:
        note(session, Unit, {"id": crew.it.id, "head_id": Unit.head_id + 1})


def test_amounts_and_days_come_back_as_they_were_told(crew, clock):
    """Canary: an amount written as it was given: 1500.5 was called another than 1500.50."""
    with writing():
        made = Initiative.create(
            title="One bill", lead_unit_id=crew.it.id, by=crew.manager, now=clock()
        )
        made.edit(by=crew.manager, now=clock(), budget=Decimal("1500.5"))
    report = compare(db.session.connection())
    assert report.whole, list(report.lines())
    assert set(declared_models()) >= {"initiative", "person", "unit", "blocker", "status_update"}
