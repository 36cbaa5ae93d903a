"""Where the cursor stands when a page opens: in the first field of the one form it is there for, after an error at what is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from sqlalchemy import select

from tests.browser import NARROW
from tests.walk import Walk
from tracker.db import db
from tracker.initiatives.models import Initiative

HERE = "document.activeElement.name ?? document.activeElement.className"


def going_on(insight: Walk) -> str:
    """An initiative that goes on, under a sponsor."""
    with insight.app.app_context():
        there = (Initiative.stopped_at.is_(None), Initiative.held_at.is_(None))
        query = select(Initiative.ref).where(*there, Initiative.stage == "piloting")
        return db.session.scalars(query.order_by(Initiative.id)).first() or ""


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("updates/new", "colour"), ("blockers/new", "title"), ("edit", "title"), ("friction", "words"), ("", "BODY"),
    ],
)  # fmt: skip
def test_a_page_for_one_form_begins_in_its_first_field(
    as_actor: Callable[..., Page], insight: Walk, page: str, name: str
) -> None:
    """Planted: `begin` not called; `forms.length` not asked (the page of an initiative)."""
    opened = as_actor("manager", f"/initiatives/{going_on(insight)}/{page}".rstrip("/"))
    opened.wait_for_function("document.readyState === 'complete'")
    here = opened.evaluate(HERE)
    assert (here or "BODY") == name


def test_on_a_telephone_nobody_is_carried_past_what_is_to_be_read(
    as_actor: Callable[..., Page], insight: Walk
) -> None:
    """Planted: `begin` without the look at the height."""
    page = as_actor(
        "manager",
        f"/initiatives/{going_on(insight)}/blockers/new",
        viewport={**NARROW, "height": 240},
    )
    assert page.evaluate("scrollY") == 0


def test_after_an_error_it_stands_at_what_is_wrong(
    as_actor: Callable[..., Page], insight: Walk, complaints: object
) -> None:
    """Planted: `begin` called wherever the focus is."""
    complaints.expect("422")  # type: ignore[attr-defined]
    page = as_actor("manager", f"/initiatives/{going_on(insight)}/friction")
    page.locator("main textarea").first.fill("")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_selector(".error-summary")
    assert page.evaluate(HERE) == "error-summary"
