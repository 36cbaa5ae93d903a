"""The command ``tracker user reset-second-factor``: the way back in when no administrator can come in any longer."""

from __future__ import annotations

import click
from flask_babel import gettext as _

from tracker import create_app
from tracker.clock import now
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.organisation.people import Person
from tracker.proofs.factors import reset


@click.command("reset-second-factor")
@click.argument("email")
@click.option("--words", required=True, help="Why; it is kept on the record.")
def reset_command(email: str, words: str) -> None:
    """Take every second factor from a person; the password alone lets them in again."""
    app = create_app()
    with app.app_context():
        with writing():
            found = Person.by_email(email)
            if found is None:
                raise NotNow(_("Nobody here has the address %(email)s.", email=email))
            person = db.session.get_one(
                Person, found.id, populate_existing=True, with_for_update=True
            )
            reset(person, words, by=None, now=now())
        click.echo(
            f"{person.name} can sign in with the password alone, and is signed out elsewhere."
        )
