"""Before a contact's access ends, the page says what becomes of the actions that name them, and of a partner without contacts."""

from __future__ import annotations

from tests.cast import HASH
from tracker.db import writing
from tracker.organisation.people import Person, Role


def page_of(cast, as_):
    ending = f"/admin/partners/{cast.vendor.slug}/contacts/{cast.contact.id}/ending"
    return as_(cast.manager).get(ending).text


def test_the_actions_that_name_a_contact_stand_on_the_page(cast, as_, work):
    """Planted: `held_here` without those of a contact."""
    named = {"partner_id": cast.vendor.id, "contact_id": cast.contact.id}
    work.make(title="Record ten calls", **named)
    work.make(title="Translate the letter", **named)
    work.make(title="Print the bills")
    page = page_of(cast, as_)
    assert "2 open actions name Paul Partner. They stay with Brightline" in page
    assert "Record ten calls" in page
    assert "Translate the letter" in page
    assert "Print the bills" not in page
    assert "No duty hangs on this person alone" not in page
    assert "Named by the action" in as_(cast.admin).get(f"/admin/people/{cast.contact.id}").text


def test_the_last_who_can_sign_in_is_said_to_be_that(app, cast, as_, clock, work):
    """Planted: those whose access ended counted as contacts who can still come in."""
    work.make()
    last = "Paul Partner is the last contact of Brightline who can sign in"
    assert last in page_of(cast, as_)
    with app.app_context(), writing():
        Person.add(
            email="pola@example.org", name="Pola Partner", role=Role.partner, partner_id=cast.vendor.id,
            password_hash=HASH, by=cast.admin, now=clock(),
        )  # fmt: skip
    assert last not in page_of(cast, as_)
