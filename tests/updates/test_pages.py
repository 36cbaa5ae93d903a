"""Updates in a browser: who may post, what is asked for, what stays in sight, and what an import brings.

Planted faults seen red: see each story.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.initiatives.stories import sponsored
from tests.updates.conftest import WHY
from tracker.db import db, writing
from tracker.importing.columns import guessed
from tracker.importing.fields import What
from tracker.importing.planning import run
from tracker.importing.reading import read
from tracker.initiatives.models import Initiative
from tracker.organisation.people import Person


def fields(clock, colour="on_track", **more):
    empty = dict.fromkeys(("reason", "help_needed", "what_changed", "what_next"), "")
    return {**empty, "colour": colour, "day": clock().date().isoformat(), **more}


def test_the_lead_posts_and_reads_it_on_the_page(cast, as_, clock, work, reports):
    """Planted: `what_next` not handed to the verb."""
    address = f"/initiatives/{work.ref}/updates/new"
    assert as_(cast.lead).get(address).status_code == 200
    said = fields(clock, "at_risk", **WHY, what_next="We ask again.")
    answer = as_(cast.lead).submit(address, **said)
    assert (answer.status_code, answer.location) == (303, f"/initiatives/{work.ref}")
    page = as_(cast.auditor).get(f"/initiatives/{work.ref}/updates").text
    for words in ("At risk", *WHY.values(), "We ask again.", "By Lena Lead"):
        assert words in page, words
    assert len(reports()) == 1


@pytest.mark.parametrize("colour", ["at_risk", "off_track"])
def test_why_and_what_help_are_asked_for_beside_their_fields(
    cast, as_, clock, work, reports, colour
):
    """Planted: `_explains` without off track."""
    answer = as_(cast.lead).submit(
        f"/initiatives/{work.ref}/updates/new",
        **fields(clock, colour, reason=" ", what_next="Typed already"),
    )
    assert answer.status_code == 422
    assert "Say in one sentence why it is not on track." in answer.text
    assert "Say what help is needed, and from whom." in answer.text
    assert "Typed already" in answer.text
    assert reports() == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"day": "2026-03-03"}, "The day lies ahead."),
        ({"day": ""}, "Give the day"),
        ({"colour": None}, "Choose a colour."),
        ({"colour": "purple"}, "Choose one from the list."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast, as_, clock, work, reports, more, words):
    """Planted: `validate_day` comparing the other way round."""
    address = f"/initiatives/{work.ref}/updates/new"
    answer = as_(cast.lead).submit(address, **{**fields(clock), **more})
    assert answer.status_code == 422
    assert words in answer.text
    assert reports() == []


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("lead", 303), ("manager", 303), ("member", 403), ("executive", 403), ("owner", 403), ("head", 403),
        ("admin", 403), ("auditor", 403), ("contact", 404),
    ],
)  # fmt: skip
def test_the_lead_or_a_manager_posts_and_nobody_else(cast, as_, clock, work, reports, who, status):
    """Planted: the sponsor beside the lead in the table."""
    tab, address = as_(getattr(cast, who)), f"/initiatives/{work.ref}/updates/new"
    assert tab.submit(address, **fields(clock)).status_code == status
    assert tab.get(address).status_code == (200 if status == 303 else status)
    assert len(reports()) == (status == 303)
    if status == 403:
        assert "updates/new" not in tab.get(f"/initiatives/{work.ref}/updates").text


@pytest.mark.both
def test_a_double_click_posts_once(cast, as_, clock, work, reports):
    """Planted: the key of a submit made anew in `posting`."""
    tab = as_(cast.lead)
    address, said = f"/initiatives/{work.ref}/updates/new", fields(clock, "off_track", **WHY)
    answers = [tab.submit(address, once="the-same-form", **said) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert len(reports()) == 1


@pytest.mark.both
def test_of_those_who_correct_the_same_update_at_once_one_does(cast, as_, clock, work, reports):
    """Planted: `again` and the question in the verb both left out: one waits for the other and breaks on the constraint."""
    as_(cast.lead).submit(f"/initiatives/{work.ref}/updates/new", **fields(clock))
    address = f"/initiatives/{work.ref}/updates/{reports()[0].id}/correction"

    def press(_):
        return as_(cast.lead).submit(address, **fields(clock, "at_risk", **WHY)).status_code

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [303, 409, 409, 409]
    assert len(reports()) == 2


def test_a_corrected_update_stays_in_sight_and_offers_no_second_correction(
    cast, as_, clock, work, reports
):
    """Planted: the list narrowed to those that stand."""
    tab, base = as_(cast.lead), f"/initiatives/{work.ref}/updates"
    tab.submit(f"{base}/new", **fields(clock, "off_track", **WHY))
    first = reports()[0].id
    page = tab.get(f"{base}/{first}/correction").text
    assert "stays on record" in page
    assert WHY["reason"] in page
    said = fields(clock, "at_risk", reason="Half of it came", help_needed="The other half")
    assert tab.submit(f"{base}/{first}/correction", **said).status_code == 303
    page = tab.get(base).text
    for words in (WHY["reason"], "Half of it came", "Corrected later", "Correction"):
        assert words in page, words
    assert f"{base}/{first}/correction" not in page
    assert f"{base}/{reports()[1].id}/correction" in page
    answer = tab.submit(f"{base}/{first}/correction", **said)
    assert answer.status_code == 409
    assert "corrected already" in answer.text


def test_the_update_of_another_initiative_is_not_there_to_correct(
    told, cast, as_, clock, work, reports
):
    """Planted: the condition on the initiative left out of `correct`."""
    as_(cast.lead).submit(f"/initiatives/{work.ref}/updates/new", **fields(clock))
    other = told(lambda: sponsored(cast, clock(), "Two bills"))
    address = f"/initiatives/{other.ref}/updates/{reports()[0].id}/correction"
    assert as_(cast.lead).get(address).status_code == 404
    assert as_(cast.lead).submit(address, **fields(clock)).status_code == 404


def test_no_update_stands_beside_the_last_colour_after_one_and_a_half_cadences(
    cast, as_, clock, work
):
    """Planted: two cadences of patience; no update in place of the colour."""
    tab, base = as_(cast.lead), f"/initiatives/{work.ref}/updates"
    tab.submit(f"{base}/new", **fields(clock, "at_risk", **WHY))
    clock.forward(days=46)  # of a cadence of 31
    for address in (base, f"/initiatives/{work.ref}"):
        assert "No update" not in tab.get(address).text, address
    clock.forward(days=1)
    for address in (base, f"/initiatives/{work.ref}"):
        page = tab.get(address).text
        assert "No update" in page, address
        assert "At risk" in page, address


def test_once_it_has_ended_there_is_no_form_and_no_link_to_one(
    told, cast, as_, clock, work, reports
):
    """Planted: the view without `refuse_if_ended` (200), the verb without it (303), the page without `not ended`."""
    tab, base = as_(cast.lead), f"/initiatives/{work.ref}/updates"
    tab.submit(f"{base}/new", **fields(clock))
    said, first = fields(clock), reports()[0].id

    def end():
        with writing():
            one = db.session.get_one(Initiative, work.id)
            one.stop(by=cast.executive, now=clock(), words="Overtaken.")

    told(end)
    for address in (f"{base}/new", f"{base}/{first}/correction"):
        for answer in (tab.get(address), tab.submit(address, **said)):
            assert answer.status_code == 409, address
            assert f"{work.ref} has ended; nothing more is reported on it." in answer.text
    assert len(reports()) == 1
    clock.forward(days=400)
    for address in (base, f"/initiatives/{work.ref}"):
        page = tab.get(address).text
        assert "updates/new" not in page
        assert "/correction" not in page
        assert "No update" not in page


def test_what_people_type_is_text(cast, as_, clock, work):
    """Planted: `|safe` behind what changed."""
    nasty = "<script>alert(1)</script>"
    said = dict.fromkeys(("reason", "help_needed", "what_changed", "what_next"), nasty)
    as_(cast.lead).submit(
        f"/initiatives/{work.ref}/updates/new", **fields(clock, "at_risk", **said)
    )
    for part in ("", "/updates", "/updates/new", "/activity"):
        page = as_(cast.lead).get(f"/initiatives/{work.ref}{part}").text
        assert nasty not in page, part
        assert "&lt;script&gt;alert(1)" in page, part


def test_a_period_without_a_day_is_dated_its_last_day_and_a_blank_rating_makes_no_colour(
    app, cast, as_, clock, work
):
    """Planted: the day of the import in place of `period.last`."""
    lines = ["id,name,unit,year,rag", "P1,Meters,CARE,2023-24,RED", "P1,Meters,CARE,2024-25,"]

    with app.app_context():
        table = read("\n".join(lines).encode(), "file.csv")
        by = db.session.get(Person, cast.manager.id)
        run(table, guessed(What.initiatives, table)[0], by=by, now=clock())
    page = as_(cast.manager).get("/initiatives/CX-2/updates").text
    assert "31 Mar 2024" in page
    assert "2023-24" in page
    assert "No reason in the source." in page
    assert "2024-25" not in page
    assert page.count("<article") == 1
