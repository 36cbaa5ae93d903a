"""A contact that is asked to confirm reads how our side resolved what stood in its way, and not who did."""

from __future__ import annotations

from tests.doing import change
from tracker.activity.telling import company
from tracker.blockers.models import Blocker
from tracker.blockers.states import Category
from tracker.db import db, writing
from tracker.initiatives.models import Initiative

HOW = "The depot opens at six from now on"


def raised(app, cast, clock, action):
    """Let the contact say on its action that our depot stops it."""
    made = []
    said = {"title": "The depot is shut", "category": Category.process, "needed_by": None, "effect": ""}  # fmt: skip
    change(app, action, lambda row: made.append(Blocker.raise_on_us(row, **said, by=cast.contact, now=clock()).ref))  # fmt: skip
    return made[0]


def answered(app, ref, do):
    with app.app_context(), writing():
        do(db.session.query(Blocker).filter_by(ref=ref).one())


def test_how_it_was_resolved_stands_at_every_button_that_confirms(app, cast, as_, clock, work):
    """Canaries: `resolution` of `for_partner` empty; `resolved(row)` left out of home, the action, the blocker."""
    action = work.make(partner_id=cast.vendor.id)
    ref = raised(app, cast, clock, action)
    vendor = as_(cast.contact)
    assert "Resolved by" not in vendor.get(f"/blockers/{ref}").text
    answered(app, ref, lambda row: row.resolve(HOW, by=cast.lead, now=clock()))
    with app.test_request_context():
        ours = str(company()).replace("&", "&amp;")
    for page in ("/partner", f"/partner/actions/{action.ref}", f"/blockers/{ref}"):
        there = vendor.get(page).text
        assert (HOW in there, f"Resolved by {ours}, 2 Mar 2026" in there) == (True, True), page
    assert HOW in vendor.get(f"/blockers/{ref}/confirmation").text
    alone = vendor.get(f"/blockers/{ref}").text
    assert cast.lead.name not in alone, "our side is the company"


def test_their_own_words_of_reopening_stay_before_them(app, cast, as_, clock, work):
    """Canary: `_own_reopening` without the words of its contacts."""
    ref = raised(app, cast, clock, work.make(partner_id=cast.vendor.id))
    answered(app, ref, lambda row: row.resolve(HOW, by=cast.lead, now=clock()))
    answered(app, ref, lambda row: row.reopen(words="Shut again", by=cast.contact, now=clock()))
    page = as_(cast.contact).get(f"/blockers/{ref}").text
    assert ("Shut again" in page, HOW in page, "Resolved by" in page) == (True, False, False)


def test_of_what_a_partner_holds_no_word_of_the_raiser_is_shown(app, cast, as_, clock, work):
    """Canary: `told` set for every event of a partner's timeline."""
    ref = raised(app, cast, clock, work.make(partner_id=cast.vendor.id))
    answered(app, ref, lambda row: row.resolve(HOW, by=cast.lead, now=clock()))
    answered(app, ref, lambda row: row.reopen(words="SECRET", by=cast.lead, now=clock()))
    assert "SECRET" not in as_(cast.contact).get(f"/blockers/{ref}").text


def test_the_list_says_apart_what_a_partner_holds_and_what_we_owe_it(app, cast, as_, clock, work):
    """Canaries: both groups given every row; the action of a raised one left out."""
    action = work.make(partner_id=cast.vendor.id, title="Fit the meters")
    raised(app, cast, clock, action)
    ours = work.make(person_id=cast.member.id, title="SECRET action")
    with app.app_context(), writing():
        Blocker.raise_(
            db.session.get_one(Initiative, work.initiative.id), title="The key", action=ours, blocked_unit_id=cast.care.id,
            holder_partner_id=cast.vendor.id, by=cast.lead, now=clock(),
        )  # fmt: skip
    page = as_(cast.contact).get("/blockers").text
    held, owed = page.split('id="held"')[1].split('id="raised"')
    assert ("The key" in held, "The depot is shut" in held) == (True, False)
    assert ("The key" in owed, "The depot is shut" in owed) == (False, True)
    assert f'/partner/actions/{action.ref}"' in owed
    assert "owes you" in owed
    assert "SECRET" not in page
    assert work.initiative.ref not in page
