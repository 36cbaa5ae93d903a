"""Pages that follow what others do, and the promise of one click. Each test names the fault that turned it red."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from tests.blockers.conftest import NEEDED, stored
from tests.conftest import counted
from tracker.blockers.states import State
from tracker.db import writing
from tracker.organisation.settings import Organisation

pytestmark = pytest.mark.both
HOLDS, WAITS = "/units/it-platforms", "/units/customer-care"


def poll(tab: Any, address: str, mark: str) -> Any:
    """Ask whether a page is still as its `mark` says."""
    return tab.get(address, headers={"If-None-Match": mark, "HX-Request": "true"})


def promised(text: str) -> list[str]:
    """Return the days that a page offers to promise at once."""
    return re.findall(r'name="promised_on" value="([-0-9]+)"', text)


@pytest.mark.parametrize("address", [WAITS, HOLDS, "/blockers/matrix"])
def test_nothing_new_is_told_by_one_row_and_what_others_change_comes_as_a_part(
    app: Any, as_: Any, cast: Any, work: Any, address: str
) -> None:
    """Planted: any mark taken for the present one; the whole page in place of its part."""
    tab = as_(cast.manager)
    first = tab.get(address)
    mark = first.headers["ETag"]
    assert f"data-follow={mark}" in first.text
    tab.get("/")  # a visit, which is noted once
    with counted(app) as asked:
        nothing = poll(tab, address, mark)
    assert (nothing.status_code, nothing.data, nothing.headers["ETag"]) == (304, b"", mark)
    assert [one for one in asked if "blocker" in one or "silo" in one or "initiative" in one] == []
    assert sum("chain_head" in one for one in asked) == 1
    blocker = work.make()
    answer = poll(tab, address, mark)
    assert answer.status_code == 200
    assert blocker.title in answer.text
    assert "<html" not in answer.text
    assert poll(tab, address, answer.headers["ETag"]).status_code == 304


def test_what_does_not_concern_a_page_leaves_it_alone(as_: Any, cast: Any, work: Any) -> None:
    """Planted: drawn again whenever the trail has grown."""
    tab = as_(cast.manager)
    work.make()
    mark = tab.get("/units/billing").headers["ETag"]
    work.make(title="Another one")
    answer = poll(tab, "/units/billing", mark)
    assert answer.status_code == 304
    assert answer.headers["ETag"] != mark
    assert poll(tab, "/units/billing", answer.headers["ETag"]).status_code == 304


@pytest.mark.parametrize("address", [HOLDS, "/blockers/matrix"])
def test_a_mark_is_its_readers_alone_and_of_one_language_and_of_one_set_of_names(
    app: Any, as_: Any, cast: Any, work: Any, clock: Any, address: str
) -> None:
    """Planted, one after another: a mark without the person, without the language, without the organisation."""
    work.make()
    head, other = as_(cast.head), as_(cast.finance)
    mark = head.get(address).headers["ETag"]
    assert poll(head, address, mark).status_code == 304
    assert poll(other, address, mark).status_code == 200
    other.set_cookie("language", "zh_Hans")
    own = poll(other, address, "").headers["ETag"]
    assert poll(other, address, own).status_code == 304
    other.set_cookie("language", "en")
    assert poll(other, address, own).status_code == 200
    with app.app_context(), writing():
        Organisation.current().change(
            stage_names={"piloting": "Trying out"}, by=cast.admin, now=clock()
        )
    assert poll(head, address, mark).status_code == 200


@pytest.mark.parametrize(
    "sent", ['{0}, "x"', '"x", {0}', "W/{0}", "*", '"', "x", '"1-1.<b>"', '"{1}.<b>"']
)
def test_whatever_a_browser_says_to_hold_it_is_answered(
    as_: Any, cast: Any, work: Any, sent: str
) -> None:
    """And nothing of it is given back but marks of ours. Planted: the header taken for one mark."""
    tab = as_(cast.head)
    mark = tab.get(HOLDS).headers["ETag"]
    answer = poll(tab, HOLDS, sent.format(mark, mark.strip('"').rpartition(".")[0]))
    assert answer.status_code == (304 if "{0}" in sent else 200)
    assert answer.headers["ETag"] == mark


def test_a_promise_of_one_click_reaches_the_side_that_waits(
    app: Any, as_: Any, cast: Any, work: Any
) -> None:
    """Planted: back to the blocker, whatever the address says."""
    blocker = work.make()
    head, waits = as_(cast.head), as_(cast.manager)
    page = head.get(HOLDS)
    mark = waits.get(WAITS).headers["ETag"]
    assert promised(page.text) == [NEEDED.isoformat()]
    action = re.search(r'action="(/blockers/[^"]+/promise[^"]*)"', page.text)
    assert action
    answer = head.fill(action.group(1), HOLDS)
    assert (answer.status_code, answer.headers["Location"]) == (303, HOLDS)
    there = stored(app, blocker)
    assert (there.state, there.promised_on) == (State.committed, NEEDED)
    assert promised(head.get(HOLDS).text) == []
    news = poll(waits, WAITS, mark)
    assert news.status_code == 200
    assert "promised 20 Mar" in news.text


def test_only_who_answers_is_offered_a_promise(as_: Any, cast: Any, work: Any) -> None:
    """Planted: an offer without asking the policy."""
    work.make()
    assert promised(as_(cast.head).get(HOLDS).text) == [NEEDED.isoformat()]
    for who in (cast.manager, cast.lead, cast.member, cast.executive, cast.auditor):
        assert promised(as_(who).get(HOLDS).text) == []


@pytest.mark.parametrize(
    ("needed", "offered"),
    [
        (date(2026, 3, 20), "2026-03-20"),
        (date(2026, 3, 2), "2026-03-02"),
        (date(2026, 2, 27), "2026-03-09"),
        (None, "2026-03-09"),
    ],
)
def test_the_day_it_is_needed_by_is_offered_or_where_that_has_passed_five_working_days_from_today(
    as_: Any, cast: Any, work: Any, needed: date | None, offered: str
) -> None:
    """It is Monday, 2 March. Planted: `>` in place of `>=`."""
    work.make(needed_by=needed)
    assert promised(as_(cast.head).get(HOLDS).text) == [offered]


def test_what_is_promised_is_offered_again_only_once_it_is_late(
    app: Any, as_: Any, cast: Any, work: Any, clock: Any
) -> None:
    """Planted: nothing offered for a broken promise."""
    blocker = work.make()
    promise = {"promised_on": "2026-03-04", "version": blocker.version}
    assert as_(cast.head).submit(f"/blockers/{blocker.ref}/promise", **promise).status_code == 303
    assert promised(as_(cast.head).get(HOLDS).text) == []
    clock.forward(days=4)
    assert promised(as_(cast.head).get(HOLDS).text) == [NEEDED.isoformat()]
    assert (
        f'value="{NEEDED.isoformat()}"'
        in as_(cast.head).get(f"/blockers/{blocker.ref}/promise").text
    )
