"""From a ready measure to a goal that its sponsor accepts, as people do it: on a phone, and from page to page.

Planted, each seen red: the library without its links; the words about the missing goal left out of the page to accept; the chip
of the KPI left out of the card.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.e2e.test_looks import SIDEWAYS
from tests.walk import Walk, person_of
from tracker.clock import now
from tracker.db import db, writing
from tracker.initiatives.models import Initiative
from tracker.kpis.models import Kpi
from tracker.organisation.units import Unit

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def idea(insight: Walk) -> str:
    """The number of an idea that the manager leads and the executive is asked to sponsor; it names no KPI yet."""
    with insight.app.app_context(), writing():
        manager = person_of("manager")
        unit = db.session.scalars(select(Unit.id).order_by(Unit.id.desc()).limit(1)).one()
        made = Initiative.create(
            title="One form for a move", lead_unit_id=unit, by=manager, now=now(), lead=manager
        )
        made.propose_sponsor(person_of("executive"), by=manager, now=now())
        return made.ref


def fits(page: Page) -> bool:
    """Whether the page shows all of itself without scrolling sideways."""
    whole, shown = page.evaluate(SIDEWAYS)
    return whole <= shown


def test_from_a_ready_measure_to_a_goal_that_its_sponsor_accepts(
    insight: Walk, as_actor: Callable[..., Page], idea: str
) -> None:
    page = as_actor("manager", "/kpis/new", viewport=PHONE)
    page.get_by_text("Begin from a ready measure").click()
    page.get_by_role("link", name="First contact resolution").click()
    page.get_by_label("Code").fill("FCR-MOVES")
    page.get_by_role("button", name="Add the KPI").click()
    expect(page).to_have_url(re.compile(r"/kpis/FCR-MOVES$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("First contact resolution")

    page.get_by_role("link", name="Add a reading").click()
    page.get_by_text("Only the value is known").click()
    page.get_by_label("Value").fill("71,5")  # as people type it who write a decimal comma
    page.get_by_role("button", name="Enter it").click()
    expect(page.locator(".kpi-value b")).to_have_text("71.5%")
    assert fits(page)

    sponsor = as_actor("executive", f"/initiatives/{idea}/sponsorship", viewport=PHONE)
    expect(sponsor.get_by_text("needs a goal that names a company KPI")).to_be_visible()
    assert fits(sponsor)

    page.goto(page.url.replace("/kpis/FCR-MOVES", f"/initiatives/{idea}"))
    page.get_by_role("link", name="Set a goal").first.click()
    with insight.app.app_context():
        kpi = db.session.scalars(select(Kpi.id).where(Kpi.code == "FCR-MOVES")).one()
    page.locator("[name=kpi_id]").select_option(str(kpi))
    page.get_by_role("button", name="Set the goal").click()
    expect(page.get_by_role("link", name="First contact resolution").first).to_be_visible()

    sponsor.reload()
    sponsor.get_by_role("button", name="Accept").click()
    expect(sponsor.get_by_text("needs a goal that names a company KPI")).to_have_count(0)
    sponsor.goto(sponsor.url.partition("/initiatives")[0] + f"/boards/whole-portfolio?q={idea}")
    expect(sponsor.locator(f"#card-{idea}")).to_contain_text("FCR-MOVES")
    expect(sponsor.locator(f"#card-{idea}").locator("xpath=ancestor::ul")).to_have_attribute(
        "data-column", "framed"
    )
