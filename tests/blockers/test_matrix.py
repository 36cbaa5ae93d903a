"""The kept matrix equals a count from the blockers themselves, and its sentence names the largest row of its table."""

from __future__ import annotations

import contextlib
import csv
import io
import random
import re
from collections import defaultdict
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests.conftest import counted
from tracker.blockers.counting import recount
from tracker.blockers.finding import finding
from tracker.blockers.holders import Calendars, Holder
from tracker.blockers.holding import BlockerHolding
from tracker.blockers.joining import close_all
from tracker.blockers.lines import lines, one, selected
from tracker.blockers.matrix import Measure, read
from tracker.blockers.models import Blocker
from tracker.blockers.silence import follow_days_later
from tracker.blockers.silos import SiloPair
from tracker.blockers.states import MOVES, Verb
from tracker.db import db, writing
from tracker.errors import NotNow
from tracker.initiatives.models import Initiative
from tracker.organisation.calendars import Calendar
from tracker.organisation.units import Unit, settle_tree

TODAY = date(2026, 9, 1)


def scanned(today):
    """Count every pair from the holding periods, day by day, without any of the kept sums."""
    calendars = Calendars()
    pairs = defaultdict(lambda: {"open": 0, "days": 0, "over": 0, "over_days": 0, "oldest": 0})
    for turn in db.session.scalars(select(BlockerHolding)):
        days = calendars.of_holder(Holder.of(turn))
        length = sum(
            days.counts(turn.starts + timedelta(days=n + 1))
            for n in range(((turn.ends or today) - turn.starts).days)
        )
        pair = pairs[Holder.of(turn).key, Holder.waiting(turn).key]
        pair["over" if turn.ends else "open"] += 1
        pair["over_days" if turn.ends else "days"] += length
        if not turn.ends:
            pair["oldest"] = max(pair["oldest"], length)
    return {
        key: value
        for key, value in pairs.items()
        if value["open"] or value["over_days"] or value["days"]
    }


def shown(today):
    """Return the same from what the page reads."""
    return {
        (cell.row, cell.column): {
            "open": cell.open, "days": cell.days, "over": cell.over, "over_days": cell.over_days, "oldest": cell.oldest,
        }
        for row in read(Measure.days, today).rows
        for cell in row.cells.values()
    }  # fmt: skip


def live(random_, cast, work, clock, steps):
    """Let random people do random things to blockers for `steps` steps."""
    units = [cast.it.id, cast.care.id, cast.billing.id]
    outside = {"holder_outside": "The regulator"}
    holders = [
        *({"holder_unit_id": unit} for unit in units),
        {"holder_partner_id": cast.vendor.id},
        outside,
    ]
    blockers = []
    for _step in range(steps):
        clock.forward(hours=random_.randint(1, 60))
        waiting = random_.choice(units)
        if not blockers or random_.random() < 0.25:
            partner = random_.choice([None, None, cast.vendor.id, cast.other_vendor.id])
            holder = random_.choice(
                [
                    one
                    for one in holders
                    if partner not in one.values() and (partner or waiting not in one.values())
                ]
            )
            waits = {"blocked_partner_id": partner, "blocked_unit_id": None if partner else waiting}
            blockers.append(work.raises(**waits, **holder))
            continue
        blocker = random_.choice(blockers)
        verb = random_.choice([verb for verb in Verb if verb != Verb.close])
        with contextlib.suppress(
            NotNow
        ):  # what cannot be done now is refused before anything changes
            if verb == Verb.name_answerer:
                blocker.edit(by=cast.member, now=clock(), blocked_unit_id=waiting)
            elif verb == Verb.withdraw and random_.random() < 0.7:
                blocker.acknowledge(by=cast.head, now=clock())
            else:
                act(blocker, verb, cast, clock(), random_.choice(holders))


def act(blocker, verb, cast, now, holder):
    """Do one thing to a blocker. Raises `NotNow` where it cannot be done."""
    {
        Verb.acknowledge: lambda: blocker.acknowledge(by=cast.head, now=now),
        Verb.commit: lambda: blocker.commit(now.date() + timedelta(days=9), by=cast.head, now=now),
        Verb.counter_propose: lambda: blocker.counter_propose(
            now.date() + timedelta(days=99), by=cast.head, now=now, words="It takes longer"
        ),
        Verb.accept: lambda: blocker.accept_proposal(by=cast.member, now=now),
        Verb.decline: lambda: blocker.decline_proposal(by=cast.member, now=now, words="Too late"),
        Verb.dispute: lambda: blocker.dispute(by=cast.head, now=now, words="Not ours"),
        Verb.settle: lambda: blocker.settle(
            Holder(**{key.removeprefix("holder_"): one for key, one in holder.items()}),
            now.date() + timedelta(days=9),
            by=cast.owner,
            now=now,
            words="So be it",
        ),
        Verb.resolve: lambda: blocker.resolve("Done", by=cast.head, now=now),
        Verb.confirm: lambda: blocker.confirm(by=cast.member, now=now),
        Verb.reopen: lambda: blocker.reopen(by=cast.member, now=now, words="Not at all"),
        Verb.withdraw: lambda: blocker.withdraw(by=cast.member, now=now),
        Verb.pass_on: lambda: blocker.pass_on(by=cast.head, now=now, words="Not ours", **holder),
    }[verb]()


@pytest.mark.both
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_kept_counts_equal_a_count_from_scratch_after_random_verbs(app, cast, work, clock, seed):
    """Canary: `resume` without its `silos.shift` turned every seed red."""
    with app.app_context():
        with writing():
            live(random.Random(seed), cast, work, clock, 90)
        assert shown(TODAY) == scanned(TODAY)
        assert len(shown(TODAY)) > 5
        assert {key[0] for _holder, key in shown(TODAY)} == {"u", "p"}, "units wait, and partners"
        for line in lines(selected(select(Blocker)), TODAY):
            alone = one(Blocker.find(cast.manager, line.ref), TODAY)
            assert (line.days, line.held_days) == (alone.days, alone.held_days)
        initiative = db.session.get_one(Initiative, work.initiative.id)
        assert initiative.open_blockers == sum(pair["open"] for pair in scanned(TODAY).values())
        with writing():
            close_all(initiative, cast.manager, clock())
        assert sum(pair["open"] for pair in shown(TODAY).values()) == initiative.open_blockers == 0
        assert shown(TODAY) == scanned(TODAY)
        before = shown(TODAY)
        with writing():
            recount()
        assert shown(TODAY) == before


def test_new_holidays_count_at_once_and_are_kept_by_the_next_verb(app, cast, work, clock):
    """Canary: with an empty stamp for every calendar the matrix went on with the old days."""
    with app.app_context():
        with writing():
            blocker = work.raises()
            calendar = Calendar.add(
                name="IT",
                weekend=(6, 7),
                holidays={date(2026, 1, 1): "New Year", date(2026, 3, 4): "Feast"},
                by=cast.admin,
                now=clock(),
            )
            db.session.get_one(Unit, cast.it.id).calendar_id = calendar.id
            settle_tree()
        monday = date(2026, 3, 9)
        assert shown(monday)[f"u{cast.it.id}", f"u{cast.care.id}"]["days"] == 4
        assert db.session.get_one(SiloPair, (f"u{cast.it.id}", f"u{cast.care.id}")).stamp
        assert blocker.due_on == date(2026, 3, 4)
        assert follow_days_later(clock()) == 1
        assert follow_days_later(clock()) == 0
        assert db.session.get_one(Blocker, blocker.id).due_on == date(2026, 3, 5)
        assert shown(monday) == scanned(monday)
        with writing():
            blocker.resolve("Done", by=cast.head, now=clock.forward(days=7))
        assert shown(TODAY) == scanned(TODAY)


def figures(page):
    """Return by row of the matrix on a page its total and the sum of its cells."""
    rows = {}
    body = page.split("<tbody>", 1)[1].split("</tbody>", 1)[0]
    for row in body.split("<tr>")[1:]:
        head, *cells = row.split("<td")
        name = re.sub(r"<small>.*?</small>|<[^>]+>", "", head, flags=re.DOTALL).strip()
        values = [
            int(re.search(r"<b[^>]*>(\d+)", cell).group(1))
            for cell in cells
            if re.search(r"<b[^>]*>(\d+)", cell)
        ]
        rows[name] = SimpleNamespace(total=values[-1], cells=values[:-1])
    return rows


@pytest.mark.parametrize("measure", ["days", "open", "oldest"])
@pytest.mark.parametrize("seed", [4, 5])
def test_the_sentence_names_the_largest_row_of_the_table(
    app, as_, cast, work, clock, measure, seed
):
    """Canary: sorting rows by the open count whatever the measure turned `days` red."""
    with app.app_context(), writing():
        live(random.Random(seed), cast, work, clock, 60)
    page = as_(cast.manager).get(f"/blockers/matrix?measure={measure}").text
    rows = figures(page)
    assert len(rows) >= 5
    for row in rows.values():
        wanted = max(row.cells, default=0) if measure == "oldest" else sum(row.cells)
        assert row.total == wanted
    largest = max(row.total for row in rows.values())
    sentence = re.search(r'<p class="quiet">(.*?)</p>', page, re.DOTALL).group(1)
    named = re.search(r"<b><bdi>(.*?)</bdi></b>", sentence).group(1)
    assert rows[named].total == largest
    assert f"{largest} " in re.sub("<[^>]+>", "", sentence)


def test_the_selected_pair_and_its_blockers_add_up(app, as_, cast, work, clock):
    with app.app_context(), writing():
        work.raises(title="First")
        clock.forward(days=1)
        work.raises(title="Second")
        work.raises(title="Elsewhere", holder_unit_id=cast.billing.id)
        work.raises(title="Gone").withdraw(by=cast.member, now=clock.forward(days=1))
    clock.forward(days=5)
    page = as_(cast.manager).get(f"/blockers/matrix?row=u{cast.it.id}&column={cast.care.id}").text
    pair = page.split('id="pair"', 1)[1].split("</section>", 1)[0]
    assert "2 open blockers, 9 working days" in pair
    assert "1 is over, 1 working day" in pair
    assert re.findall(r"<bdi>(First|Second|Elsewhere|Gone)</bdi>", pair) == ["First", "Second"]
    assert [int(n) for n in re.findall(r"(\d+) working days", pair)][-2:] == [5, 4]


def test_a_partner_that_waits_is_a_column_of_its_own(app, as_, cast, work, clock):
    """Canary: a column for units alone turned this red."""
    with app.app_context(), writing():
        work.raises(title="No key", blocked_unit_id=None, blocked_partner_id=cast.vendor.id)
        work.raises(title="No meter")
        work.raises(title="No form", holder_partner_id=cast.vendor.id)
    clock.forward(days=7)
    tab = as_(cast.manager)
    page = tab.get("/blockers/matrix").text
    heads = page.split("<thead>", 1)[1].split("</thead>", 1)[0]
    assert re.search(r"Brightline</span><small>Partner</small></th>", heads)
    assert "Otherwise" not in heads, "a partner for whom nobody works waits for nothing"
    with app.app_context():
        found = read(Measure.days, clock().date())
        assert {column.key: column.total for column in found.columns if column.total} == {
            f"p{cast.vendor.id}": 5, f"u{cast.care.id}": 10,
        }  # fmt: skip
        assert found.total == 15
        assert "1 unit and 1 partner" in finding(found)
    pair = tab.get(f"/blockers/matrix?row=u{cast.it.id}&column=p{cast.vendor.id}").text
    beside = pair.split('id="pair"', 1)[1].split("</section>", 1)[0]
    assert "IT platforms blocks Brightline" in beside
    assert re.findall(r"<bdi>(No \w+)</bdi>", beside) == ["No key"]
    link = re.search(r'href="(/blockers\?[^"]*waiting=p[^"]*)"', beside).group(1)
    listed = tab.get(link.replace("&amp;", "&")).text
    assert "No key" in listed
    assert "No meter" not in listed
    assert tab.get("/blockers/matrix.csv").text.count("Brightline") == 2


def test_an_empty_house_says_so(app, as_, cast):
    page = as_(cast.manager).get("/blockers/matrix")
    assert page.status_code == 200
    assert "Nobody holds anybody up" in page.text
    with app.app_context():
        assert "Nobody" in finding(read(Measure.days, TODAY))


def test_nonsense_in_the_address_is_no_error(app, as_, cast, work):
    work.make()
    for question in (
        "measure=x",
        "row=z9&column=y",
        "row=u1e9&column=1",
        "row=o&column=99999999999999",
        "past=2",
    ):
        assert as_(cast.manager).get(f"/blockers/matrix?{question}").status_code == 200


def test_the_matrix_costs_the_same_however_many_blockers_there_are(app, as_, cast, work, clock):
    with app.app_context(), writing():
        for _count in range(5):
            work.raises()
    tab = as_(cast.manager)
    tab.get("/blockers/matrix")
    with counted(app) as few:
        tab.get("/blockers/matrix")
    with app.app_context(), writing():
        for _count in range(60):
            work.raises(blocked_unit_id=cast.billing.id)
    with counted(app) as many:
        tab.get("/blockers/matrix")
    assert len(many) == len(few) <= 12


def test_every_verb_has_its_move():
    assert set(MOVES) == set(Verb)
    assert all(isinstance(state, str) for sources, _target in MOVES.values() for state in sources)
    assert Blocker.__table__.c.waiting_on.nullable is False


def test_a_column_is_headed_by_the_short_name_and_says_the_whole_one(app, as_, cast, work):
    """Planted: the name itself in the heading."""
    with app.app_context(), writing():
        db.session.get_one(Unit, cast.care.id).short_name = "Care"
    work.make()
    page = as_(cast.manager).get("/blockers/matrix").text
    heads = page.split("<thead>", 1)[1].split("</thead>", 1)[0]
    care, billing = (
        re.search(rf"<th[^>]*>[^/]*{name}.*?</th>", heads) for name in ("care", "Bill")
    )
    assert care
    assert billing
    assert 'title="Customer care"' in care.group()
    assert '<span class="sr">Customer care</span>' in care.group()
    assert '<span class="name" aria-hidden="true">Care</span>' in care.group()
    assert '<span class="name">Billing</span>' in billing.group()
    assert "title" not in billing.group()


def test_the_matrix_leaves_as_a_file_with_the_same_filters(app, as_, cast, work, clock):
    """Planted: the days of what is over counted though `past=0`; a name that leads a formula, unguarded."""
    with app.app_context(), writing():
        db.session.get_one(Unit, cast.billing.id).name = "=1+1 Billing"
        work.raises()
        work.raises(holder_unit_id=cast.billing.id)
        work.raises().withdraw(by=cast.member, now=clock.forward(days=1))
    clock.forward(days=6)
    tab = as_(cast.auditor)
    answer = tab.get("/blockers/matrix.csv")
    assert answer.headers["Content-Disposition"].startswith(
        'attachment; filename="who-blocks-whom.csv"'
    )
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows == [
        ["Blocking", "Waiting", "Working days", "Open", "Oldest, working days"],
        ["IT platforms", "Customer care", "6", "1", "5"],
        ["'=1+1 Billing", "Customer care", "5", "1", "5"],
    ]
    rows = list(csv.reader(io.StringIO(tab.get("/blockers/matrix.csv?past=0").text)))
    assert [row[2] for row in rows[1:]] == ["5", "5"]
    sheet = load_workbook(io.BytesIO(tab.get("/blockers/matrix.xlsx?measure=open").data)).active
    assert next([cell.value for cell in row] for row in sheet.iter_rows(min_row=2))[1:] == [
        "Customer care", 5, 1, 5,
    ]  # fmt: skip
    page = as_(cast.manager).get("/blockers/matrix?past=0&measure=oldest").text
    for form in ("csv", "xlsx"):
        assert f'href="/blockers/matrix.{form}?measure=oldest&amp;past=0"' in page
        assert as_(cast.contact).get(f"/blockers/matrix.{form}").status_code == 404
    assert tab.get("/blockers/matrix.pdf").status_code == 404


def test_a_blocker_raised_today_stands_in_its_cell(app, as_, cast, work):
    """It has cost no day yet. Canary: a cell that is drawn only from one day on."""
    work.make(holder_unit_id=cast.it.id)
    page = as_(cast.manager).get("/blockers/matrix").get_data(as_text=True)
    assert f'<td class="heat-1"><a href="/blockers/matrix?row=u{cast.it.id}' in page
