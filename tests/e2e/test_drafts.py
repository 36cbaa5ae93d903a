"""A page with several forms: one of them is sent, and what was typed in the others is still there afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser import Complaints
from tests.walk import Walk, person_of
from tracker.actions.assignees import Assignee
from tracker.actions.models import Action
from tracker.clock import now
from tracker.db import db, writing
from tracker.initiatives.models import Initiative

pytestmark = pytest.mark.browser


@pytest.fixture
def mine(insight: Walk, going_on: str) -> str:
    """The address of an action that the manager does and hosts."""
    with insight.app.app_context(), writing():
        made = Action.add(
            db.session.query(Initiative).filter_by(ref=going_on).one(), title="Ring ten homes", criteria="Ten homes\nTheir words",
            due_on=(now() + timedelta(days=3)).date(), assignee=Assignee(person_of("manager").id), by=person_of("manager"), now=now(),
        )  # fmt: skip
        made.start(by=person_of("manager"), now=now())
        return f"/actions/{made.ref}"


def test_what_was_typed_in_the_other_forms_is_still_there(
    as_actor: Callable[..., Page], mine: str, complaints: Complaints
) -> None:
    """Planted: `putBack()` left out; the form that is sent kept as well; drafts kept when somebody signs out."""
    complaints.expect("422")  # more than a hundred per cent
    page = as_actor("manager", mine, anew=True)
    comment, done = page.locator("textarea[name=body]"), page.get_by_label("What was done")
    comment.fill("Who rings the rest?")
    done.fill("Nine of ten")
    page.get_by_label("Done so far, in per cent").fill("90")
    page.get_by_role("button", name="Save the update").click()
    expect(page.get_by_text("The update is saved.")).to_be_visible()
    expect(comment).to_have_value("Who rings the rest?")
    expect(done).to_have_value("Nine of ten")

    page.locator("#progress").evaluate("one => { one.form.noValidate = true; one.value = 101 }")
    page.get_by_role("button", name="Save the update").click()
    expect(page.get_by_text("Type a number from 0 to 100.").first).to_be_visible()
    page.goto(page.url.partition("/actions/")[0] + mine)
    expect(comment).to_have_value("Who rings the rest?")
    page.reload()
    expect(comment).to_have_value("")  # put back once: what is thrown away stays away

    comment.fill("Not for whoever comes next")
    page.get_by_label("Done so far, in per cent").fill("91")
    page.get_by_role("button", name="Save the update").click()
    expect(comment).to_have_value("Not for whoever comes next")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(lambda url: "/actions/" not in url)
    assert page.evaluate("sessionStorage.getItem('drafts')") is None
