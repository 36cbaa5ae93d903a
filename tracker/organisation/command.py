"""The command ``tracker user``: people who may sign in, from where no page is open yet."""

from __future__ import annotations

import click
from email_validator import EmailNotValidError, validate_email

from tracker import create_app
from tracker.clock import now
from tracker.db import writing
from tracker.organisation.access import Purpose, issue
from tracker.organisation.mailing import address_of
from tracker.organisation.people import Person, Role
from tracker.organisation.units import Unit

INTERNAL_ROLES = [role.value for role in Role if role != Role.partner]


@click.group("user")
def user_command() -> None:
    """People who may sign in."""


@user_command.command("add")
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(INTERNAL_ROLES), default=Role.manager, show_default=True)
@click.option("--admin", is_flag=True, help="May also manage people, units and settings.")
@click.option("--unit", help="Code, name or other name of the unit.")
def user_add(email: str, name: str, role: str, admin: bool, unit: str | None) -> None:
    """Add a person, and print the link that lets them choose a password."""
    app = create_app()
    address = checked_address(email)
    with app.app_context():
        with writing():
            person = Person.add(
                email=address,
                name=name,
                role=Role(role),
                is_admin=admin,
                unit_id=known_unit(unit).id if unit else None,
                by=None,
                now=now(),
            )
            token = issue(person, Purpose.invite, by=None, now=now())
        click.echo(f"{name} can choose a password within seven days, once, at:")
        click.echo(address_of(token, Purpose.invite))


def checked_address(email: str) -> str:
    """The address in its usual form; raises a usage error when it is none."""
    try:
        return validate_email(email, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.BadParameter(str(error), param_hint="EMAIL") from error


def known_unit(name: str) -> Unit:
    """The unit of that code or name; raises a usage error when there is none."""
    unit = Unit.named(name)
    if unit is None:
        raise click.BadParameter(f"There is no unit called {name}.", param_hint="--unit")
    return unit
