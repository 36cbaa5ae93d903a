"""The command ``tracker erase``: personal words leave the trail, and the trail stays whole."""

from __future__ import annotations

from collections.abc import Iterable

import click
from sqlalchemy import ColumnElement, select

from tracker import create_app
from tracker.activity.erasing import clear_journal, count_of, erase_words, numbered, of_person
from tracker.activity.kinds import Kind
from tracker.activity.models import Event
from tracker.activity.recording import record_of_trail
from tracker.activity.trail import sealed, verify_stored
from tracker.clock import now
from tracker.db import db, writing
from tracker.notices.forgetting import forget_answers, forget_files
from tracker.organisation.erasing import erase_person, is_erased
from tracker.organisation.people import Person

SHOWN = 20  # numbers of events that are listed
QUICK = 1_000_000  # events that are checked at once after an erasure
BEYOND = """\
This does not reach:
  backups, exports and checkpoints that were made before: erase or replace those yourself;
  mails that were sent: they lie with those who got them;
  what stands in initiatives, charters, blockers and reports themselves: edit it there."""
YES = click.option("--yes", is_flag=True, help="Erase. Without it, only show what would be erased.")


@click.group("erase")
def erase_command() -> None:
    """Erase personal words from the trail, for good. The seals stay, and fit."""


@erase_command.command("person")
@click.argument("email")
@YES
def erase_person_command(email: str, yes: bool) -> None:
    """Erase what the person with the address EMAIL typed, and what events about them say.

    Once their access has ended, the name and the address go too.
    """
    with create_app().app_context():
        person = Person.by_email(email)
        if person is None:
            raise click.ClickException(f"Nobody here has the address {email}.")
        which = of_person(person.id)
        count, named = count_of(which), not person.is_active and not is_erased(person)
        if not count and not named:
            click.echo(f"Nothing is left to erase of {person.name}.")
            return
        click.echo(f"{person.name} <{person.email}>")
        click.echo("\n".join(_told(which, count)))
        if named:
            click.echo("The name, address and job title become a placeholder.")
            click.echo("Kept mails to them, or with their name or address in it, go.")
        elif person.is_active:
            click.echo("The name and address stay: end the access first to erase them as well.")
        if _goes_ahead(yes):
            words = (person.name, person.email)
            with writing() as session:
                person = session.get_one(Person, person.id, populate_existing=True)
                erase_person(person, events=erase_words(session, which), now=now())
                if named:
                    forget_answers(person.id)
            if named:
                click.echo(f"Kept mails deleted: {forget_files(*words)}")
            _checked()


@erase_command.command("words")
@click.argument("numbers", nargs=-1, required=True, type=click.IntRange(1, 2**31 - 1))
@YES
def erase_words_command(numbers: tuple[int, ...], yes: bool) -> None:
    """Erase the words of the events with these NUMBERS."""
    with create_app().app_context():
        which = numbered(numbers)
        known = set(db.session.scalars(select(Event.number).where(Event.number.in_(numbers))))
        if missing := sorted(set(numbers) - known):
            listed = ", ".join(map(str, missing))
            raise click.ClickException(f"There are no events with these numbers: {listed}.")
        count = count_of(which)
        if not count:
            click.echo("These events have no words (any more).")
            return
        click.echo("\n".join(_told(which, count)))
        if _goes_ahead(yes):
            with writing() as session:
                done = {"numbers": sorted(set(numbers)), "events": erase_words(session, which)}
                record_of_trail(session, Kind.trail_erased, by=None, now=now(), after=done)
            _checked()


def _told(which: ColumnElement[bool], count: int) -> Iterable[str]:
    yield f"Events whose words go: {count}"
    columns = (Event.number, Event.at, Event.kind)
    query = select(*columns).where(which)
    for row in db.session.execute(query.order_by(Event.number).limit(SHOWN)):
        yield f"  {row.number:>9}  {row.at:%Y-%m-%d}  {row.kind}"
    if count > SHOWN:
        yield f"  and {count - SHOWN} more"


def _goes_ahead(yes: bool) -> bool:
    click.echo(BEYOND)
    if not yes:
        click.echo("Nothing was erased. Add --yes to erase; there is no way back.")
    return yes


def _checked() -> None:
    """Say that it was done, and whether the chain is whole."""
    click.echo("Erased, and recorded on the trail.")
    if not clear_journal():
        click.echo(
            "Somebody reads at this moment, so the file beside the database (-wal) keeps old pages for a while."
        )
    if db.engine.dialect.name == "postgresql":
        click.echo("PostgreSQL keeps the old rows in its files until it vacuums: VACUUM event;")
    if sealed() > QUICK:
        click.echo("Check the trail now: tracker audit verify")
        return
    report = verify_stored()
    click.echo("\n".join(report.lines()))
    if not report.whole:
        raise SystemExit(1)
