"""The tables against the trail: honest work is never called changed, and what was changed by SQL is named."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, text, update

from tests.activity.conftest import DAY, change
from tests.activity.honest import Company
from tests.aims import aim
from tests.at_once import together
from tests.promises import full
from tracker.activity import said, stocktaking
from tracker.activity.comparing import compare
from tracker.activity.erasing import erase_words, of_person
from tracker.activity.kinds import Kind
from tracker.activity.models import EVENTS, TABLES, ChainHead, Event
from tracker.activity.recording import record_of_trail
from tracker.activity.stocktaking import take_stock, undeclared_so_far
from tracker.activity.trail import verify_stored
from tracker.activity.vanished import WHY
from tracker.audit import checking
from tracker.audit.models import Verification
from tracker.audit_cli import audit_verify
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.organisation.erasing import erase_person
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit


def told() -> list[str]:
    report = compare(db.session.connection())
    db.session.rollback()
    return list(report.lines())


@pytest.mark.both
def test_honest_work_is_never_called_changed(crew, clock, promise, database_kind, monkeypatch):
    """Savepoints, rollbacks, imports and sweeps among it; in long runs more rows than are held in memory at once.
    Canary: a savepoint that was taken back left its values for the next event; imports without `tables`."""
    monkeypatch.setattr(said, "PORTION", full(20, 2000))
    # Every night of the story checks the whole trail so far; nobody waits for a page here, so it need not rest meanwhile.
    monkeypatch.setattr(checking, "RESTS", 0)
    take_stock(clock())
    company = Company(seed=7)
    company.work(full(150, 10_000))
    chain = verify_stored()
    assert chain.whole, list(chain.lines())
    nights = db.session.scalars(select(Verification.whole)).all()
    assert set(nights) == {True}
    held = compare(db.session.connection())
    assert held.whole, list(held.lines())
    assert not held.unrecorded
    assert company.done.acts > 50
    assert min(company.done.rollbacks, company.done.imports, company.done.refused) > 0
    promise(
        "honest work: no false alarm about chain or tables", tried=company.events(), database=database_kind,
        **vars(company.done), nights=len(nights), fields=held.fields, alarms=0,
    )  # fmt: skip


def test_somebody_changes_a_sponsor_by_sql(crew, clock):
    """Canary: `_field` answering that everything fits."""
    with writing():
        made = Initiative.create(
            title="One bill", lead_unit_id=crew.it.id, by=crew.manager, now=clock()
        )
        made.propose_sponsor(crew.executive, by=crew.manager, now=clock())
        aim(made)
        made.accept_sponsorship(by=crew.executive, now=clock())
    assert told()[0].startswith("The tables are as the trail says: ")
    with writing() as session:
        session.execute(text("UPDATE initiative SET sponsor_id = :other"), {"other": crew.owner.id})
        session.execute(
            text("UPDATE person SET name = 'Somebody' WHERE id = :id"), {"id": crew.lead.id}
        )
    lines = told()
    number = session.query(Event.number).filter_by(kind="sponsor.accepted").scalar()
    assert lines[0] == (
        f"CHANGED BEHIND THE TRAIL: initiative CX-1 (1), sponsor_id: event {number} says {crew.executive.id}, "
        f"the table says {crew.owner.id}"
    )
    assert lines[1].startswith(
        f"  also person {crew.lead.id}, name: the words are not those that event "
    )
    assert len(lines) == 2


def test_rows_older_than_the_declaration_are_a_caution(crew, clock):
    """An installation that comes from before: no alarm. Once stock is taken, every row has its birth.
    Canary: `stock_taken` true from the beginning called all of them put in."""
    with writing() as session:
        session.execute(update(EVENTS).values(after=None, before=None))
    lines = told()
    assert lines[0].startswith("The tables are as the trail says: 0 fields")
    assert "person: nothing is recorded of 16 rows" in "\n".join(lines)
    with writing():
        crew.executive.change(by=crew.manager, now=DAY, is_finance=True)
    assert "The tables are as the trail says: 1 fields" in told()[0]
    assert take_stock(clock()) > 20
    assert (undeclared_so_far(), take_stock(clock())) == ({}, 0)
    report = compare(db.session.connection())
    assert (report.whole, dict(report.unrecorded)) == (True, {})
    with writing() as session:
        session.execute(
            text(
                "INSERT INTO participation (id, initiative_id, unit_id) SELECT 1, 1, 1 WHERE 1 = 0"
            )
        )
        session.execute(text("UPDATE unit SET head_id = NULL"))
    assert "head_id" in told()[0]


@pytest.mark.both
def test_of_two_that_take_stock_at_once_one_does(app, crew, clock, monkeypatch):
    """Both have found that nothing was told, in a database without a trail.
    Canaries: an insert of the head that the second breaks on; no lock before the second look told everything twice."""
    meet = threading.Barrier(2)

    def in_step():
        meet.wait(20)
        return writing()

    def told_by_one():
        with app.app_context():
            return take_stock(clock())

    with writing() as session:
        session.execute(delete(EVENTS))
        session.execute(delete(ChainHead))
    monkeypatch.setattr(stocktaking, "writing", in_step)
    least, most = sorted(together(told_by_one, told_by_one))
    assert least == 0 < most
    assert verify_stored().whole
    about = select(EVENTS.c.after).where(EVENTS.c.kind == "trail.stock_taken")
    assert sum("declared" in after for after in db.session.scalars(about)) == 1


def test_what_is_told_of_somebody_can_be_erased_alone(crew, clock):
    """Canary: one event for all people, whose one salt keeps the names of those who were erased."""
    take_stock(clock())
    about = select(Event).where(Event.kind == "trail.stock_taken", Event.subject_type == "person")
    with writing() as session:
        for event in session.scalars(about.where(Event.subject_id == crew.lead.id)):
            event.erase_words()
        assert len(session.scalars(about).all()) == 16
    assert told()[-1] == "2 texts could not be compared: their words are erased from the trail."


def test_a_later_version_that_declares_more_tells_only_that(crew, clock, monkeypatch):
    """Canary: telling everything again would have made what was changed meanwhile look right."""
    whole = Person.on_trail
    less = type(whole)(whole.values - {"is_finance"}, whole.words, whole.left, whole.key)
    monkeypatch.setattr(Person, "on_trail", less)
    take_stock(clock())
    with writing() as session:
        session.execute(
            text("UPDATE person SET is_admin = :yes WHERE id = :id"),
            {"yes": True, "id": crew.lead.id},
        )
    monkeypatch.setattr(Person, "on_trail", whole)
    assert undeclared_so_far() == {"person": ["is_finance"]}
    assert take_stock(clock()) == 16
    lines = told()
    assert f"person {crew.lead.id}, is_admin: " in lines[0]
    assert len(lines) == 1


def test_rows_lost_and_rows_put_in_are_named(crew, clock):
    """Canary: `rest` never asked for; a row that was deleted by the application and comes back."""
    take_stock(clock())
    with writing():
        added = Person.add(
            email="n@example.org", name="Noor", role=Role.member, by=crew.manager, now=DAY
        )
    with writing() as session:
        session.execute(text("PRAGMA defer_foreign_keys=ON"))
        session.execute(delete(Person).where(Person.id == added.id))
        session.execute(
            text(
                "INSERT INTO unit (id, code, name, short_name, slug, version) VALUES (77, 'X', 'X', '', 'x', 1)"
            )
        )
    assert told() == [
        f"CHANGED BEHIND THE TRAIL: person {added.id}: event {verify_stored().count} knows it, the table lost it",
        "  also unit x (77): no event made it, the table has it: put in past the application",
    ]


def test_erased_words_are_a_caution(crew):
    """Canary: comparing with an empty salt called every erased name changed."""
    with writing() as session:
        for event in session.query(Event).filter(Event.kind == "person.added"):
            event.erase_words()
    lines = told()
    assert lines[0].startswith("The tables are as the trail says: ")
    assert lines[-1] == "32 texts could not be compared: their words are erased from the trail."


@pytest.mark.both
def test_words_that_are_gone_without_an_erasure_are_named(crew, clock):
    """Planted, one after another: erasures of persons, of numbers, and those before the event not told apart."""

    def named():
        db.session.remove()
        return [number for number, why in verify_stored().ordered() if why == WHY]

    def taken(event):
        with writing() as session:
            gone = update(Event).where(Event.id == event).values(private=None, salt=None)
            session.execute(gone)
            return session.scalar(select(Event.number).where(Event.id == event))

    with writing() as session:
        one = change(crew.executive, crew.manager, words="She told me in confidence.")
        change(session.get_one(Person, crew.lead.id), crew.manager, words="Another remark.")
    assert named() == []
    other = taken(one.id)
    assert named() == [other]
    with writing() as session:
        record_of_trail(
            session,
            Kind.trail_erased,
            by=None,
            now=clock(),
            after={"numbers": [other], "events": 1},
        )
    assert named() == []
    with writing() as session:
        person = session.get_one(Person, crew.lead.id)
        erase_person(person, events=erase_words(session, of_person(person.id)), now=clock())
    assert named() == []
    with writing() as session:
        late = change(session.get_one(Person, crew.lead.id), crew.manager, words="Said afterwards.")
    last = taken(late.id)
    assert named() == [last]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"count": 1}', "\x00\xff"])
def test_what_is_no_checkpoint_is_said_to_be_none(app, tmp_path, monkeypatch, text):
    """Planted: the file read as it is (a traceback, and the exit code of a trail that does not hold)."""
    monkeypatch.setattr("tracker.audit_cli.create_app", lambda: app)
    file = tmp_path / "point.json"
    file.write_bytes(text.encode("latin-1"))
    done = CliRunner().invoke(audit_verify, ["--checkpoint", str(file)])
    assert done.exit_code == 2
    assert "holds no checkpoint" in done.output


def test_the_command_names_the_row_and_leaves_the_file_alone(crew, app, tmp_path, monkeypatch):
    """In the database that is set up, and in a copy of it.
    Canary: opening the copy as the application does turned its journal into another kind."""
    monkeypatch.setattr("tracker.audit_cli.create_app", lambda: app)
    copy = tmp_path / "copy.db"
    db.session.remove()
    with db.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.connection.driver_connection.execute("VACUUM INTO ?", (str(copy),))  # type: ignore[union-attr]
    before = copy.read_bytes()
    done = CliRunner().invoke(audit_verify, ["--state", str(copy)])
    assert (done.exit_code, "The tables are as the trail says" in done.output) == (0, True), (
        done.output
    )
    assert (
        copy.read_bytes(),
        sorted(one.name for one in tmp_path.iterdir() if one.name.startswith("copy")),
    ) == (before, ["copy.db"])
    with writing() as session:
        session.execute(update(Unit).where(Unit.id == crew.it.id).values(head_id=None))
    db.session.remove()
    done = CliRunner().invoke(audit_verify, ["--state"])
    assert (done.exit_code, "unit it-platforms (2), head_id: event" in done.output) == (1, True), (
        done.output
    )
    export = Path(tmp_path / "trail.jsonl")
    export.write_text("{}\n")
    done = CliRunner().invoke(audit_verify, ["--state", str(export)])
    assert (done.exit_code, "an export holds no tables" in done.output) == (2, True), done.output


def test_what_is_read_in_portions_is_the_same(crew, monkeypatch):
    """Canary: merging a portion over the one before instead of into it."""
    with writing():
        for n in range(5):
            crew.executive.change(
                by=crew.manager, now=DAY, is_finance=not n % 2, job_title=f"Title {n}"
            )
    whole = said.read(db.session.connection()).of("person", [str(crew.executive.id)])
    monkeypatch.setattr(said, "PORTION", 1)
    assert said.read(db.session.connection()).of("person", [str(crew.executive.id)]) == whole
    assert whole[str(crew.executive.id)].fields["is_finance"][0] is True
    assert TABLES == "tables"
